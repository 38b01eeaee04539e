"""What a schedule is: which edition, which folder, what to do on failure; and when it runs: a cron
expression, or systemd's OnCalendar where cron cannot express it.
"""

import dataclasses
import datetime
import re
import unicodedata
from collections.abc import Iterator
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
        """Return the schedule as one line of JSON, which is part of the installed text and is read
        back from it.
        """
        return to_json(dataclasses.asdict(self))


def read_note(text: str) -> Schedule | None:
    """Return the schedule in a line of an installed text; None if there is none in it.

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


DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FIELDS = (
    ("minute", 0, 59, ()), ("hour", 0, 23, ()), ("day", 1, 31, ()), ("month", 1, 12, MONTHS),
    ("weekday", 0, 7, DAYS),
)  # fmt: skip
SHORT = {"hourly": "0 * * * *", "daily": "0 0 * * *", "weekly": "0 0 * * 1", "monthly": "0 0 1 * *"}
SIMPLE = re.compile(
    r"(?:(?P<days>[A-Za-z]{3}(?:(?:,|\.\.)[A-Za-z]{3})*)\s+)?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::00)?"
)
FARTHEST = 366 * 9  # days to look ahead: 29 February can be eight years away


@dataclass(frozen=True)
class Cron:
    """A cron expression, read.

    Attributes:
        text: As it was written.
        minutes, hours, days, months, weekdays: The numbers that match, in order; 0 is Sunday.
    """

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]

    @property
    def any_day(self) -> bool:
        return self.text.split()[2].startswith("*")

    @property
    def any_weekday(self) -> bool:
        return self.text.split()[4].startswith("*")

    def on(self, day: datetime.date) -> bool:
        """Return whether it runs on a day: where day and weekday are both named, either is enough,
        as in cron.
        """
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        either = (
            by_day or by_weekday
            if not (self.any_day or self.any_weekday)
            else by_day and by_weekday
        )
        return day.month in self.months and either


def read_cron(text: str) -> Cron:
    """Return a cron expression of five fields.

    Raises:
        ParameterError: it is none; names the field.

    >>> read_cron("0 6 * * mon-fri").weekdays, read_cron("*/20 6 1 * *").minutes
    ((1, 2, 3, 4, 5), (0, 20, 40))
    """
    parts = text.split()
    if len(parts) != len(FIELDS):
        raise ParameterError(
            f"--cron: found {text!r}; write five fields, minute hour day month weekday, such as '0"
            " 6 * * 1'."
        )
    sets = [_numbers(part, *field) for part, field in zip(parts, FIELDS, strict=True)]
    sets[4] = {number % 7 for number in sets[4]}
    return Cron(" ".join(parts), *(tuple(sorted(numbers)) for numbers in sets))


def _numbers(part: str, name: str, lowest: int, highest: int, names: tuple[str, ...]) -> set[int]:
    found: set[int] = set()
    for piece in part.lower().split(","):
        match = re.fullmatch(r"(\*|(\w+)(?:-(\w+))?)(?:/([0-9]{1,2}))?", piece)
        ends = _ends(match, lowest, highest, names) if match else None
        step = int(match[4] or 1) if match else 0
        if ends is None or not lowest <= ends[0] <= ends[1] <= highest or step < 1:
            raise ParameterError(
                f"--cron: the {name} {part!r} cannot be read; write {lowest}–{highest}, * or a"
                " list."
            )
        found.update(range(ends[0], ends[1] + 1, step))
    return found


def _ends(
    match: re.Match[str], lowest: int, highest: int, names: tuple[str, ...]
) -> tuple[int, int] | None:
    """The first and the last number of a piece; a step without an end runs to the highest."""
    if match[1] == "*":
        return lowest, highest
    numbers = []
    for word in (match[2], match[3] or (str(highest) if match[4] else match[2])):
        if word in names:
            numbers.append(names.index(word) + lowest)
        elif re.fullmatch(r"[0-9]{1,2}", word, re.ASCII):
            numbers.append(int(word))
        else:
            return None
    return numbers[0], numbers[1]


def cron_of(calendar: str) -> Cron | None:
    """Return systemd's OnCalendar as cron, where cron can express it: a time on certain weekdays,
    or daily; else None.

    >>> cron_of("Mon 06:00").text, cron_of("Mon..Fri 06:30").text, cron_of("*-*-1..7 06:00")
    ('0 6 * * 1', '30 6 * * 1,2,3,4,5', None)
    """
    if calendar.strip().lower() in SHORT:
        return read_cron(SHORT[calendar.strip().lower()])
    match = SIMPLE.fullmatch(calendar.strip())
    if not match:
        return None
    try:
        weekdays = sorted(set(_weekdays(match["days"] or "")))
        days = ",".join(map(str, weekdays)) or "*"
        return read_cron(f"{int(match['minute'])} {int(match['hour'])} * * {days}")
    except (ValueError, ParameterError):
        return None


def _weekdays(text: str) -> Iterator[int]:
    for piece in filter(None, text.lower().split(",")):
        ends = [DAYS.index(word) for word in piece.split("..")]
        yield from (
            number % 7 for number in range(ends[0], ends[-1] + (8 if ends[-1] < ends[0] else 1))
        )


def calendar_of(cron: Cron) -> str:
    """Return a cron expression as systemd's OnCalendar.

    Raises:
        ParameterError: it names both day and weekday: cron means either, systemd both.

    >>> calendar_of(read_cron("0 6 * * 1")), calendar_of(read_cron("30 5 1,15 * *"))
    ('Mon *-*-* 06:00:00', '*-*-01,15 05:30:00')
    """
    if not (cron.any_day or cron.any_weekday):
        raise ParameterError(
            f"--cron {cron.text!r}: day and weekday are both named; systemd needs --on-calendar."
        )
    fields = (cron.minutes, cron.hours, cron.days, cron.months)
    told = [
        (
            "*"
            if len(numbers) == highest - lowest + 1
            else ",".join(f"{number:02}" for number in numbers)
        )
        for numbers, (_, lowest, highest, _) in zip(fields, FIELDS[:4], strict=True)
    ]
    weekdays = (
        ""
        if len(cron.weekdays) == 7
        else ",".join(DAYS[day].title() for day in cron.weekdays) + " "
    )
    return f"{weekdays}*-{told[3]}-{told[2]} {told[1]}:{told[0]}:00"


def next_after(cron: Cron, moment: datetime.datetime) -> datetime.datetime | None:
    """Return the next time after a moment, both on the local clock; None if there is none, as on 30
    February.

    >>> next_after(read_cron("0 6 * * 1"), datetime.datetime(2026, 11, 23, 6, 0))
    datetime.datetime(2026, 11, 30, 6, 0)
    """
    for ahead in range(FARTHEST):
        day = moment.date() + datetime.timedelta(days=ahead)
        if not cron.on(day):
            continue
        for hour in cron.hours:
            for minute in cron.minutes:
                found = datetime.datetime.combine(day, datetime.time(hour, minute))
                if found > moment:
                    return found
    return None
