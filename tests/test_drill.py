"""The small drill, played once: every line of its table holds."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.drill.program import scenes

pytestmark = pytest.mark.xdist_group("drill")

DISKS = ("F16", "F17", "F18")
LINES = [line.number for scene in scenes(big=False) for line in scene.lines]


@pytest.fixture(scope="module")
def table():
    """What happened, by the line's number."""
    command = [sys.executable, "-m", "tests.drill", "--small", "--json"]
    root = Path(__file__).parents[1]
    ran = subprocess.run(
        command, cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert ran.stdout.startswith("["), ran.stderr
    return {row["number"]: row for row in json.loads(ran.stdout)}


@pytest.mark.parametrize("number", LINES)
def test_the_line_of_the_drill_holds(number, table):
    row = table[number]
    if number in DISKS and os.geteuid() != 0:
        pytest.skip("disks are mounted for it, which takes root")
    assert row["verdict"] == "PASS", row


def test_every_fault_of_the_matrix_has_its_line():
    assert {f"F{number}" for number in range(1, 29)} <= set(LINES)


def test_the_big_drill_has_every_line_of_the_small_one_and_the_whole_edition():
    lines = {line.number for scene in scenes(big=True) for line in scene.lines}
    assert lines - set(LINES) == {"kills", "repair", "idle", "312"}
