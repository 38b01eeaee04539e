"""What the runner is given and what it gives back. Nothing here knows what a report is about."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.contracts.text import LONGEST, cut
from helpers.errors import RenderError


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
    """

    id: str
    notebook: Path
    parameters: dict[str, Any]
    group: str = ""
    name: str = ""
    variant: str = ""

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
    """What became of one job. `failure` is None exactly when the report is delivered.

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
    """What one report took: seconds, seconds of processor time, bytes of memory at most; None where
    not known.
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
