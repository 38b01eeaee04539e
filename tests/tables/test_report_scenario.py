"""What a report supposes: the year's forecast or a scenario file, the next länstal divided, and the
past as a test.
"""

import shutil

import pytest

from helpers.cases import divide_next, held_before, suppose
from helpers.cases.report_scenario import scenario_of
from helpers.errors import ParameterError
from helpers.model.forecasts import Forecast, forecast_for
from helpers.tables import load

FORECAST = Forecast(2018, 1500, "2018-07", "prognoser_officiella")
NAMED = "vasterbotten-2019-nollning"


def test_without_a_scenario_the_years_forecast_is_placed_without_a_plan(workbook):
    found = suppose(workbook, workbook.county("AC"), 2018, FORECAST)
    assert (found.result.placed, found.result.since) == ((38, 54), (42, 42))
    assert found.result.table["expected"].sum() == pytest.approx(46.89)
    assert found.by_rest.iloc[-1]["placed_block_high"] == 53
    assert (found.name, found.refused, found.result.cases.years) == ("", (), 10)


def test_the_forecast_of_2019_gives_71_898_by_the_share_and_66_to_81_by_the_rule(workbook):
    forecast = forecast_for(workbook.prognoser, 2019, None)
    found = suppose(workbook, workbook.county("AC"), 2019, forecast).result
    assert found.scenario.horizon == "year_ahead"
    assert found.table["expected"].sum() == pytest.approx(71.898)
    assert (found.placed, found.since) == ((66, 81), (69, 69))


def test_a_municipality_is_placed_among_its_county(workbook):
    county, umea = workbook.county("AC"), workbook.municipality("2480")
    tables = [suppose(workbook, place, 2018, FORECAST).result.table for place in (county, umea)]
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize(
    ("letter", "ar", "value"),
    [("O", 2015, 1500), ("AC", 2018, None), ("AC", 2015, 1500), ("AC", 2018, 10**7)],
)
def test_where_there_is_nothing_to_place_by_nothing_is_supposed(workbook, letter, ar, value):
    found = suppose(workbook, workbook.county(letter), ar, Forecast(ar, value))
    assert (found.result, found.by_rest, found.sources) == (None, None, ())


def test_a_county_without_published_shares_is_placed_by_estimated_ones_unless_told_not_to(workbook):
    home = workbook.county("O")
    found = suppose(workbook, home, 2018, FORECAST)
    assert found.result.table["estimated"].all()
    assert "andelsnycklar" in found.sources
    assert suppose(workbook, home, 2018, FORECAST, estimate=False).result is None


def test_a_scenario_file_brings_its_name_note_and_plan(workbook):
    found = suppose(workbook, workbook.county("AC"), 2019, Forecast(2019, 1), NAMED)
    assert found.name == "Västerbotten 2019, nollning"
    assert found.note.startswith("Exempel: inget beslut")
    assert found.result.table["andelstal"].sum() == pytest.approx(31.26)
    assert (found.result.table["change"] < 0).sum() == 13


def test_the_files_own_forecast_is_no_published_one(workbook):
    found = suppose(workbook, workbook.county("AC"), 2018, FORECAST, "vasterbotten-2018")
    assert found.sources[0] == "andelstal_2018_ac"
    assert "asylsokande_riket" in found.sources


def test_a_scenario_of_another_county_and_year_is_refused_with_both_reasons(workbook):
    with pytest.raises(ParameterError) as error:
        scenario_of(workbook, NAMED, "25", 2018)
    county, year = error.value.problems
    assert "is of Västerbottens län, the report of Norrbottens län" in county
    assert "write 2019 as the year" in year


def test_a_refused_plan_is_told_rule_by_rule_and_gives_no_result(tmp_path):
    data = load(shutil.copytree(load().catalogue.root, tmp_path / "data"))
    file = tmp_path / "data" / "scenarios" / f"{NAMED}.yaml"
    file.write_text(
        file.read_text("utf-8").replace('godkant: ["2480", "2482"]', 'godkant: ["2480"]'), "utf-8"
    )
    found = suppose(data, data.county("AC"), 2019, Forecast(2019, 1), NAMED)
    assert found.result is None
    assert {(refusal.code, refusal.kommunkod) for refusal in found.refused} == {
        ("not_agreed", "2482")
    }
    assert found.names["2482"] == "Skellefteå"


def test_the_past_is_tested_for_the_nation_and_for_the_year_with_known_outcome(workbook):
    nation, places = held_before(workbook, workbook.municipality("2480"), 2018)
    assert (nation["covered"].notna().sum(), nation["covered"].sum(), len(nation)) == (13, 9, 13)
    assert (len(places), places["covered"].sum(), places["half_covered"].sum()) == (15, 15, 13)


@pytest.mark.parametrize(("letter", "ar"), [("O", 2018), ("AC", 2019), ("AC", 2026), ("AC", 2010)])
def test_a_year_without_outcome_or_forecast_made_in_it_is_not_tested(workbook, letter, ar):
    _, places = held_before(workbook, workbook.county(letter), ar)
    assert places.empty


def test_the_lanstal_of_2019_is_divided_whole_by_both_keys_and_the_volume_split(workbook):
    found = divide_next(workbook, workbook.county("AC"), 2018)
    assert (found.lanstal, found.volume, found.placed) == (320, 38_000, 9_000)
    assert found.table[["by_decision", "by_people"]].sum().tolist() == [320, 320]
    assert found.table["others"].sum() == pytest.approx(611.56, abs=0.01)


@pytest.mark.parametrize(
    "lan", [f"{code:02}" for code in (1, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, *range(17, 26))]
)
def test_every_countys_lanstal_of_2019_is_divided_whole(workbook, lan):
    found = divide_next(workbook, workbook.county(lan), 2018)
    assert found.table["by_people"].sum() == found.lanstal
    assert (
        found.table["by_decision"].isna().all() or found.table["by_decision"].sum() == found.lanstal
    )


def test_without_the_years_kommuntal_and_volume_only_the_population_divides(workbook):
    found = divide_next(workbook, workbook.county("AC"), 2019)
    assert found.table["by_people"].sum() == found.lanstal == 279
    assert found.table[["before", "by_decision", "others"]].isna().all(axis=None)


@pytest.mark.parametrize("ar", [2020, 2026])
def test_an_unknown_lanstal_is_not_divided(workbook, ar):
    found = divide_next(workbook, workbook.county("AC"), ar)
    assert (found.lanstal, found.table) == (None, None)


def test_places_in_the_file_bring_a_proposal(data_copy):
    """Nordmaling's 1,14 ‰ of 2 300 is 2,6 children: with no place for any, all of it goes to Umeå,
    which agrees.
    """
    rows = [("2401", 0, 0), ("2480", 30, 10)]
    places = "".join(
        f"  - {{kommunkod: '{kod}', slag: {slag}, antal: {antal}, datum: 2018-10-01, kalla: test}}\n"
        for kod, *both in rows
        for slag, antal in zip(("platser_hem", "platser_familjehem"), both, strict=True)
    )
    text = f"namn: Med platser\nlan: AC\nar: 2019\nprognos_ekb: 2300\ngodkant: ['2480']\nkapacitet:\n{places}"
    (data_copy / "scenarios").mkdir(exist_ok=True)
    (data_copy / "scenarios/med-platser.yaml").write_text(text, "utf-8")
    data = load(data_copy)
    found = suppose(data, data.county("AC"), 2019, Forecast(2019, 1), "med-platser")
    assert found.problem.places == {"2401": 0, "2480": 40}
    assert found.result.scenario.capacity.iloc[0].tolist() == [
        "2401",
        "platser_hem",
        0,
        "2018-10-01",
        "test",
    ]
    (move,) = found.proposal.moves
    assert (move.giver, move.receiver, move.promille) == ("2401", "2480", 1.14)


def test_without_places_or_before_2019_nothing_is_proposed(workbook):
    assert suppose(workbook, workbook.county("AC"), 2019, Forecast(2019, 1), NAMED).proposal is None
    assert suppose(workbook, workbook.county("AC"), 2018, FORECAST).proposal is None
