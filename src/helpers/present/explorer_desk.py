"""What the workbench's widgets need done by others, and how it is told when it is done or not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from helpers.present.explorer_state import Choice
from helpers.present.views import View


class DeskError(Exception):
    """What was asked is not done: why, as a Swedish text with its values; `detail` is a programme's
    own words.
    """

    def __init__(self, text: str, detail: str = "", **values: str | Sequence[str]) -> None:
        super().__init__(text, detail, values)
        self.text, self.detail, self.values = text, detail, values


@dataclass(frozen=True)
class Made:
    """A report that was made: where it lies and the page itself."""

    path: str
    page: bytes


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
        """Start the county's report of a saved choice, and tell when it is made or not."""
