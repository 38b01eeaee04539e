"""What a schedule is: which edition, when, where to, and what to do when it fails."""

import dataclasses
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from helpers.contracts.text import quoted, to_json, visible
from helpers.errors import ParameterError

COMMAND = ("schedule", "run")
HEAD = "Written by `mottagning schedule install`, which replaces it."


@dataclass(frozen=True)
class Schedule:
    """One schedule, as it was asked for.

    Attributes:
        program: The path of `mottagning`.
        edition: An edition's name, or the path of its file.
        out: The folder that the runs write to.
        data: The folder with the published tables; None for the project's own.
        cron: When, as a cron expression; "" where only systemd can say it.
        calendar: When, as systemd's OnCalendar; "" where only cron can.
        keep_logs: How many logs are kept.
        time_limit: Minutes that a run may take.
        on_failure: A shell command; "" for none.
        options: More options for `mottagning reports`.
    """

    program: str
    edition: str
    out: str
    data: str | None
    keep_logs: int
    time_limit: float
    on_failure: str = ""
    cron: str = ""
    calendar: str = ""
    options: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return name_of(self.edition)

    @property
    def words(self) -> list[str]:
        """The command and its arguments, none of them quoted."""
        given = ["--edition", self.edition, "--out", self.out]
        given += ["--data", self.data] if self.data else []
        given += ["--keep-logs", str(self.keep_logs), "--time-limit", f"{self.time_limit:g}"]
        given += ["--on-failure", self.on_failure] if self.on_failure else []
        return [self.program, *COMMAND, *given, *(["--", *self.options] if self.options else [])]

    def note(self) -> str:
        """Return it as one line of JSON, which the installed text carries so that it can be shown
        again.
        """
        return to_json(dataclasses.asdict(self))


def read_note(text: str) -> Schedule | None:
    """Return the schedule that a line of an installed text carries; None if it carries none.

    >>> read_note("Description=x") is None
    True
    """
    try:
        return TypeAdapter(Schedule).validate_json(text.lstrip("#! ").removesuffix("-->").strip())
    except ValidationError:
        return None


def name_of(edition: str) -> str:
    """Return what an edition's schedule is called: the edition's name, in letters that every system
    takes.

    Raises:
        ParameterError: nothing of it is left.

    >>> name_of("standard"), name_of("/srv/Vår utgåva.yaml")
    ('standard', 'var-utgava')
    """
    plain = unicodedata.normalize(
        "NFKD", Path(edition).stem if edition.endswith((".yaml", ".yml")) else edition
    )
    name = re.sub(
        r"[^a-z0-9_]+", "-", "".join(c for c in plain if not unicodedata.combining(c)).lower()
    ).strip("-")
    if not name:
        raise ParameterError(
            f"--edition: {edition!r} has no letter a–z to name the schedule by. Name the file anew."
        )
    return name


def checked(schedule: Schedule) -> Schedule:
    """Return a schedule whose every field fits on a line, and shows all that is in it.

    Raises:
        ParameterError: a field holds a line break or another character that is not seen.
    """
    for name, field in dataclasses.asdict(schedule).items():
        for text in field if isinstance(field, tuple) else [str(field)]:
            if visible(text) != text:
                raise ParameterError(
                    f"{name.replace('_', '-')}: found {quoted(text)}; a line break or a hidden"
                    " character cannot stand in a schedule. Take it out."
                )
    return schedule
