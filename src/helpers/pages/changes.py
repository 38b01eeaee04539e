"""The page of what changed since the edition before."""

import re
from dataclasses import dataclass

from helpers.contracts.text import as_html
from helpers.pages.layout import render_page
from helpers.pages.words import Wording
from helpers.present.language import Language
from helpers.releases.compare import (
    Cause,
    Comparison,
    FactChange,
    InputChange,
    Outcome,
    ReportChange,
)
from helpers.report.manifest import Frame

NOTE = "andrat"  # the id of the line in a report's page
NOTED = re.compile(rf'<p class="changed" id="{NOTE}">.*?</p>\n', re.DOTALL)
BLANK = "…"  # where the figure stands in the sentence that is its label
NOISE = 9  # decimals of a figure as data
SHOWN, ON_PAGE = 40, 2000  # rows per report, and rows in all: a page is at most 2 MB
NOT_COMPARED: tuple[Outcome, ...] = ("added", "removed", "other_choices", "failed", "was_failed")


@dataclass(frozen=True)
class Row:
    """One changed figure as a reader sees it."""

    label: str
    about: str
    old: str
    new: str
    difference: str


@dataclass(frozen=True)
class Section:
    """One changed report: its id on the page, its address, the rows shown of it, and how many there
    are.
    """

    id: str
    address: str
    title: str
    rows: list[Row]
    total: int


@dataclass(frozen=True)
class Group:
    """All that has one cause: what happened in a sentence, the tables, and the changed reports."""

    cause: Cause
    title: str
    said: str
    inputs: list[InputChange]
    sections: list[Section]


def make_changes(title: str, language: str, found: Comparison, frame: Frame) -> str:
    """Return the page of an edition's changes."""
    words = Wording(language, frame.terms)
    tongue = Language("en" if words.language == "en" else "sv")
    changed = found.of("changed")
    shown = min(SHOWN, max(1, ON_PAGE // max(1, len(changed))))
    return render_page(
        "changes.html.j2",
        language,
        frame,
        index="index.html",
        parameters=frame.manifest.parameters,
        title=title,
        lead=answer(found, words),
        found=found,
        notes=_notes(found, words),
        not_compared=found.of(*NOT_COMPARED),
        groups=[_group(cause, found, shown, words, tongue) for cause in found.causes],
    )


def address_of(found: Comparison, report: str) -> str:
    """Return where the page tells what changed in a report; "" where nothing did."""
    causes = (
        cause
        for cause in found.causes
        for changed in found.caused_by(cause)
        if changed.id == report
    )
    return next((f"andringar.html#{section_id(cause, report)}" for cause in causes), "")


def note_of(found: Comparison, report: str, language: str) -> str:
    """Return in one line, as HTML, what of a report's figures changed, with a link to all of it; ""
    where nothing did.
    """
    place = address_of(found, report)
    if not place:
        return ""
    words = Wording(language)
    facts = [fact for one in found.of("changed") if one.id == report for fact in one.facts]
    tongue = Language("en" if words.language == "en" else "sv")
    causes = dict.fromkeys(fact.cause for fact in facts)
    said = words.say(
        "changed_one" if len(facts) == 1 else "changed_some",
        figures=words.count("n_figures", len(facts)),
        causes=tongue.listing([words.say(f"by_{cause}") for cause in causes]),
        first=_told(facts[0], words, tongue),
    )
    link = f'<a href="{"../" * report.count("/")}{place}">{words.say("changed_all")}</a>'
    return f'<p class="changed" id="{NOTE}">{as_html(said)} {link}</p>\n'


def _told(change: FactChange, words: Wording, tongue: Language) -> str:
    """A changed figure within a sentence: the sentence it stands in with what it was, or whose it
    is and both.
    """
    row = _row(change, words, tongue)
    if BLANK in change.label:
        said = change.label.replace(BLANK, row.new, 1).rstrip(".")
        return f"”{said}” ({words.say('was').lower()} {row.old})"
    about = "" if row.about == words.say("none") else f", {row.about}"
    return f"{row.label}{about}: {row.old} → {row.new}"


def with_note(page: str, note: str) -> str:
    """Return a report's page with this line of what changed above what it says, and no other.

    >>> said = with_note("<header></header>", '<p class="changed" id="andrat">1</p>\\n')
    >>> said, with_note(said, "")
    ('<header><p class="changed" id="andrat">1</p>\\n</header>', '<header></header>')
    """
    start, end, rest = NOTED.sub("", page).partition("</header>")
    return f"{start}{note}{end}{rest}"


def noted(page: str) -> bool:
    """Whether a page has a line of what changed."""
    return NOTED.search(page) is not None


def section_id(cause: Cause, report: str) -> str:
    """Return the id of what one cause changed in a report.

    >>> section_id("data", "group/1")
    'data-group-1'
    """
    return f"{cause}-{report.replace('/', '-')}"


def _group(cause: Cause, found: Comparison, shown: int, words: Wording, tongue: Language) -> Group:
    """Return what a cause has changed, said in one sentence and shown by report."""
    reports = found.caused_by(cause)
    figures = sum(len(report.facts) for report in reports)
    counts = {
        "figures": words.count("n_figures", figures),
        "reports": words.count("n_reports", len(reports)),
    }
    result = words.say("cause_some" if figures else "cause_none", **counts)
    return Group(
        cause,
        words.say(f"cause_{cause}"),
        f"{words.say(f'cause_{cause}_said')} {result}",
        found.inputs if cause == "data" else [],
        [_section(report, cause, shown, words, tongue) for report in reports],
    )


def answer(found: Comparison, words: Wording) -> str:
    """Return what changed, in one sentence."""
    compared = found.of("same", "changed")
    counts = {
        "figures": words.count("n_figures", found.figures),
        "changed": words.count("n_reports", len(found.of("changed"))),
        "same": words.count("n_reports", len(found.of("same"))),
    }
    if not found.earlier:
        return words.say("changes_none_before")
    if found.nothing:
        return words.say("changes_nothing", **counts)
    if not compared and found.choices:
        return words.say("changes_not_compared", names=_names(found, words))
    return words.say("changes_some" if found.figures else "changes_same", **counts)


def _notes(found: Comparison, words: Wording) -> list[str]:
    """Return what else a reader must know before the figures are compared."""
    if not found.earlier or found.nothing:
        return []
    if found.choices and found.of("same", "changed"):
        return [words.say("changes_choices", names=_names(found, words))]
    return []


def _names(found: Comparison, words: Wording) -> str:
    return ", ".join(words.parameter(name) for name in found.choices)


def _section(
    report: ReportChange, cause: Cause, shown: int, words: Wording, tongue: Language
) -> Section:
    rows = [_row(change, words, tongue) for change in report.facts[:shown]]
    place = section_id(cause, report.id)
    return Section(place, f"{report.id}.html", report.title, rows, len(report.facts))


def _row(change: FactChange, words: Wording, tongue: Language) -> Row:
    label = change.label or change.name
    return Row(
        label=f"{label} ({tongue.t(change.unit)})" if change.unit else label,
        about=change.about or ", ".join(filter(None, change.key.values())) or words.say("none"),
        old=words.say("not_there")
        if change.kind == "added"
        else _shown(change.old, change.old_shown, tongue),
        new=words.say("not_there_now")
        if change.kind == "removed"
        else _shown(change.new, change.new_shown, tongue),
        difference=_difference(change, tongue) or words.say("none"),
    )


def _shown(value: int | float | str | None, shown: str, tongue: Language) -> str:
    """Return a figure as its report shows it; in full, if the edition does not record that."""
    return shown or shown_value(value, tongue)


def _difference(change: FactChange, tongue: Language) -> str:
    """The step from one known number to another, no finer than the two; nothing where a report
    shows no number.
    """
    if not isinstance(change.old, int | float) or not isinstance(change.new, int | float):
        return ""
    if not change.old_shown or not change.new_shown:
        return tongue.step(change.old, change.new)
    ends = (
        _decimals(change.old, change.old_shown, tongue),
        _decimals(change.new, change.new_shown, tongue),
    )
    known = [decimals for decimals in ends if decimals is not None]
    return tongue.step(change.old, change.new, max(known)) if len(known) == len(ends) else ""


def _decimals(value: float, shown: str, tongue: Language) -> int | None:
    """Return with how many decimals a report shows a number; None where it shows words."""
    plain = shown.lstrip("+").rstrip("%").rstrip()
    return next(
        (decimals for decimals in range(NOISE) if tongue.number(value, decimals) == plain), None
    )


def shown_value(value: int | float | str | None, tongue: Language) -> str:
    """Return a figure as the reader sees it; the word for missing when it is not known.

    >>> shown_value(1500.5, Language("sv")), shown_value(None, Language("sv"))
    ('1\\xa0500,5', 'uppgift saknas')
    """
    if value is None:
        return tongue.missing
    return tongue.t(value) if isinstance(value, str) else tongue.number(value)
