"""The house's manners, for the whole of src/helpers; each rule also shown to bite, and what a user
writes is kept.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import workbench
from helpers.cli.terminal import plain_bar, plain_console, print_table
from tests.house import manners as house

pytestmark = pytest.mark.xdist_group("house")  # every module is parsed once
HELPERS = Path(__file__).parents[1] / "src" / "helpers"
HOSTILE = ("[/fel]", "Prov [red]rött[/red]", ":smile:", "[link=x]", "[", "[bold", "\\[/]", "[/]")


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule):
    assert rule(HELPERS) == []


CAUGHT = "try:\n        pass\n    except ValueError as error:\n        "
SEEDED = [
    (house.loose_rich, "cli/bad.py", "from rich.console import Console"),
    (house.loose_rich, "cli/bad.py", "import rich"),
    (house.loose_rich, "cli/terminal.py", "Console(stderr=True)"),
    (house.loose_rich, "cli/terminal.py", "TextColumn('x')"),
    (house.loose_rich, "cli/terminal.py", "console.print(title, markup=True)"),
    (house.loose_rich, "cli/bad.py", "Text.from_markup(title)"),
    (house.loose_prints, "cli/bad.py", "print('x')"),
    (house.loose_prints, "cli/bad.py", "import sys\nsys.stderr.write('x')"),
    (
        house.loose_prints,
        "cli/bad.py",
        "from helpers.cli.terminal import print\nimport typer\ntyper.echo('x')",
    ),
    (house.unicode_digits, "tables/bad.py", "import re\nre.match(r'\\d{4}', code)"),
    (house.unicode_digits, "tables/bad.py", "code.isdigit()"),
    (house.loose_yaml, "tables/bad.py", "import yaml\nyaml.safe_load(text)"),
    (
        house.parsed_messages,
        "tables/bad.py",
        f"def f():\n    {CAUGHT}code = 'säger olika' in str(error)",
    ),
    (
        house.parsed_messages,
        "tables/bad.py",
        f"def f():\n    {CAUGHT}return str(error).lower() == 'x'",
    ),
    (
        house.parsed_messages,
        "tables/bad.py",
        f"def f():\n    {CAUGHT}return str(error).startswith('x')",
    ),
    (house.parsed_messages, "tables/bad.py", "def f(finding):\n    return 'x' in finding.says"),
    (
        house.parsed_messages,
        "tables/bad.py",
        f"import re\ndef f():\n    {CAUGHT}return re.search('x', str(error))",
    ),
    (house.unsettled_sorts, "model/bad.py", "rows.sort_values('datum')"),
    (house.unsettled_sorts, "model/bad.py", "rows.sort_values(by='datum', ignore_index=True)"),
    (house.unsettled_sorts, "model/bad.py", "np.argsort(x)"),
    (house.unsafe_starts, "cli/bad.py", "run([sys.executable, '-c', 'x'])"),
    (house.unsafe_starts, "cli/bad.py", "COMMAND = [sys.executable, '-m', 'helpers']"),
]


@pytest.mark.parametrize(("rule", "file", "code"), SEEDED)
def test_a_seeded_violation_is_found(rule, file, code, tmp_path):
    path = tmp_path / "helpers" / file
    path.parent.mkdir(parents=True)
    path.write_text(code, "utf-8")
    assert rule(tmp_path / "helpers")


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_user_writes_is_printed_as_it_stands(text, capsys):
    print_table(f"Scenario {text}", [{f"kolumn {text}": text, "antal": 1}])
    printed = capsys.readouterr().out
    assert printed.count(text) == 3
    console = plain_console()
    console.print(text)
    assert capsys.readouterr().out == f"{text}\n"
    bar = plain_bar(console)
    bar.add_task(text, total=1)
    console.print(bar.get_renderable())
    assert text in capsys.readouterr().out


def test_what_lies_in_the_folder_one_stands_in_is_not_run(tmp_path):
    (tmp_path / "helpers.py").write_text("raise SystemExit(77)", "utf-8")
    start = [*workbench.COMMAND[:-1], "--help"]
    ran = subprocess.run(
        start, cwd=tmp_path, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, check=False
    )
    assert ran.returncode == 0
    assert b"mottagning" in ran.stdout or b"Usage" in ran.stdout
    spoilt = [word for word in start if word != "-P"]
    ran = subprocess.run(
        spoilt, cwd=tmp_path, env={**os.environ, "PYTHONPATH": ""}, capture_output=True, check=False
    )
    assert ran.returncode == 77, sys.version
