"""No year of a rule stands in code: where something begins to hold is in `data/rules.toml`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from .architecture import Module, modules

WITHOUT = ("model", "cases", "present")  # the rooms that compute by rules and tell of them
YEAR = re.compile(r"(?<!\w)20(?:0[89]|[12][0-9]|3[0-5])(?!\w)")  # 2008 to 2035
REASON = re.compile(r"# year: \S")  # why this one is no rule's


def bare_years(package: Path) -> list[str]:
    """Years 2008–2035 as numbers or in texts, with no `# year: reason` on their line or above it.

    Docstrings, and so doctests, may name years.
    """
    return [
        f"{module.where}:{line}: {year} is written in code; take it from data/rules.toml"
        for module in modules(package)
        if module.room in WITHOUT
        for line, year in _years(module)
        if not REASON.search("\n".join(module.lines[max(0, line - 2) : line]))
    ]


def _years(module: Module) -> Iterator[tuple[int, str]]:
    said = {id(node.value) for node in module.nodes if isinstance(node, ast.Expr)}
    for node in module.nodes:
        if not isinstance(node, ast.Constant) or id(node) in said:
            continue
        if isinstance(node.value, int | str) and (found := YEAR.search(str(node.value))):
            yield node.lineno, found[0]


RULES = (bare_years,)
