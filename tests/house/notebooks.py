"""Thin notebooks: a question, parameters, calls, an end; no logic, no output, no typed number."""

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from papermill.translators import PythonTranslator

from .files import read

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.NamedExpr)
BRANCHES = (
    ast.If,
    ast.IfExp,
    ast.BoolOp,
    ast.Match,
    ast.Try,
    ast.TryStar,
    ast.Assert,
    ast.With,
    ast.AsyncWith,
)
LOOPS = (
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
LOGIC = DEFINITIONS + BRANCHES + LOOPS
# tag cells of the page of what a place says itself, of the method, and of what is handed out
DOCUMENTS = {"lagesbild", "metod", "kort"}
ANALYST = "analyst"  # tags what is only for who opens the notebook: no run makes it
GUIDE = ("**Vad sidan svarar på.** ", "**Vad du kan ändra.** ")
# a county has twelve sections in its report (one of two for its municipalities), seven in its own
# words and eleven of method, a cell each beside head and end
MAX_LINES, MAX_CELLS = 8, 36
METADATA = {"kernelspec": {"name", "display_name", "language"}, "language_info": {"name"}}
# link targets, assumption ids
NOT_PROSE = re.compile(r"\]\([^)]*\)|\bA\d+\b|<!--.*?-->", re.DOTALL)


class Notebook:
    """One notebook as it lies on disk."""

    def __init__(self, path: Path) -> None:
        self.path, self.name = path, path.name
        self.content = json.loads(read(path))
        self.cells: list[dict[str, Any]] = self.content["cells"]
        self.code = [cell for cell in self.cells if cell["cell_type"] == "code"]
        self.prose = [cell for cell in self.cells if cell["cell_type"] == "markdown"]

    def statements(self) -> Iterator[tuple[str, ast.Module]]:
        """Each code cell that parses, with its name in a message."""
        for number, cell in enumerate(self.code, start=1):
            try:
                yield f"{self.name}, code cell {number}", ast.parse(source(cell))
            except SyntaxError:
                continue  # told by `magic`


def source(cell: Mapping[str, Any]) -> str:
    """The cell's text."""
    return "".join(cell["source"])


def tags(cell: Mapping[str, Any]) -> list[str]:
    """The cell's tags."""
    return cell["metadata"].get("tags", [])


def no_question(notebook: Notebook) -> list[str]:
    """The first cell's first line must be one heading that asks."""
    lines = source(notebook.cells[0]).splitlines() if notebook.cells else []
    asks = lines and lines[0].startswith("# ") and lines[0].endswith("?")
    return [] if asks else [f"{notebook.name}: the notebook opens with no question as its heading"]


def parameters_astray(notebook: Notebook) -> list[str]:
    """Exactly one cell is tagged parameters, and it is the first code cell."""
    tagged = [
        number for number, cell in enumerate(notebook.code, start=1) if "parameters" in tags(cell)
    ]
    return (
        []
        if tagged == [1]
        else [f"{notebook.name}: parameters are tagged in code cells {tagged}, not in [1]"]
    )


def long_cells(notebook: Notebook) -> list[str]:
    """Code cells of more than 8 lines of code."""
    found = []
    for number, cell in enumerate(notebook.code, start=1):
        lines = [
            line
            for line in source(cell).splitlines()
            if line.strip() and not line.lstrip().startswith("#")
        ]
        if len(lines) > MAX_LINES:
            found.append(
                f"{notebook.name}, code cell {number}: {len(lines)} lines of code, over {MAX_LINES}"
            )
    return found


def many_cells(notebook: Notebook) -> list[str]:
    """More code cells that a run makes than `MAX_CELLS`."""
    count = sum(ANALYST not in tags(cell) for cell in notebook.code)
    return [f"{notebook.name}: {count} code cells, over {MAX_CELLS}"] if count > MAX_CELLS else []


def logic(notebook: Notebook) -> list[str]:
    """Definitions, branches, loops and comprehensions: they belong in helpers."""
    return [
        f"{where}: {type(node).__name__} belongs in helpers"
        for where, tree in notebook.statements()
        for node in ast.walk(tree)
        if isinstance(node, LOGIC)
    ]


def magic(notebook: Notebook) -> list[str]:
    """Cells that are not plain Python: magics, shell lines, broken code."""
    found = []
    for number, cell in enumerate(notebook.code, start=1):
        try:
            ast.parse(source(cell))
        except SyntaxError as error:
            found.append(
                f"{notebook.name}, code cell {number}: not plain Python: {error.text or error.msg}"
            )
    return found


def stored_output(notebook: Notebook) -> list[str]:
    """Outputs and execution counts left in the file."""
    return [
        f"{notebook.name}, code cell {number}: holds output or an execution count; run make format"
        for number, cell in enumerate(notebook.code, start=1)
        if cell.get("outputs") or cell.get("execution_count") is not None
    ]


def stray_metadata(notebook: Notebook) -> list[str]:
    """Metadata that says who ran it where, and cells that do not validate."""
    kept = notebook.content["metadata"]
    stray = set(kept) - set(METADATA)
    stray |= {
        f"{key}.{name}"
        for key, names in METADATA.items()
        for name in set(kept.get(key, {})) - names
    }
    stray |= {name for cell in notebook.cells for name in set(cell["metadata"]) - {"tags"}}
    found = [f"{notebook.name}: metadata {name} does not belong" for name in sorted(stray)]
    try:
        nbformat.validate(nbformat.from_dict(notebook.content))
    except nbformat.ValidationError as error:
        found.append(f"{notebook.name}: not a valid notebook: {error.message}")
    return found


def typed_numbers(notebook: Notebook) -> list[str]:
    """Digits in prose: a number that a reader sees is computed, never typed."""
    return [
        f"{notebook.name}, prose cell {number}: the number {digits[0]} is typed"
        for number, cell in enumerate(notebook.prose, start=1)
        if (digits := re.findall(r"\d[\d\s,.]*", NOT_PROSE.sub("", source(cell))))
    ]


def no_end(notebook: Notebook) -> list[str]:
    """The last code cell must be the end marker, alone."""
    last = source(notebook.code[-1]).strip() if notebook.code else ""
    return (
        [] if last == "page.end()" else [f"{notebook.name}: the last code cell is not page.end()"]
    )


def strange_imports(notebook: Notebook) -> list[str]:
    """Anything imported but helpers."""
    found = []
    for where, tree in notebook.statements():
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            found += [
                f"{where}: imports {name}" for name in names if name.split(".")[0] != "helpers"
            ]
    return found


def unread_parameters(notebook: Notebook) -> list[str]:
    """Parameters that papermill's own look at the cell passes over: it would warn of them, and not
    list them.
    """
    cell = next((cell for cell in notebook.code if "parameters" in tags(cell)), {"source": []})
    read = {found.name for found in PythonTranslator.inspect({"source": source(cell)})}
    try:
        nodes = [node for node in ast.parse(source(cell)).body if isinstance(node, ast.AnnAssign)]
    except SyntaxError:
        return []  # told by `magic`
    names = [node.target.id for node in nodes if isinstance(node.target, ast.Name)]
    return [
        f"{notebook.name}: papermill cannot read the parameter {name}"
        for name in names
        if name not in read
    ]


def no_guide(notebook: Notebook) -> list[str]:
    """After the heading, a cell for analysts says what the page answers and names every parameter
    that may be changed.
    """
    cell = notebook.cells[1] if len(notebook.cells) > 1 else {"cell_type": "", "metadata": {}}
    if cell["cell_type"] != "markdown" or ANALYST not in tags(cell):
        return [f"{notebook.name}: cell 2 is no prose tagged {ANALYST}"]
    text = source(cell)
    missing = [lead.strip(" *") for lead in GUIDE if lead not in text]
    missing += [f"`{name}`" for name in declared(notebook) if f"`{name}`" not in text]
    return [f"{notebook.name}: cell 2 does not say {what}" for what in missing]


def frames_astray(notebook: Notebook) -> list[str]:
    """Each section ends in one cell for analysts that gives a frame; there is none elsewhere, and
    none that a later cell could need. A section whose heading is for analysts is theirs whole.
    """
    found, section, cells, theirs = [], "", list[dict[str, Any]](), False
    for cell in [*notebook.cells[2:], {"cell_type": "markdown", "source": [], "metadata": {}}]:
        if cell["cell_type"] == "code" and source(cell).strip() != "page.end()":
            cells.append(cell)
        elif cell["cell_type"] == "markdown":
            at = [number for number, own in enumerate(cells) if ANALYST in tags(own)]
            if theirs and at == [*range(len(cells))]:
                at = at[-1:]
            expected = [len(cells) - 1] if section and cells else []
            if at != expected:
                found.append(f"{notebook.name}, {section or 'above the first section'}: frame cells"
                             f" {at}, expected {expected}")  # fmt: skip
            found += [
                f"{notebook.name}, {section}: {source(cells[number])!r} is more than a frame"
                for number in at
                if not _gives_frame(source(cells[number]))
            ]
            section, cells = "".join(source(cell).splitlines()[:1]), []
            theirs = ANALYST in tags(cell)
    return found


def documents_astray(notebook: Notebook) -> list[str]:
    """A cell that shows something stands in the documents that its section's heading stands in."""
    found, section, own = [], "", set[str]()
    for cell in notebook.cells[1:]:
        documents = set(tags(cell)) & DOCUMENTS
        if cell["cell_type"] == "markdown" and ANALYST not in tags(cell):
            section, own = "".join(source(cell).splitlines()[:1]), documents
        elif section and "page.show(" in source(cell) and documents != own:
            found.append(f"{notebook.name}, {section}: a cell of {sorted(documents) or 'the report'}"
                         f" under a heading of {sorted(own) or 'the report'}")  # fmt: skip
    return found


def proofs_astray(notebook: Notebook) -> list[str]:
    """Where there is a method page, every section is named, and each of the report's is told there
    how it is worked out, but what a place says itself is not; no section is that the report does not have.
    """
    heads = [cell for cell in notebook.prose if source(cell).startswith("## ")]
    method = [cell for cell in heads if "metod" in tags(cell)]
    if not method:
        return []
    quoted = [cell for cell in heads if "lagesbild" in tags(cell)]
    found = [
        f"{notebook.name}, {source(cell).splitlines()[0]}: has no name, a tag such as #utfall"
        for cell in heads
        if sum(tag.startswith("#") for tag in tags(cell)) != 1
    ]
    names = {
        tag[1:]
        for cell in heads
        for tag in tags(cell)
        if tag[0] == "#" and cell not in [*method, *quoted]
    }
    proved = {tag[4:] for cell in method for tag in tags(cell) if tag.startswith("for:")}
    found += [f"{notebook.name}: no section of the report is #{name}" for name in proved - names]
    return found + [
        f"{notebook.name}: no section of the method page is for:{name}" for name in names - proved
    ]


def _gives_frame(text: str) -> bool:
    """Whether a cell is one expression that neither shows something on the page nor is a number."""
    try:
        body = ast.parse(text).body
    except SyntaxError:
        return False
    return (
        len(body) == 1
        and isinstance(body[0], ast.Expr)
        and not isinstance(body[0].value, ast.Constant)
        and not text.startswith("page.")
    )


RULES = (
    no_guide, frames_astray, documents_astray, proofs_astray, no_question, parameters_astray, long_cells, many_cells, logic, magic, stored_output, stray_metadata,
    typed_numbers, no_end, strange_imports, unread_parameters,
)  # fmt: skip

Declared = dict[str, tuple[str, Any, str]]


def declared(notebook: Notebook) -> Declared:
    """The parameters cell as name: (type, default, help)."""
    text = next((source(cell) for cell in notebook.code if "parameters" in tags(cell)), "")
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    help_at = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokens
        if token.type == tokenize.COMMENT
    }
    return {
        node.target.id: (
            # in quotes, papermill reads it and nothing is imported for it
            ast.unparse(node.annotation).strip("'"),
            ast.literal_eval(node.value),
            help_at.get(node.end_lineno, ""),
        )
        for node in ast.parse(text).body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value
    }


def contract_broken(notebook: Notebook, contract: Declared) -> list[str]:
    """Where the parameters cell and the contract differ in name, order, type, default or help."""
    found, cell = [], declared(notebook)
    if list(cell) != list(contract):
        found.append(f"{notebook.name}: declares {list(cell)}, the contract has {list(contract)}")
    for name in cell.keys() & contract.keys():
        for what, ours, theirs in zip(
            ("type", "default", "help"), cell[name], contract[name], strict=True
        ):
            if ours != theirs or type(ours) is not type(theirs):
                found.append(
                    f"{notebook.name}: {name} has {what} {ours!r}, the contract has {theirs!r}"
                )
    return sorted(found)
