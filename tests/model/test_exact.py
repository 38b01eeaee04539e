"""One exact arithmetic and one rounding: what is shown is the rounded exact number, and never
denies its interval.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.model import comparison, exact, quotas, shares
from helpers.present import language
from helpers.present.language import Language

SV = Language("sv")
FORECASTS = range(500, 3001, 50)
HUNDREDTHS = range(1, 2001)  # shares of 0,01–20,00 ‰


def shown(value: float, decimals: int = 1) -> Decimal:
    """A number as the page writes it, read back as a reader reads it."""
    text = SV.number(value, decimals).replace("\u00a0", "").replace("\u2212", "-")
    return Decimal(text.replace(",", "."))


def half_away(number: Fraction, decimals: int = 1) -> Decimal:
    """The exact number rounded half away from zero, in whole numbers alone."""
    scaled = abs(number) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if number >= 0 else -whole).scaleb(-decimals)


def products() -> Iterator[tuple[int, float]]:
    """Every different product of the grid: in hundred-thousandths of a child, and as a frame holds
    it.
    """
    for forecast in (500, 1100, 2950):  # the frame's own way, for every share
        column = exact.exact_product(pd.Series([share / 100 for share in HUNDREDTHS]), forecast)
        yield from zip((share * forecast for share in HUNDREDTHS), column, strict=True)
    for units in sorted({share * forecast for share in HUNDREDTHS for forecast in FORECASTS}):
        yield units, units / 100_000


def contradictions() -> list[str]:
    """Shown numbers of the grid that are not the rounded product, or lie outside their own
    interval.
    """
    found = []
    for units, value in products():
        low, high = shares.published_range(value)
        number = shown(value)
        half = number - int(number) >= Decimal("0.5")
        if number != half_away(Fraction(units, 100_000)) or (int(number), int(number) + half) != (
            low,
            high,
        ):
            found.append(f"{units / 100_000}: {number} | {low}–{high}")
    return found


def test_no_shown_number_contradicts_its_own_interval():
    """Shares 0,01–20,00 ‰ × forecasts 500–3 000: 102 000 cells, in their different products."""
    assert contradictions() == []


def test_rounding_half_to_even_is_found_out(monkeypatch):
    def even(value: float, decimals: int) -> Decimal:
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)

    monkeypatch.setattr(language, "rounded", even)
    language._decimal.cache_clear()
    assert any(line.endswith("| 1–2") for line in contradictions())
    language._decimal.cache_clear()


def county(hundredths: list[int], utfall: list[int] | None = None) -> pd.DataFrame:
    """A county's share table of made-up municipalities."""
    count = len(hundredths)
    frame = pd.DataFrame(
        {
            "kommunkod": [f"{2401 + n}" for n in range(count)],
            "kommun": [f"K{n}" for n in range(count)],
        }
    )
    outcomes = pd.array(utfall or [0] * count, dtype="Int64")
    return frame.assign(
        andelstal=[share / 100 for share in hundredths],
        utfall=outcomes,
        andelstal_ar=2018,
        tabell="t",
    )


def wrong_sums(hundredths: list[int], utfall: list[int], forecast: int, actual: int) -> list[str]:
    """Which of a county's sums are anything but exact, or are shown as anything but the rounded
    exact sum.
    """
    table = county(hundredths, utfall)
    split = comparison.split_difference(comparison.compare_outcome(table, forecast, actual), actual)
    total = shares.scenario_totals(shares.compare_scenarios(table, [forecast])).iloc[0]
    share, came = Fraction(sum(hundredths), 100), sum(utfall)
    expected, of_those = share * forecast / 1000, share * actual / 1000
    told = {
        "expected": (split.expected, expected),
        "scenario": (total["expected"], expected),
        "expected_actual": (split.expected_actual, of_those),
        "difference": (split.difference, came - expected),
        "forecast_error": (split.forecast_error, of_those - expected),
        "placement_departure": (split.placement_departure, came - of_those),
    }
    told |= {
        "andelstal": (split.andelstal, share),
        "scenario_andelstal": (total["andelstal"], share),
    }
    return [
        name
        for name, (value, right) in told.items()
        if Fraction(exact.decimal_of(value)) != right or shown(value) != half_away(right)
    ]


MUNICIPALITY = st.tuples(st.integers(0, 2000), st.integers(0, 60))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(MUNICIPALITY, min_size=1, max_size=30), st.integers(200, 3000), st.integers(0, 3000)
)
def test_a_shown_sum_is_the_rounded_exact_sum(rows, forecast, actual):
    assert (
        wrong_sums([share for share, _ in rows], [came for _, came in rows], forecast, actual) == []
    )


VASTERBOTTEN = [114, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 1197, 116, 599]
OUTCOMES = [0, 2, 0, 2, 3, 3, 2, 0, 2, 1, 2, 2, 11, 3, 4]


def test_a_float_sum_is_found_out(monkeypatch):
    """The fifteen shares are 31,26 ‰; in binary they add up to a hair less, and so does what rests
    on them.
    """
    assert wrong_sums(VASTERBOTTEN, OUTCOMES, 2500, 944) == []
    for module in (comparison, shares):
        monkeypatch.setattr(
            module, "exact_sum", lambda values: float(pd.Series(list(values)).sum())
        )
    assert {"andelstal", "expected_actual"} <= set(wrong_sums(VASTERBOTTEN, OUTCOMES, 2500, 944))


def test_vasterbottens_product_at_2500_is_one_number():
    split = comparison.split_difference(
        comparison.compare_outcome(county(VASTERBOTTEN), 2500, None), None
    )
    assert (split.expected, SV.number(split.expected, 1)) == (78.15, "78,2")


@given(st.integers(-(10**9), 10**9), st.integers(0, 5), st.integers(0, 3))
def test_every_number_is_rounded_half_away_from_zero(units, scale, decimals):
    """Any decimal of up to five places, as its nearest float."""
    assert shown(units / 10**scale, decimals) == half_away(Fraction(units, 10**scale), decimals)


@given(st.integers(0, 100_000), st.integers(1, 100_000))
def test_a_percentage_is_rounded_from_the_exact_quotient(part, whole):
    """However it was reached: a part times 100, or 100 times the part of the whole."""
    right = half_away(Fraction(100 * part, whole))
    assert shown(100 * part / whole) == shown(part / whole * 100) == right


def test_vasternorrlands_lead_says_minus_46_3(workbook):
    """From 400 to 215 persons is −46,25 % exactly (decisions for 2018 and 2019)."""
    history = quotas.lanstal_history(workbook.lanstal, workbook.anvisningar, "22")
    change = quotas.quota_change(history, 2018, 2019)
    assert change.change_percent == -46.25
    assert SV.number(change.change_percent, 1, sign=True) == "−46,3"
