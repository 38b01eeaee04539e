"""Columns of frames: a topic's docstring names what it reads of each frame, and nothing that is not there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from .architecture import Function, Module, modules

TOPICS = ("helpers", "present", "topics")
ENTRY = re.compile(r"^ {4}(\w+): ", re.MULTILINE)
NAMED = re.compile(r"`(\w+)`")
NONE_READ = "nothing is read"  # of a frame that is only asked whether it has rows


def unnamed_columns(package: Path) -> list[str]:
    """Frames that a public function of a topic takes, and columns it reads of them, that its Args do not name.

    What is read is followed into the functions of the same module that the frame is handed to.
    """
    found = []
    for module, function in _topics(package):
        functions = {node.name: node for node in module.tree.body if isinstance(node, Function)}
        told = _entries(function)
        for frame in _frames(function):
            entry = told.get(frame, "")
            named = set(NAMED.findall(entry))
            where = f"{module.where}:{function.lineno}: {function.name}"
            if not named and NONE_READ not in entry:
                found.append(f"{where} does not name the columns of {frame}")
            elif missing := sorted(_read(function, frame, functions, set()) - named):
                found.append(f"{where} reads {', '.join(missing)} of {frame} and does not say so")
    return found


def unknown_columns(package: Path) -> list[str]:
    """What a topic's Args name of a frame and no code of the package writes: a column renamed or misspelt."""
    known = {word for module in modules(package) for word in _words(module)}
    return [
        f"{module.where}:{function.lineno}: {function.name} names {name} of {frame}, which no code writes"
        for module, function in _topics(package)
        for frame, entry in _entries(function).items()
        if frame in _frames(function)
        for name in NAMED.findall(entry)
        if name not in known
    ]


def _topics(package: Path) -> Iterator[tuple[Module, Function]]:
    """Every public function at the top of a topic, with its module."""
    for module in modules(package):
        if tuple(module.package[:3]) == TOPICS:
            for node in module.tree.body:
                if isinstance(node, Function) and not node.name.startswith("_"):
                    yield module, node


def _frames(function: Function) -> list[str]:
    """The parameters that are frames."""
    return [
        parameter.arg
        for parameter in [*function.args.args, *function.args.kwonlyargs]
        if parameter.annotation and "DataFrame" in ast.unparse(parameter.annotation)
    ]


def _entries(function: Function) -> dict[str, str]:
    """What Args says of each parameter."""
    after = (ast.get_docstring(function) or "").partition("Args:\n")[2]
    arguments = re.split(r"^(?=\S)", after, maxsplit=1, flags=re.MULTILINE)[0]
    _, *parts = ENTRY.split(arguments)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _read(
    function: Function, frame: str, functions: dict[str, Function], seen: set[str]
) -> set[str]:
    """The columns taken from a frame by name, here and where it is handed on within the module."""
    columns: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript) and _is(node.value, frame):
            columns |= {text for text in _texts(node.slice) if text.isidentifier()}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            callee = functions.get(node.func.id)
            if callee is None or callee.name in seen:
                continue
            names = [parameter.arg for parameter in callee.args.args]
            handed = [*zip(names, node.args, strict=False)]
            handed += [(word.arg, word.value) for word in node.keywords if word.arg]
            for name, value in handed:
                if _is(value, frame):
                    columns |= _read(callee, name, functions, {*seen, function.name})
    return columns


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _texts(node: ast.expr) -> list[str]:
    """The texts of `frame["x"]` and `frame[["x", "y"]]`."""
    parts = node.elts if isinstance(node, ast.List) else [node]
    return [
        part.value
        for part in parts
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def _words(module: Module) -> Iterator[str]:
    """Names and texts of a module's code: what a column, a parameter or a function is called."""
    docstrings = {
        id(node.body[0].value)
        for node in module.nodes
        if isinstance(node, ast.Module | ast.ClassDef | Function)
        and ast.get_docstring(node) is not None
        and isinstance(node.body[0], ast.Expr)
    }
    for node in module.nodes:
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.value
        elif isinstance(node, Function | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.arg) or (isinstance(node, ast.keyword) and node.arg):
            yield node.arg


RULES = (unnamed_columns, unknown_columns)
