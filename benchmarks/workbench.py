"""How long the workbench takes to answer a pull of the slider: computation, words and table, each
figure (ms).

python -m benchmarks.workbench --lan AC --repeats 30
"""

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

from helpers import tables
from helpers.make.plan import processors
from helpers.model.redistribution import Move
from helpers.present import open_page
from helpers.present.desk import Choice
from helpers.present.explorer import shown
from helpers.present.views import Figure
from helpers.workbench import Desk

T = TypeVar("T")
# children; no forecast twice, so that nothing is answered from memory
PULLED = range(1500, 3000, 50)


def measure(lan: str, repeats: int) -> dict[str, list[float]]:
    """Answer so many forecasts, one after the other, as while a slider moves; return the times of
    each part.
    """
    data = tables.load()
    desk, home = Desk(data), data.county(lan)
    page = open_page("scenarier", home, 2019, "sv", data.catalogue)
    start = Choice(
        lan, 2019, PULLED[0], (1500, 2300), 0.1, (Move(home.kommunkoder[0], home.kommunkoder[1]),)
    )
    taken: dict[str, list[float]] = {}

    def timed(part: str, act: Callable[[], T]) -> T:
        started = time.perf_counter()
        result = act()
        taken.setdefault(part, []).append((time.perf_counter() - started) * 1000)
        return result

    for prognos in PULLED[:repeats]:
        views = timed("computation", partial(desk.answer, replace(start, prognos=prognos)))
        aside = page.aside()
        words = [view for view in views if not isinstance(view, Figure)]
        timed("words and tables", partial(shown, aside, *words))
        for number, figure in enumerate(
            (view for view in views if isinstance(view, Figure)), start=1
        ):
            timed(f"figure {number}", partial(shown, aside, figure))
    return taken


def table(taken: dict[str, list[float]]) -> str:
    """Return the medians and the slowest of each part as a Markdown table."""
    lines = ["| part | median, ms | slowest, ms |", "| --- | ---: | ---: |"]
    for part, times in taken.items():
        lines.append(f"| {part} | {statistics.median(times):.0f} | {max(times):.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure a county and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.workbench", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--lan", default="AC", help="the county's letters")
    parser.add_argument(
        "--repeats", type=int, default=20, help="forecasts that are answered, at most 30"
    )
    given = parser.parse_args()
    found = measure(given.lan, given.repeats)
    print(f"{processors()} cores, {given.repeats} forecasts\n\n{table(found)}")


if __name__ == "__main__":
    main()
