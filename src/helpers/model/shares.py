"""Turn andelstal and a national forecast into expected children; the nation's shares where one
county's are known.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import DataError
from helpers.model.allocation import allocate
from helpers.model.exact import exact_product, exact_sum, rounded
from helpers.model.placement import Whole, hundredths, place

KEYS = ["kommunkod", "kommun"]
ESTIMATED = "estimated"  # the column that is true where a share is estimated and not published


def expected_children(andelstal: pd.Series, prognos: int) -> pd.Series:
    """Return the children each municipality can expect under one national forecast.

    Args:
        andelstal: Share of all placements in Sweden, in per mille (‰), one row per municipality.
            0 is legal where the share may be handed to a neighbour.
        prognos: Children Sweden expects in the year: 1500, never 1.5.

    Returns:
        Children, same index: the exact products, each as the nearest float.

    Raises:
        DataError: an andelstal is missing, negative or above 1000 ‰.

    Source: Migrationsverket's placement model (the share "uttrycks i ett promilletal").

    >>> expected_children(pd.Series({"2480": 11.97}), prognos=1500).to_dict()
    {'2480': 17.955}
    """
    valid = andelstal.between(0, 1000).fillna(False).astype(bool)
    if not valid.all():
        raise DataError(
            f"andelstal must be 0–1000 ‰, found {andelstal[~valid].to_dict()}. "
            "Is it a percentage (multiply by 10) or an empty cell in the source?"
        )
    return exact_product(andelstal, prognos).rename("expected")


def published_range(children: float) -> tuple[int, int]:
    """Return the whole-person interval (low, high) that the county would print.

    Rounded half up to one decimal; a fraction below a half gives the floor alone, otherwise
    "low–high". Inferred from the 30 printed cells, since the county states no rule (A2).

    >>> published_range(1.5), published_range(2.3), published_range(17.955)
    ((1, 2), (2, 2), (18, 18))
    """
    tenths = rounded(children, 1)
    low = int(tenths)
    return (low, low + 1) if tenths - low >= Decimal("0.5") else (low, low)


def with_expected(shares: pd.DataFrame, prognos: int) -> pd.DataFrame:
    """Return a share table with expected (children) and expected_low/high (whole children)."""
    expected = expected_children(shares["andelstal"], prognos)
    ends = [published_range(children) for children in expected]
    return shares.assign(
        prognos=prognos,
        expected=expected,
        expected_low=pd.array([low for low, _ in ends], dtype="Int64"),
        expected_high=pd.array([high for _, high in ends], dtype="Int64"),
    )


def shares_in_use(
    andelstal: pd.DataFrame, kommuner: pd.DataFrame, kommunkoder: Sequence[str], ar: int
) -> pd.DataFrame:
    """Return the latest share known for each municipality in or before a year.

    Args:
        andelstal: kommunkod, ar, andelstal (‰), utfall (children).
        kommuner: kommunkod, kommun.
        kommunkoder: The municipalities asked for.
        ar: The year to plan for.

    Returns:
        kommunkod, kommun, andelstal, utfall, utfall_preliminart (when a part-year outcome was read,
        NA for a whole year's), andelstal_ar, tabell; in source order. Empty when no share is known.
        The outcome is kept only when it belongs to the year asked for, else unknown.
    """
    asked = andelstal[andelstal["kommunkod"].isin(kommunkoder) & (andelstal["ar"] <= ar)]
    latest = (
        asked
        if asked.empty
        else asked[asked["ar"] == asked.groupby("kommunkod")["ar"].transform("max")]
    )
    named = latest.merge(kommuner[KEYS], on="kommunkod", how="left", validate="m:1")
    own_year = {
        name: named[name].where(named["ar"] == ar) for name in ("utfall", "utfall_preliminart")
    }
    named = named.assign(**own_year).rename(columns={"ar": "andelstal_ar"})
    return named[[*KEYS, "andelstal", *own_year, "andelstal_ar", "tabell"]]


def compare_scenarios(shares: pd.DataFrame, prognoser: Sequence[int]) -> pd.DataFrame:
    """Return expected children for every municipality under every forecast, in long form.

    Returns:
        kommunkod, kommun, andelstal, prognos, expected, expected_low, expected_high, and the
        shares' tabell and estimated where they have them; forecasts in the order given, doubled
        ones once. Empty when no share is known.
    """
    columns = [*KEYS, "andelstal", "prognos", "expected", "expected_low", "expected_high"]
    columns += [name for name in ("tabell", ESTIMATED) if name in shares]
    parts = [with_expected(shares, prognos)[columns] for prognos in dict.fromkeys(prognoser)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def scenario_totals(scenarios: pd.DataFrame) -> pd.DataFrame:
    """Return one row per forecast: the sums of andelstal (‰), expected, expected_low and
    expected_high.

    The interval of a sum is the sum of the municipalities' printed intervals, as the county adds
    them; the unrounded sum may lie outside it (A3).
    """
    rows = scenarios.groupby("prognos", sort=False)
    exact = rows[["andelstal", "expected"]].agg(exact_sum)
    return exact.join(rows[["expected_low", "expected_high"]].sum()).reset_index()


Rest = Literal["population", "equal", "block"]
RESTS: tuple[Rest, ...] = ("population", "equal", "block")
WHOLE, BLOCK = 100_000, "rest"  # 1000 ‰ in hundredths; the code of a rest that is one block


def national_shares(known: pd.Series, folkmangd: pd.Series, rest: Rest, least: float) -> pd.Series:
    """Return shares for the whole nation, in hundredths of a per mille, that sum to 1000 ‰.

    population: every municipality whose share is unknown has the least share, and the rest in
        proportion to its people.
    equal: they all have the same share, as they have under "population" where the least share for
        each is more than is left.
    block: they are one municipality, with the code "rest".

    Args:
        known: Shares in ‰, indexed by kommunkod.
        folkmangd: Inhabitants of all municipalities, indexed by kommunkod.
        rest: How the others are represented.
        least: The least share (‰) of each of the others.

    Returns:
        Hundredths (int64) indexed by kommunkod, the known ones first and in their order.

    Raises:
        DataError: the known shares sum to more than 1000 ‰, or too little is left for the others.

    >>> people = pd.Series({"2480": 128000, "2482": 72000, "0114": 46000, "0180": 960000})
    >>> national_shares(pd.Series({"2480": 11.97, "2482": 5.99}), people, "block", 1).to_dict()
    {'2480': 1197, '2482': 599, 'rest': 98204}
    """
    own = hundredths(known.to_numpy(float))
    unknown = ~folkmangd.index.isin(known.index)
    people, left = folkmangd.astype(float).to_numpy()[unknown], WHOLE - int(own.sum())
    if left < 0 or (left > 0 and not len(people)):
        raise DataError(
            f"the known shares sum to {own.sum() / 100} ‰ and leave {left / 100} ‰ to {len(people)}"
            " other municipalities; a nation's shares sum to 1000 ‰. Check the shares."
        )
    if rest == "block":
        names, others = pd.Index([BLOCK] * bool(left), dtype=known.index.dtype), [left] * bool(left)
    else:
        names, others = folkmangd.index[unknown], _divided(people, left, rest, least).tolist()
    return pd.Series([*own.tolist(), *others], index=known.index.append(names), dtype="int64")


def _divided(people: npt.NDArray[Any], left: int, rest: Rest, least: float) -> Whole:
    each = int(hundredths([least])[0])
    if rest == "equal" or left < each * len(people):
        return allocate(np.ones(len(people)), left, "hamilton")
    return each + allocate(people, left - each * len(people), "hamilton")


def start_counts(shares: pd.Series, placed: Mapping[str, int], nation: int | None) -> pd.Series:
    """Return the children placed before, per municipality of the nation.

    Args:
        shares: What `national_shares` returned.
        placed: kommunkod → children placed before, where known; unknown municipalities are not 0
            but given their part of the nation's remainder by the placement rule itself. A
            municipality without a share of its own counts in the block.
        nation: All children placed before; None lets everyone begin from 0 but those known.

    Raises:
        DataError: a municipality is not among the shares, or the nation placed fewer children than
            are known or more than there is anyone left to have placed.
    """
    start = pd.Series(0, index=shares.index, dtype="int64")
    for kommunkod, children in placed.items():
        code = kommunkod if kommunkod in start.index else BLOCK
        if code not in start.index:
            raise DataError(
                f"{kommunkod} is said to have placed {children} children, but has no share. Check"
                " the code."
            )
        start[code] += children
    left = 0 if nation is None else nation - int(start.sum())
    rest = shares.to_numpy() * ~shares.index.isin(list(placed))
    if left < 0 or (left and not rest.any()):
        raise DataError(
            f"{start.sum()} placed children are known, but the nation is said to have placed"
            f" {nation}."
        )
    return start + place(rest, np.zeros_like(rest), left)
