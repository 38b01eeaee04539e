"""Pin pyproject.toml's ranges anew, in one file for each that installs (`make lock`); needs uv and
the index.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

# What each file adds, the earlier ones presumed: what reports need, what other places for them
# need, what tests need, and what is only measured beside us.
RIVALS = "requirements-rivals.lock"
LAYERS = ("requirements.lock", "requirements-extras.lock", "requirements-dev.lock", RIVALS)
RECORD = "tests/house/wheels.txt"
HEADING = "# Written by make lock: the wheels there are of every pin that has others than those for all systems.\n"
PIN = re.compile(r"[A-Za-z0-9._-]+==[^\s;]+")
EVERYWHERE = re.compile(r"(py2\.)?py3(\.py2)?-none-any")
# What a wheel must be for to run on one of the systems and Pythons that tests/house/lock.py judges.
OURS = re.compile(
    r"(cp31[1-4]-cp31[1-4]|cp3([0-9]|1[0-4])-abi3[.\w]*|(py2\.)?py3-none)"
    r"-(win_amd64|macosx_\w+|(many)?linux[\w.]*_(x86_64|aarch64))"
)


def layers(project: dict[str, Any]) -> dict[str, list[str]]:
    """The extras that a layer installs with those before it, by file; `project` is pyproject.toml's
    table.
    """
    places = [name for name in project["optional-dependencies"] if name not in ("dev", "rivals")]
    extras = [], places, [*places, "dev"], [*places, "dev", "rivals"]
    return dict(zip(LAYERS, extras, strict=True))


def blocks(text: str) -> dict[str, str]:
    """Each pin of a lock with its hashes, by the pin's own line; comments are left out."""
    found: dict[str, str] = {}
    pin = ""
    for line in text.splitlines(keepends=True):
        if PIN.match(line):
            pin = line
        if pin and line.strip() and not line.lstrip().startswith("#"):
            found[pin] = found.get(pin, "") + line
    return found


def beyond(texts: list[str]) -> list[str]:
    """Each lock without the pins of those before it."""
    held: set[str] = set()
    left = []
    for pins in map(blocks, texts):
        left.append("".join(block for pin, block in pins.items() if pin not in held))
        held |= set(pins)
    return left


def wheels(packages: list[dict[str, Any]]) -> str:
    """The record of wheels, a line for each pin: its tags as they stand in the names of its
    files.
    """
    lines = []
    for package in packages:
        files = [
            wheel.get("name") or wheel["url"].rsplit("/", 1)[1]
            for wheel in package.get("wheels", [])
        ]
        tags = ["-".join(name.removesuffix(".whl").split("-")[-3:]) for name in files]
        anywhere = [tag for tag in tags if EVERYWHERE.fullmatch(tag)]
        if not tags or len(anywhere) < len(tags):
            kept = anywhere or filter(OURS.fullmatch, tags)
            lines.append(" ".join([f"{package['name']}=={package['version']}", *kept]) + "\n")
    return HEADING + "".join(lines)


def main(work: Path, *options: str) -> None:
    """Resolve once for all, then each layer within that; written when all is known."""
    declared = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))
    built, whole = work / "build.in", work / "whole"
    built.write_text("\n".join(declared["build-system"]["requires"]) + "\n", "utf-8")
    whole.write_text(
        "".join(Path(name).read_text("utf-8") for name in LAYERS if Path(name).exists()), "utf-8"
    )

    def resolve(output: str, extras: list[str], *more: str) -> str:
        command = [
            Path(sys.executable).with_name("uv"),
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--no-header",
        ]
        chosen = [word for extra in extras for word in ("--extra", extra)]
        ours = [
            "--python-version",
            "3.11",
            "pyproject.toml",
            str(built),
            *chosen,
            "-o",
            str(work / output),
        ]
        if code := subprocess.run(
            [*command, *ours, *more], stdout=subprocess.DEVNULL, check=False
        ).returncode:
            sys.exit(code)  # uv has said why
        return (work / output).read_text("utf-8")

    wanted = layers(declared["project"])
    resolve("whole", wanted[LAYERS[-1]], "--generate-hashes", *options)
    within = "--constraint", str(whole)
    texts = [resolve(name, extras, "--generate-hashes", *within) for name, extras in wanted.items()]
    known = resolve("pylock.toml", wanted[LAYERS[-1]], "--format", "pylock.toml", *within)
    record = wheels(tomllib.loads(known)["packages"])
    for name, text in zip((*LAYERS, RECORD), (*beyond(texts), record), strict=True):
        Path(name).write_text(text, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
