"""What is picked in the workbench, and what its widgets need done by others: answers, files and
reports.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from helpers.model.exact import rounded
from helpers.model.redistribution import Move
from helpers.present.views import View

PULLED, STEP = 4000, 50  # children: how far the slider goes, and how far at a time


@dataclass(frozen=True)
class Choice:
    """All that is picked: the widgets' one state.

    Attributes:
        lan: The county's letters. ar: the year.
        prognos: Children in Sweden. compared: forecasts to see beside it.
        attachment: The part (0–1) placed by attachment.
        moves: Who hands its whole share over to whom. Picking a receiver here says that it has
            agreed.
        places: (kommunkod, kind of place) → places; what is not there is unknown.
        name, note: What the file is to be called, and what it is to say.
        made: When such a forecast is made, as a file says it: samma_ar or aret_fore.
    """

    lan: str
    ar: int
    prognos: int
    compared: tuple[int, ...] = ()
    attachment: float = 0.0
    moves: tuple[Move, ...] = ()
    places: Mapping[tuple[str, str], int] = field(default_factory=dict)
    name: str = ""
    note: str = ""
    made: str = "samma_ar"

    @property
    def prognoser(self) -> list[int]:
        """The compared forecasts and the one on the slider, each once, lowest first."""
        return sorted({self.prognos, *self.compared})

    @property
    def attachment_percent(self) -> int:
        """The part placed by attachment as the slider has it, in whole %."""
        return int(rounded(100 * self.attachment, 0))

    @property
    def agreed(self) -> tuple[str, ...]:
        """kommunkod of the receivers, each once."""
        return tuple(dict.fromkeys(move.receiver for move in self.moves))

    def in_county(self, lan: str) -> "Choice":
        """Return the choice for a county; in another one neither moves nor places are the same."""
        return self if lan == self.lan else replace(self, lan=lan, moves=(), places={})

    def with_places(self, kommunkod: str, slag: str, antal: int | None) -> "Choice":
        """Return the choice with a municipality's places of a kind; None is unknown."""
        others = {key: known for key, known in self.places.items() if key != (kommunkod, slag)}
        return replace(
            self, places=others if antal is None else {**others, (kommunkod, slag): antal}
        )


class DeskError(Exception):
    """What was asked is not done: why, as a Swedish text with its values; `detail` is a programme's
    own words.
    """

    def __init__(self, text: str, detail: str = "", **values: str | Sequence[str]) -> None:
        super().__init__(text, detail, values)
        self.text, self.detail, self.values = text, detail, values


@dataclass(frozen=True)
class Made:
    """A report that was made: its path, and it and its other pages together as a ZIP file."""

    path: str
    archive: bytes


Told = Callable[[Made | DeskError], None]


class Desk(Protocol):
    """What the workbench needs done; each may raise `DeskError`, and those that take a plan
    PlanError.
    """

    @property
    def handed_over_from(self) -> int | None:
        """The first year in which a share may be handed over; None is never."""

    def municipalities(self, lan: str, /) -> Mapping[str, str]:
        """Return kommunkod → name of a county's municipalities."""

    def answer(self, choice: Choice, /, spread: bool) -> Sequence[View]:
        """Return what to show, with a figure of how the cases spread if asked for."""

    def share_years(self, choice: Choice, /) -> Sequence[int]:
        """Return the years that a choice's shares are of; none where they are not known."""

    def scenarios(self, lan: str, ar: int, /) -> Sequence[str]:
        """Return the names of a county's scenario files of a year."""

    def open(self, name: str, /) -> Choice:
        """Return what a scenario file says; refused where the widgets cannot show all of it."""

    def save(self, choice: Choice, /, replace: bool) -> str:
        """Write the choice to a file and return which."""

    def render(self, choice: Choice, sprak: str, told: Told, /) -> None:
        """Start the county's report of a saved choice, and say when it is made or not."""
