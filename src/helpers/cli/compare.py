"""The command that compares two editions, and its summary, which `reports` prints too."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from helpers.cli.options import Json
from helpers.cli.terminal import print
from helpers.editions.parameters import PARTING
from helpers.errors import ParameterError

if TYPE_CHECKING:
    from helpers.releases.compare import Comparison, FactChange

SHOWN = 20  # changed figures printed per report; --json has them all
OUTCOMES = {
    "added": "new",
    "removed": "gone",
    "other_choices": "made with other choices",
    "failed": "failed this time",
    "was_failed": "could not be read in the edition before",
}


def compare(
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="The html folder of the earlier edition.")
    ],
    new: Annotated[
        Path, typer.Argument(metavar="NEW", help="The html folder of the later edition.")
    ],
    as_json: Json = False,
) -> None:
    """Compare two editions, figure for figure: what changed in inputs, code, choices and
    reports.
    """
    from helpers.releases import compare as editions
    from helpers.report.facts import as_json as text

    strangers = [str(folder) for folder in (old, new) if not editions.is_edition(folder)]
    if strangers:
        raise ParameterError(
            *(
                f"{name}: holds no edition that can be read. Name a folder with manifest.json."
                for name in strangers
            )
        )
    found = editions.compare(old, new, PARTING)
    print(text(found), end="") if as_json else _print(found)


def what_changed(found: "Comparison") -> str:
    """Return what changed, in one or two lines."""
    if not found.earlier:
        return "There was no earlier edition here to compare with."
    if found.nothing:
        return (
            f"Compared with the edition before: nothing changed; {_reports(found, 'same')}, figure"
            " for figure."
        )
    names = ", ".join(f"{table.id} {table.kind}" for table in found.inputs)
    parts = [
        f"{_count(len(found.inputs), 'table')} changed ({names})" if names else "no table changed"
    ]
    parts += ["the rules changed"] if found.method_changed else []
    parts += ["the code or its packages changed"] if found.code_changed else []
    parts += [f"other choices ({', '.join(found.choices)})"] if found.choices else []
    parts.append(
        f"{_count(found.figures, 'figure')} in {_count(len(found.of('changed')), 'report')} changed"
    )
    parts.append(f"{_reports(found, 'same')}, figure for figure")
    parts += [
        f"{len(there)} {says}"
        for outcome, says in OUTCOMES.items()
        if (there := _of(found, outcome))
    ]
    return f"Compared with the edition before: {'; '.join(parts)}."


def changes_as_json(found: "Comparison") -> dict[str, Any]:
    """Return what changed as counts and names; andringar.json has every figure."""
    return {
        "earlier": found.earlier,
        "choices": found.choices,
        "code_changed": found.code_changed,
        "method_changed": found.method_changed,
        "inputs": [{"id": table.id, "kind": table.kind} for table in found.inputs],
        "figures": found.figures,
        "reports": {outcome: _of(found, outcome) for outcome in ("same", "changed", *OUTCOMES)},
    }


def _of(found: "Comparison", outcome: str) -> list[str]:
    return [report.id for report in found.reports if report.outcome == outcome]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _reports(found: "Comparison", outcome: str) -> str:
    number = len(_of(found, outcome))
    return f"{_count(number, 'report')} {'is' if number == 1 else 'are'} the same"


def _print(found: "Comparison") -> None:
    print(what_changed(found))
    for report in found.reports:
        if report.outcome == "changed":
            print(f"{report.id}: {report.title}")
            for change in report.facts[:SHOWN]:
                print(f"  {_line(change)}")
            if len(report.facts) > SHOWN:
                print(f"  … and {len(report.facts) - SHOWN} more; all with --json.")
        elif report.outcome != "same":
            print(f"{report.id}: {OUTCOMES[report.outcome]}")


def _line(change: "FactChange") -> str:
    about = change.about or ", ".join(filter(None, change.key.values()))
    return (
        f"{change.name}{f' ({about})' if about else ''}: {_values(change)} {change.unit}".rstrip()
    )


def _values(change: "FactChange") -> str:
    old, new = ("unknown" if value is None else str(value) for value in (change.old, change.new))
    return {"added": f"new, {new}", "removed": f"gone, was {old}"}.get(
        change.kind, f"{old} → {new}"
    )
