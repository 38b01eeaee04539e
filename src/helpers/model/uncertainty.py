"""How far forecasts have missed, and what that means for each municipality: intervals from the record itself.

Nothing is fitted: a draw is the forecast times one of the ratios (what came ÷ what was forecast) that the
record holds. With so few ratios the interval says how wrong forecasts have been, not how wrong they can be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import DataError
from helpers.model.estimate import Setting, attachment_key
from helpers.model.nation import national_shares, start_counts
from helpers.model.placement import place

Counts = npt.NDArray[np.int64]
SAME_YEAR, YEAR_AHEAD = "same_year", "year_ahead"
FEWEST = 3  # ratios; an interval from fewer would be the ratios themselves
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
CHUNK = 1000  # draws at a time, which bounds the memory


def forecast_ratios(record: pd.DataFrame) -> pd.DataFrame:
    """Return what came ÷ what was forecast, once per year, horizon and forecast value (A17).

    Args:
        record: What `forecasts.forecast_record` returned.

    Returns:
        ar, prognosdatum, prognos, actual (children), ratio, horizon (same_year: made in the year it is
        about; year_ahead: made before), tabell; a forecast without a single value or outcome is left out.
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
class Simulation:
    """Draws of what a year may bring.

    Attributes:
        children: Whole children, shape (draws, municipalities asked for).
        kommunkoder: The municipalities, in the columns' order.
        national: The nation's children in each draw.
    """

    children: Counts
    kommunkoder: tuple[str, ...]
    national: Counts

    @property
    def total(self) -> Counts:
        """The children of all municipalities asked for together, per draw."""
        return np.asarray(self.children.sum(axis=1))


def simulate(
    shares: pd.DataFrame, prognos: int, setting: Setting, ratios: Sequence[float], draws: int = 10_000, seed: int = 2018
) -> Simulation:
    """Draw forecast error × attachment × placement, each draw placed by the rule.

    In each draw the nation's children are the forecast times a ratio from the record; each of them comes by
    attachment with the setting's probability, to a municipality drawn by population; the others are placed
    by the rule, with chance deciding among equally low fulfilments.

    Args:
        shares: kommunkod, andelstal (‰).
        prognos: Children in the forecast.
        setting: What the placement rests on.
        ratios: What came ÷ what was forecast, each as likely.
        draws, seed: How many, and from where; the same seed gives the same draws.

    Raises:
        DataError: there are fewer than three ratios, or no draws.
    """
    if draws < 1:
        raise DataError(f"an interval needs draws, found {draws}. Ask for 1 or more.")
    if len(ratios) < FEWEST:
        raise DataError(f"the record holds {len(ratios)} forecasts with an outcome; {FEWEST} are needed to draw from.")
    rng = np.random.default_rng(seed)
    known = shares.set_index("kommunkod")["andelstal"]
    nation = national_shares(known, setting.folkmangd, setting.rest)
    start = start_counts(nation, setting.placed, setting.placed_nation).to_numpy()
    key = attachment_key(nation, setting.folkmangd).to_numpy()
    national = np.rint(prognos * rng.choice(np.asarray(ratios, float), draws)).astype(np.int64)
    parts = [
        _drawn(nation.to_numpy(), start, part, setting.attachment, key / key.sum(), rng, len(known))
        for part in np.split(national, range(CHUNK, draws, CHUNK))
    ]
    return Simulation(np.concatenate(parts), tuple(known.index), national)


def _drawn(
    shares: Counts,
    start: Counts,
    national: Counts,
    attachment: float,
    follows: npt.NDArray[np.float64],
    rng: np.random.Generator,
    wanted: int,
) -> Counts:
    """Draw one part, and keep the first municipalities, those asked for."""
    attached = rng.multinomial(rng.binomial(national, attachment), follows) if attachment else np.zeros_like(start)
    luck = rng.random((len(national), len(start)), dtype=np.float32)
    placed = place(shares, start + attached, national - attached.sum(axis=-1), luck)
    return np.asarray((attached + placed if attachment else placed)[:, :wanted].copy())


def intervals(simulation: Simulation) -> pd.DataFrame:
    """Return P10, P50 and P90 in whole children per municipality.

    Returns:
        kommunkod, low, middle, high: values that were drawn, so that at least that part lies at or below.
    """
    ends = np.quantile(simulation.children, [LOW, MIDDLE, HIGH], axis=0, method="inverted_cdf").astype(np.int64)
    return pd.DataFrame({"kommunkod": simulation.kommunkoder, "low": ends[0], "middle": ends[1], "high": ends[2]})


def total_interval(simulation: Simulation) -> tuple[int, int, int]:
    """Return P10, P50 and P90 of all municipalities' children together.

    Not the sum of their intervals, which is too wide where chance falls on each by itself.
    """
    low, middle, high = np.quantile(simulation.total, [LOW, MIDDLE, HIGH], method="inverted_cdf")
    return int(low), int(middle), int(high)


def chance_above(simulation: Simulation, children: npt.ArrayLike) -> pd.Series:
    """Return the part of the draws (0–1) in which a municipality gets more than a number of children.

    Args:
        children: One number for all, or one per municipality in the draws' order.
    """
    above = simulation.children > np.asarray(children)
    return pd.Series(above.mean(axis=0), index=list(simulation.kommunkoder))


def backtest_forecasts(ratios: pd.DataFrame) -> pd.DataFrame:
    """Return whether the nation's interval would have held the outcome, from what was known at the time.

    Returns:
        The ratios with low and high (children, forecast × P10 and P90 of the earlier years' ratios of the same
        horizon), earlier (how many ratios that is) and covered; NA where earlier is below three.
    """
    rows = []
    for row in ratios.to_dict("records"):
        earlier = ratios_for(ratios, str(row["horizon"]), int(str(row["prognosdatum"])[:4]))["ratio"]
        enough = len(earlier) >= FEWEST
        ends = np.quantile(earlier, [LOW, HIGH], method="inverted_cdf") * row["prognos"] if enough else (pd.NA, pd.NA)
        covered = bool(ends[0] <= row["actual"] <= ends[1]) if enough else pd.NA
        rows.append({**row, "low": ends[0], "high": ends[1], "earlier": len(earlier), "covered": covered})
    kinds = {"low": "Float64", "high": "Float64", "covered": "boolean"}
    return pd.DataFrame(rows, columns=[*ratios.columns, "low", "high", "earlier", "covered"]).astype(kinds)


def backtest_places(
    shares: pd.DataFrame, prognos: int, setting: Setting, ratios: pd.DataFrame, ar: int, draws: int = 10_000
) -> pd.DataFrame:
    """Return whether each municipality's interval would have held its outcome, from what was known that year.

    Args:
        shares: kommunkod, kommun, andelstal (‰), utfall (children); rows without an outcome are left out.
        prognos: The year's forecast, children.
        setting: What the placement rests on; what was placed that year is not used.
        ratios: What `forecast_ratios` returned; only those of years before `ar` are drawn from.

    Returns:
        kommunkod, kommun, low, middle, high, utfall (children), covered. Empty when too little was known.
    """
    earlier = ratios_for(ratios, SAME_YEAR, ar)["ratio"].tolist()
    columns = ["kommunkod", "kommun", "low", "middle", "high", "utfall", "covered"]
    if len(earlier) < FEWEST or shares["utfall"].isna().all():
        return pd.DataFrame(columns=columns)
    clean = replace(setting, placed={}, placed_nation=None)
    drawn = intervals(simulate(shares, prognos, clean, earlier, draws))
    rows = drawn.merge(shares[["kommunkod", "kommun", "utfall"]], on="kommunkod", validate="1:1").dropna()
    covered = rows["utfall"].between(rows["low"], rows["high"])
    return rows.assign(covered=covered)[columns].reset_index(drop=True)
