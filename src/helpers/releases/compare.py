"""What changed between two editions: inputs, code, choices, reports, and every figure, one by one.

Two reports are compared figure for figure only if they were made with the same choices. Nothing
here has a clock: two folders give the same comparison, however often and wherever they are
compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.contracts.files import bytes_in
from helpers.report.facts import Fact, ReportDocument
from helpers.report.job import report_of
from helpers.report.manifest import Input, Manifest

MANIFEST, CHANGES = "manifest.json", "andringar"
Kind = Literal["added", "removed", "changed"]
Outcome = Literal["same", "changed", "added", "removed", "other_choices", "failed", "was_failed"]
Cause = Literal["data", "method", "code"]
CAUSES: tuple[Cause, ...] = ("data", "method", "code")
Identity = tuple[str, str, tuple[tuple[str, str], ...]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FactChange(_Strict):
    """One figure that is new, gone, or another than before; `old` and `new` null where it was not
    known.

    `old_shown` and `new_shown` are how the pages show it, empty where they do not tell. `cause` is
    what made it another: the tables it rests on, the rules it is computed by, or the code.
    """

    kind: Kind
    name: str
    key: dict[str, str]
    unit: str
    label: str
    about: str
    old: int | float | str | None
    new: int | float | str | None
    old_shown: str = ""
    new_shown: str = ""
    cause: Cause = "data"


class InputChange(_Strict):
    """One table that is new, gone, or of other content than before."""

    kind: Kind
    id: str
    title: str


class ReportChange(_Strict):
    """The result of comparing one report with the edition before, and its changed figures."""

    id: str
    title: str
    outcome: Outcome
    facts: list[FactChange] = []


class Comparison(_Strict):
    """All that differs between two editions.

    Attributes:
        earlier: False where there was no edition to compare with.
        choices: Names of the edition's choices that differ.
        code_changed: Whether code, notebooks or package versions differ.
        method_changed: Whether the rules that figures are computed by differ.
        inputs: The tables that differ.
        reports: Every report of either edition, by id.
    """

    earlier: bool
    choices: list[str]
    code_changed: bool
    method_changed: bool = False
    inputs: list[InputChange]
    reports: list[ReportChange]

    def of(self, *outcomes: Outcome) -> list[ReportChange]:
        """Return the reports with one of the outcomes, in order of their ids."""
        return [report for report in self.reports if report.outcome in outcomes]

    @property
    def figures(self) -> int:
        """How many figures changed, all reports together."""
        return sum(len(report.facts) for report in self.reports)

    def caused_by(self, cause: Cause) -> list[ReportChange]:
        """Return the changed reports with those of their figures alone that have one cause."""
        parts = [
            report.model_copy(
                update={"facts": [fact for fact in report.facts if fact.cause == cause]}
            )
            for report in self.of("changed")
        ]
        return [report for report in parts if report.facts]

    @property
    def causes(self) -> list[Cause]:
        """What is another than before, or has changed a figure."""
        there = {
            "data": bool(self.inputs),
            "method": self.method_changed,
            "code": self.code_changed,
        }
        return [cause for cause in CAUSES if there[cause] or self.caused_by(cause)]

    @property
    def nothing(self) -> bool:
        """Whether the two editions are of the same inputs, code and choices and every figure is the
        same.
        """
        return self.earlier and not (
            self.choices
            or self.code_changed
            or self.method_changed
            or self.inputs
            or len(self.of("same")) < len(self.reports)
        )


@dataclass(frozen=True)
class _Why:
    """What is another than in the edition before: tables by id, rules, code."""

    tables: set[str]
    method: bool
    code: bool

    def of(self, sources: Iterable[str]) -> Cause:
        """Return the cause of a changed figure: a table of its own before the rules, those before
        the code, and a table that it does not name where nothing else is another.
        """
        if self.tables & set(sources):
            return "data"
        if self.method:
            return "method"
        return "code" if self.code or not self.tables else "data"


class _Folder:
    """An edition's html folder: its manifest, and the reports in it, read when they are asked
    for.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def manifest(self) -> Manifest | None:
        """What it was made from; None where there is no edition, or none that can be read."""
        try:
            return Manifest.model_validate_json(bytes_in(self.root / MANIFEST))
        except (OSError, ValidationError):
            return None

    @cached_property
    def ids(self) -> set[str]:
        """Every report that has a page; a failed one has a page too."""
        pages = self.root.glob("*/**/*.html")
        return {report_of(page.relative_to(self.root).with_suffix("").as_posix()) for page in pages}

    def raw(self, report: str) -> bytes:
        """Return a report's figures as they are on disk; nothing if it failed or cannot be read."""
        try:
            return bytes_in(self.root / f"{report}.json")
        except OSError:
            return b""


def is_edition(folder: Path) -> bool:
    """Whether a folder is an edition's html folder, with a manifest that can be read."""
    return _Folder(folder).manifest is not None


def compare(old: Path, new: Path, parting: str = "") -> Comparison:
    """Return what differs between two editions.

    Args:
        old: The html folder of the earlier edition; it need not exist.
        new: The html folder of the later one.
        parting: The parameter that tells reports of the same title apart; empty for none.
    """
    before, after = _Folder(old), _Folder(new)
    if before.manifest is None or after.manifest is None:
        return Comparison(earlier=False, choices=[], code_changed=False, inputs=[], reports=[])
    inputs = _changed_inputs(before.manifest.inputs, after.manifest.inputs)
    code_changed = _code(before.manifest) != _code(after.manifest)
    method_changed = _method_changed(before.manifest, after.manifest)
    why = _Why({table.id for table in inputs}, method_changed, code_changed)
    return Comparison(
        earlier=True,
        choices=_changed_choices(before.manifest, after.manifest),
        code_changed=code_changed,
        method_changed=method_changed,
        inputs=inputs,
        reports=[
            _report(report, before, after, parting, why)
            for report in sorted(before.ids | after.ids)
        ],
    )


def _method_changed(before: Manifest, after: Manifest) -> bool:
    """Whether the rules differ; an edition that does not tell them is not compared."""
    return bool(before.method and after.method) and before.method != after.method


def changed_facts(
    old: Iterable[Fact], new: Iterable[Fact], why: _Why = _Why(set(), method=False, code=False)
) -> list[FactChange]:
    """Return the figures that differ as a page shows them, in the new report's order, those that
    are gone last.

    A figure is the same one if name, unit and key are the same. One whose value has moved by less
    than its page shows has not changed.
    """
    before = {_identity(fact): fact for fact in old}
    after = {_identity(fact): fact for fact in new}
    found = [
        _change("changed" if identity in before else "added", before.get(identity), fact, why)
        for identity, fact in after.items()
        if identity not in before or _differ(before[identity], fact)
    ]
    return found + [
        _change("removed", fact, None, why)
        for identity, fact in before.items()
        if identity not in after
    ]


def _differ(old: Fact, new: Fact) -> bool:
    """Whether a reader sees another figure than before."""
    if old.value == new.value:
        return False
    return not (old.shown and old.shown == new.shown)


def _changed_choices(before: Manifest, after: Manifest) -> list[str]:
    names = {**before.parameters, **after.parameters}
    return [name for name in names if before.parameters.get(name) != after.parameters.get(name)]


def _code(manifest: Manifest) -> tuple[str, dict[str, str]]:
    return manifest.code_version, manifest.packages


def _changed_inputs(old: list[Input], new: list[Input]) -> list[InputChange]:
    before, after = ({table.id: table for table in tables} for tables in (old, new))
    found = []
    for name in sorted({*before, *after}):
        table = after.get(name) or before[name]
        if name not in before or name not in after:
            found.append(
                InputChange(
                    kind="added" if name in after else "removed", id=name, title=table.title
                )
            )
        elif before[name].sha256 != after[name].sha256:
            found.append(InputChange(kind="changed", id=name, title=table.title))
    return found


def _report(report: str, before: _Folder, after: _Folder, parting: str, why: _Why) -> ReportChange:
    raw_old, raw_new = before.raw(report), after.raw(report)
    if raw_old == raw_new and report in before.ids & after.ids and (head := _head(raw_new)):
        return ReportChange(id=report, title=_title(head, parting), outcome="same")
    old, new = _document(raw_old), _document(raw_new)
    present = new or old
    title = _title(present, parting) if present else report
    if report not in before.ids or report not in after.ids:
        return ReportChange(
            id=report, title=title, outcome="added" if report in after.ids else "removed"
        )
    if new is None or old is None:
        return ReportChange(
            id=report, title=title, outcome="failed" if new is None else "was_failed"
        )
    if old.parameters != new.parameters:
        return ReportChange(id=report, title=title, outcome="other_choices")
    facts = changed_facts(old.facts, new.facts, why)
    return ReportChange(id=report, title=title, outcome="changed" if facts else "same", facts=facts)


class _Head(BaseModel):
    """What a report says of itself as a whole."""

    title: str
    question: str
    parameters: dict[str, Any]


def _head(raw: bytes) -> _Head | None:
    """Return a report's title, question and parameters, figures unchecked; None if it failed."""
    try:
        return _Head.model_validate_json(raw)
    except ValidationError:
        return None


def _title(document: ReportDocument | _Head, parting: str) -> str:
    """Return a report's title, the value that distinguishes it from others of that title, and its
    question.
    """
    own = document.parameters.get(parting)
    return f"{document.title}{f' ({own})' if own else ''} – {document.question}"


def _document(raw: bytes) -> ReportDocument | None:
    """Return a report's figures; None if it failed, or has no form that can be compared."""
    try:
        return ReportDocument.model_validate_json(raw)
    except ValidationError:
        return None


def _identity(fact: Fact) -> Identity:
    return fact.name, fact.unit, tuple(sorted(fact.key.items()))


def _change(kind: Kind, old: Fact | None, new: Fact | None, why: _Why) -> FactChange:
    fact = new or old
    assert fact is not None
    return FactChange(
        kind=kind,
        name=fact.name,
        key=fact.key,
        unit=fact.unit,
        label=fact.label,
        about=fact.about,
        old=old.value if old else None,
        new=new.value if new else None,
        old_shown=old.shown if old else "",
        new_shown=new.shown if new else "",
        cause=why.of(fact.sources),
    )
