"""What every figure of the reports costs, drawn wide and narrow: processor time (median, warm
process) and bytes of SVG, slowest first.

python -m benchmarks.figures --repeats 5

The cells of the notebooks are run as plain code; every figure they show is then drawn again and
measured alone.
"""

import argparse
import json
import statistics
import time
from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest import mock

from helpers.make.plan import NOTEBOOKS, processors
from helpers.present import page
from helpers.present.figures.canvas import for_page
from helpers.present.language import Language
from helpers.present.views import Figure

ALLOWED = (
    120.0  # ms of processor time for both drawings; a figure that takes more has its reason below
)
REASONS: dict[str, str] = {}  # a figure's id → why it takes more
REPORTS: tuple[tuple[str, dict[str, object]], ...] = (
    ("10_lansrapport", {"lan": "AC"}),
    ("10_lansrapport", {"lan": "O"}),  # 49 municipalities
    ("11_kommunrapport", {"kommunkod": "2480"}),
    ("12_riket", {}),
    ("01_kallor", {}),
    ("02_mottagande", {}),
    ("03_scenarier", {}),
    ("04_utfall", {}),
)


@dataclass(frozen=True)
class Sample:
    """One figure: the report that shows it, its id, processor time (ms, median) and bytes."""

    report: str
    name: str
    cpu: float
    bytes: int


@dataclass(frozen=True)
class Shown:
    """The figures that a report showed, and how many its end marker says it has."""

    figures: tuple[tuple[Figure, Language], ...]
    expected: int


def shown_by(notebook: str, chosen: dict[str, object]) -> Shown:
    """Run a notebook's cells with these parameters; return every figure that was shown, in
    order.
    """
    drawn: dict[str, tuple[Figure, Language]] = {}
    own, ends = page.Page._figure, page.Page.end
    expected: list[int] = []

    def kept(self: page.Page, view: Figure) -> Any:
        drawn[view.id] = (view, self.language)
        return own(self, view)

    def ended(self: page.Page) -> page.Shown:
        expected.append(sum(kind == "figure" for kind in self.kinds.values()))
        return ends(self)

    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text("utf-8"))["cells"]
    space: dict[str, Any] = {}
    patched = mock.patch.multiple(page.Page, _figure=kept, end=ended)
    with chdir(NOTEBOOKS), patched:
        for cell in cells:
            if cell["cell_type"] != "code":
                continue
            exec("".join(cell["source"]), space)
            if "parameters" in cell["metadata"].get("tags", []):
                space |= chosen
    return Shown(tuple(drawn.values()), expected[0])


def measure(report: str, figure: Figure, language: Language, repeats: int) -> Sample:
    """Draw one figure so many times after a first one; return its median."""
    draw = partial(
        for_page,
        lambda axes: figure.draw(axes, language),
        figure.size,
        figure.panels,
        figure.id,
    )
    svg, taken = draw(), []
    for _ in range(repeats):
        began = time.process_time()
        draw()
        taken.append((time.process_time() - began) * 1000)
    return Sample(report, figure.id, statistics.median(taken), len(svg.encode()))


def table(samples: Sequence[Sample]) -> str:
    """Return the samples as a Markdown table, the slowest first, those over what is allowed with
    their reason.
    """
    lines = ["| report | figure | CPU, ms | bytes | |", "| --- | --- | ---: | ---: | --- |"]
    for one in sorted(samples, key=lambda sample: -sample.cpu):
        late = one.cpu > ALLOWED
        why = f"over {ALLOWED:.0f} ms: {REASONS.get(one.name, 'without a reason')}" if late else ""
        lines.append(f"| {one.report} | {one.name} | {one.cpu:.1f} | {one.bytes} | {why} |")
    total = sum(one.cpu for one in samples)
    return "\n".join(
        [*lines, f"\n{len(samples)} figures, {total / len(samples):.1f} ms each on average"]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every figure of every notebook and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.figures", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--only", default="", help="a notebook's name")
    given = parser.parse_args(arguments)
    samples = []
    for notebook, chosen in REPORTS:
        if given.only in ("", notebook):
            name = " ".join([notebook, *map(str, chosen.values())])
            found = shown_by(notebook, chosen)
            samples += [measure(name, *one, given.repeats) for one in found.figures]
    print(f"{processors()} cores, {given.repeats} times each\n\n{table(samples)}")


if __name__ == "__main__":
    main()
