"""Forecasts and what came, as published."""

import pytest

from helpers.model import forecasts
from helpers.model.record import forecast_record


@pytest.mark.parametrize(
    ("ar", "value", "date"),
    [(2018, 1500, "2018-07"), (2019, 2300, "2018-07"), (2015, 12_000, "2015-07-23")],
)
def test_the_latest_official_forecast_holds_for_a_year(workbook, ar, value, date):
    forecast = forecasts.latest_forecast(workbook.prognoser, ar)
    assert (forecast.value, forecast.prognosdatum) == (value, date)


def test_the_press_is_used_only_when_no_official_forecast_is_known(workbook):
    assert forecasts.latest_forecast(workbook.prognoser, 2016).tabell == "prognoser_press"
    assert forecasts.latest_forecast(workbook.prognoser, 2018).tabell == "prognoser_officiella"


def test_a_forecast_derived_from_a_difference_is_used_only_when_none_is_stated(workbook):
    derived = workbook.published["prognoser_harledda"]
    for ar, matt in derived[["avser_ar", "matt"]].drop_duplicates().itertuples(index=False):
        rows = workbook.prognoser
        stated = rows[rows["tabell"] != "prognoser_harledda"].query("avser_ar == @ar")
        assert stated["varde"].notna().any()
        found = forecasts.latest_forecast(rows, ar, matt)
        assert found == forecasts.latest_forecast(stated, ar, matt)
    alone = derived.assign(tabell="prognoser_harledda")
    # The Local, 2010-05-06: 28 000 in 2011, raised by 1 000
    assert forecasts.latest_forecast(alone, 2011, "asylsokande").value == 27_000


def test_a_forecast_of_which_only_the_year_is_known_comes_before_those_with_a_month(workbook):
    # Migrationsverket, EMN 2014:3 (month not stated) and Migrationsverket 2015-02-03
    record = forecast_record(workbook.prognoser, workbook.asylsokande)
    stated = {(row.prognosdatum, row.ar): row.prognos for row in record.itertuples()}
    assert stated["2014", 2014] == 7400
    assert stated["2015-02-03", 2015] == 7800
    undated = workbook.prognoser.assign(avser_ar=2014, matt="ensamkommande")
    undated = undated[undated["prognosdatum"].isin(["2014", "2014-11-04"])].dropna(subset="varde")
    assert forecasts.latest_forecast(undated, 2014).prognosdatum == "2014-11-04"


def test_a_year_without_a_forecast_has_none(workbook):
    assert forecasts.latest_forecast(workbook.prognoser, 2021).value is None


def test_a_forecast_given_by_hand_rests_on_no_table(workbook):
    given = forecasts.forecast_for(workbook.prognoser, 2018, 1800)
    assert (given.value, given.tabell) == (1800, "")


@pytest.mark.parametrize(("ar", "came"), [(2015, 35_369), (2018, 944), (2019, 902)])
def test_what_came_is_the_published_number(workbook, ar, came):
    assert forecasts.actual_children(workbook.asylsokande, ar) == came


def test_a_year_not_yet_published_is_unknown(workbook):
    assert forecasts.actual_children(workbook.asylsokande, 2026) is None


def test_the_record_sets_each_forecast_beside_what_came(workbook):
    record = forecast_record(workbook.prognoser, workbook.asylsokande)
    july = record[(record["ar"] == 2015) & (record["prognosdatum"] == "2015-07-23")].iloc[0]
    assert july["ratio"] == pytest.approx(35_369 / 12_000)
    assert record.loc[record["prognos"].isna(), "ratio"].isna().all()
