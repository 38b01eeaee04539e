"""The two commands, the lock, conda, the hooks and CI agree with each other; each rule also shown to bite."""

import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

import helpers
from tests.house import project as house

ROOT = Path(__file__).parents[1]
RULES = (
    house.unlisted_targets, house.loose_lock, house.outside_the_lock, house.undeclared_imports,
    house.other_environment,
    house.fetched_hooks, house.loose_ci, house.loose_workflow,
)  # fmt: skip
FILES = (
    "Makefile", "requirements.lock", "pyproject.toml", "environment.yml", ".pre-commit-config.yaml",
    ".ci/run", house.WORKFLOW,
)  # fmt: skip
TARGETS = (
    "bench", "check", "clean", "drill", "drill-small", "format", "help", "lab", "lint", "lock", "report", "reports",
    "setup", "sources", "test",
)  # fmt: skip


@pytest.fixture
def copy(tmp_path):
    """A folder with the project's own files, to be spoilt; its name holds a space."""
    folder = tmp_path / "our project"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name, text in (("src/helpers/errors.py", "import json"), ("tests/test_x.py", "import pytest")):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule):
    assert rule(ROOT) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_unspoilt_copy_breaks_no_rule(rule, copy):
    assert rule(copy) == []


HASH = "    --hash=sha256:" + 64 * "0" + "\n"
SEEDED = [
    (house.unlisted_targets, "Makefile", "clean: ## Remove", "clean: # Remove"),
    (house.unlisted_targets, "Makefile", "clean: ##", "Clean_up: ##"),
    (house.loose_lock, "requirements.lock", "", "--extra-" + "index-" + "url https://example.org/\n"),
    (house.loose_lock, "requirements.lock", "", "# a comment\n"),
    (house.loose_lock, "requirements.lock", "", "wheel==1.0\n"),
    (house.loose_lock, "requirements.lock", "", "wheel @ https://example.org/wheel.whl \\\n" + HASH),
    (house.outside_the_lock, "pyproject.toml", '"babel>=2.16,<3"', '"babel>=99"'),
    (house.outside_the_lock, "pyproject.toml", '"babel>=2.16,<3"', '"polars>=1"'),
    (house.undeclared_imports, "src/helpers/errors.py", "import json", "import polars"),
    (
        house.undeclared_imports,
        "src/helpers/errors.py",
        "import json",
        "def f():\n    from pytest import mark",
    ),
    (house.undeclared_imports, "tests/test_x.py", "import pytest", "import polars.testing"),
    (house.other_environment, "environment.yml", "python>=3.11", "python>=3.10"),
    (house.other_environment, "environment.yml", "  - pip\n", "  - pip\n  - pandas=3\n"),
    (
        house.other_environment,
        "environment.yml",
        "      - --requirement",
        "      - rich\n      - --requirement",
    ),
    (house.other_environment, "environment.yml", "requirements.lock\n", "requirements.txt\n"),
    (house.fetched_hooks, ".pre-commit-config.yaml", "repo: local", "repo: https://example.org/hooks"),
    (house.fetched_hooks, ".pre-commit-config.yaml", "entry: .venv/bin/mypy", "entry: mypy"),
    (house.loose_ci, ".ci/run", "set -euo pipefail", "set -eu"),
    (house.loose_ci, ".ci/run", "\nmake test", "\nmake test || true"),
    (house.loose_ci, ".ci/run", "export CI=true", "export CI=false"),
    (house.loose_workflow, house.WORKFLOW, "actions/checkout@v4", "actions/checkout@main"),
    (house.loose_workflow, house.WORKFLOW, "make check", "make coffee"),
    (house.loose_workflow, house.WORKFLOW, "run: make setup", "run: pip install ."),
    (house.loose_workflow, house.WORKFLOW, '"$EDITION"', "${{ inputs.edition }}"),
    (house.loose_workflow, house.WORKFLOW, "  schedule:", "  push:"),
    (house.loose_workflow, house.WORKFLOW, "contents: read", "contents: write"),
]


@pytest.mark.parametrize(("rule", "name", "before", "after"), SEEDED)
def test_a_seeded_violation_is_found(rule, name, before, after, copy):
    text = (copy / name).read_text("utf-8")
    spoilt = text.replace(before, after, 1)
    assert spoilt != text
    (copy / name).write_text(spoilt, "utf-8")
    assert rule(copy)


def test_a_ci_script_that_may_not_be_run_is_found(copy):
    (copy / ".ci/run").chmod(0o644)
    assert house.loose_ci(copy)


def _unused(folder: Path) -> subprocess.CompletedProcess[str]:
    """Look for dependencies that nothing imports, as `make lint` does."""
    deptry = Path(sys.executable).parent / "deptry"
    return subprocess.run([deptry, "."], cwd=folder, capture_output=True, text=True, check=False)


def test_every_dependency_is_used_or_has_its_reason():
    assert "$(BIN)/deptry ." in (ROOT / "Makefile").read_text("utf-8")
    ran = _unused(ROOT)
    assert ran.returncode == 0, ran.stderr


def test_a_dependency_that_nothing_imports_is_found(tmp_path):
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (tmp_path / "pyproject.toml").write_text(
        text.replace('"babel>=2.16,<3",', '"babel>=2.16,<3", "defusedxml",'), "utf-8"
    )
    ran = _unused(tmp_path)
    assert ran.returncode == 1
    assert re.findall(r"'([\w-]+)' defined as a dependency but not used", ran.stderr + ran.stdout) == ["defusedxml"]


def _make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_make_alone_lists_every_target(copy):
    for arguments in ([], ["help"]):
        lines = _make(copy, *arguments).stdout.splitlines()
        assert sorted(line.split()[1] for line in lines) == list(TARGETS)


def test_a_machine_without_a_new_enough_python_is_told_so(copy, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("make", "sh", "cat"):
        (tools / name).symlink_to(str(shutil.which(name)))
    (tools / "python3").write_text("#!/bin/sh\nexit 1\n")  # a Python that is too old answers 1
    (tools / "python3").chmod(0o755)
    ran = _make(copy, "setup", PATH=str(tools))
    assert ran.returncode != 0
    assert "No Python 3.11 or newer was found" in ran.stdout
    assert not (copy / ".venv").exists()


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        ([], "mottagning report"),
        (["LAN=AC", "AR=2019"], "mottagning report --lan 'AC' --ar '2019'"),
        (["KOMMUN=0114"], "mottagning report --kommunkod '0114'"),
    ],
)
def test_make_report_passes_only_what_is_given(given, passed, copy):
    told = _make(copy, "--dry-run", "report", *given, LAN="", KOMMUN="", AR="").stdout
    assert " ".join(told.splitlines()[-1].split()) == f".venv/bin/{passed}"


def test_nothing_is_installed_when_nothing_has_changed(copy):
    stamp = copy / ".venv" / ".installed"
    stamp.parent.mkdir()
    stamp.write_text(f"{copy.resolve()}\n", "utf-8")
    assert "pip install" not in _make(copy, "--dry-run", "setup").stdout
    os.utime(copy / "requirements.lock", (stamp.stat().st_mtime + 9,) * 2)
    assert "pip install" in _make(copy, "--dry-run", "setup").stdout


def test_a_moved_folder_is_set_up_anew(copy):
    stamp = copy / ".venv" / ".installed"
    stamp.parent.mkdir()
    stamp.write_text("/somewhere else\n", "utf-8")
    assert "pip install" in _make(copy, "--dry-run", "setup").stdout


def test_the_version_is_the_same_wherever_it_stands():
    assert house.declared(ROOT)["version"] == helpers.__version__


def test_the_type_checker_reads_the_oldest_python_we_promise():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    assert house.declared(ROOT)["requires-python"] == f">={tools['mypy']['python_version']}"


def test_the_workflow_calls_commands_with_options_that_exist():
    calls = re.findall(r"run: \.venv/bin/mottagning (\w+)((?: --[\w-]+)*)", (ROOT / house.WORKFLOW).read_text("utf-8"))
    assert calls
    commands = get_command(importlib.import_module("helpers.cli.app").app).commands
    for name, given in calls:
        assert set(given.split()) <= {option for parameter in commands[name].params for option in parameter.opts}


def test_pre_commit_accepts_its_configuration(tmp_path):
    """And would refuse another: a key misspelt is told by its name."""
    sound = ROOT / ".pre-commit-config.yaml"
    spoilt = tmp_path / sound.name
    spoilt.write_text(sound.read_text("utf-8").replace("    entry:", "    entri:", 1), "utf-8")
    said = {path: _said(sys.executable, "-m", "pre_commit", "validate-config", path) for path in (sound, spoilt)}
    assert said[sound] == (0, "")
    assert said[spoilt][0] == 1
    assert "Missing required key: entry" in said[spoilt][1]


def test_ci_is_a_sound_shell_script(tmp_path):
    """And a script with a loop that is never closed is found not to be."""
    script = ROOT / ".ci" / "run"
    (tmp_path / "run").write_text(f"{script.read_text('utf-8')}\nwhile true; do\n", "utf-8")
    assert _said("bash", "-n", script) == (0, "")
    assert "unexpected end of file" in _said("bash", "-n", tmp_path / "run")[1]
    assert script.read_text("utf-8").startswith("#!/usr/bin/env bash\n")


def _said(*command: str | Path) -> tuple[int, str]:
    """Run a command: its exit code and all that it said."""
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    return ran.returncode, ran.stdout + ran.stderr


BROWSER_TEST = """
import pytest

@pytest.mark.browser
def test_a_page(page):
    page.goto("about:blank")

@pytest.mark.browser
@pytest.mark.skip(reason="not today")
def test_another_page():
    pass
"""


@pytest.mark.parametrize(("ci", "code", "closing"), [("true", 1, "2 errors"), ("", 0, "2 skipped")])
def test_a_browser_test_without_a_browser_is_skipped_at_home_and_fails_in_ci(ci, code, closing, tmp_path):
    (tmp_path / "test_page.py").write_text(BROWSER_TEST, "utf-8")
    options = ["-p", "tests.conftest", "-o", "markers=browser", "-o", "addopts=", "--rootdir", str(tmp_path)]
    command = [sys.executable, "-m", "pytest", *options, "-rs", "-c", os.devnull, str(tmp_path)]
    environment = {**os.environ, "CI": ci, "PATH": str(tmp_path), "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert closing in ran.stdout.splitlines()[-1], ran.stdout + ran.stderr
    assert ran.returncode == code
    assert "chromium is not on the PATH" in ran.stdout
