"""The tidy tables that several published tables are joined into."""

from collections.abc import Callable, Collection, Mapping

import pandas as pd

from helpers.sources import Catalogue
from helpers.tables import tidy

Frames = dict[str, pd.DataFrame]
Joined = tuple[Frames, pd.DataFrame]  # parts by name, and what is told twice of a figure
OF_KIND = {  # which parts each kind of published tables goes into
    "kommunmottagna": ("mottagna",),
    "kommunmottagna_manad": ("manader",),
    "kommunmottagna_manad_summor": ("manader_summor",),
    "kommuntal": ("kommuntal", "kommuntal_ersatta"),
    "lanstal": ("lanstal",),
    "folkmangd": ("folkmangd",),
    "prognoser": ("prognoser",),
    "andelstal": ("andelstal", "andelstal_summor"),
}
TWICE = ("kommunmottagna", "kommuntal", "lanstal", "folkmangd", "prognoser")


def stacked(
    checked: Mapping[str, pd.DataFrame],
    catalogue: Catalogue,
    kept: Mapping[str, pd.DataFrame] | None = None,
    kinds: Collection[str] = (),
) -> Frames:
    """Return the parts that are made of all published tables of a kind, by name.

    Args:
        checked: Every table as published and checked, by id.
        catalogue: Their entries.
        kept: The parts of the same tables but for those of some kinds; what is made of other
            kinds alone is taken from there.
        kinds: Those kinds.

    Raises:
        DataError: two tables of equal rank hold the same figure, or an entry lacks a field.
    """
    entries = {name: catalogue[name] for name in checked}
    rank = {name: entry.precedence for name, entry in entries.items()}
    anew = set(OF_KIND) if kept is None else set(kinds)
    anew |= {"kommuntal"} if "lanstal" in anew else set()  # some of it follows from there
    parts: Frames = {} if kept is None else {name: kept[name] for name in _names()}
    overlaps: Frames = {}
    for kind in (kind for kind in OF_KIND if kind in anew):
        frames = {name: own for name, own in checked.items() if entries[name].kind == kind}
        found, twice = _MADE[kind](frames, checked["kommuner"], catalogue, rank)
        parts |= found
        overlaps[kind] = twice
    if "kommuntal" in anew:
        parts["kommuntal"] = tidy.with_derived_kommuntal(
            parts["kommuntal"], parts["lanstal"], checked["kommuner"]
        )
    if kept is not None:
        kind_of = {name: entry.kind for name, entry in entries.items()}
        overlaps |= _twice_before(kept["overlaps"], kind_of, anew)
    return parts | {"overlaps": tidy.told_twice(*(overlaps[kind] for kind in TWICE))}


def _names() -> list[str]:
    return list(dict.fromkeys(name for names in OF_KIND.values() for name in names))


def _twice_before(
    overlaps: pd.DataFrame, kind_of: Mapping[str, str], anew: Collection[str]
) -> Frames:
    """The overlaps of the kinds that are not looked at anew."""
    kinds = overlaps["winner"].map(kind_of)
    return {kind: overlaps[kinds == kind] for kind in TWICE if kind not in anew}


def _stacked_by(part: str, key: list[str], value: str) -> "Make":
    def make(frames: Frames, _: pd.DataFrame, __: Catalogue, rank: dict[str, int]) -> Joined:
        found, twice = tidy.stack(frames, key, rank, value)
        return {part: found}, twice

    return make


def _quotas(frames: Frames, _: pd.DataFrame, __: Catalogue, rank: dict[str, int]) -> Joined:
    decisions, twice = tidy.stack(frames, tidy.DECISION, rank, "kommuntal")
    kommuntal, replaced = tidy.in_force(decisions)
    return {"kommuntal": kommuntal, "kommuntal_ersatta": replaced}, twice


def _counties(frames: Frames, _: pd.DataFrame, __: Catalogue, rank: dict[str, int]) -> Joined:
    lanstal, twice = tidy.stack(frames, ["lanskod", "ar", "beslut"], rank, "lanstal")
    return {"lanstal": lanstal.assign(harledd=lanstal["harledd"].notna())}, twice


def _forecasts(frames: Frames, _: pd.DataFrame, __: Catalogue, rank: dict[str, int]) -> Joined:
    prognoser, twice = tidy.stack_forecasts(frames, rank)
    return {"prognoser": prognoser}, twice


def _months_by(part: str, unit: str) -> "Make":
    def make(frames: Frames, _: pd.DataFrame, __: Catalogue, rank: dict[str, int]) -> Joined:
        return {part: _months(frames, unit, rank)}, pd.DataFrame()

    return make


def _months(frames: dict[str, pd.DataFrame], unit: str, rank: dict[str, int]) -> pd.DataFrame:
    """All month tables of a kind as one; a hidden cell is told, so nothing that is blank displaces
    it.
    """
    if not frames:
        from helpers.tables.schemas import empty

        return empty(
            "kommunmottagna_manad" if unit == "kommunkod" else "kommunmottagna_manad_summor"
        )
    told = {name: frame.assign(told=_told(frame)) for name, frame in frames.items()}
    return tidy.stack(told, [unit, "ar", "manad"], rank, "told")[0].drop(columns="told")


def _told(frame: pd.DataFrame) -> pd.Series:
    """True where a number or a statement of secrecy stands, NA where nothing does."""
    said = frame[frame.columns.intersection(["antal", "sekretess"])].notna().any(axis=1)
    return said.astype("boolean").where(said)


def _shares(
    printed: Frames, kommuner: pd.DataFrame, catalogue: Catalogue, rank: dict[str, int]
) -> Joined:
    """Every county's share table split in its rows, and all printed sum rows."""
    split = {
        name: tidy.split_andelstal(frame, kommuner, catalogue[name])
        for name, frame in printed.items()
    }
    rows = {name: own.drop(columns="tabell") for name, (own, _) in split.items()}
    sums = pd.concat([summa for _, summa in split.values()], ignore_index=True)
    andelstal, _ = tidy.stack(rows, ["kommunkod", "ar"], rank, "andelstal")
    return {"andelstal": andelstal, "andelstal_summor": sums}, pd.DataFrame()


Make = Callable[[Frames, pd.DataFrame, Catalogue, dict[str, int]], Joined]
_MADE: dict[str, Make] = {
    "kommunmottagna": _stacked_by("mottagna", ["kommunkod", "ar", "kategori"], "antal"),
    "kommunmottagna_manad": _months_by("manader", "kommunkod"),
    "kommunmottagna_manad_summor": _months_by("manader_summor", "lanskod"),
    "kommuntal": _quotas,
    "lanstal": _counties,
    "folkmangd": _stacked_by("folkmangd", ["kommunkod", "ar"], "folkmangd"),
    "prognoser": _forecasts,
    "andelstal": _shares,
}
