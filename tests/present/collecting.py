"""Meets the texts an English reader can meet: runs the notebooks' cells in this process and notes
what is asked for.
"""

import ast
import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from matplotlib.figure import Figure

from helpers import cases as worked_out
from helpers import tables
from helpers.make.execute import ANALYST
from helpers.present import page
from helpers.present.figures.lettering import words_of
from helpers.present.language import Language
from helpers.present.topics.assumptions import ASSUMPTIONS
from helpers.tables.workbook import Workbook

PROJECT = Path(__file__).parents[2]
PO = PROJECT / "src" / "helpers" / "present" / "locale" / "en.po"
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
COUNTIES = ("AC", "O", "E", "Y", "I", "BD")
MUNICIPALITIES = ("2480", "2401", "0428", "2282", "1480")  # 0428 is not in the list of kommuntal
YEARS = (2015, 2017, 2018, 2019, 2021, 2022, 2026)
FORECASTS = ((None, [1500, 2300]), (1800, [1500]), (900, [1500, 2300, 900]))
STRINGS = re.compile(r'^"(?:.*)"$', re.MULTILINE)


@dataclass
class Met:
    """What a run met: the texts asked for, the words drawn in figures and the pages' HTML, by
    case.
    """

    asked: dict[str, str] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    pages: dict[str, str] = field(default_factory=dict)
    case: str = ""


def catalogue() -> Catalog:
    """en.po as babel reads it."""
    with PO.open("rb") as stream:
        return read_po(stream)


def translations() -> dict[str, str]:
    """Swedish text → English text, every entry of en.po."""
    return {
        str(message.id): str(message.string)
        for message in catalogue()
        if message.id and not message.pluralizable
    }


def written_msgids(po: str) -> list[str]:
    """Every msgid as it is written in a catalogue, doubled ones twice; the header and what is
    counted left out.
    """
    found = re.findall(r'(?<!^msgctxt "antal"\n)^msgid ((?:".*"\n)+)', po, re.MULTILINE)
    return [text for raw in found if (text := "".join(map(ast.literal_eval, STRINGS.findall(raw))))]


def untranslated(
    asked: Mapping[str, str], known: Mapping[str, str], names: set[str]
) -> dict[str, str]:
    """The texts asked for that are neither in the catalogue nor names; what has no letters needs no
    words.
    """
    return {
        text: case
        for text, case in asked.items()
        if text not in known and text not in names and re.search(r"[^\W\d_]", text)
    }


def names_in(workbook: Workbook) -> set[str]:
    """The texts that are the data's own and stay Swedish: names of places, decisions, titles,
    documents' wording.
    """
    columns = (
        workbook.lan["lan"],
        workbook.kommuner["kommun"],
        workbook.lanstal["beslut"],
        workbook.anvisningar["beslut"],
        workbook.uppgifter["ordalydelse"],
        workbook.prognoser["kalla"],
        workbook.enskilda["kalla"],
        workbook.prognoser["prognosdatum"],
    )
    own = {str(text) for column in columns for text in column.dropna()}
    entries = workbook.catalogue.tables.values()
    own |= {f"{entry.producer}: {entry.title}" for entry in entries} | {
        entry.title for entry in entries
    }
    own |= {*workbook.document_titles.values(), *ASSUMPTIONS}
    for name, frame in workbook.checked.items():
        if name.startswith("lan_"):  # a county's own words stay Swedish
            cells = {str(cell) for column in frame for cell in frame[column].dropna()}
            own |= cells | {cell.removesuffix(".") for cell in cells}
    return {unicodedata.normalize("NFC", text) for text in own}


@contextmanager
def noting(met: Met, workbook: Workbook) -> Iterator[None]:
    """While it lasts, tables are loaded once, figures are drawn but not saved, and every text asked
    for is noted.
    """
    say, show, ledger = Language.t, page.Page.show, worked_out.ledger(workbook)

    def noted(self: Language, text: str, **values: str) -> str:
        met.asked.setdefault(unicodedata.normalize("NFC", text), met.case)
        return say(self, text, **values)

    def shown(self: page.Page, *views: Any, **how: Any) -> page.Shown:
        one = show(self, *views, **how)
        met.pages[met.case] = met.pages.get(met.case, "") + one.html
        return one

    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()):
        patch.setattr(Language, "t", noted)
        patch.setattr(page.Page, "show", shown)
        patch.setattr(page, "render_svg", drawer(met))
        patch.setattr(tables, "load", lambda *_: workbook)
        patch.setattr(worked_out, "ledger", lambda *_: ledger)
        patch.setattr(import_module("helpers.cases.ledger"), "ledger", lambda *_: ledger)
        yield


def drawer(met: Met) -> Callable[..., str]:
    """A render_svg that draws and notes the words in the drawing, but lays out and saves
    nothing.
    """

    def draw_only(
        draw: Callable[[Any], object], width: float, height: float, panels: tuple[float, ...] = (1,)
    ) -> str:
        figure = Figure(figsize=(width, height))
        axes = figure.subplots(len(panels), squeeze=False)[:, 0]
        draw(axes[0] if len(panels) == 1 else tuple(axes))
        words = {word.text for ax in axes for word in words_of(ax).words}
        met.drawn |= {
            part for word in words for part in (word, word.replace("\n", " "), *word.split("\n"))
        }
        return "<svg/>"

    return draw_only


@cache
def cells(path: Path, kind: str) -> tuple[tuple[str, bool], ...]:
    """A notebook's cells of one kind: source, and whether it holds the parameters.

    Prose for analysts alone is left out: no page shows it.
    """
    found = json.loads(path.read_text("utf-8"))["cells"]
    tagged = [(cell, cell["metadata"].get("tags", [])) for cell in found]
    return tuple(
        ("".join(cell["source"]), "parameters" in tags)
        for cell, tags in tagged
        if cell["cell_type"] == kind and (kind == "code" or ANALYST not in tags)
    )


def run(path: Path, chosen: Mapping[str, object], met: Met) -> str:
    """Run a notebook's code cells in one namespace with these parameters; return its case."""
    space: dict[str, Any] = {}
    for source, is_parameters in cells(path, "code"):
        if is_parameters:
            exec(source, space)
            space.update({name: value for name, value in chosen.items() if name in space})
            own = {name: value for name, value in space.items() if name in chosen}
            met.case = f"{path.stem} {own}"
        else:
            exec(compile(source, f"{path.stem}, {source[:40]!r}", "exec"), space)
    return met.case


def cases() -> Iterator[tuple[Path, dict[str, object]]]:
    """Every notebook for a spread of places, years and forecasts, of those that it takes; every
    year for reports only.
    """
    for path in NOTEBOOKS:
        taken = cells(path, "code")[0][0]
        found: list[dict[str, object]] = []
        for chosen in _spread("kommunkod" in taken, path.stem.startswith("1")):
            own = {name: value for name, value in chosen.items() if f"{name}:" in taken}
            if own not in found:
                found.append(own)
                yield path, own


def _spread(municipal: bool, report: bool) -> Iterator[dict[str, object]]:
    """The first place in every year and with every forecast, the others in one or two years."""
    for at, place in enumerate(MUNICIPALITIES if municipal else COUNTIES):
        another = (YEARS[at + 1],) if at in (2, 4) else ()
        every = YEARS if report else (2015, 2018)
        for ar in every if at == 0 else dict.fromkeys((2018, *another)):
            several = FORECASTS if ar == 2018 else FORECASTS[:1]
            for prognos, prognoser in several if at == 0 else FORECASTS[(at + ar) % 3 :][:1]:
                name = "kommunkod" if municipal else "lan"
                yield {name: place, "ar": ar, "prognos_ekb": prognos, "prognoser_ekb": prognoser}


def labels(markup: str) -> set[str]:
    """The texts between a page's tags, each whole; not what is marked as Swedish in an English
    page.
    """
    own = re.sub(r'(<\w+[^<>]* lang="sv"[^<>]*>)[^<>]*', r"\1", markup)
    return {html.unescape(text).strip() for text in re.findall(r">([^<>]+)<", own)}
