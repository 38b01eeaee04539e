"""The workbench's smaller parts: labelled widgets, what is said beside them, the plan and the places."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets

from helpers.model.capacity import PLACES
from helpers.model.redistribution import Move
from helpers.present.explorer_state import MOST_PLACES, read_number
from helpers.present.language import Language
from helpers.present.terms import KAPACITET

NO_NUMBER = "Skriv antalet platser som ett helt tal, eller lämna tomt om det är okänt; hittade {fel}."
WIDE = {"style": {"description_width": "11em"}}


def field(kind: type, label: str, width: str = "34em", **given: Any) -> Any:
    """Return a widget with its label to the left; both may shrink on a narrow screen."""
    return kind(description=label, layout={"width": width, "max_width": "98%"}, **WIDE, **given)


def offer(widget: Any, names: Mapping[str, str]) -> None:
    """Let municipalities (kommunkod → name) be picked, and pick the first: new options leave none picked."""
    widget.options = [(name, kod) for kod, name in names.items()]
    widget.value = next(iter(names))


def row(*widgets: Any) -> Any:
    """Return widgets beside each other, below where there is no room."""
    return ipywidgets.HBox(widgets, layout={"flex_flow": "row wrap", "align_items": "center"})


def alert(*sentences: str) -> str:
    """Return what went wrong, read out at once to one who cannot see it."""
    return f'<p role="alert">⚠ {escape(" ".join(sentences))}</p>' if sentences else ""


def status(sentence: str) -> str:
    """Return how it goes, read out when there is a pause."""
    return f'<p role="status">{escape(sentence)}</p>'


class PlanPart:
    """Who is to be zeroed and who takes over, and the moves picked so far.

    Args:
        language: The reader's.
        add, remove: What to do with a move; a refused one is not in the list that is shown next.
        repicked: What to do when another pair is picked: what was said of the last does not hold for it.
    """

    def __init__(
        self,
        language: Language,
        add: Callable[[Move], None],
        remove: Callable[[Move], None],
        repicked: Callable[[], None],
    ) -> None:
        self.language, self._remove = language, remove
        self.names: dict[str, str] = {}
        self._shown: tuple[Move, ...] = ()
        self.giver = field(ipywidgets.Dropdown, language.t("Nollställ"))
        self.receiver = field(ipywidgets.Dropdown, language.t("Tas över av"))
        self.add = ipywidgets.Button(description=language.t("Lägg till"))
        self.add.on_click(lambda _: add(Move(self.giver.value, self.receiver.value)))
        self.rows = ipywidgets.VBox()
        for widget in (self.giver, self.receiver):
            widget.observe(lambda _: repicked(), names="value")
        self.box = ipywidgets.VBox([self.giver, row(self.receiver, self.add), self.rows])

    def offer(self, names: Mapping[str, str]) -> None:
        """Let the municipalities of a county be picked (kommunkod → name)."""
        self.names = dict(names)
        for widget in (self.giver, self.receiver):
            offer(widget, names)

    def show(self, moves: Sequence[Move]) -> None:
        """Show the moves, each with a button that takes it away."""
        if tuple(moves) != self._shown:  # a slider that moves must not make new buttons at every step
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
        tell: Where to say why what is written is not used; "" takes it back.
    """

    def __init__(
        self,
        language: Language,
        known: Callable[[], Mapping[tuple[str, str], int]],
        put: Callable[[str, str, int | None], None],
        tell: Callable[[str], None],
    ) -> None:
        self.language, self._known, self._put, self._tell = language, known, put, tell
        self.where = field(ipywidgets.Dropdown, language.t("Platser hos"))
        self.fields = {
            slag: field(ipywidgets.Text, language.t(KAPACITET[slag]), "20em", continuous_update=False)
            for slag in PLACES
        }
        hint = language.t("Platserna räknas när båda talen är ifyllda. Tomt är okänt, inte noll.")
        self.box = ipywidgets.VBox([self.where, *self.fields.values(), ipywidgets.HTML(f"<p>{escape(hint)}</p>")])
        self.where.observe(lambda _: self.show(), names="value")
        for slag, widget in self.fields.items():
            widget.observe(lambda _, slag=slag: self._written(slag), names="value")

    def offer(self, names: Mapping[str, str]) -> None:
        """Let the municipalities of a county be picked (kommunkod → name)."""
        offer(self.where, names)
        self.show()

    def show(self) -> None:
        """Fill the fields with what is picked for the municipality."""
        for slag, widget in self.fields.items():
            antal = self._known().get((self.where.value, slag))
            widget.value = "" if antal is None else str(antal)

    def _written(self, slag: str) -> None:
        read = {name: read_number(one.value, 0, MOST_PLACES) for name, one in self.fields.items()}
        wrong = [one.value for name, one in self.fields.items() if one.value.strip() and read[name] is None]
        self._tell(self.language.t(NO_NUMBER, fel=self.language.listing(wrong)) if wrong else "")
        if not self.fields[slag].value.strip() or read[slag] is not None:
            self._put(self.where.value, slag, read[slag])


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
        if tuple(names) != self.files.options:
            kept = self.files.value
            self.files.options = tuple(names)
            self.files.value = kept if kept in names else next(iter(names), None)
