"""The texts that the published tables never give rise to: made-up results shown on a page of their own."""

import numpy as np
import pandas as pd

from helpers import tables
from helpers.model.comparison import Split
from helpers.model.forecasts import Forecast
from helpers.model.quotas import QuotaChange
from helpers.model.reconciliation import check_overlaps, ledger_of
from helpers.model.shares import compare_scenarios
from helpers.present import open_page, terms, topics
from helpers.present.explorer import refusal
from helpers.present.html import ORIGINS
from helpers.present.language import Code, Language
from helpers.present.views import Column, Table, View
from helpers.tables.workbook import Workbook

YEARS = [2017, 2018]


def show_variants(workbook: Workbook, code: Code) -> None:
    """Ask a language for every term and source note, and show every sentence that needs made-up results."""
    language = Language(code)
    entries = workbook.catalogue.tables.values()
    said = [row.says for entry in entries for row in entry.discrepancies]
    words = [terms.KATEGORIER, terms.TABELLER, terms.MATT, terms.TRUST, terms.CHECKS, ORIGINS]
    for text in [*said, *(word for table in words for word in table.values())]:
        language.t(text)
    refusal(["1,5"], language)
    page = open_page("varianter", None, None, code, workbook.catalogue)
    for view in (*_quotas(workbook), *_differences(workbook), *_scenarios(workbook), *_reception(workbook)):
        page.show(view)
    for view in _nation(workbook):
        page.aside().show(view)
    unjudged = pd.DataFrame({"ratio": pd.array([None], "Float64")})
    page.show(*topics.forecasts.record_views(unjudged))
    page.show(*topics.sources.conflict_views(tables.ledger(workbook).assign(note="")))
    page.show(*topics.sources.ledger_views(_two_sources(), workbook.catalogue))
    truths = pd.DataFrame({"name": ["1", "2"], "truth": [True, False]})
    page.show(Table("sant", "", truths, [Column("name", ""), Column("truth", "")], ()))


def _two_sources() -> pd.DataFrame:
    """A ledger of one figure that two sources print differently."""
    row = {"kommunkod": "2480", "ar": 2018, "kategori": "totalt", "kept": 405, "other": 409}
    pair = {"winner": "kommunmottagna_2018", "loser": "kommunmottagna_2015_2016"}
    return ledger_of(check_overlaps(pd.DataFrame([row | pair])), {})


def _quotas(workbook: Workbook) -> list[View]:
    place = workbook.county("AC")
    changes = [QuotaChange(2018, 2019, 500, 500 + step, step, 0.0, 1, 1, 0.0, 500.0, 0.0) for step in (-10, 0, 10)]
    unknown = pd.DataFrame({"ar": [2018], "lanstal": pd.array([None], "Int64")})
    sentences = [topics.quotas.change_sentence(place, change, unknown, 2018) for change in changes]
    return [*sentences, *topics.quotas.lanstal_views(place, unknown)]


def _differences(workbook: Workbook) -> list[View]:
    """An outcome below, above and at the expected, those who came not known, and known for the last."""
    shares = pd.DataFrame({"tabell": ["andelstal_2018_ac"]})
    splits = [
        Split(2.0, 1500, None, 3.0, 3, 3, utfall, None, utfall - 3.0, error, error, None, 2018)
        for utfall, error in ((2, None), (4, None), (3, None), (3, 0.0))
    ]
    place, forecast = workbook.county("AC"), Forecast(2018, 1500)
    return [topics.expectation.answer(place, split, forecast, shares) for split in splits]


def _scenarios(workbook: Workbook) -> list[View]:
    """Two municipalities whose interval is one number, the product inside it and outside it."""
    shares = pd.DataFrame({"kommunkod": ["2480", "2401"], "kommun": ["Umeå", "Nordmaling"], "andelstal": [1.2, 1.2]})
    shares = shares.assign(tabell="andelstal_2018_ac")
    return [*topics.scenarios.scenario_views(workbook.county("AC"), compare_scenarios(shares, [1000, 2500]), shares)]


def _reception(workbook: Workbook) -> list[View]:
    """A place with every year known, one with none, and one that is not among those divided by category."""
    place, national = workbook.municipality("2480"), workbook.asylsokande
    known = pd.DataFrame({"ar": YEARS, "antal": pd.array([1, 2], "Int64"), "tabell": "kommunmottagna_2018"})
    unknown = known.assign(antal=pd.array([None, None], "Int64"), tabell="")
    others = pd.DataFrame({"unit": "Malå", "kategori": [*terms.KATEGORIER][:5], "antal": 1, "varav_ensamkommande": 0})
    others = others.assign(share=0.2, tabell="kommunmottagna_2018")
    return [
        *topics.reception.by_year(place, known, national),
        *topics.reception.by_year(place, unknown, national),
        *topics.reception.composition_views(place, others, 2018),
    ]


def _nation(workbook: Workbook) -> list[View]:
    """Maps of one class and with one municipality unknown; evenness in no year, in one, and growing less even."""
    lan = workbook.lan.head(1)
    rates = workbook.kommuner[workbook.kommuner["lanskod"] == lan["lanskod"].iloc[0]].head(3)
    rates = rates.assign(antal=1, folkmangd=1000, tabell="kommunmottagna_2018")
    square = [np.array([[0.0, 0], [0, 1e5], [1e5, 1e5], [1e5, 0], [0, 0]])]
    outlines = dict.fromkeys(rates["kommunkod"], square)
    views: list[View] = []
    for known in ([1.0, 1.0, 1.0], [1.0, 2.0, None]):
        frame = rates.assign(per_1000=pd.array(known, dtype="Float64"))
        views += topics.maps.map_views(frame, lan, outlines, outlines, 2018)
    tables_by_id = workbook.catalogue.tables
    for ginis in ([], [0.2], [0.1, 0.2], [0.2, 0.2]):
        years = pd.DataFrame({"ar": YEARS[: len(ginis)], "antal": 1, "gini": ginis, "tabell": "kommunmottagna_2018"})
        ends = pd.DataFrame({"people_share": [0.0, 1], "received_share": [0.0, 1]})
        curves = ends.merge(years[["ar", "tabell"]], how="cross")
        views += topics.evenness.evenness_views(years, curves, tables_by_id)
    return views
