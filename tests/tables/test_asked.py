"""What a report says it has read is asked again; what is damaged there, or cannot be asked any
more, is left out.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
