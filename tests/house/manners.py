"""Manners that no linter knows: text is never markup, a message decides nothing, a sort is settled,
-P is given.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from .architecture import Module, modules

TERMINAL = "helpers/cli/terminal.py"
PRINTS = {
    "print",
    "sys.stdout.write",
    "sys.stderr.write",
    "typer.echo",
    "typer.secho",
    "click.echo",
}
# print our own schema; one line of our own, before the printer is imported
OWN_TEXT = ("helpers/report/facts.py", "helpers/cli/__init__.py")
MARKUP = {"from_markup", "render_str"}
ALLOWED = {  # libraries that give their errors no number and no kind of their own
    ("helpers/sending/targets.py", "passing"): "paramiko tells of a cut line only in words",
}


def loose_rich(package: Path) -> list[str]:
    """Uses of rich anywhere but in the one printer, and calls there that could read a text as
    markup.
    """
    found = []
    for module in modules(package):
        for node in module.nodes:
            name = getattr(node, "module", "") or "" if isinstance(node, ast.ImportFrom) else ""
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [name]
            if any(one.split(".")[0] == "rich" for one in names) and module.where != TERMINAL:
                found.append(f"{module.where}:{node.lineno}: prints by itself; use cli/terminal.py")
            if isinstance(node, ast.Call) and _may_be_markup(node):
                found.append(
                    f"{module.where}:{node.lineno}: {ast.unparse(node)[:60]} may read a text as markup"
                )
    return found


def _may_be_markup(call: ast.Call) -> bool:
    name = getattr(call.func, "id", None) or getattr(call.func, "attr", "")
    told = {keyword.arg: keyword.value for keyword in call.keywords}
    plain = isinstance(told.get("markup"), ast.Constant) and told["markup"].value is False  # type: ignore[attr-defined]
    return (
        name in MARKUP
        or (name in ("Console", "TextColumn") and not plain)
        or ("markup" in told and not plain)
    )


def loose_prints(package: Path) -> list[str]:
    """Prints that do not go through the one printer, which shows what is hidden in a text."""
    return [
        f"{module.where}:{node.lineno}: prints by itself: {ast.unparse(node)[:60]}; use cli/terminal.py"
        for module in modules(package)
        if module.where not in (TERMINAL, *OWN_TEXT)
        for node in module.nodes
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in PRINTS
        and not (ast.unparse(node.func) == "print" and _takes_the_printer(module))
    ]


def _takes_the_printer(module: Module) -> bool:
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "helpers.cli.terminal"
        and any(alias.name == "print" for alias in node.names)
        for node in module.nodes
    )


def unicode_digits(package: Path) -> list[str]:
    """Patterns and questions that take digits of other scripts for digits: a code has 0 to 9."""
    found = []
    for module in modules(package):
        for node in module.nodes:
            text = (
                node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            )
            asked = isinstance(node, ast.Attribute) and node.attr in (
                "isdigit",
                "isdecimal",
                "isnumeric",
            )
            if asked or re.search(r"\\[dD]", text):
                found.append(f"{module.where}:{node.lineno}: {ast.unparse(node)[:60]}; write [0-9]")
    return found


def loose_yaml(package: Path) -> list[str]:
    """Loaders of YAML but the one with limits."""
    return [
        f"{module.where}:{node.lineno}: reads YAML by itself; use contracts/reading.py"
        for module in modules(package)
        for node in module.nodes
        if isinstance(node, ast.Call)
        and re.match("yaml.*load", ast.unparse(node.func))
        and module.where != "helpers/contracts/reading.py"
    ]


def parsed_messages(package: Path) -> list[str]:
    """Decisions taken by what an error or a finding says: an error carries its code."""
    return [
        f"{module.where}:{node.lineno}: decides by words: {ast.unparse(node)[:60]}"
        for module in modules(package)
        for function, node in _decisions(module)
        if (module.where, function) not in ALLOWED
    ]


def _decisions(module: Module) -> Iterator[tuple[str, ast.AST]]:
    for function in [*module.functions(), module.tree]:
        own = function.name if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) else ""
        if not own:
            continue
        errors = {
            node.name
            for node in ast.walk(function)
            if isinstance(node, ast.ExceptHandler) and node.name
        }
        errors |= {
            one.arg for one in function.args.args if one.arg in ("error", "failure", "finding")
        }
        for node in ast.walk(function):
            if isinstance(node, ast.Compare) and any(
                _words(part, errors) for part in [node.left, *node.comparators]
            ):
                yield own, node
            if (
                isinstance(node, ast.Call)
                and _looks(node)
                and any(_words(part, errors) for part in _parts(node))
            ):
                yield own, node


def _looks(call: ast.Call) -> bool:
    """A call that looks for something in a text."""
    name = getattr(call.func, "attr", "")
    module = getattr(getattr(call.func, "value", None), "id", "")
    return name in ("startswith", "endswith", "find", "index") or (
        module == "re" and name in ("match", "search", "fullmatch", "findall")
    )


def _parts(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *([call.func.value] if isinstance(call.func, ast.Attribute) else [])]


def _words(node: ast.AST, errors: set[str]) -> bool:
    """Whether an expression is what an error says: str(error), error.says, str(error).lower()."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _words(node.func.value, errors)
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", "") in ("str", "repr") and any(
            isinstance(one, ast.Name) and one.id in errors for one in node.args
        )
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ("says", "problems", "evalue", "strerror")
        and (isinstance(node.value, ast.Name) and node.value.id in errors)
    )


def unsettled_sorts(package: Path) -> list[str]:
    """Sorts by one key that do not say `kind="stable"`: rows of the same key may come in any
    order.
    """
    return [
        f"{module.where}:{node.lineno}: {ast.unparse(node)[-60:]} may change the order of equals"
        for module in modules(package)
        for node in module.nodes
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in ("sort_values", "argsort")
        if not _settled(node)
    ]


def _settled(call: ast.Call) -> bool:
    keys = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "by")]
    first = keys[0] if keys else None
    several = isinstance(first, ast.Name) or (isinstance(first, ast.List) and len(first.elts) > 1)
    if several and getattr(call.func, "attr", "") == "sort_values":
        return True  # by several keys, pandas sorts stably
    return any(
        keyword.arg == "kind" and ast.unparse(keyword.value) == "'stable'"
        for keyword in call.keywords
    )


def unsafe_starts(package: Path) -> list[str]:
    """Pythons that are started without -P: what lies in the folder one stands in would be run as
    ours.
    """
    found = []
    for module in modules(package):
        for node in module.nodes:
            words = (
                [ast.unparse(part) for part in node.elts]
                if isinstance(node, ast.List | ast.Tuple)
                else []
            )
            if "sys.executable" in words and {"'-c'", "'-m'"} & set(words) and "'-P'" not in words:
                found.append(f"{module.where}:{node.lineno}: {ast.unparse(node)[:60]} has no -P")
    return found


RULES = (
    loose_rich,
    loose_prints,
    unicode_digits,
    loose_yaml,
    parsed_messages,
    unsettled_sorts,
    unsafe_starts,
)
