"""A number written in the workbench: a text field, and beside it why what is written is not
used.
"""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets

from helpers.contracts.numbers import LIMITS, Code, Unread, read_number, read_numbers
from helpers.contracts.text import as_html
from helpers.present.language import Language

WIDE = {"style": {"description_width": "11em"}}
UNCHANGED = "Inget har ändrats."
SAYS: dict[Code, str] = {
    "blank": "Fältet är tomt. Skriv {vad}, till exempel {exempel}.",
    "grouped": "”{fel}” går inte att läsa: tusental skiljs åt med mellanslag. Skriv {menat}.",
    "either": (
        "”{fel}” kan vara ett tal eller flera. Skriv {menat}, eller {delat} med semikolon emellan."
    ),
    "joined": "”{fel}” går inte att läsa. Sätt semikolon mellan talen: {delat}.",
    "decimal": "”{fel}” är inget helt tal. Skriv {vad}: {menat}.",
    "spaced": "”{fel}” har ett mellanslag på fel plats. Skriv {menat}.",
    "zero_first": "”{fel}” börjar med en nolla. Skriv {menat}.",
    "no_number": "”{fel}” är inget tal. Skriv {vad}, till exempel {exempel}.",
    "low": "{fel} ligger utanför gränserna. Skriv {vad} från {minst} till {mest}.",
    "high": "{fel} ligger utanför gränserna. Skriv {vad} från {minst} till {mest}.",
    "count": "Jämför med högst {mest} prognoser, en färg för var och en. Fältet har {fel}.",
}
NO_GUESS = "”{fel}” går inte att läsa. Skriv {vad}, till exempel {exempel}."
WANTED = {  # what to write, by the name of the limit
    "forecast": "ett antal barn i hela landet",
    "scenario_year": "ett år",
    "attachment_percent": "hela procent",
    "capacity": "ett antal platser",
}


def field(kind: type, label: str, width: str = "34em", **given: Any) -> Any:
    """Return a widget with its label to the left; both may shrink on a narrow screen."""
    return kind(description=label, layout={"width": width, "max_width": "98%"}, **WIDE, **given)


def alert(*sentences: str) -> str:
    """Return what went wrong, read out at once to one who cannot see it."""
    return f'<p role="alert">⚠ {as_html(" ".join(sentences))}</p>' if sentences else ""


def written(number: float, limit: str) -> str:
    """Return a number as the one reader takes it; a year has no space.

    >>> written(2300, "forecast"), written(2019, "scenario_year")
    ('2\\xa0300', '2019')
    """
    return str(int(number)) if limit.endswith("year") else f"{int(number):,}".replace(",", "\u00a0")


def in_words(wrong: Unread, limit: str, language: Language) -> str:
    """Return why a text is not used, in the reader's language.

    Args:
        wrong: What the reader of numbers found.
        limit: The name of the limit of a single number of the field.
        language: The reader's.

    >>> in_words(read_number("2.3", LIMITS["forecast"]), "forecast", Language("sv"))
    '”2.3” är inget helt tal. Skriv ett antal barn i hela landet: 2\\xa0300. Inget har ändrats.'
    """
    least, most, *_ = wrong.limit
    values = {
        "fel": wrong.found,
        "menat": written(int(wrong.instead), limit) if wrong.instead else "",
        "delat": wrong.apart,
        "vad": language.t(WANTED[limit]),
        "exempel": written(LIMITS[limit].example, limit),
        "minst": written(least, limit),
        "mest": written(most, limit),
    }
    return f"{language.t(_text(wrong), **values)} {language.t(UNCHANGED)}"


def _text(wrong: Unread) -> str:
    """What to say, by the kind of fault and by whether it can be said what was meant."""
    text = SAYS[wrong.code]
    if "{menat}" not in text or wrong.instead:
        return text
    return SAYS["joined"] if wrong.apart else NO_GUESS


class NumberField:
    """A field for a number, several, or none; what is written and not used stands there with the
    reason beside it.

    Args:
        language: The reader's.
        label: What the field is called.
        limit: The name of the limit of each number.
        changed: What to do when something else is written.
        count: The name of the limit of how many there may be; by default one.
        blank: Whether the field may be empty.
        width: Of the field.
    """

    def __init__(
        self,
        language: Language,
        label: str,
        limit: str,
        changed: Callable[[], None],
        count: str = "",
        blank: bool = False,
        width: str = "34em",
    ) -> None:
        self.language, self.label, self.limit, self.count, self.blank = (
            language,
            label,
            limit,
            count,
            blank,
        )
        self.text = field(ipywidgets.Text, label, width, continuous_update=False)
        self.said = ipywidgets.HTML()
        self.box = ipywidgets.VBox([self.text, self.said])
        self.filling = False
        self.text.observe(lambda _: None if self.filling else changed(), names="value")

    @property
    def wrong(self) -> bool:
        """Whether what is written is not what is used."""
        return bool(self.said.value)

    def read(self) -> tuple[int, ...] | None:
        """Return the numbers written; None if they are not used, and the reason then stands beside
        the field.
        """
        numbers, wrong = self._read(self.text.value)
        self.say(*(in_words(one, self.limit, self.language) for one in wrong))
        return None if wrong else numbers

    def say(self, *reasons: str) -> None:
        """Say beside the field why it is not used; without a reason, take it back."""
        self.said.value = alert(*reasons)

    def show(self, *numbers: int) -> None:
        """Write numbers in the field; nobody is told, and nothing is wrong any more."""
        self.filling = True
        self.text.value = "; ".join(written(number, self.limit) for number in numbers)
        self.filling = False
        self.say()

    def _read(self, text: str) -> tuple[tuple[int, ...], Sequence[Unread]]:
        """The numbers, and all that is wrong."""
        if self.count:
            numbers, wrong = read_numbers(text, LIMITS[self.limit], LIMITS[self.count])
            return tuple(dict.fromkeys(int(number) for number in numbers)), wrong
        if self.blank and not text.strip():
            return (), ()
        number = read_number(text, LIMITS[self.limit])
        return ((), (number,)) if isinstance(number, Unread) else ((int(number),), ())
