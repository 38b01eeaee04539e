"""The widgets of the workbench: fields for numbers, the plan, the places and the files, each with
its words beside it.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets

from helpers.contracts.numbers import LIMITS, Code, Unread, read_number, read_numbers
from helpers.contracts.text import as_html, visible
from helpers.model.redistribution import Move
from helpers.model.scenario import PLACES
from helpers.present.desk import DeskError, Made
from helpers.present.language import KAPACITET, Language
from helpers.present.rendering import words

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
DONE = "Rapporten är klar: {fil}."


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
    """A field for a number, several, or none; what is written and not used stays there with the
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
        """Return the numbers written; None if they are not used, and the reason is then beside
        the field.
        """
        numbers, wrong = self._read(self.text.value)
        self.say(*(in_words(one, self.limit, self.language) for one in wrong))
        return None if wrong else numbers

    def say(self, *reasons: str) -> None:
        """Say beside the field why it is not used; without a reason, take it back."""
        self.said.value = alert(*reasons)

    def show(self, *numbers: int) -> None:
        """Write numbers in the field without calling any handler; nothing is wrong any more."""
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


def offer(widget: Any, names: Mapping[str, str]) -> None:
    """Let municipalities (kommunkod → name) be picked, and pick the first: new options leave none
    picked.
    """
    widget.options = [(name, kod) for kod, name in names.items()]
    widget.value = next(iter(names))


def row(*widgets: Any) -> Any:
    """Return widgets beside each other, below where there is no room."""
    return ipywidgets.HBox(widgets, layout={"flex_flow": "row wrap", "align_items": "center"})


def status(sentence: str) -> str:
    """Return how it goes, read out when there is a pause."""
    return f'<p role="status">{as_html(sentence)}</p>'


class PlanPart:
    """Who is to be zeroed and who takes over, and the moves picked so far.

    Args:
        language: The reader's.
        add, remove: What to do with a move; a refused one is not in the list that is shown next.
    """

    def __init__(
        self,
        language: Language,
        add: Callable[[Move], None],
        remove: Callable[[Move], None],
    ) -> None:
        self.language, self._remove = language, remove
        self.names: dict[str, str] = {}
        self._shown: tuple[Move, ...] = ()
        self.giver = field(ipywidgets.Dropdown, language.t("Kommun som nollas"))
        self.receiver = field(ipywidgets.Dropdown, language.t("Andelstalet tas över av"))
        self.add = ipywidgets.Button(description=language.t("Lägg till"))
        self.add.on_click(lambda _: add(Move(self.giver.value, self.receiver.value)))
        self.said, self.rows = ipywidgets.HTML(), ipywidgets.VBox()
        # what was said of the last pair does not hold for another
        for widget in (self.giver, self.receiver):
            widget.observe(lambda _: self.say(), names="value")
        self.box = ipywidgets.VBox([self.giver, row(self.receiver, self.add), self.said, self.rows])

    def say(self, *reasons: str) -> None:
        """Say beside the button why a move is not made; without a reason, take it back."""
        self.said.value = alert(*reasons)

    def offer(self, names: Mapping[str, str]) -> None:
        """Let the municipalities of a county be picked (kommunkod → name)."""
        self.names = dict(names)
        for widget in (self.giver, self.receiver):
            offer(widget, names)

    def show(self, moves: Sequence[Move]) -> None:
        """Show the moves, each with a button that takes it away."""
        # a slider that moves must not make new buttons at every step
        if tuple(moves) != self._shown:
            self._shown = tuple(moves)
            self.rows.children = tuple(self._row(move) for move in moves)

    def _row(self, move: Move) -> Any:
        giver, receiver = self.names[move.giver], self.names[move.receiver]
        button = ipywidgets.Button(
            description=self.language.t("Ta bort {kommun}", kommun=giver), layout={"width": "auto"}
        )
        button.on_click(lambda _: self._remove(move))
        return row(ipywidgets.Label(f"{giver} → {receiver}"), button)


class PlacesPart:
    """A municipality's places, kind by kind; an empty field is unknown.

    Args:
        language: The reader's.
        known: Places by (kommunkod, kind), as they are picked now.
        put: What to do with a municipality's places of a kind; None is unknown.
    """

    def __init__(
        self,
        language: Language,
        known: Callable[[], Mapping[tuple[str, str], int]],
        put: Callable[[str, str, int | None], None],
    ) -> None:
        self.language, self._known, self._put = language, known, put
        self.where = field(ipywidgets.Dropdown, language.t("Platser hos"))
        self.fields = {slag: self._field(slag) for slag in PLACES}
        hint = language.t("Platserna räknas när båda talen är ifyllda. Tomt är okänt, inte noll.")
        boxes = [one.box for one in self.fields.values()]
        self.box = ipywidgets.VBox([self.where, *boxes, ipywidgets.HTML(f"<p>{as_html(hint)}</p>")])
        self.where.observe(lambda _: self.show(), names="value")

    def offer(self, names: Mapping[str, str]) -> None:
        """Let the municipalities of a county be picked (kommunkod → name)."""
        offer(self.where, names)
        self.show()

    def show(self) -> None:
        """Fill the fields with what is picked for the municipality."""
        for slag, one in self.fields.items():
            antal = self._known().get((self.where.value, slag))
            one.show(*([] if antal is None else [antal]))

    def _field(self, slag: str) -> NumberField:
        label = self.language.t(KAPACITET[slag])
        return NumberField(
            self.language, label, "capacity", lambda: self._written(slag), blank=True, width="20em"
        )

    def _written(self, slag: str) -> None:
        read = self.fields[slag].read()
        if read is not None:
            self._put(self.where.value, slag, next(iter(read), None))


class OpenPart:
    """The scenario files of a county and year, and a button that opens the one picked.

    Args:
        language: The reader's.
        fill: What to do with the name of the file picked; None where there is none.
    """

    def __init__(self, language: Language, fill: Callable[[str | None], None]) -> None:
        self.files = field(ipywidgets.Dropdown, language.t("Öppna scenario"))
        self.open = ipywidgets.Button(description=language.t("Öppna"))
        self.open.on_click(lambda _: fill(self.files.value))
        self.result = ipywidgets.HTML()
        self.box = ipywidgets.VBox([row(self.files, self.open), self.result])

    def offer(self, names: Sequence[str]) -> None:
        """Let files be picked, and keep the one that is picked if it is still there."""
        shown = tuple((visible(name), name) for name in names)
        if shown != self.files.options:
            kept = self.files.value
            self.files.options = shown
            self.files.value = kept if kept in names else next(iter(names), None)


def refused_html(refused: DeskError, language: Language) -> str:
    """Return why something is not done, with the programme's own words below if there are any."""
    detail = f'<pre lang="en">{as_html(refused.detail)}</pre>' if refused.detail else ""
    return alert(language.t(refused.text, **words(refused.values, language))) + detail


def made_html(made: Made, language: Language) -> str:
    """Return where the report is, and a link that holds all of its pages, so that those lead to
    each other wherever they are unpacked: JupyterLab need not serve its folder.
    """
    data = base64.b64encode(made.archive).decode()
    name = as_html(made.path.rpartition("/")[2].removesuffix(".html") + ".zip")
    link = (
        f'<a href="data:application/zip;base64,{data}"'
        f' download="{name}">{as_html(language.t("Hämta rapporten"))}</a>'
    )
    return f'{status(language.t(DONE, fil=made.path))}<p class="jp-RenderedHTMLCommon">{link}</p>'
