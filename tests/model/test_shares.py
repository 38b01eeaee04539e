"""The model reproduces every cell that Västerbotten printed in "Antal och andelar 2019"."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError
from helpers.model import shares

# Länsstyrelsen Västerbotten, "Antal och andelar 2019", table "Andelstal EKB", as printed.
PRINTED = [
    ("2401", "Nordmaling", 1.14, (1, 2), 0, (2, 3)),
    ("2403", "Bjurholm", 1.0, (1, 2), 2, (2, 2)),
    ("2404", "Vindeln", 1.0, (1, 2), 0, (2, 2)),
    ("2409", "Robertsfors", 1.0, (1, 2), 2, (2, 2)),
    ("2417", "Norsjö", 1.0, (1, 2), 3, (2, 2)),
    ("2418", "Malå", 1.0, (1, 2), 3, (2, 2)),
    ("2421", "Storuman", 1.0, (1, 2), 2, (2, 2)),
    ("2422", "Sorsele", 1.0, (1, 2), 0, (2, 2)),
    ("2425", "Dorotea", 1.0, (1, 2), 2, (2, 2)),
    ("2460", "Vännäs", 1.0, (1, 2), 1, (2, 2)),
    ("2462", "Vilhelmina", 1.0, (1, 2), 2, (2, 2)),
    ("2463", "Åsele", 1.0, (1, 2), 2, (2, 2)),
    ("2480", "Umeå", 11.97, (18, 18), 11, (27, 28)),
    ("2481", "Lycksele", 1.16, (1, 2), 3, (2, 3)),
    ("2482", "Skellefteå", 5.99, (9, 9), 4, (13, 14)),
]


def printed_shares() -> pd.DataFrame:
    rows = [(kod, namn, andel, utfall) for kod, namn, andel, _, utfall, _ in PRINTED]
    frame = pd.DataFrame(rows, columns=["kommunkod", "kommun", "andelstal", "utfall"])
    return frame.astype({"utfall": "Int64"}).assign(andelstal_ar=2018, tabell="andelstal_2018_ac")


@pytest.mark.parametrize(("prognos", "column"), [(1500, 3), (2300, 5)])
@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row[1])
def test_each_printed_interval_is_reproduced(row, prognos, column):
    expected = shares.expected_children(pd.Series({row[0]: row[2]}), prognos)
    assert shares.published_range(expected.item()) == row[column]


def test_the_county_sums_are_the_printed_products_and_intervals():
    totals = shares.scenario_totals(
        shares.compare_scenarios(printed_shares(), [1500, 2300])
    ).set_index("prognos")
    assert totals["andelstal"].tolist() == pytest.approx([31.26, 31.26])
    assert totals["expected"].tolist() == pytest.approx([46.89, 71.898])
    assert totals["expected_low"].tolist() == [40, 66]
    assert totals["expected_high"].tolist() == [53, 70]


def test_the_product_for_2019_lies_outside_the_printed_interval():
    row = shares.scenario_totals(shares.compare_scenarios(printed_shares(), [2300])).iloc[0]
    assert not row["expected_low"] <= row["expected"] <= row["expected_high"]


def test_a_share_of_zero_expects_no_children():
    assert shares.expected_children(pd.Series({"2480": 0.0}), 2300).item() == 0


@pytest.mark.parametrize("share", [-0.1, float("nan"), 1000.1, pd.NA])
def test_an_impossible_share_is_named_in_the_error(share):
    with pytest.raises(DataError, match="2480"):
        shares.expected_children(pd.Series({"2480": share}, dtype="Float64"), 1500)


def test_a_forecast_given_twice_is_compared_once_in_the_order_given():
    scenarios = shares.compare_scenarios(printed_shares(), [2300, 1500, 2300])
    assert list(dict.fromkeys(scenarios["prognos"])) == [2300, 1500]
    assert len(scenarios) == 2 * len(PRINTED)


SHARES = st.lists(
    st.floats(0, 60, allow_nan=False).map(lambda share: round(share, 2)), min_size=1, max_size=40
)


@given(SHARES, st.integers(0, 40_000))
def test_expected_children_of_the_parts_add_up_to_the_whole(andelar, prognos):
    parts = shares.expected_children(pd.Series(andelar), prognos)
    whole = shares.expected_children(pd.Series([min(sum(andelar), 1000)]), prognos)
    if sum(andelar) <= 1000:
        assert parts.sum() == pytest.approx(whole.item(), abs=1e-6)


@given(st.floats(0, 5000, allow_nan=False))
def test_a_printed_interval_is_at_most_one_wide_and_never_more_than_half_a_child_off(children):
    low, high = shares.published_range(children)
    assert high - low in (0, 1)
    assert low - 0.051 <= children < high + 0.5


def known(ar: int) -> pd.DataFrame:
    frame = printed_shares()[["kommunkod", "andelstal", "utfall", "tabell"]].assign(
        ar=2018, utfall_preliminart=pd.NA
    )
    kommuner = printed_shares()[["kommunkod", "kommun"]]
    return shares.shares_in_use(frame, kommuner, list(kommuner["kommunkod"]), ar)


def test_the_latest_known_share_is_used_for_a_later_year_without_its_outcome():
    later = known(2019)
    assert later["andelstal"].sum() == pytest.approx(31.26)
    assert later["utfall"].isna().all()
    assert (later["andelstal_ar"] == 2018).all()


def test_a_share_is_not_known_before_its_year():
    assert known(2017).empty
