"""What the placement rule would do: the answer in one sentence, municipality by municipality, and how it is reached."""

import pandas as pd

from helpers.model.exact import exact_difference, exact_sum, rounded
from helpers.model.scenario import Result
from helpers.present.figures import placement as drawing
from helpers.present.language import placeholders
from helpers.present.precision import NO_PERSONS
from helpers.present.views import Column, Fact, Figure, Place, Statement, Table, Value, View, gap

Sources = tuple[str, ...]
SAYS_MORE = ", men placeringsregeln skulle ge {placed}: {distance} fler"
SAYS_FEWER = ", men placeringsregeln skulle ge {placed}: {distance} färre"
WHY_MORE = ", eftersom varje påbörjat barn avrundas uppåt"
WHY_FEWER = ", eftersom regeln avrundar uppåt för små andelstal, på de större kommunernas bekostnad"
DRAWN = (
    "Chansen för fler än väntat är den del av dragningarna som ger fler barn än intervallets högsta tal, och ingen "
    "sannolikhet för allt som kan hända. Länets dragningar är räknade på länet som helhet och är inte summan av "
    "kommunernas."
)


def own_rows(place: Place, result: Result) -> pd.DataFrame:
    """Return the rows of a result's table that are the place's own: a county's all, a municipality's one."""
    return result.table[result.table["kommunkod"].isin(place.kommunkoder)]


def highlighted(place: Place) -> str | None:
    """Return the code of a municipality that is shown among its neighbours; None for a county."""
    return place.kod if place.kind == "kommun" else None


def answer_views(place: Place, result: Result | None, sources: Sources) -> tuple[View, ...]:
    """Return the answer in one sentence, and what it consists of; one gap where nothing can be placed.

    Args:
        place: A county, or a municipality of it.
        result: What a scenario gives (children, shares in ‰); None where there is nothing to place by.
        sources: The published tables it rests on.
    """
    if result is None or own_rows(place, result).empty:
        text = "Utan kända andelstal och en prognos går det inte att räkna ut vad placeringsregeln skulle ge {plats}."
        return (gap("placering", text, plats=place.namn),)
    parts = _parts(_values(place, result, sources)) if _has_parts(place, result) else ()
    return (answer(place, result, sources), *parts, *_only_known(place, result))


def answer(place: Place, result: Result, sources: Sources) -> Statement:
    """Return in one sentence what the share gives and what the rule would give, and why they differ (children)."""
    values = _values(place, result, sources)
    difference = rounded(_difference(own_rows(place, result)), 1)
    if not own_rows(place, result)["andelstal"].any() and not own_rows(place, result)["placed"].any():
        text = "{plats} har andelstalet noll och skulle inte få något barn, vare sig enligt andelstalet eller regeln."
        return Statement("svar_placering", text, {"plats": place.namn})
    text = "{plats} kan vänta {expected:barn} enligt andelstalet vid prognosen {prognos}"
    because = not _has_parts(place, result)
    if not difference:
        text += ", och placeringsregeln skulle ge lika många: {placed}"
    elif difference > 0:
        text += SAYS_MORE + (WHY_MORE if because else "")
    else:
        text += SAYS_FEWER + (WHY_FEWER if because else "")
    return Statement("svar_placering", text + ".", {k: v for k, v in values.items() if k in placeholders(text)})


def _values(place: Place, result: Result, sources: Sources) -> dict[str, Value]:
    own = own_rows(place, result)

    def children(name: str, decimals: int | None = 1, sign: bool = False) -> Fact:
        return Fact(exact_sum(own[name]), "barn", sources, decimals=decimals, sign=sign)

    return {
        "plats": place.namn,
        "expected": children("expected"),
        "placed": children("placed", 0),
        "prognos": Fact(result.scenario.prognos, "barn"),
        "distance": Fact(abs(_difference(own)), "barn", sources, decimals=1),
        **{name: children(name, sign=True) for name in ("rounding", "catch_up", "attached")},
    }


def _difference(own: pd.DataFrame) -> float:
    """By the rule less by the share, all rows together, in children."""
    return exact_sum(exact_difference(own["placed"], own["expected"]))


def _has_parts(place: Place, result: Result) -> bool:
    """Whether the rule departs from the share by more than rounding."""
    return bool(own_rows(place, result)[["catch_up", "attached"]].any(axis=None))


def _parts(values: dict[str, Value]) -> tuple[View, ...]:
    text = (
        "Av skillnaden kommer {rounding} av avrundningen, {catch_up} av att regeln jämnar ut det som placerats "
        "tidigare och {attached} av anknytning."
    )
    return (Statement("placering_delar", text, {name: values[name] for name in ("rounding", "catch_up", "attached")}),)


def _only_known(place: Place, result: Result) -> tuple[View, ...]:
    """Where some of a county's shares are unknown: of how many the sum is."""
    known, every = len(own_rows(place, result)), len(place.kommunkoder)
    if known == every:
        return ()
    text = "Summan gäller bara kända eller antagna andelstal: {known} av länets {all:kommuner}."
    return (Statement("placering_kanda", text, {"known": Fact(known, "kommuner"), "all": Fact(every, "kommuner")}),)


def figure_views(place: Place, result: Result | None, sources: Sources, scenario: str = "") -> tuple[View, ...]:
    """Return the figure with all numbers per municipality; nothing where nothing can be placed.

    Args:
        place: A county, or a municipality that is brought out among the county's.
        result: What a scenario gives (children, shares in ‰).
        sources: The published tables it rests on.
        scenario: The scenario's name; "" where the year's own forecast is used.
    """
    if result is None or own_rows(place, result).empty:
        return ()
    shown, own, drawn = result.table, highlighted(place), result.simulation is not None
    named: dict[str, Value] = {**_values(place, result, sources), "lan": place.lan, "ar": str(result.scenario.ar)}
    named |= {"scenario": scenario} if scenario else {}
    caption = "Förväntat enligt andelstalet och enligt placeringsregeln, per kommun, {lan} {ar}"
    alt = (
        "Punktdiagram: en rad per kommun i {lan}, det förväntade antalet som en stapel och antalet enligt "
        "placeringsregeln som en romb. {plats}: förväntat antal {expected}, enligt regeln {placed}."
    )
    reading = "Stapeln är planeringstalet i hela barn, romben vad placeringsregeln skulle ge."
    if drawn:
        reading += (
            " Strecket under täcker minst åtta av tio dragningar och tvärstrecket är medianen: det visar hur "
            "osäker prognosen är. Skalan ger små tal mer plats, så att små kommuner går att läsa."
        )
    figure = Figure(
        "placering_figur",
        f"Scenario {{scenario}}: {caption[0].lower()}{caption[1:]}." if scenario else f"{caption}.",
        alt,
        lambda ax, language: drawing.draw_placement(shown, ax, language, own),
        drawing.size_placement(shown),
        _table(place, result, sources, named),
        named,
        reading=reading,
    )
    return (figure,)


def _table(place: Place, result: Result, sources: Sources, values: dict[str, Value]) -> Table:
    """All numbers per municipality; the foot sums them, but for the interval, which is the county's own."""
    frame = result.table.assign(
        difference=exact_difference(result.table["placed"], result.table["expected"]),
        more_percent=100 * result.table["chance_more"],
    )
    supposed = bool(frame.get("supposed", pd.Series(dtype=bool)).any())
    published = not supposed and not frame["change"].any()
    columns = [
        Column("kommun", "Kommun"),
        Column("andelstal", "Andelstal", "‰", 2, published=published, sources=_share_tables(frame)),
        Column("expected", "Förväntat", "barn", 1),
        Column("expected_low", "Intervall", "hela barn", high="expected_high"),
        Column("placed", "Enligt regeln", "barn"),
        Column("difference", "Skillnad", "barn", 1, sign=True),
    ]
    if supposed:
        words = frame["supposed"].map({True: "antaget", False: "känt"})
        frame = frame.assign(standing=words)
        columns.insert(2, Column("standing", "Andelstalet är"))
    if result.total is not None:
        columns += [
            Column("low", "Åtta av tio dragningar", "barn", high="high"),
            Column("middle", "Median", "barn"),
            Column("more_percent", "Chans för fler än väntat", "%", 0, of=NO_PERSONS),
        ]
    total = _total(frame, result)
    note = DRAWN if result.total else ""
    caption = "Förväntat, enligt placeringsregeln och dragningar per kommun, {lan} {ar}"
    shown = {name: values[name] for name in ("lan", "ar")}
    return Table("placering", caption, frame, columns, sources, shown, ("kommunkod",), total, note=note)


def _share_tables(frame: pd.DataFrame) -> Sources:
    return tuple(table for table in dict.fromkeys(frame["tabell"]) if table) if "tabell" in frame else ()


def _total(frame: pd.DataFrame, result: Result) -> dict[str, object]:
    names = ("andelstal", "expected", "expected_low", "expected_high", "placed", "difference")
    total: dict[str, object] = {"kommun": "Summa", **{name: exact_sum(frame[name]) for name in names}}
    if result.total is not None:
        total |= dict(zip(("low", "middle", "high"), result.total, strict=True))
        total["more_percent"] = None if result.chance_more is None else 100 * result.chance_more
    return total
