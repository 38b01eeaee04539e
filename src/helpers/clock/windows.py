"""A task for the Windows Task Scheduler, as the XML that `schtasks /Create /XML` takes. It is only
printed.
"""

import datetime
import subprocess
from xml.etree import ElementTree

from helpers.clock.schedule import HEAD, Cron, Schedule
from helpers.errors import ParameterError

SPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November",
    "December",
)  # fmt: skip
EVERY_DAY = 31


def task(schedule: Schedule, cron: Cron, today: datetime.date) -> str:
    """Return the task's XML.

    Args:
        schedule: What to run.
        cron: When; at one time of the day.
        today: The day it counts from.

    Raises:
        ParameterError: the time is one that a calendar trigger cannot say.
    """
    if len(cron.minutes) != 1 or len(cron.hours) != 1:
        raise ParameterError(
            f"--cron {cron.text!r}: a Windows task takes one time of the day; name one."
        )
    root = ElementTree.Element("Task", {"version": "1.2", "xmlns": SPACE})
    _put(
        _put(root, "RegistrationInfo"), "Description", f"Mottagningsboken: {schedule.name}. {HEAD}"
    )
    trigger = _put(_put(root, "Triggers"), "CalendarTrigger")
    start = datetime.datetime.combine(today, datetime.time(cron.hours[0], cron.minutes[0]))
    _put(trigger, "StartBoundary", start.isoformat())
    _put(trigger, "Enabled", "true")
    _days(trigger, cron)
    settings = _put(root, "Settings")
    told = {
        "MultipleInstancesPolicy": "IgnoreNew",
        "DisallowStartIfOnBatteries": "false",
        "StopIfGoingOnBatteries": "false",
        "StartWhenAvailable": "true",
        "ExecutionTimeLimit": "PT0S",
    }
    for name, value in told.items():
        _put(settings, name, value)
    call = _put(_put(root, "Actions", Context="Author"), "Exec")
    _put(call, "Command", schedule.words[0])
    _put(call, "Arguments", subprocess.list2cmdline(schedule.words[1:]))
    ElementTree.indent(root)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        + ElementTree.tostring(root, encoding="unicode")
        + "\n"
    )


def _days(trigger: ElementTree.Element, cron: Cron) -> None:
    """Every day, some weekdays, or some days of some months: by the numbers that match, however
    they are written.
    """
    every_day, every_weekday = len(cron.days) == EVERY_DAY, len(cron.weekdays) == len(DAYS)
    numbers = cron.days
    if not (every_day or every_weekday):
        raise ParameterError(
            f"--cron {cron.text!r}: a Windows task takes either days or weekdays; name one of them."
        )
    if not (cron.any_day or cron.any_weekday):  # cron takes either, and one of them is every day
        numbers, every_day, every_weekday = tuple(range(1, EVERY_DAY + 1)), True, True
    if every_day and len(cron.months) == len(MONTHS):
        by_week = _put(trigger, "ScheduleByDay" if every_weekday else "ScheduleByWeek")
        _put(by_week, "DaysInterval" if every_weekday else "WeeksInterval", "1")
        if not every_weekday:
            days = _put(by_week, "DaysOfWeek")
            for day in cron.weekdays:
                _put(days, DAYS[day])
        return
    if not every_weekday:
        raise ParameterError(
            f"--cron {cron.text!r}: a Windows task takes weekdays in every month; name all months."
        )
    by_month = _put(trigger, "ScheduleByMonth")
    days, months = _put(by_month, "DaysOfMonth"), _put(by_month, "Months")
    for number in numbers:
        _put(days, "Day", str(number))
    for number in cron.months:
        _put(months, MONTHS[number - 1])


def _put(
    parent: ElementTree.Element, name: str, text: str = "", **attributes: str
) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text or None
    return child
