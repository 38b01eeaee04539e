"""One report's job, its result and its cost; and the log of a failed one, short and the same on
every machine.

Nothing here knows what a report is about.
"""

import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import helpers
from helpers.contracts.files import bytes_in
from helpers.contracts.text import LONGEST, cut
from helpers.errors import RenderError

if TYPE_CHECKING:  # nbformat takes two seconds to import, and the command line must answer at once
    from nbformat import NotebookNode


# Beside a report: what those it is about say themselves, the page of its method, and what can be
# handed out. A cell tagged by one of these names belongs to it; what is handed out stands in the
# report as well.
TOLD, METHOD, HANDOUT = "lagesbild", "metod", "kort"
BESIDE = (TOLD, METHOD, HANDOUT)
ATTACHED = (".ics",)  # the endings of files that a report may put beside its page


def pages_of(report: str) -> tuple[str, ...]:
    """Return the places that a report may have pages in, its own first.

    >>> pages_of("group/1")
    ('group/1', 'group/1/lagesbild', 'group/1/metod', 'group/1/kort')
    """
    return report, *(f"{report}/{document}" for document in BESIDE)


def report_of(page: str) -> str:
    """Return the report that a page belongs to.

    >>> report_of("group/1/metod"), report_of("group/1")
    ('group/1', 'group/1')
    """
    report, _, last = page.rpartition("/")
    return report if last in BESIDE and report else page


def documents_of(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the documents that a cell with these tags stands in; "" is the report itself.

    >>> documents_of([]), documents_of(["metod"]), documents_of(["kort"])
    (('',), ('metod',), ('', 'kort'))
    """
    own = set(tags) & set(BESIDE)
    alone = own - {HANDOUT}
    return tuple(alone) if alone else ("", *own)


@dataclass(frozen=True)
class Job:
    """One report to render.

    Attributes:
        id: Where it lies in the edition, such as "group/1".
        notebook: The notebook to run.
        parameters: Checked parameters, passed on as they are.
        group: The index heading it stands under.
        name: What the index calls it until the report has told its own title.
        variant: What sets it apart from other reports of the same title, as its heading says it.
        links: Reports beside it that it may lead to, by their ids without what is before its own.
        under: The report that the index names it beneath, if the edition has that.
    """

    id: str
    notebook: Path
    parameters: dict[str, Any]
    group: str = ""
    name: str = ""
    variant: str = ""
    links: tuple[str, ...] = ()
    under: str = ""

    @property
    def language(self) -> str:
        return str(self.parameters.get("sprak", "sv"))


@dataclass(frozen=True)
class Failure:
    """Why a report was not delivered: a reason code, where, what was found, and what was printed
    last.
    """

    code: str
    where: str
    found: str
    log: str = ""

    def __post_init__(self) -> None:
        """Cut what was found: it may be the message of any error."""
        object.__setattr__(self, "found", cut(self.found, LONGEST))

    def __str__(self) -> str:
        return f"{self.code} at {self.where}: {self.found}"


@dataclass(frozen=True)
class Result:
    """The result of one job. `failure` is None exactly when the report is delivered.

    Attributes:
        read: Names of the inputs it read as a whole; None where that is not known.
        values: What it read more finely, by name, with the checksum of what it held.
        files: Checksum and bytes of each of its files, by their place in the release.
    """

    id: str
    failure: Failure | None = None
    title: str = ""
    question: str = ""
    answer: str = ""
    status: dict[str, bool] = field(default_factory=dict)
    retries: int = 0
    read: list[str] | None = None
    values: dict[str, str] = field(default_factory=dict)
    files: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Cost:
    """The cost of one report: seconds, seconds of processor time, most bytes of memory; None where
    unknown.
    """

    seconds: float
    cpu: float | None = None
    peak: int | None = None


class ReportError(RenderError):
    """One report cannot be delivered; the others can."""

    def __init__(self, code: str, where: str, found: str) -> None:
        self.failure = Failure(code, where, found)
        super().__init__(str(self.failure))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.failure.code, self.failure.where, self.failure.found)


LINES, BYTES = 40, 8_000  # of the log, at most
# beside the executed notebook: what the running cell has printed, should its process be killed
TRAIL = ".trail"
UNKNOWN = {"the report", "a cell"}
_COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_PATH = re.compile(r"[~…]?(?:/[\w.@+-]+){2,40}")  # bounded, for a flood of text
# in a traceback: the code around the line that was reached
_AROUND = re.compile(r"\s*([0-9]+ .*|\(\.\.\.\).*)?$")
_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,16}\b")
_ROOTS = (
    str(Path(helpers.__file__).parents[2]),
    sys.prefix,
    sys.base_prefix,
    os.path.expanduser("~"),
)


def witnessed(failure: Failure, executed: Path, building: Path) -> Failure:
    """Return a failure with the log, and the cell where that was not known.

    Args:
        failure: What is known already.
        executed: Where the executed notebook lies, or would.
        building: The folder that the report is built in.
    """
    number, text = _trail(executed.with_suffix(TRAIL)) or _printed(executed)
    where = f"code cell {number}" if number and failure.where in UNKNOWN else failure.where
    found, log = (same_anywhere(said, str(building), *_ROOTS) for said in (failure.found, text))
    return replace(failure, where=where, found=found, log=last(log))


def last(text: str) -> str:
    """Return the last lines of a log, as many as a page may show.

    >>> last("\\n".join(str(number) for number in range(100))).splitlines()[0]
    '60'
    """
    lines = text.strip("\n").splitlines()[-LINES:]
    return "\n".join(lines).encode()[-BYTES:].decode(errors="ignore")


def same_anywhere(text: str, *roots: str) -> str:
    """Return a text without colours, memory addresses, and paths of this machine.

    Args:
        text: As it was printed.
        roots: Folders whose names may hold what a path in running text does not, such as a space.

    >>> printed = "\\x1b[31mFile ~/arkiv/site-packages/pandas/io.py:7\\x1b[0m, <f at 0x7f00aa00bb>"
    >>> same_anywhere(printed)
    'File …/pandas/io.py:7, <f at 0x…>'
    """
    plain = _CONTROL.sub("", _COLOUR.sub("", text.replace("\r", "\n")))
    for root in sorted(roots, key=len, reverse=True):
        plain = plain.replace(root, "…") if len(root) > 1 else plain
    return _ADDRESS.sub(
        "0x…", _PATH.sub(lambda found: "…/" + "/".join(found[0].split("/")[-2:]), plain)
    )


def _trail(path: Path) -> tuple[int, str] | None:
    """Return the cell that was running when its process was killed, and what it had printed."""
    try:
        number, _, text = bytes_in(path).decode("utf-8", "replace").partition("\n")
        return int(number), text
    except (OSError, ValueError):
        return None


def _printed(executed: Path) -> tuple[int, str]:
    """Return the last cell that ran, and what all cells printed, each under its number."""
    import nbformat

    try:
        cells = [
            cell for cell in nbformat.read(executed, as_version=4).cells if cell.cell_type == "code"
        ]
    except Exception:  # cut off, or no notebook at all: then there is nothing to tell
        return 0, ""
    parts = [(cell.execution_count, text) for cell in cells if (text := _text(cell))]
    number = max((cell.execution_count or 0 for cell in cells), default=0)
    return number, "\n".join(f"[{count or ' '}]\n{text}" for count, text in parts)


def _text(cell: "NotebookNode") -> str:
    """Return what a cell has printed, and its traceback."""
    streams = [output.text for output in cell.outputs if output.output_type == "stream"]
    errors = [
        "\n".join(output.traceback) for output in cell.outputs if output.output_type == "error"
    ]
    steps = [
        line for line in _COLOUR.sub("", "\n".join(errors)).splitlines() if not _AROUND.match(line)
    ]
    return "".join([*streams, "\n".join(steps)]).strip("\n")
