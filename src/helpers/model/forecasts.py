"""National forecasts: the one that holds, how far earlier ones missed, the intervals that
follow.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import DataError
from helpers.model.estimate import Rule, Setting
from helpers.model.placement import Counts

OFFICIAL, DERIVED = "prognoser_officiella", "prognoser_harledda"


@dataclass(frozen=True)
class Forecast:
    """One national forecast for a year: children (None if there is none), when it was made, and the
    table it stands in ("" when it was given by hand).
    """

    ar: int
    value: int | None
    prognosdatum: str = ""
    tabell: str = ""
    kalla: str = ""


def latest_forecast(prognoser: pd.DataFrame, ar: int, matt: str = "ensamkommande") -> Forecast:
    """Return the last single-valued forecast known for a year; an official one before the press,
    and the press before what is derived from a difference (A7).

    Args:
        prognoser: prognosdatum (text, ISO), avser_ar, matt, varde, kalla, tabell.
        ar: The year forecast.
        matt: The measure; unaccompanied children by default.

    Returns:
        The forecast; its value is None when the year has none (an interval alone is none).
    """
    rows = prognoser[
        (prognoser["avser_ar"] == ar) & (prognoser["matt"] == matt) & prognoser["varde"].notna()
    ]
    if rows.empty:
        return Forecast(ar, None)
    rank = rows["tabell"].map({OFFICIAL: 0, DERIVED: 2}).fillna(1)
    rows = rows[rank == rank.min()]
    # of one date, no order of rows decides
    last = rows.sort_values(["prognosdatum", "kalla", "varde"]).iloc[-1]
    return Forecast(ar, int(last["varde"]), last["prognosdatum"], last["tabell"], last["kalla"])


def forecast_for(prognoser: pd.DataFrame, ar: int, given: int | None) -> Forecast:
    """Return the forecast to use: the one given by hand, else the latest known for the year."""
    known = latest_forecast(prognoser, ar)
    return known if given is None or known.value == given else Forecast(ar, given)


def actual_children(asylsokande: pd.DataFrame, ar: int) -> int | None:
    """Return the unaccompanied children who sought asylum in a year; None when not known.

    Source: SCB, Asylsökande 2002–2022.
    """
    found = asylsokande.loc[asylsokande["ar"] == ar, "ensamkommande"].dropna()
    return None if found.empty else int(found.iloc[0])


def forecast_record(prognoser: pd.DataFrame, asylsokande: pd.DataFrame) -> pd.DataFrame:
    """Return every forecast of unaccompanied children beside what came.

    Returns:
        ar, prognosdatum, prognos, low, high, actual (children), ratio (actual ÷ forecast), tabell;
        ordered by year and date, unknown kept as NA.
    """
    rows = prognoser[prognoser["matt"] == "ensamkommande"].rename(
        columns={"avser_ar": "ar", "varde": "prognos", "lag": "low", "hog": "high"}
    )
    came = asylsokande[["ar", "ensamkommande"]].rename(columns={"ensamkommande": "actual"})
    record = rows.merge(came, on="ar", how="left", validate="m:1")
    record = record.sort_values(["ar", "prognosdatum", "kalla", "prognos"])
    ratio = record["actual"].astype("Float64") / record["prognos"].astype("Float64")
    columns = ["ar", "prognosdatum", "prognos", "low", "high", "actual", "ratio", "tabell"]
    return record.assign(ratio=ratio)[columns].reset_index(drop=True)


SAME_YEAR, YEAR_AHEAD = "same_year", "year_ahead"
FEWEST = 3  # ratios; an interval from fewer would be the ratios themselves


def forecast_ratios(record: pd.DataFrame) -> pd.DataFrame:
    """Return what came ÷ what was forecast, once per year, horizon and forecast value (A17).

    Args:
        record: What `forecasts.forecast_record` returned.

    Returns:
        ar, prognosdatum, prognos, actual (children), ratio, horizon (same_year: made in the year it
        is about; year_ahead: made before), tabell; a forecast without a single value or outcome is
        left out.
    """
    known = record.dropna(subset=["prognos", "actual"])
    ahead = known["prognosdatum"].str[:4].astype(int) < known["ar"].astype(int)
    rows = known.assign(horizon=np.where(ahead, YEAR_AHEAD, SAME_YEAR))
    rows = rows.drop_duplicates(["ar", "horizon", "prognos"]).astype({"ratio": "float64"})
    return rows.drop(columns=["low", "high"]).reset_index(drop=True)


def ratios_for(ratios: pd.DataFrame, horizon: str, known_before: int | None = None) -> pd.DataFrame:
    """Return the ratios of one horizon, as they could be known when a year began."""
    rows = ratios[ratios["horizon"] == horizon]
    return rows if known_before is None else rows[rows["ar"] < known_before]


@dataclass(frozen=True)
class Cases:
    """Every case of what a year may bring: each outcome of the record (or supposed) from each
    start.

    Each outcome counts as likely, and within it each start.

    Attributes:
        low, high: One array per outcome: whole children, shape (starts, municipalities asked for +
            1), the last column all of them together. They differ where municipalities are equally
            far and chance decides.
        kommunkoder: The municipalities, in the columns' order.
        national: The nation's children in each outcome.
    """

    low: tuple[Counts, ...]
    high: tuple[Counts, ...]
    kommunkoder: tuple[str, ...]
    national: tuple[int, ...]

    @property
    def middle(self) -> Counts:
        """Children in every case, halfway between low and high and rounded down: for a drawing, not
        for numbers.
        """
        pairs = zip(self.low, self.high, strict=True)
        return np.concatenate([(low[:, :-1] + high[:, :-1]) // 2 for low, high in pairs])


def national_outcomes(prognos: int, ratios: Sequence[float]) -> tuple[int, ...]:
    """Return the nation's whole children: the forecast times each ratio, half a child rounded up.

    Raises:
        DataError: there are fewer than three ratios.

    >>> national_outcomes(1500, [0.122, 0.5, 2.947])
    (183, 750, 4421)
    """
    if len(ratios) < FEWEST:
        raise DataError(
            f"the record holds {len(ratios)} forecasts with an outcome; {FEWEST} are needed."
        )
    return tuple(int(np.floor(prognos * ratio + 0.5)) for ratio in ratios)


def enumerate_cases(rule: Rule, national: Sequence[int]) -> Cases:
    """Return every case: each national outcome, placed by the rule from every start.

    Args:
        rule: The rule for those asked about, for at least as many children as the highest outcome.
        national: Children in Sweden, one per outcome, each as likely.
    """
    each = {children: rule.given(children) for children in set(national)}
    low = tuple(each[children].low for children in national)
    high = tuple(each[children].high for children in national)
    return Cases(low, high, rule.kommunkoder, tuple(national))


def intervals(cases: Cases) -> pd.DataFrame:
    """Return the lowest and highest number of all cases, and what lies in the middle of them.

    Returns:
        kommunkod ("" for all together, the last row), low, high, middle_low, middle_high (whole
        children) and
        parted: whether half of the cases give middle_low at most and the other half middle_high at
            least, as an
        even number of outcomes does. Any number between is then a median; otherwise the median is
        from middle_low to middle_high, as chance falls among those equally far.
    """
    low, high = _together(cases.low), _together(cases.high)
    half = len(low) // 2
    under, over = (np.sort(low, axis=0), np.sort(high, axis=0))
    last, first = over[half - 1], under[half]
    parted = (len(low) % 2 == 0) & (last < first)
    return pd.DataFrame(
        {
            "kommunkod": [*cases.kommunkoder, ""],
            "low": under[0],
            "high": over[-1],
            "middle_low": np.where(parted, last, under[(len(low) - 1) // 2]),
            "middle_high": np.where(parted, first, over[half]),
            "parted": parted,
        }
    )


def _together(outcomes: Sequence[Counts]) -> Counts:
    """All cases below one another, an outcome tried from fewer starts repeated so that it weighs as
    much.
    """
    most = max(len(one) for one in outcomes)
    return np.concatenate(
        [one if len(one) == most else one[_stretched(len(one), most)] for one in outcomes]
    )


def _stretched(length: int, most: int) -> Counts:
    """Rows repeated, so that an outcome tried from fewer starts weighs as much as another."""
    return np.asarray(np.arange(most) * length // most)


def outcomes_above(cases: Cases, children: npt.ArrayLike) -> pd.DataFrame:
    """Return in how many outcomes each municipality gets more than a number of children.

    Args:
        cases: Every case.
        children: One number for all, or one per municipality in the cases' order.

    Returns:
        kommunkod, surely (whatever the start), possibly (for some start): whole outcomes of
        `len(cases.national)`.
    """
    limit = np.asarray(children)
    surely = sum(
        ((one[:, :-1] > limit).all(axis=0).astype(int) for one in cases.low), np.zeros(1, dtype=int)
    )
    possibly = sum(
        ((one[:, :-1] > limit).any(axis=0).astype(int) for one in cases.high),
        np.zeros(1, dtype=int),
    )
    return pd.DataFrame({"kommunkod": cases.kommunkoder, "surely": surely, "possibly": possibly})


def backtest_forecasts(ratios: pd.DataFrame) -> pd.DataFrame:
    """Return whether the nation's interval would have held the outcome, from what was known at the
    time.

    Returns:
        The ratios with low and high (children, forecast × the lowest and the highest of the earlier
        years' ratios of the same horizon), earlier (how many ratios that is) and covered; NA where
        earlier is below three.
    """
    rows = []
    for row in ratios.to_dict("records"):
        earlier = ratios_for(ratios, str(row["horizon"]), int(str(row["prognosdatum"])[:4]))[
            "ratio"
        ]
        enough = len(earlier) >= FEWEST
        ends = (
            (earlier.min() * row["prognos"], earlier.max() * row["prognos"])
            if enough
            else (pd.NA, pd.NA)
        )
        covered = bool(ends[0] <= row["actual"] <= ends[1]) if enough else pd.NA
        rows.append(
            {**row, "low": ends[0], "high": ends[1], "earlier": len(earlier), "covered": covered}
        )
    kinds = {"low": "Float64", "high": "Float64", "covered": "boolean"}
    return pd.DataFrame(
        rows, columns=[*ratios.columns, "low", "high", "earlier", "covered"]
    ).astype(kinds)


def backtest_places(
    shares: pd.DataFrame, prognos: int, setting: Setting, ratios: pd.DataFrame, ar: int
) -> pd.DataFrame:
    """Return whether each municipality's interval would have held its outcome, from what was known
    that year.

    Args:
        shares: kommunkod, kommun, andelstal (‰), utfall (children); rows without an outcome are
            left out.
        prognos: The year's forecast, children.
        setting: What the placement rests on; a supposed start is not used.
        ratios: What `forecast_ratios` returned; only those of years before `ar` are used.

    Returns:
        kommunkod, kommun, low, high, utfall (children), covered. Empty when too little was known.
    """
    earlier = ratios_for(ratios, SAME_YEAR, ar)["ratio"].tolist()
    columns = ["kommunkod", "kommun", "low", "high", "utfall", "covered"]
    if len(earlier) < FEWEST or shares["utfall"].isna().all():
        return pd.DataFrame(columns=columns)
    untold = replace(setting, placed={}, placed_nation=None)
    national = national_outcomes(prognos, earlier)
    found = intervals(enumerate_cases(Rule(shares, untold, max(national)), national))
    rows = found.merge(
        shares[["kommunkod", "kommun", "utfall"]], on="kommunkod", validate="1:1"
    ).dropna()
    covered = rows["utfall"].between(rows["low"], rows["high"])
    return rows.assign(covered=covered)[columns].reset_index(drop=True)
