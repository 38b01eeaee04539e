"""One rounding and exact sums: whoever rounds a number for a reader, or adds decimals, does it in
`model.exact`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from .architecture import Module, modules

READ = {  # rooms whose numbers reach a reader
    *("present", "report", "releases", "pages", "make", "clock", "editions"),
    *("cli", "cases", "imports", "tables", "workbench"),
}
OWN = "helpers/model/exact.py"
ROUNDS = {"round", "rint", "around", "quantize", "format_decimal", "format_percent"}
SPEC = re.compile(r"\.\d+[eEfFgG%]|^[^{}]*[%n]$")
OLD_SPEC = re.compile(r"%[-+ #0]*\d*\.\d+[eEfFgG]|\{[^{}]*:[^{}]*\.\d+[eEfFgG%]\}")
REASON = re.compile(r"# rounds: \S")  # what is rounded here is no figure that a reader sees
# the machine's own figures: they are measured, not published
MACHINE = re.compile(r"seconds|cpu|wait_for|\b[MG]B\b")
DECIMALS = ("andelstal", "andelstal_before", "change", "expected", "expected_actual", "difference", "forecast_error",
            "placement_departure", "rounding")  # fmt: skip


def second_roundings(package: Path) -> list[str]:
    """Roundings beside the one of `model.exact`, with no `# rounds: reason` on their line or above it."""
    return [
        f"{module.where}:{line}: {what} rounds by a rule of its own; use Language.number or model.exact.rounded"
        for module in modules(package)
        if module.room in READ
        for line, what in _roundings(module)
        if not REASON.search("\n".join(module.lines[max(0, line - 2) : line]))
        and not MACHINE.search(module.lines[line - 1])
    ]


def _roundings(module: Module) -> Iterator[tuple[int, str]]:
    for node in module.nodes:
        if isinstance(node, ast.Call) and _name(node) in ROUNDS:
            yield node.lineno, f"{_name(node)}()"
        elif isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = "".join(
                str(part.value)
                for part in ast.walk(node.format_spec)
                if isinstance(part, ast.Constant)
            )
            if SPEC.search(spec):
                yield node.lineno, f"the format {spec!r}"
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and OLD_SPEC.search(node.value)
        ):
            yield node.lineno, "a format with decimals"


def loose_sums(package: Path) -> list[str]:
    """Sums of published decimals, and shares of a forecast, that are reckoned in binary."""
    return [
        f"{module.where}:{node.lineno}: {ast.unparse(node)[:60]} is no exact sum or product; use model.exact"
        for module in modules(package)
        if module.where != OWN
        for node in module.nodes
        if _is_float_sum(node) or _is_float_product(node)
    ]


def _is_float_sum(node: ast.AST) -> bool:
    """`table["expected"].sum()`, or `sum(table["expected"])`."""
    if not isinstance(node, ast.Call) or _name(node) != "sum":
        return False
    summed = (
        node.func.value if isinstance(node.func, ast.Attribute) else next(iter(node.args), node)
    )
    return isinstance(summed, ast.Subscript) and ast.unparse(summed.slice).strip("'\"") in DECIMALS


def _is_float_product(node: ast.AST) -> bool:
    """`share * forecast / 1000`."""
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return False
    product = isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Mult)
    return product and ast.unparse(node.right) == "1000"


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


RULES = (second_roundings, loose_sums)
