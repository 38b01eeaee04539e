"""Planning estimate against placement rule: both numbers for each municipality, and why they differ."""

from dataclasses import dataclass, field, replace

import pandas as pd

from helpers.errors import DataError
from helpers.model.allocation import allocate
from helpers.model.exact import exact_difference, exact_product, rounded
from helpers.model.nation import BLOCK, RESTS, Rest, national_shares, start_counts
from helpers.model.placement import place


@dataclass(frozen=True)
class Setting:
    """What a placement rests on beside the shares and the forecast.

    Attributes:
        folkmangd: Inhabitants per kommunkod; sizes the shares that are unknown, and the attachment.
        rest: How municipalities with unknown shares are represented.
        placed: kommunkod → children placed since 1 January 2016, where known.
        placed_nation: The nation's children placed since then; None is a clean start for all not in `placed`.
        attachment: The part (0–1) placed by attachment (anknytning), which follows the population and not
            the rule; they count as placed, and are placed first.

    Raises:
        DataError: attachment is no part between 0 and 1.
    """

    folkmangd: pd.Series
    rest: Rest = "population"
    placed: dict[str, int] = field(default_factory=dict)
    placed_nation: int | None = None
    attachment: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no part."""
        if not 0 <= self.attachment <= 1:
            raise DataError(f"attachment must be a part between 0 and 1, found {self.attachment}. Give 0.1 for 10 %.")


def estimate_and_rule(shares: pd.DataFrame, prognos: int, setting: Setting) -> pd.DataFrame:
    """Return what share × forecast says and what the rule would do, for each municipality.

    Args:
        shares: kommunkod, kommun, andelstal (‰).
        prognos: Children to place in Sweden.
        setting: What else the placement rests on.

    Returns:
        The shares with expected (share × forecast, unrounded), placed (the rule, whole children) and the
        three parts of placed − expected, which add up to it: rounding (every started child is rounded up, so
        small shares gain), catch_up (the rule evens out what was placed before) and attached (children who
        come by attachment instead of the rule). All in children.

    Raises:
        DataError: a share or a count is out of its range.
    """
    known, nation, start = _before(shares, setting)
    clean = _placed(nation, start * 0, prognos, setting, 0.0)
    caught = _placed(nation, start, prognos, setting, 0.0) if start.any() else clean
    placed = _placed(nation, start, prognos, setting, setting.attachment) if setting.attachment else caught
    expected = exact_product(known, prognos)
    columns = {
        "expected": expected,
        "placed": placed[known.index],
        "rounding": exact_difference(clean[known.index], expected).astype(float),
        "catch_up": caught[known.index] - clean[known.index],
        "attached": placed[known.index] - caught[known.index],
    }
    return shares.assign(**{name: values.to_numpy() for name, values in columns.items()})


def _before(shares: pd.DataFrame, setting: Setting) -> tuple[pd.Series, pd.Series, pd.Series]:
    """The known shares (‰), the nation's (hundredths) and the children placed before, by kommunkod."""
    known = shares.set_index("kommunkod")["andelstal"]
    nation = national_shares(known, setting.folkmangd, setting.rest)
    return known, nation, start_counts(nation, setting.placed, setting.placed_nation)


def _placed(nation: pd.Series, start: pd.Series, children: int, setting: Setting, attachment: float) -> pd.Series:
    attached = attached_children(nation, setting.folkmangd, int(rounded(attachment * children, 0)))
    given = place(nation.to_numpy(), (start + attached).to_numpy(), children - int(attached.sum()))
    return attached + given


def attachment_key(nation: pd.Series, folkmangd: pd.Series) -> pd.Series:
    """Return what attachment follows: inhabitants; a rest that is one block has all the others' (A16).

    Raises:
        DataError: the inhabitants of a municipality are unknown.
    """
    people = folkmangd.reindex(nation.index).astype(float)
    if BLOCK in people.index:
        people[BLOCK] = float(folkmangd.sum()) - float(people.sum())
    if people.isna().any():
        unknown = ", ".join(people.index[people.isna()])
        raise DataError(f"the inhabitants of {unknown} are unknown, so attachment has nothing to follow there.")
    return people


def attached_children(nation: pd.Series, folkmangd: pd.Series, children: int) -> pd.Series:
    """Return whole children placed by attachment, in proportion to the population."""
    key = attachment_key(nation, folkmangd)
    return pd.Series(allocate(key.to_numpy(), children, "hamilton"), index=nation.index)


def by_rest(shares: pd.DataFrame, prognos: int, setting: Setting) -> pd.DataFrame:
    """Return the rule's answer under each way to represent the unknown shares, to show how much hangs on it.

    Returns:
        kommunkod, kommun, and whole children in placed_population, placed_equal and placed_block.
    """
    table = shares[["kommunkod", "kommun"]].copy()
    for rest in RESTS:
        known, nation, start = _before(shares, replace(setting, rest=rest))
        placed = _placed(nation, start, prognos, setting, setting.attachment)
        table[f"placed_{rest}"] = placed[known.index].to_numpy()
    return table


def implied_share(children: int, prognos: int) -> float:
    """Return the share in ‰ that a county's children of a national forecast imply.

    Raises:
        DataError: the forecast is not above 0.

    >>> round(implied_share(15, 700), 1)  # Västernorrland 2022, Politikerplattformen 2022-02-23
    21.4
    """
    if prognos <= 0:
        raise DataError(f"a share is a part of a forecast above 0, found {prognos}.")
    return 1000 * children / prognos
