"""What a report says it has read is asked again; what is damaged there, or cannot be asked any
more, is left out.
"""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.cases import latest_shares, quota_history
from helpers.model.quotas import lanstal_history
from helpers.model.shares import shares_in_use
from helpers.tables.questions import QUESTIONS, values_of
from helpers.tables.reads import UNITS, Asked

SOUND = "folkmangd(2480; 2016-2018)"
DAMAGED = [
    "",
    "folkmangd",
    "folkmangd(2480; 2018",
    "folkmangd(2480, 2018)",
    "folkmangd(2480; 1-99999999999)",
    "folkmangd(2480; 2018,)",
    "folkmangd(2480; -)",
    "folkmangd(٢٤٨٠; 2018)",
    "\0",
    "x(; )",
]


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_name_is_left_out_and_spoils_no_other(workbook, name):
    assert set(values_of(workbook, [name, SOUND])) == {SOUND}


@pytest.mark.parametrize("name", [*QUESTIONS, *UNITS])
@pytest.mark.parametrize("of", ["9999; 1800", "9999; 2018", "99; 2018", "; ", "00; 9999"])
def test_a_question_about_what_there_is_not_ends_no_run(workbook, name, of):
    assert set(values_of(workbook, [f"{name}({of})"])) <= {f"{name}({of})"}


@given(st.from_regex(r"[a-z_]{1,9}", fullmatch=True), st.sampled_from(["", "00", "24", "2480"]),
       st.sets(st.integers(2000, 2030), max_size=6))  # fmt: skip
def test_what_is_asked_is_read_as_it_is_written(name, kod, years):
    asked = Asked(name, kod, tuple(sorted(years)))
    assert Asked.parse(str(asked)) == asked


@pytest.mark.parametrize("ar", [2016, 2018, 2019, 2022])
def test_what_is_found_once_for_a_place_and_year_is_that_of_no_other(workbook, ar):
    kommuner, same = workbook.kommuner, pd.testing.assert_frame_equal
    for kod in workbook.lan["lanskod"]:
        home = workbook.county(kod)
        asked = workbook.rows("lanstal", home), workbook.anvisningar, home.kod
        same(quota_history(workbook, home), lanstal_history(*asked))
        for place in (home, workbook.municipality(home.kommunkoder[0])):
            own = workbook.rows("andelstal", place), kommuner, place.kommunkoder
            same(latest_shares(workbook, place, ar), shares_in_use(*own, ar))
