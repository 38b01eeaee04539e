"""One page being shown: numbers its figures and tables, notes facts and sources, marks its end."""

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Any

from helpers.contracts.text import visible
from helpers.present import blocks, rendering
from helpers.present.figures.canvas import for_page, render_svg
from helpers.present.language import Code, Language
from helpers.present.measures import UNNAMED, measures_in
from helpers.present.rendering import statement_facts, table_facts
from helpers.present.tabular import table_html, table_text
from helpers.present.views import (
    Described,
    Figure,
    Fold,
    Place,
    Provenance,
    Statement,
    Table,
    View,
    estimates_marked,
    estimates_told,
)

MIME = "application/vnd.mottagning+json"
TITLES = {  # what a page is called: no two of an edition have one name
    "lansrapport": "Mottagandet i {plats} {ar}",
    "kommunrapport": "Mottagandet i {plats} {ar}",
    "kallor": "Källor och kontroller",
    "mottagande": "Mottagandet i Sverige {ar}",
    "scenarier": "Vad händer om prognosen blir en annan? Sverige {ar}",
    "utfall": "Blev det som väntat? Sverige {ar}",
    "riket": "Fördelningen av mottagandet i Sverige {ar}",
}
_COUNTED = {"statement": "statements", "gap": "gaps", "table": "tables", "figure": "figures"}


@dataclass(frozen=True)
class Shown:
    """Something displayed, in three forms: HTML, plain text and a record of its facts."""

    html: str
    text: str
    record: Mapping[str, Any]

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        shown = {"text/html": self.html} if self.html else {}
        return {**shown, "text/plain": visible(self.text, layout=True), MIME: dict(self.record)}


class Page:
    """The state of one page: which views it has shown, in which order, resting on which sources.

    Showing a view again (a cell run twice) keeps its number.
    """

    def __init__(
        self,
        report: str,
        title: str,
        place: Mapping[str, str],
        ar: int | None,
        sprak: Code,
        catalogue: Provenance,
    ):
        self.report, self.title, self.place, self.ar = report, title, place, ar
        self.about = title
        self.language = Language(sprak)
        self.catalogue = catalogue
        self.labels = {"figure": "Figur", "table": "Tabell"}
        self.kinds: dict[str, str] = {}
        self.used: dict[str, None] = {}
        self.counted: dict[str, None] = {}
        self.answer = ""
        self.attached: dict[str, str] = {}
        self.later: dict[str, Statement] = {}

    def head(self, **status: bool) -> Shown:
        """Return the page's head: whose report it is, for which year, and what is known (`status`).

        It is seen in JupyterLab only, as is the end.
        """
        record: dict[str, Any] = {
            "kind": "page",
            "report": self.report,
            "title": self.title,
            "language": self.language.code,
            "place": dict(self.place),
            "ar": self.ar,
            "status": status,
            "items": [],
            "facts": [],
        }
        return Shown(rendering.head_html(self.title), self.title, record)

    def show(self, *views: View, beside: bool = False) -> Shown:
        """Return the views as one display, in order, with the facts they state.

        Args:
            views: What is shown.
            beside: Whether words stand beside the figure or table they come before, where there is
                room, the last ones also beside the one they follow.

        Raises:
            ValueError: two different kinds of view share an id.
        """
        self._note(views)
        parts = [self._one(view) for view in views]
        items = [{"type": self.kinds[view.id], "id": view.id} for view in _unfolded(views)]
        facts = [fact for _, _, found in parts for fact in found]
        markup = [html for html, _, _ in parts]
        return Shown(
            "\n".join(_beside(views, markup) if beside else _together(views, markup)),
            "\n\n".join(text for _, text, _ in parts),
            {"kind": "content", "items": items, "facts": facts},
        )

    def aside(self) -> "Page":
        """Return an empty page in the same language and place, for what is tried out beside this
        one.

        Its figures and tables are named otherwise than the page's own, or two would have the same
        number.
        """
        aside = copy.copy(self)
        aside.labels = {"figure": "Arbetsbänkens figur", "table": "Arbetsbänkens tabell"}
        aside.kinds, aside.used, aside.counted, aside.answer = {}, {}, {}, ""
        aside.later = {}
        return aside

    def unless_missing(self, *views: View) -> tuple[View, ...]:
        """Return the views of a section; none where they say no more than that something is
        missing: that is kept for `missing`, so that no heading stands above a gap alone.
        """
        gaps = [view for view in views if isinstance(view, Statement) and view.tone == "gap"]
        if len(gaps) < len(views):
            return views
        self.later |= {view.id: view for view in gaps}
        return ()

    @property
    def missing(self) -> tuple[Statement, ...]:
        """What whole sections lack, by the sections that `unless_missing` has emptied so far."""
        return tuple(self.later.values())

    def attach(self, ending: str, text: str) -> None:
        """Let a file of the report's name and this ending, such as ".ics", be put beside it; none
        where the text is empty.
        """
        if text:
            self.attached[ending] = text

    @property
    def sources(self) -> tuple[str, ...]:
        """The published tables that the views shown so far rest on, in order of first use."""
        return tuple(self.used)

    @property
    def measures(self) -> tuple[str, ...]:
        """What the figures shown so far count, by ids of data/measures.toml, in order of first
        use.
        """
        return tuple(self.counted)

    def end(self) -> Shown:
        """Return the end marker: what a whole run of this page has shown. The last cell of a
        notebook.
        """
        expected = {
            name: sum(kind == counted for kind in self.kinds.values())
            for counted, name in _COUNTED.items()
        }
        record = {
            "kind": "end",
            "expected": expected,
            "sources": list(self.used),
            "read": sorted(self.catalogue.read),
            "values": dict(sorted(self.catalogue.values.items())),
            "answer": self.answer,
            "items": [],
            "facts": [],
        } | ({"attached": dict(self.attached)} if self.attached else {})
        return Shown("", self.language.t("Slut på rapporten."), record)

    def _note(self, views: Iterable[View]) -> None:
        """Note each view's kind, its sources and whether it is the answer."""
        for view in _unfolded(views):
            kind = _kind(view)
            if self.kinds.setdefault(view.id, kind) != kind:
                raise ValueError(
                    f"{view.id!r} is shown both as a {self.kinds[view.id]} and as a {kind}."
                )
            self.used.update(dict.fromkeys(_sources(view)))
            self.counted.update(dict.fromkeys(measures_in(view, self.catalogue)))
            if isinstance(view, Statement) and view.tone == "answer" and not self.answer:
                self.answer = self._said(view)

    def _one(self, view: View) -> tuple[str, str, list[dict[str, Any]]]:
        if isinstance(view, Fold):
            return self._fold(view)
        if isinstance(view, Statement):
            return self._statement(view)
        return self._table(view) if isinstance(view, Table) else self._figure(view)

    def _fold(self, view: Fold) -> tuple[str, str, list[dict[str, Any]]]:
        parts = [self._one(inner) for inner in view.views]
        summary = self.language.t(view.summary)
        markup = blocks.fold_html(view.id, summary, "".join(markup for markup, _, _ in parts))
        text = "\n\n".join([summary, *(text for _, text, _ in parts)])
        return markup, text, [fact for _, _, facts in parts for fact in facts]

    def _statement(self, view: Statement) -> tuple[str, str, list[dict[str, Any]]]:
        text, facts = self._said(view), statement_facts(view, self.catalogue, self.language)
        return blocks.statement_html(view, self.language, text), text, facts

    def _said(self, view: Statement) -> str:
        """A statement's words; what comes first says where its source does not name what it
        counts.
        """
        text = rendering.sentence(view, self.language)
        text = rendering.estimate_told(text, view, self.catalogue, self.language)
        if view.tone not in ("answer", "key") or UNNAMED not in measures_in(view, self.catalogue):
            return text
        caveat = (
            "Källan säger inte vad den räknar som mottagna, så talet kan inte jämföras med andra"
            " års."
        )
        return f"{text} {self.language.t(caveat)}"

    def _marked(self, view: Table) -> Table:
        """A table as it is shown: its estimated cells known, and no foot that says its only row
        once more.
        """
        if view.total and len(view.rows) == 1 and not view.total_published:
            row, (_, *names) = view.rows[0], view.total
            same = (row.get(name) == view.total[name] for name in names if name in row)
            view = replace(view, total=None) if all(same) else view
        return estimates_marked(view, self.catalogue)

    def _table(self, view: Table) -> tuple[str, str, list[dict[str, Any]]]:
        view = self._marked(view)
        title = self._title(
            view.id, "table", view.caption, rendering.words(view.values, self.language)
        )
        markup = table_html(view, self.language, title, self._source_line(view))
        return (
            markup,
            f"{title}\n{table_text(view, self.language)}",
            table_facts(view, self.catalogue, self.language),
        )

    def _figure(self, view: Figure) -> tuple[str, str, list[dict[str, Any]]]:
        numbered = self._marked(view.table)
        values = rendering.words(view.values, self.language)
        title = self._title(view.id, "figure", view.caption, values)
        told = estimates_told(numbered)
        alt = " ".join([self.language.t(view.alt, **values), *map(self.language.t, told)])
        drawing = for_page(
            lambda axes: view.draw(axes, self.language),
            view.size,
            view.panels,
            view.id,
            render_svg,
        )
        inner = self.language.t(
            view.table.caption, **rendering.words(view.table.values, self.language)
        )
        numbers = table_html(numbered, self.language, inner, "", nested=True)
        summary = self.language.t("Visa siffrorna bakom {figur}", figur=title.partition(".")[0])
        source = self._source_line(view.table)
        markup = blocks.figure_html(view.id, drawing, alt, title, source, numbers, summary)
        for text in filter(None, (view.reading, *told)):
            markup += blocks.reading_html(text, self.language)
        return markup, f"{title}\n{alt}", table_facts(numbered, self.catalogue, self.language)

    def _title(self, view_id: str, kind: str, caption: str, values: Mapping[str, str]) -> str:
        same = [name for name, found in self.kinds.items() if found == kind]
        label = self.language.t(self.labels[kind])
        return f"{label} {same.index(view_id) + 1}. {self.language.t(caption, **values)}"

    def _source_line(self, view: Table) -> str:
        """Who published the figures, official where nothing else is said; what we computed from
        them is not said to be theirs.
        """
        told = dict.fromkeys(self._producer(self.catalogue[source]) for source in view.sources)
        if not told:
            return ""
        word = self.language.t("Källa:") if len(told) == 1 else self.language.t("Källor:")
        own = f" {self.language.t('Egna beräkningar.')}" if view.computed else ""
        return f"{word} {'; '.join(told)}.{own}{self._unnamed(view)}"

    def _producer(self, table: Described) -> str:
        official = table.origin == "official"
        return table.producer if official else f"{table.producer} ({self._origin(table.origin)})"

    def _unnamed(self, view: Table) -> str:
        """Which of a table's sources do not name what they count; "" where all do."""
        cited = dict.fromkeys(
            [*view.sources, *(name for column in view.columns for name in column.sources)]
        )
        titles = [
            self.catalogue[name].title for name in cited if self.catalogue[name].measure == UNNAMED
        ]
        if not titles:
            return ""
        text = "Källan säger inte vad den räknar som mottagna: {titel}."
        return f" {self.language.t(text, titel='; '.join(titles))}"

    def _origin(self, origin: str) -> str:
        return self.language.t(rendering.ORIGINS[origin])


def _together(views: Iterable[View], markup: list[str]) -> Iterable[str]:
    """Give each view's HTML, key numbers that follow each other as one."""
    pairs = zip(views, markup, strict=True)
    for key, group in groupby(pairs, lambda pair: getattr(pair[0], "tone", "") == "key"):
        found = [html for _, html in group]
        yield from [blocks.keys_html(found)] if key else found


def _beside(views: Iterable[View], markup: list[str]) -> list[str]:
    """Give each figure and table a row with the words before it, the last also with those after;
    key numbers stand above them all.
    """
    pairs = list(zip(views, markup, strict=True))
    keys = [html for view, html in pairs if getattr(view, "tone", "") == "key"]
    rows: list[list[list[str]]] = [[[], [], []]]  # words, the exhibit, words after it
    for view, html in pairs:
        if isinstance(view, Table | Figure):
            rows += [[[], [], []]] if rows[-1][1] else []
            rows[-1][1].append(html)
        elif getattr(view, "tone", "") != "key":
            rows[-1][2 if rows[-1][1] else 0].append(html)
    for row, following in pairwise(rows):
        following[0][:0], row[2] = row[2], []
    found = [blocks.row_html(*row) for row in rows if any(row)]
    return [blocks.keys_html(keys), *found] if keys else found


def _kind(view: Statement | Table | Figure) -> str:
    if isinstance(view, Statement):
        return "gap" if view.tone == "gap" else "statement"
    return "table" if isinstance(view, Table) else "figure"


def _unfolded(views: Iterable[View]) -> list[Statement | Table | Figure]:
    return [view for one in views for view in (one.views if isinstance(one, Fold) else (one,))]


def _sources(view: Statement | Table | Figure) -> list[str]:
    """The tables that a view says it rests on."""
    if isinstance(view, Statement):
        return [source for fact in view.facts.values() for source in fact.sources]
    return list(view.sources)


def open_page(
    report: str, place: Place | None, ar: int | None, sprak: Code, catalogue: Provenance
) -> Page:
    """Return a new page.

    Args:
        report: The notebook's short name, e.g. "lansrapport".
        place: Whose page it is; None for the whole workbook.
        ar: Its year; None when it spans all years.
        sprak: The reader's language.
        catalogue: Published tables by id, for citing.
    """
    say = Language(sprak).t
    name = "" if place is None else place.namn
    when = "" if ar is None else str(ar)
    title = f"{name} {when}".strip()
    if report in TITLES:
        title = say(TITLES[report], plats=name, ar=when)
    where = {} if place is None else {"kind": place.kind, "kod": place.kod}
    page = Page(report, title, where, ar, sprak, catalogue)
    page.about = f"{name} {when}".strip()
    return page
