"""What a county's own words have in common: paragraphs with whose they are and when, a table and a
line of time of what is planned, and a note of where it all comes from.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.model.own_words import (
    AHEAD,
    DONE,
    DONE_LATE,
    LATE,
    MOVED,
    RUNNING,
    WISHED,
    OwnWords,
    first_day,
    last_day,
)
from helpers.present.figures.timeline import draw_timeline, size_timeline
from helpers.present.language import MANADER
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Statement,
    Table,
    Value,
    Verbatim,
    View,
    used_in,
)

STATUS = {
    DONE: "klart",
    DONE_LATE: "klart, senare än planerat",
    LATE: "planerad tid är förbi, uppgift saknas",
    MOVED: "flyttat till senare",
    RUNNING: "pågår",
    AHEAD: "kommande",
    WISHED: "önskat, inte beslutat",
}
SAID = {
    LATE: "Planerad tid är förbi, men här saknas uppgift om hur det gick: {late}.",
    MOVED: "Flyttat till senare: {moved}.",
    RUNNING: "Pågår: {running}.",
    AHEAD: "Kommer: {ahead}.",
    WISHED: "Önskat, inte beslutat: {wished}.",
}
FEW = 3  # events: fewer are a table without a line of time


def sources_of(own: OwnWords, *kinds: str) -> tuple[str, ...]:
    """Return the published tables of some kinds of a county's own words."""
    return tuple(table for kind in kinds for table in own.tables[kind])


def paragraphs(own: OwnWords, avsnitt: str, *slag: str) -> tuple[Statement, ...]:
    """Return the statements of a section as paragraphs, one for each sort, whose they are last."""
    rows = own.told(avsnitt, *slag)
    found = list[Statement]()
    for sort in slag:
        alike = rows[rows["slag"] == sort].groupby(
            ["roll", "datum", "rubrik"], sort=False, dropna=False
        )
        for (whose, day, _), same in alike:
            said = " ".join(map(_with_head, same.to_dict("records"))).removesuffix(".")
            name = f"egna_{avsnitt}_{sort}_{len(found) + 1}"
            found.append(Statement(name, f"{said} ({whose}, {day_text(str(day))}).", quoted=True))
    return tuple(found)


def first_said(rows: pd.DataFrame, name: str, leads: str) -> tuple[Statement, ...]:
    """Return the first of some statements, whose it is last; nothing where there is none.

    Args:
        rows: `rubrik`, `text`, `roll`, `datum`, in order.
        name: Of the sentence.
        leads: Where the rest stands.
    """
    for row in rows.head(1).to_dict("records"):
        said = _with_head(row).removesuffix(".")
        text = f"{said} ({row['roll']}, {day_text(str(row['datum']))})."
        return (Statement(name, text, quoted=True, leads=leads),)
    return ()


def day_text(written: str) -> str:
    """Return a day, a month or a year in Swedish words.

    >>> day_text("2018-03-16").replace("\u00a0", " "), day_text("2018")
    ('16 mars 2018', '2018')
    """
    year, *rest = written.split("-")
    month = [MANADER[int(rest[0]) - 1]] if rest else []
    day = [str(int(rest[1]))] if len(rest) == 2 else []
    return "\u00a0".join([*day, *month, year])


def day_values(own: OwnWords) -> dict[str, Value]:
    """Return the reference date as a text names it: `{dag} {manad} {ar}`."""
    day = own.day
    return {"dag": str(day.day), "manad": MANADER[day.month - 1], "ar": str(day.year)}


def by_whom(rows: pd.DataFrame) -> Verbatim:
    """Return whose rows are and of when, where all are of the same.

    Args:
        rows: `roll`, `datum`.
    """
    pairs = rows[["roll", "datum"]].drop_duplicates().itertuples(index=False)
    return Verbatim("; ".join(f"{roll}, {day_text(day)}" for roll, day in pairs))


def _with_head(row: Mapping[object, object]) -> str:
    head = row["rubrik"]
    return str(row["text"]) if pd.isna(head) else f"{head}: {row['text']}"  # type: ignore[call-overload]


def origin_views(own: OwnWords) -> tuple[View, ...]:
    """Return where a county's own words come from, how many they are, whether it has reviewed them,
    and from which day they are seen; nothing where there are none.
    """
    frames = {kind: getattr(own, kind) for kind in own.tables if len(getattr(own, kind))}
    if not frames:
        return ()
    rows = pd.concat([frame[["kalla", "granskad"]] for frame in frames.values()])
    titles = [Verbatim(own.documents[name]) for name in dict.fromkeys(rows["kalla"])]
    text = "Sidan återger {antal:uppgifter} ur {dokument}, med Mottagningsbokens egna ord."
    reviewed = "Länet har granskat dem."
    if rows["granskad"].isna().all():
        reviewed = "Länet har inte granskat dem."
    elif rows["granskad"].isna().any():
        reviewed = "Länet har granskat en del av dem."
    day = "Läget är sett från den {dag} {manad} {ar}. Det som har hänt senare finns inte med."
    values: dict[str, Value] = {
        "antal": Fact(len(rows), "uppgifter", sources_of(own, *frames)),
        "dokument": titles,
        **day_values(own),
    }
    return (Statement("egna_kalla", f"{text}\n{reviewed}\n{day}", values),)


def told_table(
    id: str, caption: str, rows: Sequence[Mapping[str, object]], heads: Mapping[str, str],
    sources: tuple[str, ...], values: Mapping[str, Value] | None = None, key: str = "",
) -> Table:  # fmt: skip
    """Return rows of someone's own words as a table.

    Args:
        id, caption, values: As a `Table` has them.
        rows: Each column's cell by its name.
        heads: Each column's heading by its name, in order.
        sources: The published tables.
        key: The column that tells the rows apart; the first where none is named.
    """
    columns = [Column(name, label, quoted=True) for name, label in heads.items()]
    frame = pd.DataFrame(list(rows), columns=list(heads))
    return Table(id, caption, frame, columns, sources, values or {}, (key or next(iter(heads)),))


def span_text(begins: object, ends: object) -> str:
    """Return a planned time as it is written: from and to, or the one of them that is known.

    >>> span_text("2018", "2019"), span_text(None, "2022"), span_text("2022", "2022")
    ('2018–2019', '2022', '2022')
    """
    told = [day_text(str(part)) for part in (begins, ends) if not pd.isna(part)]  # type: ignore[call-overload]
    whole = any("\u00a0" in text for text in told)
    return (" – " if whole else "–").join(dict.fromkeys(told))


def event_views(own: OwnWords, avsnitt: str) -> tuple[View, ...]:
    """Return a section's events: how many stand how at the reference date, the line of time where
    there are enough, and the table.
    """
    events = own.events(avsnitt)
    if events.empty:
        return ()
    values = day_values(own)
    table = _table(own, avsnitt, events, values)
    counted = states_told(own, avsnitt, f"lage_{avsnitt}")
    if len(events) < FEW:
        return (*counted, table)
    frame = _ordinals(events)
    figure = Figure(
        f"tid_{avsnitt}",
        "Planerat och genomfört, sett från den {dag} {manad} {ar}.",
        "Tidslinje med en rad per händelse: planerad tid som en öppen stapel, det som skedde som en"
        " punkt. En streckad linje visar den {dag} {manad} {ar}.",
        lambda ax, language: draw_timeline(frame, ax, language, float(own.day.toordinal())),
        size_timeline(frame),
        table,
        values,
        reading=(
            "Står en stapel utan punkt helt till vänster om den streckade linjen är den planerade"
            " tiden förbi, men här saknas uppgift om hur det gick."
        ),
    )
    return (*counted, figure)


def states_told(own: OwnWords, avsnitt: str, name: str, leads: str = "") -> tuple[Statement, ...]:
    """Return how many of a section's events are done at the reference date, and by name those that
    are late, moved, running and ahead; nothing where there are none.

    Args:
        own: A county's own words: `handelser`.
        avsnitt: The section.
        name: Of the paragraph.
        leads: Where the rest stands.
    """
    events = own.events(avsnitt)
    if events.empty:
        return ()
    sources = sources_of(own, "handelser")
    done = int(events["status"].isin([DONE, DONE_LATE]).sum())
    values: dict[str, Value] = {
        **day_values(own),
        "klara": Fact(done, "händelser", sources, spelled=True),
        "alla": Fact(len(events), "händelser", sources, spelled=True),
    }
    lines = [_done_text(done, len(events))]
    for status, said in SAID.items():
        rows = events[events["status"] == status].to_dict("records")
        if rows:
            lines.append(said)
            values[status] = Verbatim("; ".join(_named(row, status) for row in _in_time(rows)))
    text = "\n".join(lines)
    return (Statement(name, text, used_in(text, values), leads=leads),)


def _done_text(done: int, whole: int) -> str:
    """That some of the events are done, in the number that the word needs."""
    if done == whole:
        return "Den {dag} {manad} {ar} var allt det planerade avklarat."
    if done == 0:
        return "Så var läget den {dag} {manad} {ar}."
    if done == 1:
        return "Den {dag} {manad} {ar} var {klara} av {alla:händelser} avklarad."
    return "Den {dag} {manad} {ar} var {klara} av {alla:händelser} avklarade."


def _in_time(rows: list[dict[Any, Any]]) -> list[dict[Any, Any]]:
    """Events by when they begin, those of no known time last."""

    def begins(row: dict[Any, Any]) -> str:
        known = (row[name] for name in ("ny_tid", "planerad_fran", "planerad_till"))
        return next((str(day) for day in known if not pd.isna(day)), "9999")

    return sorted(rows, key=begins)


def _named(row: Mapping[object, object], status: str) -> str:
    """An event's heading, with the time that is said of what is moved, running or to come."""
    moved = row["ny_tid"]
    when = "" if pd.isna(moved) else day_text(str(moved))  # type: ignore[call-overload]
    if not when and status in (RUNNING, AHEAD):
        when = span_text(row["planerad_fran"], row["planerad_till"])
    return f"{row['rubrik']} ({when})" if when else str(row["rubrik"])


def _table(own: OwnWords, avsnitt: str, events: pd.DataFrame, values: Mapping[str, Value]) -> Table:
    frame = pd.DataFrame(
        {
            "rubrik": events["rubrik"],
            "plan": [
                span_text(*pair)
                for pair in zip(events["planerad_fran"], events["planerad_till"], strict=True)
            ],
            "skedde": events["skedde"].map(day_text, na_action="ignore").astype(object),
            "ny_tid": events["ny_tid"].map(day_text, na_action="ignore").astype(object),
            "lage": [STATUS[status] for status in events["status"]],
            "organ": events["organ"].astype(object),
            "text": events["text"].astype(object),
        }
    )
    columns = [
        Column("rubrik", "Händelse", quoted=True),
        Column("lage", "Läge"),
        Column("plan", "Planerat", quoted=True),
        Column("skedde", "Skedde", quoted=True),
        Column("ny_tid", "Ny tid", quoted=True),
        Column("organ", "Vem", quoted=True),
        Column("text", "Vad", quoted=True),
    ]
    # a column of nothing tells nothing; what has not happened is said by its state
    columns = [own for own in columns if frame[own.name].notna().any()]
    for name in ("skedde", "ny_tid", "organ", "text"):
        frame[name] = frame[name].where(frame[name].notna(), "–")
    caption = "Planerat och genomfört, sett från den {dag} {manad} {ar}"
    return Table(
        f"handelser_{avsnitt}",
        caption,
        frame,
        columns,
        sources_of(own, "handelser"),
        values,
        ("rubrik",),
    )


def _ordinals(events: pd.DataFrame) -> pd.DataFrame:
    """Events as the figure takes them: days as ordinals."""

    def at(column: str, day: object) -> list[float]:
        convert = first_day if day == "first" else last_day
        cells = events[column]
        return [
            float("nan") if pd.isna(cell) else float(convert(cell).toordinal()) for cell in cells
        ]

    begins = events["planerad_fran"].fillna(events["planerad_till"])
    start = [
        float("nan") if pd.isna(cell) else float(first_day(cell).toordinal()) for cell in begins
    ]
    return pd.DataFrame(
        {
            "rubrik": events["rubrik"].astype(str),
            "start": start,
            "end": at("planerad_till", "last"),
            "happened": at("skedde", "first"),
            "moved": at("ny_tid", "first"),
        }
    )
