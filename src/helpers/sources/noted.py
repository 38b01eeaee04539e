"""A mapping that notes what is taken of it."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class Noted(Mapping[str, T]):
    """The same keys and values; whoever takes one, or looks which there are, is noted.

    Args:
        inner: What is in it.
        one: Called with each key whose value is taken.
        which: Called when it matters which keys there are: they are counted, gone through, or one
            is not there.

    >>> taken = []
    >>> Noted({"lan": 1, "kommuner": 2}, taken.append, lambda: taken.append("all"))["lan"], taken
    (1, ['lan'])
    """

    def __init__(
        self, inner: Mapping[str, T], one: Callable[[str], None], which: Callable[[], None]
    ) -> None:
        self._inner, self._one, self._which = inner, one, which

    def __getitem__(self, key: str) -> T:
        if key not in self._inner:
            self._which()
        found = self._inner[key]
        self._one(key)
        return found

    def __iter__(self) -> Iterator[str]:
        self._which()
        return iter(self._inner)

    def __len__(self) -> int:
        self._which()
        return len(self._inner)
