"""What a page can show: facts, statements, gaps, tables and figures, and what their figures count.

A view holds Swedish texts and facts; it becomes words in a language only when a page shows it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from numbers import Integral
from typing import Any, Literal, Protocol

import pandas as pd

from helpers.model.reception import Area
from helpers.present.language import Language, percent_text, placeholders

Origin = Literal["computed", "official", "county", "press", "estimated"]
Draw = Callable[[Any, Language], object]
NEUTER = ("barn", "län")  # units of which one is "ett"
OF_SHARES = ("‰", "barn", "hela barn")  # units of shares and of what is reckoned from them
CAME = "ekb_asylsokande"
# ids of the published tables that topics name as sources themselves
ASYL, LANSTAL, NATIONAL = "asylsokande_riket", "lanstal", "anvisningar_riket"


class Described(Protocol):
    """What a page must know of a published table to cite it."""

    @property
    def producer(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def published(self) -> str: ...
    @property
    def read_on(self) -> object: ...
    @property
    def licence(self) -> str: ...
    @property
    def origin(self) -> Origin: ...
    @property
    def trust(self) -> str: ...
    @property
    def warning(self) -> str: ...
    @property
    def measure(self) -> str: ...
    @property
    def lan(self) -> str | None: ...


class Provenance(Protocol):
    """Published tables by id, and what has been read of them."""

    @property
    def read(self) -> Set[str]: ...
    @property
    def values(self) -> Mapping[str, str]: ...
    def __getitem__(self, table_id: str, /) -> Described: ...


class Place(Area, Protocol):
    """A county, a municipality or the nation, as a page names it: `lan` is its county's name."""

    @property
    def lan(self) -> str: ...


@dataclass(frozen=True)
class Fact:
    """One figure that a report states: its value (None = unknown), unit, sources and origin.

    `published` says that the value is in the source; otherwise we computed it. `measure` names
    what it counts, by an id of data/measures.toml. `of` is what a percentage is of: the number of
    persons, which decides how it is shown, with its sign (`percent_text`). A whole number has no
    decimals. `preliminary` says that it rests on a part-year outcome; `derived` that it follows by
    law from published figures (A5). With `high` it is a whole-number range: `value` is its low end,
    and it is two figures in the page's data. `spelled` says that running text has small whole
    numbers in words (`Language.spelled`).
    """

    value: float | int | str | None
    unit: str = ""
    sources: tuple[str, ...] = ()
    published: bool = False
    decimals: int | None = None
    sign: bool = False
    key: Mapping[str, str] = field(default_factory=dict)
    measure: str = ""
    of: float | None = None
    preliminary: bool = False
    derived: bool = False
    high: int | None = None
    spelled: bool = False

    def shown(self, language: Language) -> str:
        """The value as the reader sees it; the word for missing when it is unknown."""
        if is_unknown(self.value):
            return language.missing
        if self.derived:
            return language.t("{tal} (härlett)", tal=replace(self, derived=False).shown(language))
        if isinstance(self.value, str):
            return language.t(self.value)
        assert self.value is not None
        if self.spelled:
            return language.spelled(int(self.value), self.high, self.unit in NEUTER)
        if self.high is not None:
            return language.range(int(self.value), self.high)
        if self.of is not None:
            return percent_text(
                self.value, self.of, language, self.decimals, self.sign, mark=self.unit == "%"
            )
        return language.number(
            self.value, 0 if isinstance(self.value, Integral) else self.decimals, self.sign
        )


def is_unknown(value: object) -> bool:
    """Whether a single value is None, NA or NaN."""
    if isinstance(value, (str, int, float)):  # pandas would take long to say so
        return value != value  # NaN alone
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


class Verbatim(str):
    """Someone's own words in a text: shown as written, in every language."""


Value = Fact | str | Sequence[Fact | str]


@dataclass(frozen=True)
class Statement:
    """A sentence built from results. `tone` sets its place: the answer, plain text, a note, a gap,
    or a key number, whose lines are its name, the number, what it is compared with, what to know.
    `quoted`: its words are someone else's, in Swedish, shown as written. `leads`: a section of
    another document, or the ending of a file beside the report, that a link after it leads to.
    """

    id: str
    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    tone: Literal["answer", "plain", "note", "gap", "key"] = "plain"
    quoted: bool = False
    leads: str = ""

    @property
    def facts(self) -> dict[str, Fact]:
        """The facts it states, by placeholder."""
        return {name: value for name, value in self.values.items() if isinstance(value, Fact)}


def gap(id: str, text: str, **values: Value) -> Statement:
    """Return the sentence shown where something is not known."""
    return Statement(id, text, values, tone="gap")


def used_in(text: str, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return the values that a text has places for."""
    used = placeholders(text)
    return {name: value for name, value in values.items() if name in used}


@dataclass(frozen=True)
class Column:
    """One column of a table: which cells, under which heading, in which unit.

    `high` names a second column when the two are the ends of an interval. `sources` overrides the
    table's; `published` says that the cells are in the source; `quoted` that their words do, in
    Swedish. `measure` names what the cells count, by an id of data/measures.toml. `of` names the
    column that holds what a percentage is of, in persons, or says it for all cells; see `Fact`.
    `preliminary` marks the heading, for figures that rest on a part-year outcome; `derived` names a
    column that is true where the cell is derived, and then the cell says so. `estimated` is set by
    the page (`estimates_marked`): a column that is true where the cell rests on an estimated share;
    `all_estimated` says that all do, and then the heading says so and not the cells. `group` is a
    heading over it and its neighbours of the same. `report` is the id of the report that a row's
    head leads to where there is one, with the row's cells filled in.
    """

    name: str
    label: str
    unit: str = ""
    decimals: int | None = None
    sign: bool = False
    high: str | None = None
    published: bool = False
    sources: tuple[str, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    quoted: bool = False
    measure: str = ""
    of: str | float | None = None
    preliminary: bool = False
    derived: str = ""
    group: str = ""
    report: str = ""
    estimated: str = ""
    all_estimated: bool = False

    def is_estimated(self, row: Mapping[Any, Any]) -> bool:
        """Whether a row's cell rests on an estimated share."""
        return bool(self.estimated) and row.get(self.estimated) is True

    def is_derived(self, row: Mapping[Any, Any]) -> bool:
        """Whether a row's cell is derived."""
        return bool(self.derived) and row.get(self.derived) is True


@dataclass(frozen=True)
class Table:
    """A captioned table: the first column heads its row, `key` names the columns that identify it.

    `total` is one more row, at the foot: ours, unless `total_published`. Cells that are
    NA are shown as missing. `adds` names a column and those that add up to it in each row. `note`
    stands below, a paragraph a line.
    """

    id: str
    caption: str
    frame: pd.DataFrame
    columns: Sequence[Column]
    sources: tuple[str, ...]
    values: Mapping[str, Value] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    total: Mapping[str, object] | None = None
    total_published: bool = False
    note: str = ""
    adds: tuple[str, ...] = ()

    @cached_property
    def rows(self) -> list[dict[Any, Any]]:
        """Its rows, the foot aside, by column; not to be written to."""
        return self.frame.to_dict("records")

    @cached_property
    def texts(self) -> dict[tuple[int, int, str], str]:
        """What its cells say, as they are asked for; `rendering.cell_of` fills and reads it."""
        return {}

    @property
    def computed(self) -> bool:
        """Whether some figure in it is ours, and is in no source."""
        ours = [column.name for column in self.columns[1:] if not column.published]
        cells = (row.get(name) for name in ours for row in self.rows)
        figures = any(not is_unknown(value) and not isinstance(value, str) for value in cells)
        return figures or (self.total is not None and not self.total_published)


@dataclass(frozen=True)
class Figure:
    """A drawing with its caption, its words for one who cannot see it, and its numbers as a table.

    `reading` says, below it, how to read it.
    """

    id: str
    caption: str
    alt: str
    draw: Draw
    size: tuple[float, float]
    table: Table
    values: Mapping[str, Value] = field(default_factory=dict)
    panels: tuple[float, ...] = (1.0,)
    reading: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The same sources as its numbers."""
        return self.table.sources


def rests_on_estimate(unit: str, sources: Iterable[str], catalogue: Provenance) -> bool:
    """Whether a figure rests on a share that is estimated: it is a share or children, and a source
    of it is an estimate.
    """
    return unit in OF_SHARES and any(
        catalogue[source].origin == "estimated" for source in sources if source
    )


def estimates_marked(view: Table, catalogue: Provenance) -> Table:
    """Return a table whose columns know which of their cells rest on an estimated share: by the
    row's own table where the frame names it, else by the column's or the table's.
    """
    columns, marks = [], {}
    for column in view.columns:
        if not rests_on_estimate(column.unit, column.sources or view.sources, catalogue):
            columns.append(column)
            continue
        rows = view.frame["tabell"].tolist() if "tabell" in view.frame else None
        own = [rests_on_estimate(column.unit, str(row).split(), catalogue) for row in rows or ()]
        flags = own if rows is not None else [True] * len(view.frame)
        name = f"{column.name} estimated"
        marks[name] = flags
        columns.append(replace(column, estimated=name, all_estimated=all(flags)))
    if not any(any(flags) for flags in marks.values()):
        return view
    frame = view.frame.assign(
        **{
            name: pd.Series(flags, index=view.frame.index, dtype=object)
            for name, flags in marks.items()
        }
    )
    total = view.total and {**view.total, **{name: any(flags) for name, flags in marks.items()}}
    return replace(view, columns=columns, frame=frame, total=total)


def estimates_told(view: Table) -> tuple[str, ...]:
    """Return in a sentence that a figure with these numbers rests on estimated shares; nothing
    where it does not, or sets the estimated beside the published.

    Args:
        view: What `estimates_marked` returned.
    """
    ours = [own for own in view.columns if own.unit in OF_SHARES]
    if not ours or not all(own.estimated for own in ours):
        return ()
    if all(own.all_estimated for own in ours):
        return ("Andelstalen är uppskattade, inte publicerade.",)
    return ("Några av andelstalen är uppskattade, inte publicerade.",)


def answers_first(*statements: Statement) -> tuple[Statement, ...]:
    """Return statements with what is known before what is not."""
    return tuple(sorted(statements, key=lambda statement: statement.tone == "gap"))


def plainly(*statements: Statement) -> tuple[Statement, ...]:
    """Return answers as plain text, for where they are not what a page answers."""
    return tuple(
        replace(statement, tone="plain") if statement.tone == "answer" else statement
        for statement in statements
    )


@dataclass(frozen=True)
class Fold:
    """Views that a reader opens: how the answer was reached. `summary` shows while it is closed."""

    id: str
    summary: str
    views: Sequence[Statement | Table | Figure]


View = Statement | Table | Figure | Fold
