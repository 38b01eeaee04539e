"""A figure per inhabitant names the table that its population comes from, whichever that is."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from helpers.model import nation, reception
from helpers.present import open_page, topics
from helpers.present.views import Column, Figure, Statement, Table, View

YEARS = range(2008, 2019)


@pytest.fixture(scope="module")
def people(workbook) -> pd.DataFrame:
    """The published population, said to come from SCB's database and, for one county, from
    Kolada.
    """
    in_kolada = workbook.folkmangd["kommunkod"].str.startswith("24")
    return workbook.folkmangd.assign(
        tabell=in_kolada.map({True: "folkmangd_kolada", False: "folkmangd_scb"})
    )


def _sources(views: list[View]) -> list[set[str]]:
    """The tables each view names, those of its columns among them."""
    found = []
    for view in views:
        if isinstance(view, Statement):
            found.append({source for fact in view.facts.values() for source in fact.sources})
        else:
            table = view.table if isinstance(view, Figure) else view
            found.append(
                {*view.sources, *(source for column in table.columns for source in column.sources)}
            )
    return found


def _national(workbook, people: pd.DataFrame) -> list[View]:
    rates = nation.municipal_rates(workbook.mottagna, people, workbook.kommuner, 2018)
    counties = nation.county_rates(rates, workbook.lan)
    gini = nation.gini_by_year(workbook.mottagna, people, workbook.kommuner, YEARS)
    curves = nation.lorenz_by_year(workbook.mottagna, people, workbook.kommuner, YEARS)
    evenly = topics.spread.evenness_views(gini, curves, workbook.catalogue.tables)
    return [
        topics.nation.answer(counties, 2018),
        *topics.nation.county_views(counties, 2018),
        *topics.nation.municipality_views(rates, counties, 2018),
        *topics.nation.quota_views(nation.quota_rates(workbook.lanstal, counties, 2018), 2018),
        *topics.nation.share_views(nation.share_against_population(counties), 2018),
        *topics.spread.map_views(rates, workbook.lan, {}, {}, 2018),
        *(view for view in evenly if not isinstance(view, Statement) or view.id == "jamnhet"),
    ]


def test_every_national_view_names_the_populations_own_tables(workbook, people):
    views = _national(workbook, people)
    assert {type(view) for view in views} == {Statement, Table, Figure}
    for view, named in zip(views, _sources(views), strict=True):
        assert {"folkmangd_scb", "folkmangd_kolada"} <= named, view.id
        assert "folkmangd" not in named, view.id


def test_the_projects_own_population_is_named_where_it_is_in_use(workbook):
    for named in _sources(_national(workbook, workbook.folkmangd)):
        assert {name for name in named if name.startswith("folkmangd")} == {"folkmangd"}


def test_a_county_beside_the_nation_names_them_too(workbook, people):
    place = workbook.county("AC")
    per_capita = reception.per_capita(workbook.mottagna, people, workbook.around(place), 2018)
    answer = topics.reception.answer(place, per_capita, 2018)
    (figure,) = topics.reception.per_capita_views(place, per_capita, 2018)
    for named in _sources([answer, figure]):
        assert {"folkmangd_scb", "folkmangd_kolada"} <= named
        assert "folkmangd" not in named


def test_the_nations_rate_is_unknown_where_a_county_is():
    counties = pd.DataFrame(
        {"antal": pd.array([3, None], "Int64"), "folkmangd": pd.array([500, 1500], "Int64")}
    )
    assert nation.national_rate(counties)["per_1000"].isna().item()


def _line(workbook, table: Table) -> str:
    page = open_page("provsida", None, None, "sv", workbook.catalogue)
    (line,) = re.findall(r'<p class="source">([^<]*)</p>', page.show(table).html)
    return line


def _table(published: bool, **more) -> Table:
    columns = [Column("lan", "Län"), Column("antal", "Mottagna", "personer", published=published)]
    frame = pd.DataFrame({"lan": ["Västerbottens län", "Gotlands län"], "antal": [1164, 274]})
    return Table("prov", "Provtabell", frame, columns, ("folkmangd",), {}, ("lan",), **more)


def test_what_we_computed_is_not_said_to_be_the_sources(workbook):
    ours = "Källa: SCB. Egna beräkningar."
    assert _line(workbook, _table(published=True)) == "Källa: SCB."
    assert _line(workbook, _table(published=False)) == ours
    assert _line(workbook, _table(published=True, total={"lan": "Summa", "antal": 1438})) == ours


def test_a_foot_that_says_the_only_row_once_more_is_not_shown(workbook):
    page = open_page("provsida", None, None, "sv", workbook.catalogue)
    table = _table(published=True)
    one = replace(table, frame=table.frame.iloc[1:])
    for antal, printed, feet in ((274, False, 0), (275, False, 1), (274, True, 1)):
        total = {"lan": "Summa", "antal": antal}
        html = page.show(replace(one, total=total, total_published=printed)).html
        assert html.count("<tfoot>") == feet, "one that differs, or is the source's own, stays"
