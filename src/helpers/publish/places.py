"""What publish needs to know of places: a lookup that it is given, never a table of its own."""

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


def county_letters(places: Places) -> list[str]:
    """Return every county's letter, in the order of the county codes."""
    return [str(letter) for letter in places.lan.sort_values("lanskod")["lansbokstav"]]
