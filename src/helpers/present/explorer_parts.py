"""The workbench's smaller parts: the plan, the places and the files, each with its words beside
it.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets

from helpers.contracts.text import as_html, visible
from helpers.model.redistribution import Move
from helpers.model.scenario import PLACES
from helpers.present.explorer_desk import DeskError, Made
from helpers.present.explorer_numbers import NumberField, alert, field
from helpers.present.html import words
from helpers.present.language import Language
from helpers.present.terms import KAPACITET

DONE = "Rapporten är klar: {fil}."


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
    """Return where the report lies, and a link that holds the page itself: JupyterLab need not
    serve its folder.
    """
    data = base64.b64encode(made.page).decode()
    name = as_html(made.path.rpartition("/")[2])
    link = (
        f'<a href="data:text/html;base64,{data}"'
        f' download="{name}">{as_html(language.t("Hämta rapporten"))}</a>'
    )
    return f'{status(language.t(DONE, fil=made.path))}<p class="jp-RenderedHTMLCommon">{link}</p>'
