"""Planning estimate and rule side by side, with Västerbotten's published shares as the oracle."""

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.model.estimate import Setting, attached_children, by_rest, estimate_and_rule, implied_share
from helpers.model.nation import RESTS, national_shares


@pytest.mark.parametrize(("rest", "county"), [("population", 52), ("equal", 52), ("block", 53)])
def test_from_a_clean_start_1500_children_are_52_or_53_by_the_rule_and_46_89_by_the_estimate(
    vasterbotten, people, rest, county
):
    """Antal och andelar 2019: 31,26 ‰ × 1 500 = 46,89; the rule rounds every started child up."""
    table = estimate_and_rule(vasterbotten, 1500, Setting(people, rest))
    assert table["expected"].sum() == pytest.approx(46.89)
    assert table["placed"].sum() == county
    one = table[table["andelstal"] == 1.0]
    assert len(one) == 11
    assert one["expected"].tolist() == [1.5] * 11
    assert one["placed"].tolist() == [2] * 11


def test_the_answer_under_every_rest_stands_side_by_side(vasterbotten, people):
    table = by_rest(vasterbotten, 1500, Setting(people))
    assert table[[f"placed_{rest}" for rest in RESTS]].sum().tolist() == [52, 52, 53]
    assert table["kommun"].tolist() == vasterbotten["kommun"].tolist()


@pytest.mark.parametrize("rest", RESTS)
@pytest.mark.parametrize("attachment", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("placed_nation", [None, 4_000])
def test_the_three_parts_are_the_whole_difference(vasterbotten, people, rest, attachment, placed_nation):
    setting = Setting(people, rest, {"2480": 60, "2401": 0}, placed_nation, attachment)
    table = estimate_and_rule(vasterbotten, 2300, setting)
    parts = table["rounding"] + table["catch_up"] + table["attached"]
    assert parts.tolist() == pytest.approx((table["placed"] - table["expected"]).tolist())


def test_a_clean_start_without_attachment_leaves_only_the_rounding(vasterbotten, people):
    table = estimate_and_rule(vasterbotten, 1500, Setting(people))
    assert (table["catch_up"] == 0).all()
    assert (table["attached"] == 0).all()
    assert table["rounding"].sum() == pytest.approx(52 - 46.89)


def test_who_took_more_than_its_share_before_is_given_fewer_now(vasterbotten, people):
    """Umeå 60 of 11,97 ‰ is a fulfilment of 5; the others of 1,00 ‰ begin at 0."""
    table = estimate_and_rule(vasterbotten, 1500, Setting(people, placed={"2480": 60})).set_index("kommunkod")
    assert table.loc["2480", "placed"] == 0
    assert table.loc["2480", "catch_up"] == -17
    assert (table["catch_up"].drop("2480") >= 0).all()


def test_attachment_follows_the_inhabitants_and_reaches_a_share_of_zero(people):
    shares = pd.DataFrame({"kommunkod": ["2401", "2480"], "kommun": ["Nordmaling", "Umeå"], "andelstal": [0.0, 13.11]})
    none = estimate_and_rule(shares, 20_000, Setting(people))
    some = estimate_and_rule(shares, 20_000, Setting(people, attachment=0.5))
    assert none["placed"][0] == 0
    assert some["placed"][0] == round(10_000 * people["2401"] / people.sum())


@pytest.mark.parametrize("attachment", [0.0, 0.3, 0.7, 1.0])
def test_attached_and_placed_by_the_rule_are_together_the_whole_forecast(attachment):
    """With all shares known; at 0,3 nobody has more by attachment than its part, so all end with the rule's."""
    shares = pd.DataFrame(
        {"kommunkod": ["2401", "2480"], "kommun": ["Nordmaling", "Umeå"], "andelstal": [400.0, 600.0]}
    )
    people = pd.Series({"2401": 100, "2480": 900})
    table = estimate_and_rule(shares, 1000, Setting(people, attachment=attachment))
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
        estimate_and_rule(vasterbotten, 1500, Setting(people.drop("2480")))


def test_an_unknown_share_is_refused(vasterbotten, people):
    unknown = vasterbotten.assign(andelstal=vasterbotten["andelstal"].where(vasterbotten["kommunkod"] != "2480"))
    with pytest.raises(DataError, match="andelstal"):
        estimate_and_rule(unknown, 1500, Setting(people))


def test_vasternorrlands_fifteen_of_seven_hundred_are_21_4_per_mille():
    """Politikerplattformen Västernorrland 2022-02-23: a forecast of 700, about 15 to the county."""
    assert implied_share(15, 700) == pytest.approx(21.43, abs=0.005)


@pytest.mark.parametrize("prognos", [0, -1])
def test_a_share_of_no_forecast_is_refused(prognos):
    with pytest.raises(DataError, match="above 0"):
        implied_share(15, prognos)
