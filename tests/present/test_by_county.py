"""Text that depends on a place is true of that place: every county's views, worded and not
rendered.
"""

import pandas as pd
import pytest

from helpers.model import comparison, forecasts, quotas
from helpers.model import shares as shares_of
from helpers.present import topics
from helpers.present.language import Language
from helpers.present.rendering import sentence
from helpers.present.views import Figure, Statement, Table, View

SV = Language("sv")
COUNTIES = [f"{kod:02d}" for kod in range(1, 26) if kod not in (2, 11, 15, 16)]
EARLY = "hämtat i augusti–december 2018, okänt vilken dag"


def views_of(
    workbook, kod: str, prognos: int | None = None
) -> tuple[list[View], tuple[str, ...], pd.DataFrame]:
    """A county's views of 2018 on shares and quotas, the assumptions it lists, and its shares."""
    place = workbook.county(kod)
    shares = shares_of.shares_in_use(workbook.andelstal, workbook.kommuner, place.kommunkoder, 2018)
    forecast = forecasts.forecast_for(workbook.prognoser, 2018, prognos)
    actual = forecasts.actual_children(workbook.asylsokande, 2018)
    compared = comparison.compare_outcome(shares, forecast.value, actual)
    split = comparison.split_difference(compared, actual)
    own = quotas.kommuntal_outcome(workbook.kommuntal, workbook.kommuner, place.kommunkoder, 2018)
    years = quotas.kommuntal_by_year(workbook.kommuntal, workbook.kommuner, place.kommunkoder)
    views: list[View] = [
        topics.expectation.answer(place, split, forecast, shares),
        *topics.expectation.outcome(place, compared, split, forecast),
        *topics.difference.split_views(place, split, forecast, shares),
        *topics.kommuntal.kommuntal_views(place, own, 2018),
        *topics.kommuntal.kommuntal_years(place, years),
    ]
    cited = dict.fromkeys(
        source for view in views if isinstance(view, (Table, Figure)) for source in view.sources
    )
    told = topics.sources.own_tables(workbook.catalogue, tuple(cited), place)
    documents = workbook.documents_of(place)
    views += topics.sources.document_views(place, documents, workbook.document_titles, told)
    used = topics.assumptions.those_used(tuple(topics.assumptions.ASSUMPTIONS), shares)
    return views, used, shares


def said(views: list[View]) -> str:
    return "\n".join(sentence(view, SV) for view in views if isinstance(view, Statement))


def columns_of(views: list[View]) -> list[str]:
    tables = [
        view.table if isinstance(view, Figure) else view
        for view in views
        if isinstance(view, (Table, Figure))
    ]
    return [column.label for table in tables for column in table.columns]


@pytest.mark.parametrize("kod", COUNTIES)
def test_what_is_said_of_a_county_is_true_of_it(workbook, kod):
    views, used, shares = views_of(workbook, kod)
    text = said(views)
    assert ("A2" in used) == ("Intervall" in columns_of(views)), (
        "the range's rule stands where a range is shown"
    )
    shown = topics.sources.own_tables(
        workbook.catalogue,
        [s for v in views for s in getattr(v, "sources", ())],
        workbook.county(kod),
    )
    assert not (shown and "dokument har inga tal om mottagandet." in text and "övriga" not in text)
    assert "Utan andelstal och prognos" not in text
    missing = "Varken andelstal eller utfall är publicerade här för"
    assert (missing in text) == shares.empty, "what is missing is what is said to be"
    assert "prognos" not in text.partition("Därför kan vi inte visa")[0].rpartition("\n")[2]


def test_ostergotlands_own_kommuntal_are_not_denied(workbook):
    text = said(views_of(workbook, "05")[0])
    assert "Länets övriga dokument har inga tal om mottagandet." in text
    assert workbook.catalogue["kommuntal_ostergotland"].title in text


def test_where_only_the_forecast_is_missing_it_is_the_forecast_that_is_named(workbook):
    place = workbook.county("24")
    shares = shares_of.shares_in_use(workbook.andelstal, workbook.kommuner, place.kommunkoder, 2018)
    views = topics.expectation.outcome(place, shares, None, forecasts.Forecast(2018, None))
    assert said(list(views)).startswith("Ingen nationell prognos för 2018 är känd.")


def test_an_outcome_of_a_part_year_is_marked_in_the_lead_the_figure_the_alt_text_and_the_tables(
    workbook,
):
    views = views_of(workbook, "24")[0]
    lead, figures = (
        views[0],
        [view for view in views if isinstance(view, Figure) and "kommuntal" not in view.id],
    )
    assert isinstance(lead, Statement)
    assert EARLY in sentence(lead, SV)
    assert all("prelimin" in figure.alt and "prelimin" in figure.caption for figure in figures)
    marked = {
        column.name
        for figure in figures
        for column in figure.table.columns
        if getattr(column, "preliminary", False)
    }
    assert {"utfall", "difference", "verdict"} <= marked
    unmarked = [
        fact
        for fact in ("utfall", "distance", "placement_departure")
        if not lead.facts[fact].preliminary
    ]
    assert not unmarked


@pytest.mark.parametrize("prognos", range(200, 3001, 200))
def test_lead_difference_and_verdict_agree_whatever_the_forecast(workbook, prognos):
    lead = views_of(workbook, "24", prognos)[0][0]
    assert isinstance(lead, Statement)
    distance, text = (
        lead.facts["distance"].value,
        sentence(lead, SV).partition(" Till Sverige kom")[0],
    )
    assert isinstance(distance, int)
    assert not ("fler än slumpen" in text and distance <= 0)
    assert not ("färre än slumpen" in text and distance >= 0)
    vantat = lead.facts["vantat"].shown(SV)
    assert int(lead.facts["utfall"].shown(SV)) - int(vantat.replace("\u00a0", "")) == distance


@pytest.mark.parametrize("prognos", range(200, 3001, 100))
def test_the_reason_why_a_product_lies_outside_its_interval_holds_where_it_is_given(
    workbook, prognos
):
    """It is given where some municipality's own product lies outside its own range, and the
    county's its sum's.
    """
    place = workbook.county("24")
    shares = shares_of.shares_in_use(workbook.andelstal, workbook.kommuner, place.kommunkoder, 2018)
    table = shares_of.compare_scenarios(shares, [prognos])
    text = said(list(topics.scenarios.scenario_views(place, table, shares)))
    outside = ~table["expected"].between(table["expected_low"], table["expected_high"])
    total = shares_of.scenario_totals(table).iloc[0]
    whole = total["expected_low"] <= total["expected"] <= total["expected_high"]
    assert ("eftersom varje kommun avrundas för sig" in text) == (not whole)
    assert whole or outside.any()
