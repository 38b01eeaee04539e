"""No byte of a page rests on chance: whole reports, figures and all, by five seeds."""

import random
from contextlib import redirect_stdout
from importlib import import_module
from io import StringIO

import numpy as np
import pytest

from helpers import cases, tables
from helpers.present import Page
from tests.present.collecting import NOTEBOOKS, Met, run

REPORTS = {
    "10_lansrapport": {"lan": "AC", "ar": 2018, "sprak": "sv"},
    "11_kommunrapport": {"kommunkod": "2418", "ar": 2018, "sprak": "sv"},
}


@pytest.fixture
def pages(workbook, monkeypatch):
    """A report's page by a seed: all that its views become, the figures drawn."""
    ledger, show, shown = cases.ledger(workbook), Page.show, []

    def kept(self, *views, **how):
        one = show(self, *views, **how)
        shown.append(one.html)
        return one

    monkeypatch.setattr(Page, "show", kept)
    monkeypatch.setattr(tables, "load", lambda *_: workbook)
    monkeypatch.setattr(cases, "ledger", lambda *_: ledger)
    monkeypatch.setattr(import_module("helpers.cases.ledger"), "ledger", lambda *_: ledger)

    def page(name: str, seed: int) -> str:
        shown.clear()
        random.seed(seed)
        np.random.seed(seed)
        workbook.found.clear()  # what an earlier seed has computed is computed anew
        with redirect_stdout(StringIO()):
            run(next(path for path in NOTEBOOKS if path.stem == name), REPORTS[name], Met())
        return "\n".join(shown)

    return page


@pytest.mark.parametrize("name", REPORTS)
def test_five_seeds_give_the_same_page_byte_for_byte(name, pages):
    first, *others = (pages(name, seed) for seed in range(5))
    assert first.count("<figure") >= 5
    assert all(page == first for page in others)


def test_a_point_that_chance_moves_in_a_figure_is_found(pages, monkeypatch):
    canvas = import_module("helpers.present.page")
    drawn = canvas.render_svg
    monkeypatch.setattr(
        canvas,
        "render_svg",
        lambda *given, **more: drawn(*given, **more).replace(
            "<path", f"<!--{random.random()}-->", 1
        ),
    )
    assert pages("11_kommunrapport", 1) != pages("11_kommunrapport", 2)
