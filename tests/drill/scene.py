"""What the drill is made of: lines of its table, and scenes that play one or several of them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


class NotHeldError(Exception):
    """What must happen did not."""


def demand(truth: object, found: object) -> None:
    """Raise NotHeldError with what was found, unless it is as it must be."""
    if not truth:
        raise NotHeldError(str(found))


@dataclass(frozen=True)
class Line:
    """One line of the table: its number, the fault, how it is brought about and what must
    happen.
    """

    number: str
    fault: str
    injected: str
    must: str


@dataclass(frozen=True)
class Row:
    """A line and what came of it."""

    line: Line
    happened: str
    seconds: float
    held: bool

    @property
    def verdict(self) -> str:
        """PASS or FAIL."""
        return "PASS" if self.held else "FAIL"


@dataclass(frozen=True)
class Ground:
    """Where a scene is played.

    Attributes:
        folder: A folder of its own.
        base: The folder of a small edition that is published already; not to be touched.
        big: Whether the drill is the big one.
        seed: Of what is left to chance.
    """

    folder: Path
    base: Path
    big: bool
    seed: int = 2018


@dataclass(frozen=True)
class Scene:
    """Some lines, and what plays them: it gives each line's number with what happened, or with what
    did not hold.
    """

    lines: tuple[Line, ...]
    play: Callable[[Ground], Iterator[tuple[str, str | NotHeldError]]]


def checked(checks: Mapping[str, Callable[[], str]]) -> Iterator[tuple[str, str | NotHeldError]]:
    """Give each check's number with what it found, so that one that does not hold hides no
    other.
    """
    for number, check in checks.items():
        try:
            yield number, check()
        except NotHeldError as error:
            yield number, error


def alone(line: Line, check: Callable[[Ground], str]) -> Scene:
    """Return the scene of a single line."""
    return Scene((line,), lambda ground: checked({line.number: lambda: check(ground)}))
