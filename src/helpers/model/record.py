"""The record of national forecasts: how far each missed what came, and what another year may bring.

Two forecasts of one year are one year's evidence: every count here weighs by year.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from helpers.errors import DataError

OFFICIAL, DERIVED = "prognoser_officiella", "prognoser_harledda"
CHILDREN, ASYLUM = "ensamkommande", "asylsokande"
SAME_YEAR, YEAR_AHEAD = "same_year", "year_ahead"
LEADS = ("early", "late", "undated", "one_ahead", "two_ahead")
STATED = ("official", "press", "derived")
MONTH = len("ÅÅÅÅ-MM")
ENDS = ("low", "half_low", "half_high", "high")
TESTED = (*ENDS, "covered", "half_covered")
FEWEST = 3  # years; with fewer not even half of all years can be claimed


def forecast_record(
    prognoser: pd.DataFrame, asylsokande: pd.DataFrame, matt: str = CHILDREN
) -> pd.DataFrame:
    """Return every forecast of a measure beside what came.

    Args:
        prognoser: prognosdatum (text, ISO, the day or the month left out where not known),
            avser_ar, matt, varde, lag, hog, kalla, tabell.
        asylsokande: ar and a column named as the measure.
        matt: ensamkommande (children) or asylsokande (persons).

    Returns:
        ar, prognosdatum, prognos, low, high, actual (children or persons), ratio (actual ÷
        forecast), lead (early, late: made in the first or second half of the year it is about;
        undated: in that year, month not known; one_ahead, two_ahead: one year before, or more),
        stated (official, press, derived), tabell; ordered by year and date, unknown kept as NA.
    """
    rows = prognoser[prognoser["matt"] == matt].rename(
        columns={"avser_ar": "ar", "varde": "prognos", "lag": "low", "hog": "high"}
    )
    came = asylsokande[["ar", matt]].rename(columns={matt: "actual"})
    record = rows.merge(came, on="ar", how="left", validate="m:1")
    record = record.sort_values(["ar", "prognosdatum", "kalla", "prognos"])
    ratio = record["actual"].astype("Float64") / record["prognos"].astype("Float64")
    stated = record["tabell"].map({OFFICIAL: "official", DERIVED: "derived"}).fillna("press")
    columns = ["ar", "prognosdatum", "prognos", "low", "high", "actual", "ratio", "lead"]
    record = record.assign(ratio=ratio, stated=stated, lead=_leads(record))
    return record[[*columns, "stated", "tabell"]].reset_index(drop=True)


def _leads(record: pd.DataFrame) -> list[str]:
    made = zip(record["prognosdatum"], record["ar"], strict=True)
    return [_lead(str(date), int(ar)) for date, ar in made]


def _lead(made: str, ar: int) -> str:
    """When a forecast was made (ISO, perhaps the year alone), from the year it is about."""
    before = ar - int(made[:4])
    if before > 0:
        return "one_ahead" if before == 1 else "two_ahead"
    return "undated" if len(made) < MONTH else "early" if made[5:7] <= "06" else "late"


def forecast_ratios(record: pd.DataFrame) -> pd.DataFrame:
    """Return what came ÷ what was forecast, once per year, horizon and forecast value (A17).

    Args:
        record: What `forecast_record` returned.

    Returns:
        ar, prognosdatum, prognos, actual (children or persons), ratio, lead, stated, horizon
        (same_year: made in the year it is about; year_ahead: made before), tabell; a forecast
        without a single value or outcome is left out.
    """
    known = record.dropna(subset=["prognos", "actual"])
    ahead = known["lead"].isin(("one_ahead", "two_ahead"))
    rows = known.assign(horizon=np.where(ahead, YEAR_AHEAD, SAME_YEAR))
    rows = rows.drop_duplicates(["ar", "horizon", "prognos"]).astype({"ratio": "float64"})
    return rows.drop(columns=["low", "high"]).reset_index(drop=True)


def ratios_for(ratios: pd.DataFrame, horizon: str, without: int | None = None) -> pd.DataFrame:
    """Return the ratios of one horizon, those of one year left out: a forecast is not judged by its
    own outcome.
    """
    rows = ratios[ratios["horizon"] == horizon]
    return rows if without is None else rows[rows["ar"] != without]


def carried(own: pd.DataFrame, longer: pd.DataFrame) -> pd.DataFrame:
    """Return a short record's ratios, and a longer one's for the years of each horizon that it
    lacks (A22).

    Args:
        own: What `forecast_ratios` returned for children.
        longer: The same for all asylum seekers.

    Returns:
        The columns of both, and matt: which of the two a ratio is of.
    """
    known = pd.MultiIndex.from_frame(own[["ar", "horizon"]])
    lacked = ~pd.MultiIndex.from_frame(longer[["ar", "horizon"]]).isin(known)
    both = [own.assign(matt=CHILDREN), longer[lacked].assign(matt=ASYLUM)]
    rows = pd.concat(both, ignore_index=True).sort_values(["ar", "prognosdatum"], kind="stable")
    return rows.reset_index(drop=True)


def errors_by_lead(record: pd.DataFrame) -> pd.DataFrame:
    """Return how far forecasts of a record missed, by when they were made.

    Args:
        record: What `forecast_record` returned.

    Returns:
        lead (in the order of `LEADS`, those there are), forecasts, years, official, press, derived
        (counts), and of actual ÷ forecast: lowest, half_low, half_high (at least half of all years
        are claimed to lie between, if they are as these; NA with fewer than three years), highest.
    """
    known = record.dropna(subset=["ratio"])
    rows = []
    for lead in (lead for lead in LEADS if (known["lead"] == lead).any()):
        own = known[known["lead"] == lead]
        found = spread(own["ratio"].astype(float).tolist(), own["ar"].astype(int).tolist())
        counts = {name: int((own["stated"] == name).sum()) for name in STATED}
        half = (found.half_low, found.half_high) if found.years >= FEWEST else (pd.NA, pd.NA)
        ends = {"lowest": found.low, "half_low": half[0], "half_high": half[1]}
        rows.append(
            {"lead": lead, "forecasts": len(own), "years": found.years, **counts}
            | {**ends, "highest": found.high}
        )
    names = ["lead", "forecasts", "years", *STATED, "lowest", "half_low", "half_high", "highest"]
    return pd.DataFrame(rows, columns=names).astype({"half_low": "Float64", "half_high": "Float64"})


def same_occasions(own: pd.DataFrame, longer: pd.DataFrame) -> pd.DataFrame:
    """Return the occasions where both measures were forecast for the same year, each number once.

    Args:
        own, longer: What `forecast_record` returned for children and for all asylum seekers.

    Returns:
        ar, made (year and month), ratio and ratio_longer.
    """
    made = [
        record.dropna(subset=["ratio"]).assign(made=record["prognosdatum"].str[:7])
        for record in (own, longer)
    ]
    both = made[0].merge(made[1], on=["ar", "made"], suffixes=("", "_longer"))
    both = both[both["made"].str.len() == MONTH]
    both = both.drop_duplicates(["ar", "prognos", "prognos_longer"])
    return both[["ar", "made", "ratio", "ratio_longer"]].reset_index(drop=True)


def rank_correlation(one: pd.Series, other: pd.Series) -> float | None:
    """Return Spearman's rank correlation, equals sharing their mean rank; None where fewer than
    three pairs or one side all equal leave none.

    >>> rank_correlation(pd.Series([1.0, 2.0, 3.0]), pd.Series([10.0, 30.0, 20.0]))
    0.5
    """
    first, second = one.astype(float).rank(), other.astype(float).rank()
    if len(first) < FEWEST or first.nunique() == 1 or second.nunique() == 1:
        return None
    return float(np.corrcoef(first, second)[0, 1])


@dataclass(frozen=True)
class Spread:
    """What a record says that another year may bring, no curve being fitted.

    Attributes:
        low, high: The lowest and the highest; another year that is as the record's lies between in
            `years` − 1 cases of `years` + 1.
        half_low, half_high: Between these it lies in half of the cases at least.
        years: Of how many distinct years the record is.
    """

    low: float
    half_low: float
    half_high: float
    high: float
    years: int


def spread(values: Sequence[float], years: Sequence[int], new: int = 1) -> Spread:
    """Return the ends of a record in which each year weighs the same, however many values it has.

    With `new` 1 the claim is of a year that is not in the record, exchangeable with those that are:
    what lies beyond an end, and the new year itself, may be a quarter of all years at most. With 0
    the values are all there is.

    Raises:
        DataError: there is no value.

    >>> spread([0.5, 0.9, 1.2, 4.0], [2016, 2017, 2018, 2015], new=0)
    Spread(low=0.5, half_low=0.9, half_high=1.2, high=4.0, years=4)
    """
    if not values:
        raise DataError("the record holds no forecast with an outcome; at least one is needed.")
    each = Counter(years)
    rows = [(value, Fraction(1, each[year])) for value, year in zip(values, years, strict=True)]
    most = max(Fraction(len(each) + new, 4) - new, Fraction(0))
    half_low, half_high = _inward(rows, most), -_inward([(-v, w) for v, w in rows], most)
    return Spread(min(values), half_low, half_high, max(values), len(each))


def _inward(rows: Sequence[tuple[float, Fraction]], most: Fraction) -> float:
    """The highest value that no more than so much weight lies below."""
    return max(end for end, _ in rows if sum((w for v, w in rows if v < end), Fraction(0)) <= most)


def leave_one_year_out(judged: pd.DataFrame, record: pd.DataFrame) -> pd.DataFrame:
    """Return whether each outcome lies between the ends that all other years' forecasts give.

    Args:
        judged: The forecasts to judge, with the columns of `forecast_ratios`.
        record: The ratios that the ends are made of, with the same columns; those of the judged
            forecast's own year are not used.

    Returns:
        The rows of `judged` with others (how many years that is), low, half_low, half_high, high
        (children or persons: forecast × ratio), covered and half_covered; NA where the others are
        fewer than three.
    """
    rows = [{**row, **_tested(row, record)} for row in judged.to_dict("records")]
    kinds = {name: "Float64" if name in ENDS else "boolean" for name in TESTED}
    return pd.DataFrame(rows, columns=[*judged.columns, "others", *TESTED]).astype(kinds)


def _tested(row: Mapping[Hashable, Any], record: pd.DataFrame) -> dict[str, Any]:
    others = ratios_for(record, str(row["horizon"]), int(row["ar"]))
    years, ratio = others["ar"].nunique(), float(row["ratio"])
    if years < FEWEST:
        return {"others": years, **dict.fromkeys(TESTED, pd.NA)}
    found = spread(others["ratio"].tolist(), others["ar"].tolist())
    return {
        "others": years,
        **{name: getattr(found, name) * row["prognos"] for name in ENDS},
        "covered": found.low <= ratio <= found.high,
        "half_covered": found.half_low <= ratio <= found.half_high,
    }


def coverage(tested: pd.DataFrame) -> dict[str, float]:
    """Return how many outcomes were held, beside how wide that took.

    Args:
        tested: What `leave_one_year_out` returned.

    Returns:
        forecasts and years (those that could be tested), held and half_held (forecasts), wide and
        half_wide (the median of the highest ÷ the lowest; a lowest of 0 has none).
    """
    rows = tested.dropna(subset=["covered"])
    wide = rows["high"].astype(float) / rows["low"].astype(float)
    half = rows["half_high"].astype(float) / rows["half_low"].astype(float)
    return {
        "forecasts": len(rows),
        "years": int(rows["ar"].nunique()),
        "held": int(rows["covered"].sum()),
        "half_held": int(rows["half_covered"].sum()),
        "wide": float(wide.median()),
        "half_wide": float(half.median()),
    }


def ends_without(values: Sequence[float], years: Sequence[int]) -> tuple[tuple[int, float], ...]:
    """Return, for the lowest and then the highest, the year it stands on and what it would be
    without that year: how uncertain the ends are themselves.

    >>> ends_without([0.1, 0.5, 0.9, 3.0], [2016, 2017, 2018, 2015])
    ((2016, 0.5), (2015, 0.9))
    """
    rows = list(zip(values, years, strict=True))
    found = []
    for end in (min, max):
        year = end(rows)[1]
        found.append((year, end(value for value, other in rows if other != year)))
    return tuple(found)


@dataclass(frozen=True)
class Judged:
    """What two records of forecasts say of each other and of their own intervals.

    Attributes:
        by_lead: What `errors_by_lead` returned, by measure.
        pairs, correlation: What `same_occasions` returned, and its rank correlation.
        further: In how many of the pairs the children's forecast missed by the larger factor.
        tests: basis (own, longer, carried: what the intervals are made of) and what `coverage`
            returned, the children's forecasts judged; without a row where none could be tested.
        tables: The published tables that both records are from.
    """

    by_lead: dict[str, pd.DataFrame]
    pairs: pd.DataFrame
    correlation: float | None
    further: int
    tests: pd.DataFrame
    tables: tuple[str, ...]

    def sources(self, came: str) -> tuple[str, ...]:
        """The tables, with the one that holds what came."""
        return (*self.tables, came)


def judge(record: pd.DataFrame, longer: pd.DataFrame) -> Judged:
    """Return how far forecasts have missed, and which record the children's intervals can be made
    of.

    Args:
        record, longer: What `forecast_record` returned for children and for all asylum seekers.
    """
    own, others, pairs = (
        forecast_ratios(record),
        forecast_ratios(longer),
        same_occasions(record, longer),
    )
    bases = {"own": own, "longer": others, "carried": carried(own, others)}
    tested = {name: coverage(leave_one_year_out(own, basis)) for name, basis in bases.items()}
    with np.errstate(divide="ignore"):  # nobody came: as far as a factor goes
        missed = [np.abs(np.log(pairs[name].astype(float))) for name in ("ratio", "ratio_longer")]
    return Judged(
        {CHILDREN: errors_by_lead(record), ASYLUM: errors_by_lead(longer)},
        pairs,
        rank_correlation(pairs["ratio"], pairs["ratio_longer"]),
        int((missed[0] > missed[1]).sum()),
        pd.DataFrame([{"basis": name, **found} for name, found in tested.items()]),
        tuple(dict.fromkeys([*record["tabell"], *longer["tabell"]])),
    )
