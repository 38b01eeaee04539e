"""Planning estimate against placement rule: share × forecast, and the range that the rule gives
around it.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from helpers.errors import DataError
from helpers.model.allocation import allocate
from helpers.model.exact import exact_difference, exact_product, rounded
from helpers.model.placement import Counts, Whole, follow, least_given, period, place
from helpers.model.shares import BLOCK, RESTS, Rest, national_shares, start_counts

STARTS = (1_500, 6_000)  # children placed before, where not even those who came are known
PARTS = ("rounding", "catch_up", "attached")
FEW_STARTS = 24  # of them, where attachment leaves no closed form


@dataclass(frozen=True)
class Setting:
    """What a placement rests on beside the shares and the forecast.

    Attributes:
        folkmangd: Inhabitants per kommunkod; sizes the shares that are unknown, and the attachment.
        rest: How municipalities with unknown shares are represented.
        least_unknown_share: The least share (‰) of a municipality whose share is unknown.
        placed: kommunkod → children placed since fulfilment began to be counted, where known.
        placed_nation: The nation's children placed since then; None is unknown.
        attachment: The part (0–1) placed by attachment (anknytning), which follows the population
            and not the rule; they count as placed, and are placed first.
        arrived: Children known to have come to Sweden since then and before the year; None is
            unknown.
        arrived_whole: Whether they are known for every such year.

    Raises:
        DataError: attachment is no part between 0 and 1.
    """

    folkmangd: pd.Series
    rest: Rest = "population"
    placed: dict[str, int] = field(default_factory=dict)
    placed_nation: int | None = None
    attachment: float = 0.0
    arrived: int | None = None
    arrived_whole: bool = True
    least_unknown_share: float = field(kw_only=True)

    def __post_init__(self) -> None:
        """Refuse what is no part."""
        if not 0 <= self.attachment <= 1:
            raise DataError(
                f"attachment must be a part between 0 and 1, found {self.attachment}. Give 0.1 for"
                " 10 %."
            )

    @property
    def start_told(self) -> bool:
        """Whether the start is supposed, so that it is one and not a range."""
        return bool(self.placed) or self.placed_nation is not None

    @property
    def starts(self) -> Whole:
        """Every number of the nation's children that may have been placed before: half to twice
        those who came.
        """
        low, high = STARTS if self.arrived is None else (-(-self.arrived // 2), 2 * self.arrived)
        return np.arange(low, high + 1)


@dataclass(frozen=True)
class Given:
    """What the rule can give, over every start asked about.

    Attributes:
        low, high: Fewest and most children, shape (starts, municipalities + 1); the last column is
            all of them together. They differ where municipalities are equally far and chance
            decides.
    """

    low: Counts
    high: Counts

    @property
    def ends(self) -> tuple[Counts, Counts]:
        """The fewest and most over all starts, per column."""
        low, high = self.low.min(axis=0), self.high.max(axis=0)
        return low.astype(np.int64), high.astype(np.int64)

    @property
    def start_decides(self) -> npt.NDArray[np.bool_]:
        """Whether some start surely gives another number than some other start, per column."""
        return np.asarray(self.high.min(axis=0) < self.low.max(axis=0))


class Rule:
    """The placement rule for one county, ready to be asked what it gives of many national totals.

    Args:
        shares: kommunkod, andelstal (‰): those asked about, and known.
        setting: What else the placement rests on.
        most: The most national children that will be asked about.

    Raises:
        DataError: a share or a count is out of its range, or earlier placements are told for some
            and neither told nor known for the nation.
    """

    def __init__(self, shares: pd.DataFrame, setting: Setting, most: int) -> None:
        self.setting, self.kommunkoder, self.wanted = (
            setting,
            tuple(shares["kommunkod"]),
            len(shares),
        )
        known = shares.set_index("kommunkod")["andelstal"]
        self.nation = national_shares(
            known, setting.folkmangd, setting.rest, setting.least_unknown_share
        )
        self._hundredths = self.nation.to_numpy()
        self.start = self._told_start() if setting.start_told else None
        last = int(setting.starts[-1]) + most
        self._course = follow(self._hundredths, self.wanted, last) if self.start is None else None

    def _told_start(self) -> pd.Series:
        nation = self.setting.placed_nation
        nation = self.setting.arrived if nation is None else nation
        if nation is None:
            raise DataError(
                "earlier placements are told for some municipalities, but not how many Sweden"
                " placed."
            )
        return start_counts(self.nation, self.setting.placed, nation)

    def attached(self, children: int) -> pd.Series:
        """Return the children who come by attachment, of so many in the nation."""
        return attached_children(
            self.nation, self.setting.folkmangd, int(rounded(self.setting.attachment * children, 0))
        )

    def given(self, children: int) -> Given:
        """Return what the rule can give of so many national children, over every start.

        Raises:
            DataError: the children are fewer than 0.
        """
        if children < 0:
            raise DataError(f"{children} children cannot be placed; a forecast is 0 or more.")
        attached = (
            self.attached(children).to_numpy()
            if self.setting.attachment
            else np.zeros_like(self._hundredths)
        )
        if self._course is None or self.start is not None:
            return self._from_told(children, attached)
        if not self.setting.attachment:
            return Given(*self._course.between(self.setting.starts, children))
        closed = np.where(self._hundredths == 0, attached, 0)
        if self._follows(children, attached, closed):
            low, high = self._course.between(self.setting.starts, children - int(closed.sum()))
            own = closed[: self.wanted]
            return Given(low + np.append(own, own.sum()), high + np.append(own, own.sum()))
        return self._few(children, attached)

    def since_counted(self, children: int) -> Given | None:
        """Return what the rule gives if those who came since fulfilment is counted were all placed
        by it; None where not known.
        """
        known = self.setting.arrived is not None and self.setting.arrived_whole
        if self._course is None or not known or self.setting.attachment:
            return None
        return Given(*self._course.between(np.array([self.setting.arrived]), children))

    def _follows(self, children: int, attached: Whole, closed: Whole) -> bool:
        """Whether nobody gets more by attachment than its part, so that all end with what the rule
        gives.
        """
        left, before = children - int(closed.sum()), int(self.setting.starts[-1])
        if left + before >= period(self._hundredths):
            return False
        return least_given(self._hundredths, left, before, attached - closed)

    def _few(self, children: int, attached: Whole) -> Given:
        every = self.setting.starts
        starts = every[np.linspace(0, len(every) - 1, min(FEW_STARTS, len(every))).astype(int)]
        before = place(
            self._hundredths, np.zeros_like(self._hundredths), np.asarray(starts, dtype=np.int64)
        )
        left = np.full(len(starts), children - int(attached.sum()))
        own = (attached + place(self._hundredths, before + attached, left))[:, : self.wanted]
        given = np.column_stack([own, own.sum(axis=1)])
        return Given(given, given)

    def _from_told(self, children: int, attached: Whole) -> Given:
        """From the one start that is supposed; each municipality, and all together, first and last
        among equals.
        """
        assert self.start is not None
        first = np.vstack(
            [
                np.eye(self.wanted, len(self._hundredths)),
                np.arange(len(self._hundredths)) < self.wanted,
            ]
        )
        ties = np.vstack([first, 1 - first]) / 2
        left = np.full(len(ties), children - int(attached.sum()))
        start = np.broadcast_to(self.start.to_numpy() + attached, ties.shape)
        rows = (attached + place(self._hundredths, start, left, 0.5 - ties))[:, : self.wanted]
        every = np.column_stack([rows, rows.sum(axis=1)])
        last = self.wanted + 1
        ends = np.diag(every[:last]), np.diag(every[last:])
        return Given(np.minimum(*ends)[None], np.maximum(*ends)[None])


@dataclass(frozen=True)
class Placed:
    """What the rule gives a county of one forecast.

    Attributes:
        table: kommunkod and whole children: placed_low, placed_high (over every start), since_low,
            since_high (from when fulfilment is counted, with those who came; NA where not known or
            the start is supposed); start_decides (whether the start alone can change the number).
        total: The county's own fewest and most, no sum of the municipalities'.
        start_decides: The same for the county.
        since: The county's with those who came since fulfilment is counted, or None.
        each: The county's fewest and most from each start.
    """

    table: pd.DataFrame
    total: tuple[int, int]
    start_decides: bool
    since: tuple[int, int] | None
    each: tuple[Counts, Counts]

    def starts_within(self, low: int, high: int) -> int:
        """Return from how many starts the county's number surely lies between two ends."""
        return int(((self.each[0] >= low) & (self.each[1] <= high)).sum())


def placed_by(rule: Rule, prognos: int) -> Placed:
    """Return what the rule gives each municipality, and the county, of one national forecast
    (children).
    """
    given, since = rule.given(prognos), rule.since_counted(prognos)
    (low, high), decides = given.ends, given.start_decides
    table = pd.DataFrame(
        {"kommunkod": rule.kommunkoder, "placed_low": low[:-1], "placed_high": high[:-1]}
    )
    table["start_decides"] = decides[:-1]
    ends = (None, None) if since is None else since.ends
    for name, end in zip(("since_low", "since_high"), ends, strict=True):
        table[name] = pd.array(
            [pd.NA] * len(table) if end is None else end[:-1].tolist(), dtype="Int64"
        )
    both = None if since is None else (int(since.ends[0][-1]), int(since.ends[1][-1]))
    each = given.low[:, -1], given.high[:, -1]
    return Placed(table, (int(low[-1]), int(high[-1])), bool(decides[-1]), both, each)


def parts_of_difference(shares: pd.DataFrame, prognos: int, rule: Rule) -> pd.DataFrame:
    """Return why the rule departs from share × forecast, where the start is supposed.

    Returns:
        kommunkod, placed (the rule's, whole children) and the three parts of placed − share ×
        forecast, which add up to it: rounding (whole children, if everyone had been equally far),
        catch_up (the rule evens out what was placed before) and attached (who come by attachment
        instead); all NA where no start is supposed.
    """
    if rule.start is None:
        unknown = pd.array([pd.NA] * len(shares), dtype="Float64")
        return pd.DataFrame(
            {"kommunkod": shares["kommunkod"], **dict.fromkeys(("placed", *PARTS), unknown)}
        )
    hundredths, nothing = rule.nation.to_numpy(), np.zeros(len(rule.nation), dtype=np.int64)
    before = int(rule.start.sum())
    even = np.diff(place(hundredths, nothing, [before, before + prognos]), axis=0)[0]
    caught = place(hundredths, rule.start.to_numpy(), prognos)
    attached = rule.attached(prognos).to_numpy() if rule.setting.attachment else nothing
    left = prognos - int(attached.sum())
    placed = attached + place(hundredths, rule.start.to_numpy() + attached, left)
    expected = exact_product(shares["andelstal"], prognos)
    rounding = exact_difference(
        pd.Series(even[: len(shares)], index=expected.index), expected
    ).to_numpy()
    parts = (rounding, (caught - even)[: len(shares)], (placed - caught)[: len(shares)])
    columns = dict(zip(("placed", *PARTS), (placed[: len(shares)], *parts), strict=True))
    return pd.DataFrame({"kommunkod": shares["kommunkod"].to_numpy(), **columns})


def attachment_key(nation: pd.Series, folkmangd: pd.Series) -> pd.Series:
    """Return the inhabitants that attachment follows, one number for each of the nation's shares.

    A rest that is one block has all the others' (A16).

    Raises:
        DataError: the inhabitants of a municipality are unknown.
    """
    people = folkmangd.reindex(nation.index).astype(float)
    if BLOCK in people.index:
        people[BLOCK] = float(folkmangd.sum()) - float(people.sum())
    if people.isna().any():
        unknown = ", ".join(people.index[people.isna()])
        raise DataError(
            f"the inhabitants of {unknown} are unknown, so attachment has nothing to follow there."
        )
    return people


def attached_children(nation: pd.Series, folkmangd: pd.Series, children: int) -> pd.Series:
    """Return whole children placed by attachment, in proportion to the population."""
    key = attachment_key(nation, folkmangd)
    return pd.Series(allocate(key.to_numpy(), children, "hamilton"), index=nation.index)


def by_rest(shares: pd.DataFrame, prognos: int, setting: Setting) -> pd.DataFrame:
    """Return the rule's range under each way to represent the unknown shares, to show how much
    depends on it.

    Returns:
        kommunkod ("" for all together), and whole children in placed_population_low,
        placed_population_high and the same for equal and block.
    """
    table = pd.DataFrame({"kommunkod": [*shares["kommunkod"], ""]})
    for rest in RESTS:
        ends = Rule(shares, replace(setting, rest=rest), prognos).given(prognos).ends
        table[f"placed_{rest}_low"], table[f"placed_{rest}_high"] = ends
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
