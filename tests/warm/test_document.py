"""What docs/engine.md says of the engine is held by the notebooks and tests that it names."""

import re
from pathlib import Path

import pytest

from tests.warm.peers import CASES, DIFFERS, UNSETTLED

FOLDER = Path(__file__).parent
DOCUMENT = (FOLDER.parents[1] / "docs" / "engine.md").read_text("utf-8")
PARTS = dict(re.findall(r"^## (.+)\n([^#]+)", DOCUMENT, re.M))
ROWS = [
    (part, row)
    for part, text in PARTS.items()
    for row in text.splitlines()
    if row.startswith("| ") and not row.startswith(("| what ", "| --- "))
]
TESTS = {
    name
    for path in FOLDER.glob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.M)
}


def named(row: str) -> list[str]:
    """What a row of a table says it is held by."""
    return re.findall(r"`([^`]+)`", row.rstrip(" |").rpartition(" | ")[2])


@pytest.mark.parametrize(("part", "row"), ROWS)
def test_each_line_is_held_by_a_notebook_or_a_test(part, row):
    assert named(row)
    assert {*named(row)} <= {*CASES, *TESTS}


def test_what_is_said_to_be_the_same_is_no_known_difference():
    same = {name for part, row in ROWS if part == "The same" for name in named(row)}
    assert not same & {*DIFFERS}


def test_every_known_difference_is_told():
    told = {name for part, row in ROWS if part == "Different by intent" for name in named(row)}
    assert {*DIFFERS, *UNSETTLED} <= told
