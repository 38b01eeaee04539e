"""Months: hidden is nought to five, unknown is unknown, only whole figures are compared. All
figures are made up.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model.monthly import difference, latest_year, months_of, year_to_date
from helpers.tables.places import Place
from tests.present.months import HIDDEN, TABLE, made_months, made_sums

UMEA = Place("kommun", "2480", "Umeå", "24", "AC", "Västerbottens län", ("2480",))
COUNTY = Place("lan", "24", "Västerbottens län", "24", "AC", "Västerbottens län", ("2480", "2418"))
NATION = Place("riket", "00", "Riket", "00", "", "", ("2480", "2418"))
NONE = made_sums([])


def year_of(cells, place=UMEA, sums=NONE, since=2018):
    return latest_year(made_months(cells), sums, place, since)


def test_without_months_there_is_nothing():
    assert year_of([]) is None


def test_months_before_the_reports_year_are_not_shown():
    assert year_of([("2480", 2025, 12, 4)], since=2026) is None
    assert year_of([("2480", 2026, 1, 4)], since=2026).now.ar == 2026


def test_the_latest_month_is_the_last_the_source_says_anything_of():
    found = year_of(
        [
            ("2480", 2026, 1, 4),
            ("2480", 2026, 2, HIDDEN),
            ("2480", 2026, 3, None),
            ("2418", 2026, 4, 1),
        ]
    )
    assert (found.now.ar, found.now.manad) == (2026, 2)


def test_a_hidden_month_widens_the_year_so_far_by_five_and_is_never_a_zero():
    found = year_of(
        [
            ("2480", 2026, 1, 20),
            ("2480", 2026, 2, HIDDEN),
            ("2480", 2026, 3, 8),
            ("2480", 2026, 4, HIDDEN),
        ]
    )
    assert (found.now.low, found.now.high, found.now.hidden) == (28, 38, 2)
    assert found.now.exact is None


def test_an_unknown_month_makes_the_year_so_far_unknown_and_is_named():
    found = year_of([("2480", 2026, 2, 3), ("2480", 2026, 3, 3)])
    assert (found.now.low, found.now.high, found.now.missing) == (None, None, (1,))


def test_a_month_with_one_municipality_unknown_is_unknown_for_the_county():
    cells = [
        ("2480", 2026, 1, 3),
        ("2418", 2026, 1, 2),
        ("2480", 2026, 2, 3),
        ("2418", 2026, 2, None),
    ]
    months = year_of(cells, COUNTY).months.set_index("manad")
    assert months.loc[1, "low"] == 5
    assert months["low"].isna().tolist() == [False] + [True] * 11


def test_a_county_of_which_no_month_is_whole_has_nothing_to_show():
    assert year_of([("2480", 2026, 1, 3)], COUNTY) is None


def test_a_printed_sum_counts_before_the_sum_of_hidden_cells():
    cells = [("2480", 2026, 1, 7), ("2418", 2026, 1, HIDDEN)]
    months = months_of(
        made_months(cells), made_sums([("24", 2026, 1, 11), ("00", 2026, 1, 99)]), COUNTY, 2026
    )
    first = months.iloc[0]
    assert (first["low"], first["high"], first["hidden"], first["printed"]) == (11, 11, 0, True)


def test_a_printed_sum_is_never_a_municipalitys():
    cells = [("2480", 2026, 1, HIDDEN)]
    assert year_of(cells, sums=made_sums([("2480", 2026, 1, 3)])).now.high == 5


def test_those_in_a_municipality_not_known_belong_to_the_nation_alone():
    cells = [("2480", 2026, 1, 7), ("2418", 2026, 1, 2), (None, 2026, 1, HIDDEN)]
    county, nation = year_of(cells, COUNTY), year_of(cells, NATION)
    assert (county.now.low, county.now.high) == (9, 9)
    assert (nation.now.low, nation.now.high) == (9, 14)
    assert (county.unplaced.low, county.unplaced.high) == (0, 5)
    assert year_of(cells[:2], COUNTY).unplaced is None


def test_the_same_months_of_the_year_before_are_compared():
    now = [("2480", 2026, month, 4) for month in (1, 2, 3)]
    before = [("2480", 2025, month, 5) for month in range(1, 13)]
    found = year_of([*now, *before])
    assert (found.before.ar, found.before.manad, found.before.exact) == (2025, 3, 15)
    assert difference(found.now, found.before) == -3


@pytest.mark.parametrize("cell", [HIDDEN, None], ids=["hidden", "unknown"])
@pytest.mark.parametrize("ar", [2025, 2026])
def test_nothing_is_compared_where_either_year_is_not_whole(ar, cell):
    cells = [
        ("2480", year, month, cell if (year, month) == (ar, 1) else 9)
        for year in (2025, 2026)
        for month in (1, 2)
    ]
    found = year_of(cells)
    assert difference(found.now, found.before) is None


def test_every_table_behind_the_months_is_named():
    cells = made_months([("2480", 2026, 1, 7), ("2480", 2025, 1, 7), ("2480", 2020, 1, 7)])
    cells["tabell"] = ["this", "last", "long ago"]
    assert latest_year(cells, NONE, UMEA, 2018).tables == ("this", "last")


def test_a_municipalitys_months_are_the_sources_own():
    assert year_of([("2480", 2026, 1, 7), ("2480", 2026, 2, HIDDEN)]).printed
    assert not year_of([(kod, 2026, 1, 7) for kod in ("2480", "2418")], COUNTY).printed
    assert set(year_of([("2480", 2026, 1, 7)]).tables) == {TABLE}


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_what_was_hidden_always_lies_within_the_interval(received):
    cells = [
        ("2480", 2026, month, HIDDEN if antal < 6 else antal)
        for month, antal in enumerate(received, 1)
    ]
    months = months_of(made_months(cells), NONE, UMEA, 2026)
    period = year_to_date(months, 2026, len(received))
    assert period.low <= sum(received) <= period.high
    assert period.high - period.low == 5 * period.hidden
