"""Disks that are full, too small or read-only; each is the run's own, in memory or by a mount that
ends with it.
"""

import os
from collections.abc import Callable
from pathlib import Path

from helpers.make.run import BUILDING
from tests.drill.machine import larger_disk, own_mounts, read_only, short_files, small_disk
from tests.drill.process import Run
from tests.drill.scene import Ground, Line, NotHeldError, alone, demand
from tests.drill.shop import Shop, marks
from tests.drill.stops import published

FULL = Line(
    "F16",
    "disk full while writing",
    "a disk with room for half of it; RLIMIT_FSIZE",
    "old release the same, exit 4, nothing left",
)
LITTLE = Line(
    "F17",
    "too little disk at start",
    "a disk with less than twice the last release",
    "refuses, says how much",
)
CLOSED = Line("F18", "output read-only", "mounted read-only", "exit 4, nothing published")
GROWN = "print('x' * (900_000 if mark == 'B' else 9))"


def bytes_of(shop: Shop) -> dict[str, bytes]:
    """Return every byte of the published release."""
    now = Path(os.path.realpath(shop.out / "current"))
    return {
        str(path.relative_to(shop.out)): path.read_bytes()
        for path in now.rglob("*")
        if path.is_file()
    }


def within(shop: Shop, play: Callable[[], str]) -> str:
    """Do something in a process of its own that may mount; return what it found."""

    def do() -> None:
        own_mounts()
        try:
            print(f"held {play()}")
        except NotHeldError as error:
            print(f"broken {error}")

    run = Run(shop.folder / "within", do).ended()
    held, _, said = run.files[0].read_text("utf-8").strip().partition(" ")
    demand(held == "held", said or run.err[-400:])
    return said


def refused(shop: Shop, before: Callable[[], object] | None = None) -> Run:
    """Run, and demand exit 4 and the old release as it was."""
    old = bytes_of(shop)
    run = shop.run(before)
    demand(run.code == 4, f"exit {run.code}: {run.err[-300:]}")
    demand("Traceback" not in run.err, run.err[-300:])
    demand(bytes_of(shop) == old and marks(shop.out) == {"A"}, "the old release is another")
    return run


def full(ground: Ground) -> str:
    """F16: the disk fills up while reports are written; then there is room again."""
    shop = published(ground, "full", GROWN)
    used = sum(
        path.stat().st_size
        for path in shop.out.rglob("*")
        if path.is_file() and not path.is_symlink()
    )

    def play() -> str:
        small_disk(shop.out, 4 * used)
        said = refused(shop).err.strip()
        larger_disk(shop.out, 100 * used)
        again = shop.run()
        demand(
            again.code == 0 and marks(shop.out) == {"B"},
            f"with room again: exit {again.code}: {again.err[-300:]}",
        )
        left = {path.name for path in shop.out.iterdir()} & {BUILDING, ".lock"}
        demand(not left, f"left: {left}")
        return said[-80:]

    said = within(shop, play)
    refused(shop, lambda: short_files(11_000))
    return f"exit 4 both ways, the old release the same; says: {said}"


def little(ground: Ground) -> str:
    """F17: there is room for less than two releases."""
    shop = published(ground, "little")
    used = sum(
        path.stat().st_size
        for path in shop.out.rglob("*")
        if path.is_file() and not path.is_symlink()
    )

    def play() -> str:
        small_disk(shop.out, 2 * used)
        said = refused(shop).err.strip()
        demand("missing" in said, said)
        return said

    return within(shop, play).partition(": ")[2][-110:]


def closed(ground: Ground) -> str:
    """F18: the folder cannot be written, not by root either."""
    shop = published(ground, "closed")

    def play() -> str:
        before = os.listdir(shop.out)
        read_only(shop.out)
        said = refused(shop).err.strip()
        demand(os.listdir(shop.out) == before, os.listdir(shop.out))
        return said[-90:]

    return within(shop, play)


SCENES = (alone(FULL, full), alone(LITTLE, little), alone(CLOSED, closed))
