"""What a county's own words have in common: paragraphs with whose they are and when, a table and a
line of time of what is planned, and a note of where it all comes from.
"""

from collections.abc import Mapping, Sequence

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
from helpers.present.views import Column, Fact, Figure, Statement, Table, Value, Verbatim, View

STATUS = {
    DONE: "klart",
    DONE_LATE: "klart, senare än planerat",
    LATE: "försenat, inget här visar att det är klart",
    MOVED: "flyttat till senare",
    RUNNING: "pågår",
    AHEAD: "kommande",
    WISHED: "önskat, inte beslutat",
}
SAID = {
    LATE: "Tiden har gått ut, utan uppgift om att det är klart: {vilka}.",
    MOVED: "Senare än planerat: {vilka}.",
    RUNNING: "Pågår: {vilka}.",
    AHEAD: "Kommer: {vilka}.",
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


def origin_note(own: OwnWords, avsnitt: str, *kinds: str) -> Statement:
    """Return where a section's words come from, how many they are, and who has not reviewed
    them.
    """
    frames = {kind: _of_section(getattr(own, kind), avsnitt) for kind in kinds}
    rows = pd.concat([frame[["kalla", "granskad"]] for frame in frames.values() if len(frame)])
    titles = [Verbatim(own.documents[name]) for name in dict.fromkeys(rows["kalla"])]
    text = "Avsnittet återger {antal:uppgifter} ur {dokument} med arbetsbokens egna ord."
    if rows["granskad"].isna().any():
        text += " Länet har inte granskat dem."
    used = tuple(kind for kind, frame in frames.items() if len(frame))
    number = Fact(len(rows), "uppgifter", sources_of(own, *used))
    return Statement(
        f"egna_{avsnitt}_kalla", text, {"antal": number, "dokument": titles}, tone="note"
    )


def _of_section(frame: pd.DataFrame, avsnitt: str) -> pd.DataFrame:
    return frame[frame["avsnitt"] == avsnitt] if "avsnitt" in frame else frame


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
    ('2018 – 2019', '2022', '2022')
    """
    told = [day_text(str(part)) for part in (begins, ends) if not pd.isna(part)]  # type: ignore[call-overload]
    return " – ".join(dict.fromkeys(told))


def event_views(own: OwnWords, avsnitt: str) -> tuple[View, ...]:
    """Return a section's events: how many stand how at the reference date, the line of time where
    there are enough, and the table.
    """
    events = own.events(avsnitt)
    if events.empty:
        return ()
    values = day_values(own)
    table = _table(own, avsnitt, events, values)
    counted = _counted(own, avsnitt, events)
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
        reading="En stapel helt till vänster om den streckade linjen, utan punkt, är försenad.",
    )
    return (*counted, figure)


def _counted(own: OwnWords, avsnitt: str, events: pd.DataFrame) -> tuple[Statement, ...]:
    """How many of the events are done, and by name those that are late, moved, running, ahead."""
    sources = sources_of(own, "handelser")
    done = events["status"].isin([DONE, DONE_LATE])
    values: dict[str, Value] = {
        **day_values(own),
        "klara": Fact(int(done.sum()), "händelser", sources),
        "alla": Fact(len(events), "händelser", sources),
    }
    text = "Av {alla:händelser} var {klara} klara den {dag} {manad} {ar}."
    found = [Statement(f"lage_{avsnitt}", text, values)]
    for status, said in SAID.items():
        names = [_named(row) for row in events[events["status"] == status].to_dict("records")]
        if names:
            found.append(Statement(f"lage_{avsnitt}_{status}", said, {"vilka": names}))
    return tuple(found)


def _named(row: Mapping[object, object]) -> Verbatim:
    """An event's heading, with its new time where one is set."""
    moved = row["ny_tid"]
    unset = pd.isna(moved)  # type: ignore[call-overload]
    return Verbatim(row["rubrik"] if unset else f"{row['rubrik']} ({day_text(str(moved))})")


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
