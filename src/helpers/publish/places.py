"""What publish needs to know of places: a lookup that it is given, never a table of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol


class Place(Protocol):
    """A county or a municipality."""

    @property
    def kod(self) -> str: ...
    @property
    def namn(self) -> str: ...
    @property
    def lanskod(self) -> Any: ...
    @property
    def lansbokstav(self) -> Any: ...
    @property
    def kommunkoder(self) -> tuple[str, ...]: ...


class Places(Protocol):
    """Anything that finds places; `helpers.tables.Workbook` is one.

    Both methods raise ParameterError with the nearest known code when there is none.
    """

    @property
    def lan(self) -> Any: ...
    def county(self, code: str, /) -> Any: ...
    def municipality(self, code: str, /) -> Any: ...


@dataclass(frozen=True)
class Scenario:
    """What an edition needs to know of a scenario: what it is called, and which county and year it is about."""

    title: str
    lanskod: str
    ar: int


Scenarios = Callable[[str], Scenario]  # by file name; ParameterError if there is none, or what is wrong with it


def county_letters(places: Places) -> list[str]:
    """Return every county's letter, in the order of the county codes."""
    return [str(letter) for letter in places.lan.sort_values("lanskod", kind="stable")["lansbokstav"]]
