"""Planning estimate and rule side by side, with Västerbotten's published shares as the oracle."""

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.model.estimate import (
    Rule,
    attached_children,
    by_rest,
    implied_share,
    parts_of_difference,
    placed_by,
)
from helpers.model.shares import RESTS
from tests.model.dated import Setting, national_shares

NOW = 3535  # 2 199 + 1 336 children came in 2016 and 2017 (SCB)


def parts(shares, prognos, setting):
    """Why the rule departs from the share, for the municipalities asked about."""
    return parts_of_difference(shares, prognos, Rule(shares, setting, prognos))


@pytest.mark.parametrize(
    ("rest", "ends"), [("population", (39, 54)), ("equal", (38, 58)), ("block", (40, 53))]
)
def test_over_every_start_1500_children_are_a_range_around_the_estimate_of_46_89(
    vasterbotten, people, rest, ends
):
    """Antal och andelar 2019: 31,26 ‰ × 1 500 = 46,89; a municipality of 1,00 ‰ is given one or
    two, never both.
    """
    setting = Setting(people, rest, arrived=NOW)
    found = placed_by(Rule(vasterbotten, setting, 1500), 1500)
    assert found.total == ends
    assert ends[0] < 46.89 < ends[1]
    assert found.start_decides
    one = found.table[vasterbotten["andelstal"].to_numpy() == 1.0]
    assert one[["placed_low", "placed_high"]].drop_duplicates().to_numpy().tolist() == [[1, 2]]


def test_the_range_under_every_rest_stands_side_by_side_and_the_county_last(vasterbotten, people):
    table = by_rest(vasterbotten, 1500, Setting(people, arrived=NOW))
    assert table["kommunkod"].tolist() == [*vasterbotten["kommunkod"], ""]
    ends = [f"placed_{rest}_{end}" for rest in RESTS for end in ("low", "high")]
    assert table.iloc[-1][ends].tolist() == [39, 54, 38, 58, 40, 53]


def test_a_year_that_begins_in_2016_begins_from_nothing(vasterbotten, people):
    found = placed_by(Rule(vasterbotten, Setting(people, arrived=0), 1500), 1500)
    assert found.total == (52, 52)
    assert not found.start_decides


def test_a_start_that_is_told_is_not_also_reckoned_from_those_who_came(vasterbotten, people):
    found = placed_by(
        Rule(vasterbotten, Setting(people, placed_nation=NOW, arrived=NOW), 1500), 1500
    )
    assert found.since is None
    assert found.table[["since_low", "since_high"]].isna().all(axis=None)
    assert (
        found.total == placed_by(Rule(vasterbotten, Setting(people, arrived=NOW), 1500), 1500).since
    )


@pytest.mark.parametrize("whole", [True, False])
def test_from_2016_is_only_told_where_every_year_is_known(vasterbotten, people, whole):
    found = placed_by(
        Rule(vasterbotten, Setting(people, arrived=NOW, arrived_whole=whole), 1500), 1500
    )
    assert found.since == ((42, 42) if whole else None)


@pytest.mark.parametrize("rest", RESTS)
@pytest.mark.parametrize("attachment", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("placed_nation", [NOW, 4_000])
def test_the_three_parts_are_the_whole_difference(
    vasterbotten, people, rest, attachment, placed_nation
):
    setting = Setting(people, rest, {"2480": 60, "2401": 0}, placed_nation, attachment)
    table = parts(vasterbotten, 2300, setting)
    whole = table["rounding"] + table["catch_up"] + table["attached"]
    expected = vasterbotten["andelstal"].astype(float) * 2.3
    assert whole.tolist() == pytest.approx((table["placed"] - expected).tolist())


def test_an_even_start_without_attachment_leaves_only_the_rounding(vasterbotten, people):
    table = parts(vasterbotten, 1500, Setting(people, placed_nation=NOW))
    assert (table["catch_up"] == 0).all()
    assert (table["attached"] == 0).all()
    assert table["rounding"].sum() == pytest.approx(42 - 46.89)


def test_without_a_told_start_there_are_no_parts(vasterbotten, people):
    table = parts(vasterbotten, 1500, Setting(people, arrived=NOW))
    assert table.drop(columns="kommunkod").isna().all(axis=None)


def test_who_took_more_than_its_share_before_is_given_fewer_now(vasterbotten, people):
    """Umeå's 11,97 ‰ of 3 535 are 42: with 60 it is 18 ahead, all of a year's 18 of 1 500."""
    table = parts(vasterbotten, 1500, Setting(people, placed={"2480": 60}, arrived=NOW)).set_index(
        "kommunkod"
    )
    assert table.loc["2480", "placed"] == 0
    assert table.loc["2480", "catch_up"] == -18
    assert (table["catch_up"].drop("2480") >= 0).all()


def test_a_start_told_for_some_needs_the_nations(vasterbotten, people):
    with pytest.raises(DataError, match="how many Sweden placed"):
        Rule(vasterbotten, Setting(people, placed={"2480": 60}), 1500)


def test_attachment_follows_the_inhabitants_and_reaches_a_share_of_zero(people):
    shares = pd.DataFrame(
        {"kommunkod": ["2401", "2480"], "kommun": ["Nordmaling", "Umeå"], "andelstal": [0.0, 13.11]}
    )
    none = placed_by(Rule(shares, Setting(people, arrived=NOW), 20_000), 20_000).table
    some = placed_by(
        Rule(shares, Setting(people, attachment=0.5, arrived=NOW), 20_000), 20_000
    ).table
    assert none["placed_high"][0] == 0
    assert (
        some["placed_low"][0]
        == some["placed_high"][0]
        == round(10_000 * people["2401"] / people.sum())
    )


@pytest.mark.parametrize("attachment", [0.0, 0.3, 0.7, 1.0])
def test_attached_and_placed_by_the_rule_are_together_the_whole_forecast(attachment):
    """With all shares known; at 0,3 nobody has more by attachment than its part, so all end with
    the rule's.
    """
    shares = pd.DataFrame(
        {
            "kommunkod": ["2401", "2480"],
            "kommun": ["Nordmaling", "Umeå"],
            "andelstal": [400.0, 600.0],
        }
    )
    people = pd.Series({"2401": 100, "2480": 900})
    table = parts(shares, 1000, Setting(people, attachment=attachment, placed_nation=0))
    assert table["placed"].sum() == 1000
    expected = {0.0: [400, 600], 0.3: [400, 600], 0.7: [370, 630], 1.0: [100, 900]}
    assert table["placed"].tolist() == expected[attachment]


@pytest.mark.parametrize("rest", RESTS)
def test_attached_children_are_whole_and_all_there(vasterbotten, people, rest):
    nation = national_shares(vasterbotten.set_index("kommunkod")["andelstal"], people, rest)
    attached = attached_children(nation, people, 777)
    assert attached.sum() == 777
    assert attached["2480"] == pytest.approx(777 * people["2480"] / people.sum(), abs=1)


@pytest.mark.parametrize("attachment", [-0.1, 1.01, float("nan")])
def test_an_attachment_that_is_no_part_is_refused(people, attachment):
    with pytest.raises(DataError, match="between 0 and 1"):
        Setting(people, attachment=attachment)


def test_a_municipality_without_known_inhabitants_is_named(vasterbotten, people):
    with pytest.raises(DataError, match="2480"):
        Rule(vasterbotten, Setting(people.drop("2480"), attachment=0.1), 1500).given(1500)


def test_an_unknown_share_is_refused(vasterbotten, people):
    unknown = vasterbotten.assign(
        andelstal=vasterbotten["andelstal"].where(vasterbotten["kommunkod"] != "2480")
    )
    with pytest.raises(DataError, match="andelstal"):
        Rule(unknown, Setting(people), 1500)


def test_vasternorrlands_fifteen_of_seven_hundred_are_21_4_per_mille():
    """Politikerplattformen Västernorrland 2022-02-23: a forecast of 700, about 15 to the county."""
    assert implied_share(15, 700) == pytest.approx(21.43, abs=0.005)


@pytest.mark.parametrize("prognos", [0, -1])
def test_a_share_of_no_forecast_is_refused(prognos):
    with pytest.raises(DataError, match="above 0"):
        implied_share(15, prognos)
