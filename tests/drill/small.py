"""A small edition, made in a process that ends with the exit codes of `mottagning`.

Its folder holds notebooks/, data/prov.csv and edition.json, which names the reports.
"""

import json
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from helpers.errors import WorkbookError
from helpers.make.plan import Options, Request, Setting
from helpers.make.run import Published, publish
from helpers.sources.freshness import fingerprints
from tests.drill.asked import DATA, plan
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]


def request_in(folder: Path) -> Request:
    """Return the edition that edition.json asks for."""
    asked: dict[str, Any] = json.loads((folder / "edition.json").read_text("utf-8"))
    return Request(asked["title"], asked, partial(plan, asked))


def options_in(
    folder: Path, engine: str = "warm", workers: int = 2, timeout: int = PATIENCE
) -> Options:
    """Return how it is made."""
    data = folder / "data"
    return Options(
        out=folder / "reports",
        workers=workers,
        cell_timeout=timeout,
        notebooks=folder / "notebooks",
        engine=engine,
        inputs={DATA: data},
        fingerprints=lambda: fingerprints(data),
    )


def told(done: Published) -> dict[str, Any]:
    """Return what became of a run."""
    return {
        "release": done.release,
        "made": done.made,
        "failed": {result.id: vars(result.failure) for result in done.results if result.failure},
        "restarts": {result.id: result.retries for result in done.results},
    }


def make(folder: Path, deadline: int | None = None, **how: Any) -> NoReturn:
    """Make the edition, tell what became of it as JSON on stdout, and end with the exit code that
    `mottagning` has.

    Args:
        folder: Where it lies.
        deadline: Seconds one report may take; the product's own limit is more than a minute.
        how: As `options_in` takes it.
    """
    # the warm process imports `plan`
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    if deadline:
        Setting.deadline = property(lambda _: deadline)
    try:
        done = told(publish(request_in(folder), options_in(folder, **how)))
    except WorkbookError as error:
        print(f"mottagning: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    print(json.dumps(done))
    sys.exit(3 if done["failed"] else 0)
