"""Play the drill's scenes, two at a time, each in a process of its own, and show what came of
them.
"""

import json
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from multiprocessing.connection import wait
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from tests.drill.scene import Ground, Line, NotHeldError, Row, Scene
from tests.drill.shop import first_release

FORK = multiprocessing.get_context("fork")
AT_ONCE = 2
COLOURS = {"PASS": "green", "FAIL": "red bold"}
LONGEST = 400  # characters of what happened


def rows(scenes: Sequence[Scene], ground: Ground) -> Iterator[Row]:
    """Play scenes and give their rows as they come."""
    waiting, playing = list(enumerate(scenes)), {}
    while waiting or playing:
        while waiting and len(playing) < AT_ONCE:
            number, scene = waiting.pop(0)
            ours, theirs = FORK.Pipe(duplex=False)
            own = replace(ground, folder=ground.folder / f"scene {number}")
            process = FORK.Process(target=_play, args=(scene, own, theirs))
            process.start()
            theirs.close()
            playing[ours] = process, scene, set(), time.monotonic()
        for line in wait(list(playing)):
            process, scene, told, began = playing[line]
            try:
                row = line.recv()
                told.add(row.line.number)
                yield row
            except EOFError:
                process.join()
                del playing[line]
                seconds = time.monotonic() - began
                silent = [one for one in scene.lines if one.number not in told]
                yield from (
                    Row(one, f"the scene ended with {process.exitcode}", seconds, False)
                    for one in silent
                )


def _play(scene: Scene, ground: Ground, line) -> None:
    """Play one scene and send its rows; an error of the scene's own is told as what happened."""
    ground.folder.mkdir(parents=True)
    known = {one.number: one for one in scene.lines}
    began = time.monotonic()
    try:
        for number, happened in scene.play(ground):
            one = known.pop(number)
            line.send(_row(one, happened, began))
    except Exception as error:
        for one in known.values():
            line.send(_row(one, error, began))


def _row(one: Line, happened: object, began: float) -> Row:
    said = (
        str(happened)
        if isinstance(happened, str | NotHeldError)
        else f"{type(happened).__name__}: {happened}"
    )
    return Row(
        one, " ".join(said.split())[:LONGEST], time.monotonic() - began, isinstance(happened, str)
    )


def shown(scenes: Sequence[Scene], ground: Ground, console: Console) -> list[Row]:
    """Play scenes with a bar on the terminal; return the rows in the table's order."""
    order = [one.number for scene in scenes for one in scene.lines]
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    found = []
    # a thread of its own would forbid forks
    with Progress(*columns, console=console, auto_refresh=False) as bar:
        task = bar.add_task("Drill", total=len(order))
        for row in rows(scenes, ground):
            found.append(row)
            bar.update(task, advance=1, description=row.line.number, refresh=True)
            if not row.held:
                bar.console.print(f"{row.verdict} {row.line.number}: {row.happened}", markup=False)
    return sorted(found, key=lambda row: order.index(row.line.number))


def table(found: Sequence[Row]) -> Table:
    """Return the table of what happened."""
    made = Table(
        "", "fault", "brought about by", "must happen", "happened", "s", "", show_lines=True
    )
    for row in found:
        one = row.line
        told = (one.number, one.fault, one.injected, one.must, row.happened, f"{row.seconds:.0f}")
        # what happened may hold brackets
        made.add_row(*map(Text, told), Text(row.verdict, COLOURS[row.verdict]))
    return made


def as_json(found: Sequence[Row]) -> str:
    """Return what happened as JSON."""
    told = [
        {
            **asdict(row.line),
            "happened": row.happened,
            "seconds": row.seconds,
            "verdict": row.verdict,
        }
        for row in found
    ]
    return json.dumps(told, ensure_ascii=False, indent=1)


def ground_in(folder: Path, big: bool, seed: int) -> Ground:
    """Return the ground in a folder, below a name with a space and a letter of Swedish, with a
    published edition.
    """
    own = folder / "en övning"
    first_release(own / "först")
    return Ground(own, own / "först", big, seed)
