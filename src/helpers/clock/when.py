"""When a schedule runs: a cron expression, read, or systemd's OnCalendar where cron cannot say
it.
"""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpers.errors import ParameterError

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
        """Tell whether it runs on a day: where day and weekday are both named, either will do, as
        in cron.
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
    """Return what systemd's OnCalendar says as cron, where cron can: a time on certain weekdays, or
    daily; else None.

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
