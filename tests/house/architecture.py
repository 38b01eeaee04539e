"""Rooms: who may import whom, and how long and how spoken-for the code is."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

from .files import nodes_of, read

ROOMS = {  # in the order in which they build on each other
    "errors": set(),
    "lean": set(),
    "contracts": {"errors"},
    "model": {"errors"},
    "sources": {"contracts", "errors"},
    "tables": {"contracts", "model", "sources", "errors", "lean"},
    "imports": {"contracts", "model", "sources", "tables", "errors"},
    "cases": {"contracts", "model", "sources", "tables", "errors"},
    "present": {"contracts", "model", "errors"},
    "workbench": {"contracts", "model", "sources", "tables", "cases", "present", "errors"},
    "warm": set(),
    "report": {"contracts", "errors"},
    "releases": {"contracts", "report", "errors"},
    "pages": {"contracts", "present", "report", "releases", "errors"},
    "make": {"contracts", "present", "warm", "report", "releases", "pages", "errors"},
    "sending": {"contracts", "releases", "errors"},
    "clock": {"contracts", "releases", "errors"},
    "editions": {"contracts", "report", "pages", "make", "errors"},
}
ROOMS["cli"] = {*ROOMS} - {"workbench"}
HOUSE, FREESTANDING = "helpers", ("warm",)
DRAWING = {"matplotlib", "seaborn"}
RUNNING = {"papermill", "nbconvert", "nbclient", "nbformat"}
OUTSIDE = {"os", "io", "pathlib", "shutil", "subprocess", "tempfile", "requests", "socket"} | {
    "urllib.request"
}
FORBIDDEN = {
    "errors": DRAWING | RUNNING | OUTSIDE,
    "contracts": DRAWING | RUNNING,
    "sources": DRAWING | RUNNING,
    "tables": DRAWING | RUNNING,
    "imports": DRAWING | RUNNING,
    "cases": DRAWING | RUNNING,
    "model": DRAWING | RUNNING | OUTSIDE,
    # io.StringIO takes a figure's SVG; open() is refused below
    "present": RUNNING | (OUTSIDE - {"io"}),
    "warm": DRAWING,
    "report": {"seaborn"},
    "releases": {"seaborn"},
    "sending": {"seaborn"},
    "pages": {"seaborn"},
    "make": {"seaborn"},
    "clock": {"seaborn"},
    "editions": {"seaborn"},
    "workbench": DRAWING | RUNNING,
}
ALLOWED = {("present", "os.environ")}  # whether to draw is told from outside; a setting is no file
READERS = {"read_csv", "read_excel", "read_json", "read_parquet", "read_feather", "read_pickle"}
# a packaged resource's own .open() is no file of the reader's
OPENERS = {"open", "io.open", "codecs.open"}
SUBJECTS = {  # of the field: each is computed, told and drawn, or read and taken in
    "beside", "detailed", "estimates", "expectation", "forecasts", "kommuntal", "months", "nation", "own_words",
    "placement", "quotas", "reception", "record", "scenarios", "sources", "spread",
}  # fmt: skip
NO_READING = ("model", "present")
MAX_FILE, MAX_FUNCTION, MAX_MEDIAN = 400, 40, 15
UNITS = (
    "promille", "per mille", "per cent", r"per 1[\d ]*", "children", "people", "persons", "inhabitants",
    "years?", "months?", "decimals", "whole numbers?", "hundredths", "points",
    "frames?", "series", "rows?", "columns?", "tuples?", "pairs?", "mappings?", "intervals?",
)  # fmt: skip
# a whole word ("throw" holds no row), a sign of its own, a range, or an example that shows what comes
UNIT = re.compile(rf"‰|%|0–1|>>> |→|\b(?:{'|'.join(UNITS)})\b", re.IGNORECASE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Module:
    """One source file: its room, its place in the package and its tree."""

    def __init__(self, path: Path, package: Path) -> None:
        inside = path.relative_to(package).with_suffix("").parts
        self.path, self.where = path, path.relative_to(package.parent).as_posix()
        self.room = inside[0] if inside[0] != "__init__" else "errors"
        self.text = read(path)
        self.lines = self.text.splitlines()
        self.nodes = nodes_of(self.text)
        self.tree: ast.Module = self.nodes[0]  # type: ignore[assignment]
        self.package = ["helpers", *inside[:-1]]

    def functions(self) -> list[Function]:
        """Every function and method, nested ones too."""
        return [node for node in self.nodes if isinstance(node, Function)]


def modules(package: Path) -> list[Module]:
    """Every module under src/helpers."""
    return [Module(path, package) for path in sorted(package.rglob("*.py"))]


def imported(module: Module) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of all that is imported, wherever and however it is written."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(module, node)
            yield from ((node.lineno, f"{base}.{alias.name}".strip(".")) for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__"):
            yield from (
                (node.lineno, str(name.value))
                for name in node.args
                if isinstance(name, ast.Constant)
            )


def _base(module: Module, node: ast.ImportFrom) -> str:
    """The package that a from-import starts at, relative dots resolved."""
    above = module.package[: len(module.package) - node.level + 1] if node.level else []
    return ".".join([*above, *([node.module] if node.module else [])])


def _called(node: ast.Call) -> str:
    """The last name of what is called: open, read_csv, import_module."""
    function = node.func
    return getattr(function, "id", None) or getattr(function, "attr", "")


def wrong_imports(package: Path) -> list[str]:
    """Imports between rooms that the house does not allow."""
    found = []
    for module in modules(package):
        allowed = ROOMS.get(module.room)
        if allowed is None:
            found.append(
                f"{module.where}: {module.room} is not one of the rooms: {', '.join(ROOMS)}"
            )
            continue
        for line, name in imported(module):
            parts = name.split(".")
            room = parts[1] if parts[0] == "helpers" and len(parts) > 1 else module.room
            if room in ROOMS and room not in allowed | {module.room}:
                found.append(f"{module.where}:{line}: {module.room} may not import {name}")
    return found


def tied_to_the_house(package: Path) -> list[str]:
    """Words of a room that works anywhere, by which it would need the house: not even its own name
    there may be said.
    """
    return [
        f"{module.where}:{line}: {module.room} works without the house, but says {HOUSE}"
        for module in modules(package)
        if module.room in FREESTANDING
        for line, text in enumerate(module.lines, start=1)
        if re.search(rf"\b{HOUSE}\b", text)
    ]


def foreign_imports(package: Path) -> list[str]:
    """Libraries a room has no business with: drawing, running or the outside."""
    return [
        f"{module.where}:{line}: {module.room} may not import {name}"
        for module in modules(package)
        for line, name in imported(module)
        if any(f"{name}.".startswith(f"{library}.") for library in FORBIDDEN.get(module.room, ()))
        if (module.room, name) not in ALLOWED
    ]


def reading_where_none_may(package: Path) -> list[str]:
    """Files opened or read by the rooms that are handed everything."""
    return [
        f"{module.where}:{node.lineno}: {module.room} reads no file, but calls {ast.unparse(node.func)}()"
        for module in modules(package)
        if module.room in NO_READING
        for node in module.nodes
        if isinstance(node, ast.Call)
        if _called(node) in READERS or ast.unparse(node.func) in OPENERS
    ]


def printing(package: Path) -> list[str]:
    """print() outside the command line."""
    return [
        f"{module.where}:{node.lineno}: only cli prints"
        for module in modules(package)
        if module.room != "cli"
        for node in module.nodes
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]


def shared_names(package: Path) -> list[str]:
    """Names of modules that mean one thing in one room and another in the next: a name is shared by
    what computes, tells and draws one subject, and by a command and what it calls.
    """
    rooms: dict[str, set[str]] = {}
    for module in modules(package):
        if module.path.stem != "__init__":
            rooms.setdefault(module.path.stem, set()).add(module.path.parent.name)
    return [
        f"{name}: in {', '.join(sorted(where))}; name one of them after what it does"
        for name, where in rooms.items()
        if len(where) > 1 and name not in SUBJECTS and not ("cli" in where and len(where) == 2)
    ]


def long_files(package: Path) -> list[str]:
    """Files of more than 400 lines."""
    return [
        f"{module.where}: {len(module.lines)} lines; split it before it reaches {MAX_FILE + 1}"
        for module in modules(package)
        if len(module.lines) > MAX_FILE
    ]


def length(function: Function) -> int:
    """Lines from `def` to the last, but those of the docstring."""
    said = function.body[0] if ast.get_docstring(function, clean=False) is not None else None
    told = (said.end_lineno or said.lineno) - said.lineno + 1 if said else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - told


def long_functions(package: Path) -> list[str]:
    """Functions over 40 lines with no `# long: reason` among them."""
    return [
        f"{module.where}:{function.lineno}: {function.name} has {length(function)} lines"
        for module in modules(package)
        for function in module.functions()
        if length(function) > MAX_FUNCTION
        and not any(
            "# long: " in line for line in module.lines[function.lineno - 1 : function.end_lineno]
        )
    ]


def long_median(package: Path) -> list[str]:
    """The middle function of all, when it is over 15 lines."""
    lengths = [length(function) for module in modules(package) for function in module.functions()]
    median = statistics.median(lengths) if lengths else 0
    return (
        [f"the median function has {median} lines, over {MAX_MEDIAN}"]
        if median > MAX_MEDIAN
        else []
    )


def _public(module: Module) -> Iterator[Function | ast.ClassDef]:
    """Public functions and classes at the top of a module, and public methods of public classes."""
    for node in module.tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                members = [member for member in node.body if isinstance(member, Function)]
                yield from (
                    member
                    for member in members
                    if not member.name.startswith("_") and _acts(member)
                )


def _acts(method: Function) -> bool:
    """A property is told by its name, and a protocol's stub by its class."""
    stub = isinstance(last := method.body[-1], ast.Expr) and isinstance(last.value, ast.Constant)
    return not stub and not any(ast.unparse(mark) == "property" for mark in method.decorator_list)


def undocumented(package: Path) -> list[str]:
    """Modules, and public functions, classes and methods, without a docstring."""
    found = []
    for module in modules(package):
        if not ast.get_docstring(module.tree):
            found.append(f"{module.where}: the module has no docstring")
        for node in _public(module):
            if not ast.get_docstring(node):
                found.append(f"{module.where}:{node.lineno}: {node.name} has no docstring")
    return found


def unitless(package: Path) -> list[str]:
    """Public functions of the model whose docstring names neither a unit nor a shape."""
    return [
        f"{module.where}:{node.lineno}: {node.name} says neither unit nor shape"
        for module in modules(package)
        if module.room == "model"
        for node in module.tree.body
        if isinstance(node, Function) and not node.name.startswith("_")
        if not UNIT.search(ast.get_docstring(node) or "")
    ]


RULES = (
    wrong_imports, shared_names, tied_to_the_house, foreign_imports, reading_where_none_may, printing, long_files, long_functions, long_median,
    undocumented, unitless,
)  # fmt: skip
