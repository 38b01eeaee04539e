"""Tiny notebooks that show what a report shows, and plans that run them in real kernels."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pandas as pd

from helpers.clock.history import HISTORY, STATUS
from helpers.contracts.marks import mark_for, write_mark
from helpers.editions.parameters import PARTING, TERMS
from helpers.errors import ParameterError
from helpers.make.plan import Options, Plan
from helpers.releases.folder import JOURNAL, SHOWN, SINGLE
from helpers.report.job import Job
from tests.patience import PATIENCE
from tests.publish.provided import catalogue_of

TIMES = {JOURNAL, f"{SINGLE}.jsonl", HISTORY, STATUS}
HEAD = {
    "kind": "page",
    "report": "prov",
    "title": "Provlän 2018",
    "language": "sv",
    "place": {"kind": "lan", "kod": "99"},
    "ar": 2018,
    "status": {"andelstal": True},
    "items": [],
    "facts": [],
}
ANSWER = {
    "kind": "content",
    "items": [{"type": "statement", "id": "svar"}],
    "facts": [
        {
            "name": "svar.antal",
            "value": 37,
            "unit": "barn",
            "sources": ["prov"],
            "origin": "computed",
        }
    ],
}
FIGURE = {"kind": "content", "items": [{"type": "figure", "id": "bild"}], "facts": []}
END = {
    "kind": "end",
    "expected": {"statements": 1, "tables": 0, "figures": 1, "gaps": 0},
    "sources": ["prov"],
    "answer": "Länet tog emot 37 barn.",
    "items": [],
    "facts": [],
}
ANSWER_HTML = '<p class="answer" id="svar">Länet tog emot 37 barn.</p>'
FIGURE_HTML = (
    '<figure class="fig" id="fig-bild"><figcaption>Bilden</figcaption>'
    '<div class="drawing" role="img" aria-label="En linje">'
    "<svg class='wide' viewBox='0 0 9 9' aria-hidden='true'><path d='M0 0h9'/></svg></div></figure>"
)


def display(mark: dict, html: str = "") -> str:
    """Return the code of a cell that shows a mark as a report's `Shown` does."""
    bundle = {"text/html": html, "text/plain": "", "application/vnd.mottagning+json": mark}
    return f"from json import loads\ndisplay(loads({json.dumps(json.dumps(bundle))}), raw=True)"


WHOLE = [display(HEAD), display(ANSWER, ANSWER_HTML), display(FIGURE, FIGURE_HTML), display(END)]


def notebook_of(cells: list[str]) -> nbformat.NotebookNode:
    """Return an unexecuted notebook: question, parameters, the cells, with a heading before the
    last.
    """
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )
    parameters = nbformat.v4.new_code_cell('sprak: str = "sv"', metadata={"tags": ["parameters"]})
    code = [nbformat.v4.new_code_cell(source) for source in cells]
    heading = nbformat.v4.new_markdown_cell("## Hur gick det?\n\nSå här.")
    made.cells = [
        nbformat.v4.new_markdown_cell("# Hur är läget?"),
        parameters,
        *code[:-1],
        heading,
        *code[-1:],
    ]
    for number, cell in enumerate(made.cells):
        cell.id = f"c{number}"  # nbformat's own are random
    return made


def write_job(folder: Path, name: str, cells: list[str]) -> Job:
    """Write a notebook of the given cells into a folder and return the job that runs it."""
    path = folder / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(notebook_of(cells), path)
    return Job(f"prov/{name}", path, {"sprak": "sv"}, "Prov", name.capitalize())


def plan_of(folder: Path, *jobs: Job) -> Plan:
    """Return a plan of jobs that rest on one small table."""
    data = folder / "data"
    data.mkdir(exist_ok=True)
    (data / "prov.csv").write_text("kommunkod,antal\n2480,37\n", "utf-8")
    return Plan("Provutgåva", "sv", {"ar": 2018}, list(jobs), catalogue_of(data))


def options_of(folder: Path, cell_timeout: int = PATIENCE, **engine: Any) -> Options:
    """Return how to run plans inside a folder."""
    out, notebooks = folder / "reports", folder / "notebooks"
    about = {"parting": PARTING, "terms": TERMS, **engine}
    return Options(out, workers=2, cell_timeout=cell_timeout, notebooks=notebooks, **about)


def older_edition(out: Path) -> Path:
    """Let an edition of one page, "gammal", be published in a folder of ours; return its index."""
    release = out / "releases" / "0123456789ab"
    for part in ("html", "executed", "door"):
        (release / part).mkdir(parents=True)
    (release / "html" / "index.html").write_text("gammal", "utf-8")
    (release / "release.json").write_text(
        '{"id": "0123456789ab", "edition": "x", "fingerprint": "x"}', "utf-8"
    )
    for name, target in {"current": "releases/0123456789ab", **SHOWN}.items():
        (out / name).symlink_to(target)
    write_mark(out, mark_for("reports"))
    return release / "html" / "index.html"


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes, but the journal and the record of runs,
    which tell times.

    Where a release is published, its pages and notebooks.
    """
    shown = folder / "current"
    root, parts = (shown.resolve(), ("html", "executed")) if shown.exists() else (folder, ("",))
    files = [
        path
        for part in parts
        for path in (root / part).rglob("*")
        if path.is_file() and path.name not in TIMES
    ]
    return {str(path.relative_to(root)): path.read_bytes() for path in files}


class Atlas:
    """Three places, found as the workbook finds its own."""

    lan = pd.DataFrame(
        {
            "lanskod": ["24", "01"],
            "lansbokstav": ["AC", "AB"],
            "lan": ["Västerbottens län", "Stockholms län"],
        }
    )

    def county(self, code: str) -> SimpleNamespace:
        found = {"24": "AC", "01": "AB"}.get(code, code)
        if found == "AC":
            return SimpleNamespace(
                kod="24",
                namn="Västerbottens län",
                lanskod="24",
                lansbokstav="AC",
                kommunkoder=("2480", "2482"),
            )
        if found == "AB":
            return SimpleNamespace(
                kod="01",
                namn="Stockholms län",
                lanskod="01",
                lansbokstav="AB",
                kommunkoder=("0114",),
            )
        raise ParameterError(f"lan: there is no county {code!r}. Nearest known: AC.")

    def municipality(self, code: str) -> SimpleNamespace:
        names = {"2480": "Umeå", "2482": "Skellefteå", "0114": "Upplands Väsby"}
        if code not in names:
            raise ParameterError(
                f"kommunkod: there is no municipality {code!r}. Nearest known: 2480."
            )
        return SimpleNamespace(
            kod=code, namn=names[code], lanskod=code[:2], lansbokstav="", kommunkoder=(code,)
        )


def read_journal(path: Path) -> list[dict]:
    """A journal's records; a last line that a crash cut off is left out."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]
