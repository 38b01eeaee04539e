"""The locks hold all that is declared, on every system and Python promised; judged without the
network.

What a package needs is read from its installed metadata; which wheels there are, from the record
that `make lock` writes. A pin that is only for another system or Python is not installed here, nor
is what is only measured: that it needs nothing more is make lock's word.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms, parse_tag
from packaging.utils import canonicalize_name

from .files import read
from .project import declared, wanted_to_build
from .relock import EVERYWHERE, LAYERS, RECORD, RIVALS, blocks, layers

HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
PYTHONS = ("3.11.0", "3.11.99", "3.12.99", "3.13.99", "3.14.99")
MANYLINUX, MACOS = 28, (14, 0)  # glibc 2.28, as in Debian 10; macOS 14
LEGACY = ("1", "2010", "2014")  # earlier names of manylinux_2_5, _2_12 and _2_17
SYSTEMS = {
    "Linux x86-64": ("linux", "posix", "Linux", "x86_64"),
    "Linux arm64": ("linux", "posix", "Linux", "aarch64"),
    "macOS arm64": ("darwin", "posix", "Darwin", "arm64"),
    "macOS x86-64": ("darwin", "posix", "Darwin", "x86_64"),
    "Windows x86-64": ("win32", "nt", "Windows", "AMD64"),
}
# What the index has as source only, and pip builds there; docs/operations.md names them.
BUILT = {"macOS x86-64": {"argon2-cffi-bindings", "cryptography", "lazy-object-proxy", "pyproj"}}


@dataclass(frozen=True, eq=False)
class Pin:
    """One pin of one lock: of what, where it is meant for, in which file, with which hashes."""

    name: str
    version: str
    marker: Marker | None
    file: str
    hashes: frozenset[str]


class Place(NamedTuple):
    """A system and a Python."""

    system: str
    python: str

    def takes(self, marker: Marker | None, extra: str = "") -> bool:
        """Whether what bears the marker is meant for here, when asked for with an extra."""
        return marker is None or marker.evaluate({**_environment(self), "extra": extra})


def places() -> list[Place]:
    """Every system with every Python."""
    return [Place(system, python) for system in SYSTEMS for python in PYTHONS]


@cache
def _environment(place: Place) -> dict[str, str]:
    """What markers ask of a place."""
    platform, name, called, machine = SYSTEMS[place.system]
    return {
        "sys_platform": platform, "os_name": name, "platform_system": called, "platform_machine": machine,
        "python_version": place.python.rpartition(".")[0], "python_full_version": place.python,
        "implementation_name": "cpython", "platform_python_implementation": "CPython",
        "implementation_version": place.python, "platform_release": "", "platform_version": "",
    }  # fmt: skip


def pins(root: Path) -> list[Pin]:
    """Every pin, the files in the order they build on each other."""
    found = []
    for file in LAYERS:
        for line, block in blocks(read(root / file)).items():
            said = Requirement(line.rstrip(" \\\n"))
            version = str(said.specifier).removeprefix("==")
            hashes = frozenset(re.findall("sha256:[0-9a-f]+", block))
            found.append(Pin(canonicalize_name(said.name), version, said.marker, file, hashes))
    return found


def loose_lock(root: Path) -> list[str]:
    """Lines of a lock that are neither a pin nor a hash, and pins without a hash."""
    found = []
    for file in LAYERS:
        lines = read(root / file).splitlines()
        for number, (line, after) in enumerate(zip(lines, [*lines[1:], ""], strict=True), start=1):
            pinned = re.match(r"[A-Za-z0-9._-]+==[^\s;]", line)
            if not pinned and not HASH.fullmatch(line):
                found.append(f"{file}:{number}: neither a pin nor a hash: {line}")
            elif pinned and not (line.endswith("\\") and HASH.fullmatch(after)):
                found.append(f"{file}:{number}: {line.split()[0]} has no hash")
    return found


def unresolved(root: Path) -> list[str]:
    """What is needed somewhere and not pinned there, pinned out of its range or too late, or pinned
    for nothing.
    """
    project, locked = declared(root), pins(root)
    extras = {
        "": [*project["dependencies"], *wanted_to_build(root)],
        **project["optional-dependencies"],
    }
    wanted = {
        file: [Requirement(line) for name in ["", *names] for line in extras[name]]
        for file, names in layers(project).items()
    }
    found, used = [], set()
    for place in places():
        held, said = _held(locked, place)
        seen: set[tuple[str, str]] = set()
        for file in LAYERS:
            for name, word in _walked(wanted[file], held, place, seen):
                pin = held.get(name)
                if pin and not word and LAYERS.index(pin.file) > LAYERS.index(file):
                    word = f"{file} lacks {name}, which {pin.file} holds"
                elif pin and pin.file == file:
                    used.add(pin)
                said += [word] if word else []
        found += [f"{place.system}, Python {place.python}: {word}" for word in said]
    idle = [pin for pin in locked if pin not in used and _known(pin.name, pin.version)]
    return (
        found
        + [f"{pin.file}: nothing that it is for needs {pin.name}" for pin in idle]
        + _not_installed(locked)
    )


def _held(locked: list[Pin], place: Place) -> tuple[dict[str, Pin], list[str]]:
    """The pin of each package at a place, the first file's, and which files do not agree on it."""
    held: dict[str, Pin] = {}
    found = []
    for pin in locked:
        if place.takes(pin.marker):
            first = held.setdefault(pin.name, pin)
            if (first.version, first.hashes) != (pin.version, pin.hashes):
                found.append(f"{pin.name}: {first.file} and {pin.file} pin it differently")
    return held, found


def _walked(
    wanted: Iterable[Requirement], held: dict[str, Pin], place: Place, seen: set[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """Each package that the wanted ones need at a place, itself and by others, and what is wrong
    with its pin.
    """
    queue = [(requirement, "pyproject.toml") for requirement in wanted]
    while queue:
        requirement, asker = queue.pop()
        name = canonicalize_name(requirement.name)
        pin = held.get(name)
        if pin is None:
            yield name, f"{asker} needs {requirement}: no lock holds it"
            continue
        if not requirement.specifier.contains(pin.version, prereleases=True):
            yield name, f"{asker} needs {requirement}: {pin.file} holds {pin.version}"
        for extra in ("", *sorted(requirement.extras)):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            known = _known(name, pin.version)
            strange = known is not None and not known.pythons.contains(place.python)
            yield name, f"{name} is not for Python {place.python}" if strange else ""
            queue += [(needed, name) for needed in _needs(name, pin.version, extra, place)]


@cache
def _needs(name: str, version: str, extra: str, place: Place) -> list[Requirement]:
    """What a version needs at a place, or one of its extras."""
    known = _known(name, version)
    return [needed for needed in known.needs if place.takes(needed.marker, extra)] if known else []


class Known(NamedTuple):
    """What a package's installed metadata says: the Pythons and packages it asks for, its wheel's
    tags.
    """

    pythons: SpecifierSet
    needs: tuple[Requirement, ...]
    tags: tuple[str, ...]


@cache
def _known(name: str, version: str) -> Known | None:
    """What is known of a version; nothing, where another or none is installed."""
    package = next(iter(metadata.distributions(name=name)), None)
    if package is None or package.version != version:
        return None
    return Known(
        SpecifierSet(package.metadata.get("Requires-Python") or ""),
        tuple(map(Requirement, package.requires or [])),
        tuple(re.findall(r"^Tag: (\S+)", package.read_text("WHEEL") or "", re.MULTILINE)),
    )


def _not_installed(locked: list[Pin]) -> list[str]:
    """Pins for this system and Python that are not what is installed: what they need cannot be
    read.
    """
    ours = [pin for pin in locked if pin.file != RIVALS]
    here = [pin for pin in ours if pin.marker is None or pin.marker.evaluate()]
    absent = [pin for pin in here if not _known(pin.name, pin.version)]
    return [
        f"{pin.file}: {pin.name} {pin.version} is not installed here; run make test"
        for pin in absent
    ]


def wheelless(root: Path) -> list[str]:
    """Systems for which a pin has no wheel, and where the record of wheels is of other pins."""
    locked = pins(root)
    record = dict(line.partition(" ")[::2] for line in read(root / RECORD).splitlines()[1:])
    tags = {
        name: frozenset().union(*map(parse_tag, words.split())) for name, words in record.items()
    }
    built: dict[str, set[str]] = {system: set() for system in SYSTEMS}
    for place in places():
        for pin in _held(locked, place)[0].values():
            known = tags.get(f"{pin.name}=={pin.version}")
            if known is not None and not known & _supported(
                place.system, place.python.rpartition(".")[0]
            ):
                built[place.system].add(pin.name)
    found = [
        f"{system}: no wheel of {name}, and BUILT does not say so"
        if name in names
        else f"{system}: {name} has a wheel"
        for system, names in built.items()
        for name in sorted(names ^ BUILT.get(system, set()))
    ]
    whole = {f"{pin.name}=={pin.version}" for pin in locked}
    found += [
        f"{RECORD}: {name} is in no lock; run make lock" for name in sorted(set(record) - whole)
    ]
    return found + [
        f"{RECORD} lacks {name}; run make lock"
        for name in sorted(whole - set(record))
        if _bound(name)
    ]


@cache
def _supported(system: str, python: str) -> frozenset[Tag]:
    """The wheels that a system's CPython takes."""
    machine, version = SYSTEMS[system][3], (int(python.split(".")[0]), int(python.split(".")[1]))
    platforms = {
        "linux": [
            f"manylinux{named}_{machine}"
            for named in (*LEGACY, *(f"_2_{n}" for n in range(5, MANYLINUX + 1)))
        ],
        "darwin": [*mac_platforms(MACOS, machine)],
        "win32": ["win_amd64"],
    }[SYSTEMS[system][0]]
    interpreter = f"cp{version[0]}{version[1]}"
    return frozenset(
        [
            *cpython_tags(version, platforms=platforms),
            *compatible_tags(version, interpreter, platforms),
        ]
    )


def _bound(pin: str) -> bool:
    """Whether what is installed of a pin is a wheel for this system alone."""
    known = _known(*pin.split("=="))
    return bool(known and known.tags) and not any(map(EVERYWHERE.fullmatch, known.tags))
