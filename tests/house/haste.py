"""Tests that would come out otherwise on a slower machine: they read a clock, or have a limit that
others could meet.

What a test waits for has `patience.PATIENCE`; what hangs for ever is ended after `patience.MOMENT`.
No other number of seconds limits anything, and what sleeps does so for ever, or while it looks
again and again.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.patience import FOREVER

from .files import read

CLOCKS = {
    "monotonic",
    "perf_counter",
    "process_time",
    "thread_time",
    "monotonic_ns",
    "perf_counter_ns",
}
# the drill's table tells seconds and judges none
MAY_READ_CLOCKS = {"patience.py", "drill/runner.py", "drill/big.py"}
LIMITS = {
    *(
        "timeout",
        "cell_timeout",
        "read_timeout",
        "connect_timeout",
        "whole_timeout",
        "deadline",
        "wall",
        "cpu",
    ),
    *("cell_limit", "seconds", "time_limit"),
}
WAITS = {"wait", "join", "wait_procs", "communicate"}
MEASURED = {"seconds", "cpu", "cpu_seconds", "elapsed", "took"}
SLEEP = re.compile(r"\bsleep\(([\d_.]+)\)")
POLL = 0.05  # seconds between two looks at most
MINUTE = 60  # no limit of a case that is to end by itself is shorter


def hasty(tests: Path) -> list[str]:
    """Places in tests that read a clock, limit what may take its time, or sleep for a while."""
    found = []
    for path in sorted(tests.rglob("*.py")):
        name, text = path.relative_to(tests).as_posix(), read(path)
        tree = ast.parse(text)
        if name not in MAY_READ_CLOCKS:
            found += [
                f"{name}:{line}: reads a clock; let an event decide" for line in _clocks(tree)
            ]
        found += [
            f"{name}:{line}: judges by seconds; let an event decide" for line in _judged(tree)
        ]
        found += [
            f"{name}:{line}: a limit of {limit:g} s; use PATIENCE, or MOMENT"
            for line, limit in _limits(tree)
        ]
        found += [
            f"{name}:{line}: sleeps for {slept:g} s; use until" for line, slept in _sleeps(text)
        ]
    return found


def _clocks(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in CLOCKS:
            yield node.lineno


def _limits(tree: ast.AST) -> Iterator[tuple[int, float]]:
    """Numbers of seconds below a minute that limit a call, by keyword or as what is waited at
    most.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        record = _name(node.func)[:1].isupper()  # how many seconds something took, and no limit
        given = [
            word.value
            for word in node.keywords
            if word.arg in LIMITS - ({"seconds"} if record else set())
        ]
        given += node.args[:1] if _name(node.func) in WAITS else []
        for value in given:
            if (
                isinstance(value, ast.Constant)
                and isinstance(value.value, int | float)
                and 0 < value.value < MINUTE
            ):
                yield node.lineno, value.value


def _judged(tree: ast.AST) -> Iterator[int]:
    """Comparisons of time taken with a number, or with a sum or product that holds one: more or
    less than so many seconds.

    That something has taken time (`> 0`), its whole limit (`>= MOMENT`) or more of it than
    something else is no such number.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and not all(
            isinstance(op, ast.Eq | ast.NotEq) for op in node.ops
        ):
            sides = [node.left, *node.comparators]
            if any(map(_measured, sides)) and any(map(_number, sides)):
                yield node.lineno


def _measured(side: ast.expr) -> bool:
    """Tell whether a time taken, or the reading of a clock, is in an expression."""
    return any(
        (node.slice.value if isinstance(node, ast.Subscript) else _name(node)) in MEASURED | CLOCKS
        for node in ast.walk(side)
        if not isinstance(node, ast.Subscript) or isinstance(node.slice, ast.Constant)
    )


def _number(side: ast.expr) -> bool:
    return isinstance(side, ast.BinOp) or (isinstance(side, ast.Constant) and bool(side.value))


def _sleeps(text: str) -> Iterator[tuple[int, float]]:
    """Sleeps, in the code of notebooks and programmes that tests write too, that are neither for
    ever nor a look's.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        for slept in map(float, SLEEP.findall(line)):
            if POLL < slept < FOREVER:
                yield number, slept


def _name(function: ast.expr) -> str:
    """Return the last name of what is called."""
    return getattr(function, "attr", getattr(function, "id", ""))
