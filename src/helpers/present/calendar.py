"""Days as a calendar that a reader can take in (iCalendar): fixed ids and stamps, so that the same
days are the same bytes.
"""

import datetime
from collections.abc import Mapping, Sequence

from helpers.contracts.text import in_line

PRODUCER = "-//Mottagningsboken//SV"
DOMAIN = "mottagningsboken"  # what follows the at sign of an event's id


def calendar_text(name: str, days: Sequence[Mapping[str, str]]) -> str:
    """Return an iCalendar file's text: an all-day event for each day.

    Args:
        name: The calendar's name.
        days: id, title, text, day (YYYY-MM-DD) and stamp (the day of the source, YYYY-MM-DD) of
            each.
    """
    from icalendar import Calendar, Event

    book = Calendar()
    for key, value in (("prodid", PRODUCER), ("version", "2.0"), ("x-wr-calname", in_line(name))):
        book.add(key, value)
    for own in days:
        event, day = Event(), datetime.date.fromisoformat(own["day"])
        stamp = datetime.datetime.fromisoformat(own["stamp"]).replace(tzinfo=datetime.UTC)
        event.add("uid", f"{own['id']}@{DOMAIN}")
        event.add("dtstamp", stamp)
        event.add("dtstart", day)
        event.add("dtend", day + datetime.timedelta(days=1))
        event.add("summary", in_line(own["title"]))
        event.add("description", in_line(own["text"], 500))
        book.add_component(event)
    return bytes(book.to_ical()).decode("utf-8")
