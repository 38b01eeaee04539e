"""The project's own files agree with each other: Makefile, lock, environment, hooks."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from itertools import chain
from pathlib import Path
from typing import Any

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .files import read

WORKFLOW = ".github/workflows/reports.yml"
USED = re.compile(r"\buses['\"]?:(.*)$", re.MULTILINE)
BY_COMMIT = re.compile(r" [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")

COMES_ALONG = {"markupsafe", "pydantic-core"}  # part of jinja2's and pydantic's own interface


def declared(root: Path) -> dict[str, Any]:
    """The [project] table of pyproject.toml."""
    return tomllib.loads(read(root / "pyproject.toml"))["project"]


def wanted_to_build(root: Path) -> list[str]:
    """What builds the package itself, by pyproject.toml."""
    return tomllib.loads(read(root / "pyproject.toml"))["build-system"]["requires"]


def unlisted_targets(root: Path) -> list[str]:
    """Makefile targets that `make help` has nothing to say about."""
    targets = re.findall(r"^([A-Za-z][\w-]*):(.*)$", read(root / "Makefile"), re.MULTILINE)
    return [
        f"Makefile: {name} has no '## what it does'"
        for name, rest in targets
        if not re.search(r"## \S", rest)
        or not name.replace("-", "").isalpha()
        or not name.islower()
    ]


def loose_installs(root: Path) -> list[str]:
    """What the Makefile has pip install without a hash or an exact version."""
    text = read(root / "Makefile").replace("\\\n", " ")
    version = re.search(r"^UV := \d+\.\d+\.\d+$", text, re.MULTILINE)
    sound = (
        "--require-hashes",
        "--no-deps --no-build-isolation",
        *(["uv==$(UV)"] if version else []),
    )
    calls = [part for part in text.split(";") if "pip install" in part]
    return [
        f"Makefile: {' '.join(call.split())}"
        for call in calls
        if not any(word in call for word in sound)
    ]


def undeclared_imports(root: Path) -> list[str]:
    """Libraries that src or tests import and pyproject.toml does not declare for them; what is only
    measured is for none.
    """
    project = declared(root)
    extras = {**project["optional-dependencies"], "rivals": []}
    for_tests = _names(extras.pop("dev"))
    ours = _names([*project["dependencies"], *chain(*extras.values())])
    allowed = {"src": ours, "tests": ours | for_tests}
    owners = packages_distributions()
    found = []
    for folder, declared_there in allowed.items():
        for path in sorted((root / folder).rglob("*.py")):
            for library in sorted(_libraries(path)):
                known = {canonicalize_name(owner) for owner in owners.get(library, [library])}
                if not known & declared_there and not known & COMES_ALONG:
                    found.append(
                        f"{path.relative_to(root)}: {library} is not declared in pyproject.toml"
                    )
    return found


def _names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(requirement).name) for requirement in requirements}


def _libraries(path: Path) -> set[str]:
    """The first names of all that a module imports from outside the project and Python itself."""
    nodes = list(ast.walk(ast.parse(read(path))))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {
        str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level
    }
    return (
        {name.split(".")[0] for name in names}
        - sys.stdlib_module_names
        - {"helpers", "tests", "benchmarks"}
    )


def other_environment(root: Path) -> list[str]:
    """Where environment.yml says something else than pyproject.toml and the lock."""
    wanted = [
        f"python{declared(root)['requires-python']}",
        "pip",
        {"pip": ["--requirement requirements.lock"]},
    ]
    listed = yaml.safe_load(read(root / "environment.yml"))["dependencies"]
    extra = [item for item in listed if item not in wanted]
    lacking = [item for item in wanted if item not in listed]
    return [f"environment.yml: holds {item}" for item in extra] + [
        f"environment.yml: lacks {item}" for item in lacking
    ]


def fetched_hooks(root: Path) -> list[str]:
    """pre-commit hooks that would be downloaded, or that run what the lock does not hold."""
    config = yaml.safe_load(read(root / ".pre-commit-config.yaml"))
    found = [
        f"{repo['repo']}: not a local hook" for repo in config["repos"] if repo["repo"] != "local"
    ]
    return found + [
        f"{hook['id']}: does not run from .venv"
        for repo in config["repos"]
        for hook in repo["hooks"]
        if hook.get("language") != "system" or not hook.get("entry", "").startswith(".venv/bin/")
    ]


def loose_actions(root: Path) -> list[str]:
    """Actions that a workflow takes by anything but a commit, with the version that it is beside
    it.
    """
    return [
        f"{path.relative_to(root)}: uses{said}; name the commit, and after it # and the version"
        for path in sorted((root / WORKFLOW).parent.glob("*.y*ml"))
        for said in USED.findall(read(path))
        if not BY_COMMIT.fullmatch(said)
    ]


def loose_workflow(root: Path) -> list[str]:
    """What the ready workflow runs that does not exist, or may do too much."""
    flow = yaml.safe_load(read(root / WORKFLOW))
    steps = [step for job in flow["jobs"].values() for step in job["steps"]]
    targets = set(re.findall(r"^([a-z]+):", read(root / "Makefile"), re.MULTILINE))
    found = []
    for line in chain.from_iterable(step.get("run", "").splitlines() for step in steps):
        words = line.split()
        made = words[:1] == ["make"] and set(words[1:]) <= targets
        if not made and words[:1] != [".venv/bin/mottagning"]:
            found.append(f"{WORKFLOW}: {line!r} is neither a make target nor our command")
        if "${{" in line:
            found.append(
                f"{WORKFLOW}: {line!r} puts what someone typed into a shell's line; hand it over in env"
            )
    # YAML 1.1 reads the key `on` as true
    wanted = {"schedule", "workflow_dispatch"} - set(flow[True])
    found += [f"{WORKFLOW}: does not start on {name}" for name in sorted(wanted)]
    return found + (
        []
        if flow["permissions"] == {"contents": "read"}
        else [f"{WORKFLOW}: may do more than read"]
    )


def loose_ci(root: Path) -> list[str]:
    """What a CI script must do: stop at the first failure and end with the README's own test
    command.
    """
    text = read(root / ".ci" / "run")
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    last = [line for line in lines if line][-1]
    needed = {
        "stop at the first failure": "set -euo pipefail" in lines,
        "say that it is CI": "export CI=true" in lines,
        "end with make test": last == "make test",
        "be executable": bool((root / ".ci" / "run").stat().st_mode & 0o100),
    }
    return [f".ci/run does not {what}" for what, holds in needed.items() if not holds]
