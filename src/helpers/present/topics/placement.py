"""What the placement rule can give: the range around the estimate, per municipality, and what
decides it.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.model.exact import exact_sum
from helpers.model.scenario import Result
from helpers.model.shares import ESTIMATED
from helpers.present.figures.placement import draw_placement, size_placement
from helpers.present.figures.rows import by_size
from helpers.present.views import (
    ASYL,
    CAME,
    Column,
    Fact,
    Figure,
    Place,
    Statement,
    Table,
    Value,
    View,
    gap,
    used_in,
)

Sources = tuple[str, ...]
CAN_GIVE = ". Placeringsregeln kan ge {placed:barn}"
WHOLE_ONLY = ". Placeringsregeln kan bara ge hela barn, alltså {placed}"
GIVES = ". Placeringsregeln ger {placed:barn}"
FROM_SUPPOSED = ". Med den start som scenariot antar ger placeringsregeln {placed:barn}"
START_DECIDES = (
    ", beroende på hur långt kommunerna hade kommit när året började. Det är inte publicerat"
)
ANY_START = ", hur långt kommunerna än hade kommit när året började"
OWN = "Länets tal är räknade på länet som helhet och är inte summan av kommunernas."
EXTREMES = "Lägst och högst är ytterligheterna av kända prognosfel, inte av allt som kan hända."


def own_rows(place: Place, result: Result) -> pd.DataFrame:
    """Return the rows of a result's table that are the place's own: a county's all, a
    municipality's one.
    """
    return result.rows_of(place.kommunkoder)


def highlighted(place: Place) -> str | None:
    """Return the code of a municipality that is shown among its neighbours; None for a county."""
    return place.kod if place.kind == "kommun" else None


def answer_views(place: Place, result: Result | None, sources: Sources) -> tuple[View, ...]:
    """Return the answer in one sentence, and what it consists of; one gap where nothing can be
    placed.

    Args:
        place: A county, or a municipality of it.
        result: What a scenario gives (children, shares in ‰); None where there is nothing to place
            by.
        sources: The published tables it rests on.
    """
    if result is None or own_rows(place, result).empty:
        text = (
            "Utan kända andelstal och en prognos går det inte att räkna ut vad placeringsregeln"
            " skulle ge {plats}."
        )
        return (gap("placering", text, plats=place.namn),)
    told = (*since_views(place, result, sources), *_parts(place, result, sources))
    return (answer(place, result, sources), *told, *_only_known(place, result))


@dataclass(frozen=True)
class Own:
    """A place's own numbers (children): the estimate, what the rule can give, and with those
    who came since fulfilment is counted.
    """

    expected: float
    low: int
    high: int
    start_decides: bool
    since: tuple[int, int] | None

    @property
    def only_whole(self) -> bool:
        """Whether the range is just the two whole numbers around the estimate, so that whole
        children explain it.
        """
        return (self.low, self.high) == (
            np.floor(self.expected),
            np.ceil(self.expected),
        ) and self.low < self.high


def own(place: Place, result: Result) -> Own:
    """Return the place's own numbers: a county's are those of the county as a whole."""
    rows = own_rows(place, result)
    expected = exact_sum(rows["expected"])
    if place.kind == "lan":
        return Own(expected, *result.placed, result.start_decides, result.since)
    row = rows.iloc[0]
    since = None if pd.isna(row["since_low"]) else (int(row["since_low"]), int(row["since_high"]))
    low, high = int(row["placed_low"]), int(row["placed_high"])
    return Own(expected, low, high, bool(row["start_decides"]), since)


def answer(place: Place, result: Result, sources: Sources) -> Statement:
    """Return in one sentence what the share gives and what the rule can give, with a reason only
    where it holds.
    """
    numbers = own(place, result)
    if not own_rows(place, result)["andelstal"].any() and not numbers.high:
        text = (
            "{plats} har andelstalet noll och skulle inte få något barn, vare sig enligt"
            " andelstalet eller regeln."
        )
        return Statement("svar_placering", text, {"plats": place.namn})
    text = "{plats} kan vänta {expected:barn} enligt andelstalet vid prognosen {prognos}"
    text += _rule_says(numbers, result)
    values = _values(place, result, sources)
    return Statement("svar_placering", text + ".", used_in(text, values))


def _rule_says(numbers: Own, result: Result) -> str:
    """What the rule gives, and why it is a range or none: each reason is given only where it was
    computed to hold.
    """
    if result.starts is None:
        return FROM_SUPPOSED
    if numbers.low == numbers.high:
        return GIVES + (ANY_START if result.starts[0] < result.starts[1] else "")
    says = WHOLE_ONLY if numbers.only_whole else CAN_GIVE
    return says + (START_DECIDES if numbers.start_decides else "")


def _values(place: Place, result: Result, sources: Sources) -> dict[str, Value]:
    numbers = own(place, result)
    return {
        "plats": place.namn,
        "expected": Fact(numbers.expected, "barn", sources, decimals=1),
        "placed": Fact(numbers.low, "barn", sources, high=numbers.high),
        "prognos": Fact(result.scenario.prognos, "barn"),
    }


def since_views(place: Place, result: Result, sources: Sources) -> tuple[View, ...]:
    """Return what the rule gives if those who came since fulfilment is counted were all placed by
    it; nothing where not known.
    """
    numbers, arrived = own(place, result), result.scenario.arrived
    if numbers.since is None or not numbers.high or not arrived:
        return ()
    low, high = numbers.since
    values: dict[str, Value] = {
        "arrived": Fact(arrived, "barn", (ASYL,), measure=CAME),
        "fran": str(result.scenario.rules.counted_from),
        "before": str(result.scenario.ar - 1),
        "since": Fact(low, "barn", tuple(dict.fromkeys((*sources, ASYL))), high=high),
    }
    text = (
        "Om de {arrived:ensamkommande barn} som kom från {fran} till och med {before} alla hade"
        " placerats enligt regeln, med samma andelstal, ger regeln {since:barn}."
    )
    return (Statement("placering_sedan_2016", text, values),)


def _parts(place: Place, result: Result, sources: Sources) -> tuple[View, ...]:
    """Where a scenario supposes the start: what the rule's departure from the share consists of."""
    rows = own_rows(place, result)
    if result.starts is not None or not rows[["catch_up", "attached"]].any(axis=None):
        return ()
    text = (
        "Regeln ger {placed:barn} från den starten. Av skillnaden mot andelstalet kommer {rounding}"
        " av att barn är hela, {catch_up} av att regeln jämnar ut det som placerats tidigare och"
        " {attached} av anknytning."
    )
    values: dict[str, Value] = {"placed": Fact(int(rows["placed"].sum()), "barn", sources)}
    for name in ("rounding", "catch_up", "attached"):
        values[name] = Fact(exact_sum(rows[name]), "barn", sources, decimals=1, sign=True)
    return (Statement("placering_delar", text, values),)


def _only_known(place: Place, result: Result) -> tuple[View, ...]:
    """Where some of a county's shares are unknown: of how many the sum is."""
    known, every = len(own_rows(place, result)), len(place.kommunkoder)
    if known == every:
        return ()
    text = "Summan gäller bara kända eller antagna andelstal: {known} av länets {all:kommuner}."
    return (
        Statement(
            "placering_kanda",
            text,
            {"known": Fact(known, "kommuner"), "all": Fact(every, "kommuner")},
        ),
    )


def figure_views(
    place: Place, result: Result | None, sources: Sources, scenario: str = ""
) -> tuple[View, ...]:
    """Return the figure with all numbers per municipality; nothing where nothing can be placed.

    Args:
        place: A county, or a municipality that is brought out among the county's.
        result: What a scenario gives (children, shares in ‰).
        sources: The published tables it rests on.
        scenario: The scenario's name; "" where the year's own forecast is used.
    """
    if result is None or own_rows(place, result).empty:
        return ()
    shown, mark = by_size(result.table, "expected"), highlighted(place)
    drawn = result.cases is not None
    named: dict[str, Value] = {
        **_values(place, result, sources),
        "lan": place.lan,
        "ar": str(result.scenario.ar),
    }
    named |= {"scenario": scenario} if scenario else {}
    caption = "Förväntat enligt andelstalet och enligt placeringsregeln, per kommun, {lan} {ar}"
    alt = (
        "Diagram med en rad per kommun i {lan}: det förväntade antalet som en stapel och det som"
        " placeringsregeln kan ge som ett streck mellan två romber. {plats}: {expected} förväntade,"
        " {placed} enligt regeln."
    )
    figure = Figure(
        "placering_figur",
        f"Scenario {{scenario}}: {caption[0].lower()}{caption[1:]}." if scenario else f"{caption}.",
        alt,
        lambda ax, language: draw_placement(shown, ax, language, mark),
        size_placement(shown),
        _table(place, result, sources, named),
        named,
        reading=_reading(drawn),
    )
    return (figure,)


def _reading(drawn: bool) -> str:
    text = (
        "Stapeln är planeringstalet i hela barn, romberna det lägsta och det högsta som"
        " placeringsregeln kan ge."
    )
    if not drawn:
        return text
    return (
        text
        + " Strecket under går från lägst till högst om prognosen slår lika fel som tidigare, med"
        " minst hälften av fallen mellan tvärstrecken. Skalan ger små tal mer plats, så att små"
        " kommuner går att läsa."
    )


def _table(place: Place, result: Result, sources: Sources, values: dict[str, Value]) -> Table:
    """All numbers per municipality; the foot sums the shares' and has the county's own of the
    others.
    """
    frame = by_size(result.table, "expected")
    supposed = bool(frame.get("supposed", pd.Series(dtype=bool)).any())
    published = not supposed and not frame["change"].any()
    columns = [
        Column("kommun", "Kommun"),
        Column("andelstal", "Andelstal", "‰", 2, published=published, sources=_share_tables(frame)),
        Column("expected", "Förväntat", "barn", 1),
        Column("expected_low", "Intervall", "hela barn", high="expected_high"),
        Column("placed_low", "Regeln kan ge", "barn", high="placed_high"),
    ]
    if supposed:
        words = frame["supposed"].map({True: "antaget", False: "känt"})
        words = words.mask(frame.get(ESTIMATED, frame["supposed"] & False), "uppskattat")
        frame = frame.assign(standing=words)
        columns.insert(2, Column("standing", "Andelstalet är"))
    if result.since is not None:
        fran = str(result.scenario.rules.counted_from)
        columns.append(
            Column(
                "since_low", "Räknat från {fran}", "barn", high="since_high", values={"fran": fran}
            )
        )
    if result.total is not None:
        columns += [
            Column("low", "Lägst–högst vid kända prognosfel", "barn", high="high"),
            Column("half_low", "Minst hälften av fallen", "barn", high="half_high"),
        ]
    caption = "Förväntat, enligt placeringsregeln och vid kända prognosfel per kommun, {lan} {ar}"
    shown = {name: values[name] for name in ("lan", "ar")}
    total, notes = _total(frame, result), [OWN] * (len(frame) > 1) + [EXTREMES]
    return Table(
        *("placering", caption, frame, columns, sources, shown, ("kommunkod",), total),
        note="\n".join(notes),
    )


def _share_tables(frame: pd.DataFrame) -> Sources:
    return (
        tuple(table for table in dict.fromkeys(frame["tabell"]) if table)
        if "tabell" in frame
        else ()
    )


def _total(frame: pd.DataFrame, result: Result) -> dict[str, object]:
    names = ("andelstal", "expected", "expected_low", "expected_high")
    total: dict[str, object] = {
        "kommun": "Länet",
        **{name: exact_sum(frame[name]) for name in names},
    }
    total |= dict(zip(("placed_low", "placed_high"), result.placed, strict=True))
    if result.since is not None:
        total |= dict(zip(("since_low", "since_high"), result.since, strict=True))
    return total | (result.total._asdict() if result.total else {})
