"""Twelve months against a year, and months against printed sums. The figures are made up to try the
rules.
"""

import pandas as pd
import pytest

from helpers.model.monthly import check_months, check_year, year_figure


def months(*rows):
    """kommunkod, lanskod, antal, sekretess of one month."""
    frame = pd.DataFrame(rows, columns=["kommunkod", "lanskod", "antal", "sekretess"]).assign(
        ar=2026, manad=1
    )
    return frame.astype(
        {"kommunkod": "string", "lanskod": "string", "antal": "Int64", "sekretess": "string"}
    )


def printed(antal, lanskod="00"):
    return pd.DataFrame(
        {"lanskod": [lanskod], "ar": [2026], "manad": [1], "antal": pd.array([antal], "Int64")}
    )


UMEA, HIDDEN = ("2480", "24", 10, None), ("2403", "24", None, "ja")
UNKNOWN, NOWHERE = ("2403", "24", None, None), (None, None, 3, None)


@pytest.mark.parametrize(
    ("total", "agrees"), [(12, False), (13, True), (15, True), (18, True), (19, False)]
)
def test_a_hidden_cell_may_hold_nought_to_five_and_no_more(total, agrees):
    (check,) = check_months("m", months(UMEA, HIDDEN, NOWHERE), printed(total))
    assert (check.published, check.recomputed) == (total, 13)
    assert (abs(check.difference) <= check.tolerance) is agrees


def test_a_sum_with_an_unknown_part_or_no_printed_sum_is_not_checked():
    assert check_months("m", months(UMEA, UNKNOWN), printed(12)) == []
    assert check_months("m", months(UMEA), printed(None)) == []


def test_those_of_unknown_place_are_in_the_nation_and_in_no_county():
    rows = months(UMEA, NOWHERE)
    (nation,), (county,) = (check_months("m", rows, printed(13, kod)) for kod in ("00", "24"))
    assert (nation.recomputed, county.recomputed) == (13, 10)


def test_a_year_is_not_made_of_fewer_than_twelve_known_months():
    assert year_figure([0] * 12, None) == 0
    assert year_figure([0] * 11 + [None], None) is None
    assert year_figure([5] * 11, 55) is None
    assert year_figure([None] * 12, 7) == 7


def test_only_whole_known_years_are_held_against_their_months():
    rows = [("2480", 2026, month, 2) for month in range(1, 13)] + [
        ("2403", 2026, month, 1) for month in range(1, 12)
    ]
    known = pd.DataFrame(rows, columns=["kommunkod", "ar", "manad", "antal"]).astype(
        {"antal": "Int64"}
    )
    years = pd.DataFrame(
        {"kommunkod": ["2480", "2403"], "ar": 2026, "kategori": "totalt", "antal": [25, 11]}
    )
    (check,) = check_year("m", known, years)
    assert (check.check, check.published, check.recomputed) == ("m.helar", 1, 0)
