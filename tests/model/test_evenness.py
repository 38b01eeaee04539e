"""Evenness by hand-computed answers and by what must hold for any country; ranking and classes
beside it.
"""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model import nation

YEARS = range(2008, 2019)
UNITS = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(1, 1_000_000)), min_size=1, max_size=40
).filter(lambda units: sum(received for received, _ in units) > 0)


def series(units: list[tuple[int, int]]) -> tuple[pd.Series, pd.Series]:
    received, people = zip(*units, strict=True)
    return pd.Series(received), pd.Series(people)


@pytest.mark.parametrize(
    ("received", "people", "expected"),
    [
        ([5, 5], [100, 100], 0.0),
        ([1, 3], [100, 100], 0.25),  # 1 − (½·¼ + ½·1¼)
        ([0, 10], [100, 100], 0.5),
        ([0, 10], [900, 100], 0.9),  # all to a tenth of the people
        ([10, 30, 60], [300, 300, 400], 0.26),  # L = 0,1, 0,4, 1: 1 − (0,3·0,1 + 0,3·0,5 + 0,4·1,4)
    ],
)
def test_gini_is_what_a_hand_computes(received, people, expected):
    assert nation.gini(pd.Series(received), pd.Series(people)) == pytest.approx(expected)


def test_the_lorenz_curve_starts_with_the_lowest_rate_and_ends_at_one():
    curve = nation.lorenz(pd.Series([30, 10, 60]), pd.Series([300, 300, 400]))
    assert curve["people_share"].tolist() == pytest.approx([0, 0.3, 0.6, 1])
    assert curve["received_share"].tolist() == pytest.approx([0, 0.1, 0.4, 1])


def test_all_to_one_tiny_unit_is_nearly_one():
    assert nation.gini(pd.Series([0, 1000]), pd.Series([999_999, 1])) == pytest.approx(0.999999)


@given(st.lists(st.integers(1, 100_000), min_size=1, max_size=30), st.integers(1, 9))
def test_the_same_rate_everywhere_is_zero(people, rate):
    assert nation.gini(
        pd.Series([rate * count for count in people]), pd.Series(people)
    ) == pytest.approx(0, abs=1e-9)


@given(UNITS, st.integers(2, 50), st.integers(2, 50))
def test_the_size_of_the_reception_and_of_the_country_do_not_matter(units, more, larger):
    received, people = series(units)
    assert nation.gini(received * more, people * larger) == pytest.approx(
        nation.gini(received, people), abs=1e-9
    )


@given(UNITS)
def test_merging_units_of_equal_rate_changes_nothing(units):
    received, people = series(units)
    halves = [part for one in units for part in (one, one)]
    assert nation.gini(*series(halves)) == pytest.approx(nation.gini(received, people), abs=1e-9)


@given(UNITS)
def test_the_order_of_the_units_does_not_matter(units):
    assert nation.gini(*series(units[::-1])) == pytest.approx(nation.gini(*series(units)), abs=1e-9)


@given(UNITS)
def test_the_curve_is_never_above_the_straight_line(units):
    curve = nation.lorenz(*series(units))
    assert (curve["received_share"] <= curve["people_share"] + 1e-9).all()
    assert 0 <= nation.gini(*series(units)) < 1


@pytest.mark.parametrize(
    ("received", "people", "says"),
    [
        ([1, None], [1, 1], "unknown"),
        ([1, 1], [1, None], "unknown"),
        ([0, 0], [1, 1], "zero"),
        ([1], [0], "above"),
    ],
)
def test_what_has_no_answer_is_refused(received, people, says):
    with pytest.raises(ValueError, match=says):
        nation.gini(pd.Series(received, dtype="Int64"), pd.Series(people, dtype="Int64"))


def test_the_years_in_hand_have_a_gini_and_the_others_none(workbook):
    table = nation.gini_by_year(
        workbook.mottagna, workbook.folkmangd, workbook.kommuner, YEARS
    ).set_index("ar")
    assert table.index[table["gini"].notna()].tolist() == [2015, 2016, 2018]
    assert table["gini"].dropna().astype(float).round(2).tolist() == [0.41, 0.27, 0.14]
    assert table.loc[2018, "antal"] == 44_216
    assert table.loc[[*range(2008, 2015), 2017], "antal"].isna().all()


def test_one_unknown_municipality_makes_the_years_gini_unknown(workbook):
    short = workbook.mottagna[workbook.mottagna["kommunkod"] != "2463"]
    assert (
        nation.gini_by_year(short, workbook.folkmangd, workbook.kommuner, YEARS)["gini"]
        .isna()
        .all()
    )
    assert nation.lorenz_by_year(short, workbook.folkmangd, workbook.kommuner, YEARS).empty


def test_the_tenths_of_an_even_country_are_tenths():
    curve = nation.lorenz(pd.Series([2, 2, 4]), pd.Series([100, 100, 200])).assign(ar=2018)
    tenths = nation.lorenz_tenths(curve)
    assert tenths["ar_2018"].tolist() == pytest.approx(tenths["people_percent"].tolist())


def test_shares_of_the_whole_add_up_and_surplus_stands_first():
    units = pd.DataFrame({"lan": ["A", "B"], "antal": [30, 70], "folkmangd": [500, 500]})
    table = nation.share_against_population(units.astype({"antal": "Int64", "folkmangd": "Int64"}))
    assert table["lan"].tolist() == ["B", "A"]
    assert table["difference"].tolist() == pytest.approx([0.2, -0.2])
    assert table["beyond"].tolist() == pytest.approx([20, -20])


def test_no_share_is_known_when_one_unit_is_unknown():
    units = pd.DataFrame({"antal": [30, None], "folkmangd": [500, 500]}).astype({"antal": "Int64"})
    table = nation.share_against_population(units)
    assert table[["received_share", "difference", "beyond"]].isna().all(axis=None)


def rates_2018(workbook) -> pd.DataFrame:
    return nation.municipal_rates(workbook.mottagna, workbook.folkmangd, workbook.kommuner, 2018)


def test_the_counties_add_up_to_the_printed_total_and_stand_highest_first(workbook):
    """Migrationsverket, Kommunmottagna 2018: 44 216 in the country, 1 164 in Västerbotten."""
    counties = nation.county_rates(rates_2018(workbook), workbook.lan)
    assert counties["antal"].sum() == 44_216
    assert counties.set_index("lanskod").loc["24", "antal"] == 1_164
    assert counties["per_1000"].is_monotonic_decreasing


def test_a_county_with_an_unknown_municipality_is_unknown_and_stands_last(workbook):
    rates = rates_2018(workbook)
    rates.loc[rates["kommunkod"] == "2463", "antal"] = pd.NA
    counties = nation.county_rates(rates, workbook.lan)
    assert counties["per_1000"].isna().sum() == 1
    assert counties["lanskod"].iloc[-1] == "24"


def test_the_quota_in_force_is_the_years_last_decision(workbook):
    """SFS 2017:27 lowered 2017's list from 30 600 to 23 600."""
    counties = nation.county_rates(rates_2018(workbook), workbook.lan)
    assert nation.quota_rates(workbook.lanstal, counties, 2017)["lanstal"].sum() == 23_600
    assert nation.quota_rates(workbook.lanstal, counties, 2021).empty


def test_the_extremes_are_the_ends_of_the_order_and_never_the_unknown(workbook):
    rates = rates_2018(workbook)
    rates.loc[rates["kommunkod"] == "1256", "per_1000"] = pd.NA  # Östra Göinge, else the highest
    highest, lowest = nation.extremes(rates, workbook.lan, 3)
    assert highest["kommun"].tolist() == ["Perstorp", "Burlöv", "Sävsjö"]
    assert lowest["kommun"].iloc[0] == "Hammarö"
    assert len(highest) == len(lowest) == 3


def test_the_classes_of_2018_have_round_limits_and_hold_every_municipality(workbook):
    rates = rates_2018(workbook)
    breaks = nation.class_breaks(rates["per_1000"])
    assert breaks == [3.5, 4.0, 5.0, 6.5]
    counts = nation.classed(rates["per_1000"], breaks).value_counts().sort_index().tolist()
    assert counts == [40, 52, 91, 56, 51]


def test_a_value_on_a_limit_belongs_to_the_class_above_and_the_unknown_to_none():
    values = pd.Series([3.4, 3.5, None], dtype="Float64")
    assert nation.classed(values, [3.5]).tolist()[:2] == [0, 1]
    assert nation.classed(values, [3.5]).isna().tolist() == [False, False, True]


@given(st.lists(st.floats(0, 200), min_size=1, max_size=60))
def test_every_limit_parts_someone_from_someone(values):
    breaks = nation.class_breaks(pd.Series(values))
    classes = nation.classed(pd.Series(values, dtype="Float64"), breaks)
    assert breaks == sorted(set(breaks))
    assert (classes.min(), classes.max()) == (0, len(breaks))


def test_the_county_with_the_largest_part_in_a_class_is_named_first():
    rates = pd.DataFrame(
        {"lanskod": ["01", "01", "03", "04"], "klass": pd.array([1, 0, 1, 0], "Int64")}
    )
    lan = pd.DataFrame({"lanskod": ["01", "03", "04"], "lan": ["A", "C", "D"]})
    assert nation.counties_most_in(rates, lan, 1) == ["C", "A"]
