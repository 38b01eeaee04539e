"""The two commands, the lock, conda, the hooks and CI agree with each other; each rule also shown
to bite.
"""

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
from tests.house.relock import LAYERS

ROOT = Path(__file__).parents[1]
RULES = (
    house.unlisted_targets, house.loose_installs, house.undeclared_imports, house.other_environment,
    house.fetched_hooks, house.loose_ci, house.loose_actions, house.loose_workflow,
)  # fmt: skip
FILES = (
    "Makefile", *LAYERS, "pyproject.toml", "environment.yml", ".pre-commit-config.yaml", ".ci/run", house.WORKFLOW,
)  # fmt: skip
TARGETS = (
    "accept", "bench", "check", "clean", "drill", "drill-small", "extras", "format", "help", "lab", "lint", "lock", "report",
    "reports", "setup", "sources", "test",
)  # fmt: skip


@pytest.fixture
def copy(tmp_path):
    """A folder with the project's own files, to be spoilt; its name holds a space."""
    folder = tmp_path / "our project"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name, text in (
        ("src/helpers/errors.py", "import json"),
        ("tests/test_x.py", "import pytest"),
    ):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule):
    assert rule(ROOT) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_unspoilt_copy_breaks_no_rule(rule, copy):
    assert rule(copy) == []


SEEDED = [
    (house.unlisted_targets, "Makefile", "clean: ## Remove", "clean: # Remove"),
    (house.unlisted_targets, "Makefile", "clean: ##", "Clean_up: ##"),
    (house.loose_installs, "Makefile", "--require-hashes", ""),
    (house.loose_installs, "Makefile", "--no-deps --require-hashes", "--no-deps"),
    (house.loose_installs, "Makefile", "uv==$(UV)", "uv"),
    (house.loose_installs, "Makefile", "UV := 0", "UV := >0"),
    (house.loose_installs, "Makefile", "--no-build-isolation ", ""),
    (house.undeclared_imports, "src/helpers/errors.py", "import json", "import polars"),
    (
        house.undeclared_imports,
        "src/helpers/errors.py",
        "import json",
        "def f():\n    from pytest import mark",
    ),
    (house.undeclared_imports, "tests/test_x.py", "import pytest", "import polars.testing"),
    (house.undeclared_imports, "tests/test_x.py", "import pytest", "import ploomber_engine"),
    (house.undeclared_imports, "src/helpers/errors.py", "import json", "import ploomber_engine"),
    (house.other_environment, "environment.yml", "python>=3.11", "python>=3.10"),
    (house.other_environment, "environment.yml", "  - pip\n", "  - pip\n  - pandas=3\n"),
    (
        house.other_environment,
        "environment.yml",
        "      - --requirement",
        "      - rich\n      - --requirement",
    ),
    (house.other_environment, "environment.yml", "requirements.lock\n", "requirements.txt\n"),
    (
        house.fetched_hooks,
        ".pre-commit-config.yaml",
        "repo: local",
        "repo: https://example.org/hooks",
    ),
    (house.fetched_hooks, ".pre-commit-config.yaml", "entry: .venv/bin/mypy", "entry: mypy"),
    (house.loose_ci, ".ci/run", "set -euo pipefail", "set -eu"),
    (house.loose_ci, ".ci/run", "\nmake test", "\nmake test || true"),
    (house.loose_ci, ".ci/run", "export CI=true", "export CI=false"),
    (
        house.loose_actions,
        house.WORKFLOW,
        "@11d5960a326750d5838078e36cf38b85af677262 # v4.4.0",
        "@v4",
    ),
    (house.loose_actions, house.WORKFLOW, "@11d5960a", "@11d5960"),
    (house.loose_actions, house.WORKFLOW, " # v4.4.0", ""),
    (
        house.loose_actions,
        house.WORKFLOW,
        "- uses: actions/checkout",
        "- 'uses': ./actions/checkout",
    ),
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
    assert re.findall(
        r"'([\w-]+)' defined as a dependency but not used", ran.stderr + ran.stdout
    ) == ["defusedxml"]


def _make(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
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


def _stamp(folder: Path, *names: str, said: str = "") -> Path:
    """Stamp a .venv as made in the folder, or where `said`; give the first stamp."""
    stamps = [folder / ".venv" / f".{name}" for name in names]
    for stamp in stamps:
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(f"{said or folder.resolve()}\n", "utf-8")
    return stamps[0]


def _installed(folder: Path, target: str) -> list[list[str]]:
    """The locks that a target would install, a list for each call of pip."""
    lines = _make(folder, "--dry-run", target).stdout.replace("\\\n", " ").splitlines()
    calls = [line for line in lines if "--require-hashes" in line]
    return [sorted(re.findall(r"--requirement ([\w.-]+)", call)) for call in calls]


REPORTS, PLACES, ALL = (sorted(LAYERS[:count]) for count in (1, 2, 3))
RIVALS = [LAYERS[3]]


@pytest.mark.parametrize(
    ("target", "locks"),
    [
        ("reports", REPORTS),
        ("lab", REPORTS),
        ("check", REPORTS),
        ("extras", PLACES),
        ("lint", ALL),
        ("test", ALL),
    ],
)
def test_a_bare_folder_gets_what_the_target_needs_in_one_call(target, locks, copy):
    assert _installed(copy, target) == [locks]


@pytest.mark.parametrize(
    ("stamps", "target", "locks"),
    [
        (["installed"], "reports", []),
        (["installed"], "extras", [PLACES]),
        (["installed"], "test", [ALL]),
        (["installed", "extras"], "reports", []),
        (["installed", "extras", "whole"], "extras", []),
        (["installed", "extras", "whole"], "test", []),
    ],
)
def test_nothing_is_installed_when_nothing_has_changed(stamps, target, locks, copy):
    _stamp(copy, *stamps)
    assert _installed(copy, target) == locks


@pytest.mark.parametrize(
    ("stamps", "locks"),
    [
        (["installed"], REPORTS),
        (["installed", "extras"], PLACES),
        (["installed", "extras", "whole"], ALL),
    ],
)
def test_what_was_once_added_follows_a_changed_lock_and_a_moved_folder(stamps, locks, copy):
    stamp = _stamp(copy, *stamps)
    assert _installed(copy, "reports") == []
    os.utime(copy / "requirements.lock", (stamp.stat().st_mtime + 9,) * 2)
    assert _installed(copy, "reports") == [locks]
    os.utime(copy / "requirements.lock", (stamp.stat().st_mtime - 9,) * 2)
    assert _installed(copy, "reports") == []
    _stamp(copy, *stamps, said="/somewhere else")
    assert _installed(copy, "reports") == [locks]


STAMPS = ["installed", "extras", "whole", "rivals"]


def test_what_is_only_measured_is_installed_for_make_bench_alone_and_apart(copy):
    assert _installed(copy, "bench") == [ALL, RIVALS]
    assert [target for target in TARGETS if RIVALS in _installed(copy, target)] == ["bench"]
    lines = _make(copy, "--dry-run", "bench").stdout.replace("\\\n", " ").splitlines()
    (call,) = [" ".join(line.split()) for line in lines if RIVALS[0] in line]
    assert "--no-deps --require-hashes --target .venv/rivals --requirement" in call


def test_what_is_only_measured_follows_its_lock_and_everything_else(copy):
    stamp = _stamp(copy, *STAMPS)
    assert _installed(copy, "bench") == []
    for lock, locks in ((RIVALS[0], [RIVALS]), ("requirements.lock", [ALL, RIVALS])):
        os.utime(copy / lock, (stamp.stat().st_mtime + 9,) * 2)
        assert _installed(copy, "bench") == locks
        os.utime(copy / lock, (stamp.stat().st_mtime - 9,) * 2)
    _stamp(copy, *STAMPS, said="/somewhere else")
    assert _installed(copy, "bench") == [ALL, RIVALS]


def test_the_version_is_the_same_wherever_it_stands():
    assert house.declared(ROOT)["version"] == helpers.__version__


def test_the_type_checker_reads_the_oldest_python_we_promise():
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    assert house.declared(ROOT)["requires-python"] == f">={tools['mypy']['python_version']}"


def test_the_workflow_calls_commands_with_options_that_exist():
    calls = re.findall(
        r"run: \.venv/bin/mottagning (\w+)((?: --[\w-]+)*)",
        (ROOT / house.WORKFLOW).read_text("utf-8"),
    )
    assert calls
    commands = get_command(importlib.import_module("helpers.cli.app").app).commands
    for name, given in calls:
        assert set(given.split()) <= {
            option for parameter in commands[name].params for option in parameter.opts
        }


def test_pre_commit_accepts_its_configuration(tmp_path):
    """And would refuse another: a key misspelt is told by its name."""
    sound = ROOT / ".pre-commit-config.yaml"
    spoilt = tmp_path / sound.name
    spoilt.write_text(sound.read_text("utf-8").replace("    entry:", "    entri:", 1), "utf-8")
    said = {
        path: _said(sys.executable, "-m", "pre_commit", "validate-config", path)
        for path in (sound, spoilt)
    }
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
    ran = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
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
def test_a_browser_test_without_a_browser_is_skipped_at_home_and_fails_in_ci(
    ci, code, closing, tmp_path
):
    (tmp_path / "test_page.py").write_text(BROWSER_TEST, "utf-8")
    options = [
        "-p",
        "tests.conftest",
        "-o",
        "markers=browser",
        "-o",
        "addopts=",
        "--rootdir",
        str(tmp_path),
    ]
    command = [sys.executable, "-m", "pytest", *options, "-rs", "-c", os.devnull, str(tmp_path)]
    environment = {
        **os.environ,
        "CI": ci,
        "PATH": str(tmp_path),
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
    }
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert closing in ran.stdout.splitlines()[-1], ran.stdout + ran.stderr
    assert ran.returncode == code
    assert "chromium is not on the PATH" in ran.stdout
