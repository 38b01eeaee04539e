"""Which cell of a notebook is the first that may depend on a name: judged by reading it, never by
running it.
"""

import ast
import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

ALONE = "not-shared"  # the tag of a cell that must not be shared, whatever it says
PARAMETERS = {"parameters", "injected-parameters"}  # papermill's tags: they set the names
# what finds a name that the cell does not say
LOOKS_AROUND = {
    "globals", "locals", "vars", "dir", "exec", "eval", "__main__", "__dict__", "f_globals",
    "f_locals", "get_ipython", "user_ns", "user_global_ns", "In", "_ih", "_i", "_ii", "_iii",
}  # fmt: skip
# what IPython does where such a word is a line of its own; elsewhere it is a variable like any
LISTS = {"who", "who_ls", "whos"}


def first_dependent(cells: Sequence[Any], names: Collection[str]) -> int:
    """Return the index of the first code cell that may depend on one of the names; how many cells
    there are if none.

    Args:
        cells: A notebook's cells; those with papermill's tags for parameters are passed over.
        names: Variables.
    """
    for index, cell in enumerate(cells):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type != "code":
            continue
        if ALONE in tags or (not tags & PARAMETERS and depends(cell.source, names)):
            return index
    return len(cells)


def depends(source: str, names: Collection[str]) -> bool:
    """Tell whether code may depend on one of the names: it says it, in a text too, or looks around
    for itself.

    >>> depends("total = sum(part for part in parts)", {"part"}), depends("len(parts)", {"part"})
    (True, False)
    >>> depends("table.query('antal > @part')", {"part"}), depends("globals().items()", {"part"})
    (True, True)
    >>> (depends("%run other.ipynb", {"part"}), depends("!rm file", {"part"}),
    ...  depends("# part", {"part"}))
    (True, True, False)
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return True  # IPython's own ways, % and !; or broken, as the run will tell
    said = {
        word
        for node in ast.walk(tree)
        for text in _texts(node)
        for word in re.findall(r"\w+", text)
    }
    alone = {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Name)
    }
    return bool(said & {*names, *LOOKS_AROUND} or alone & LISTS) or any(
        re.fullmatch(r"_i[0-9]+", word) for word in said
    )


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield every name and text that a node of the syntax holds itself."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from (part for part in value if isinstance(part, str))
