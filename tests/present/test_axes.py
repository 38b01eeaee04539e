"""The numbers of an axis say where its ticks stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.present.figures.scales import in_numbers, steps
from helpers.present.language import Language


def _read(text: str) -> float:
    return float(text.replace("\u00a0", "").replace("\u2212", "-").replace(",", "."))


@given(
    low=st.floats(-5000, 5000),
    span=st.floats(0.01, 10_000),
    most=st.integers(3, 6),
    whole=st.booleans(),
)
def test_what_is_written_at_a_tick_is_where_it_stands(low, span, most, whole):
    places = steps(low, low + span, most, integer=whole)
    written = in_numbers(Language("sv"), places)
    assert [_read(text) for text in written] == pytest.approx(places, abs=1e-6)
    assert len({text.partition(",")[2] == "" for text in written}) == 1


def test_no_two_ticks_have_the_same_number_and_a_sign_is_written_where_asked_for():
    places = steps(4.25, 5.45, 6, integer=False)
    words = Language("sv")
    assert in_numbers(words, places) == ["4,0", "4,5", "5,0", "5,5"]
    assert in_numbers(words, [-2.5, 0.0, 2.5], sign=True) == ["−2,5", "0,0", "+2,5"]
