"""A row as one whole number: eight bytes hold its key and its count, so that ten million rows fit in memory.

The key's parts stand in the high bits, in the order the rows are kept in; the count in the low ones. Sorting the
numbers sorts the rows, and two rows of one key stand beside each other.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from helpers.sources.files.reading import CONTROL, INVISIBLE, MOJIBAKE
from helpers.tables.importing.cells import MOST, SPACES, SUPPRESSED

Numbers = NDArray[np.int64]
BITS = {"ar": 8, "kommunkod": 9, "manad": 4, "aldersgrupp": 9, "kon": 2, "medborgarskap": 10, "antal": 21}
HIDDEN, UNKNOWN = (1 << BITS["antal"]) - 1, (1 << BITS["antal"]) - 2  # ".." and blank: neither is a number
SEXES = ("kvinna", "man", "okänt")
SEX_SHORT = {"k": "kvinna", "m": "man"}
SUMS = {"totalt", "total", "summa", "samtliga", "alla", "delsumma", "båda könen"}


def shift(column: str) -> int:
    """Return how many bits stand below a column's.

    >>> shift("antal"), shift("medborgarskap")
    (0, 21)
    """
    names = list(BITS)
    return sum(BITS[name] for name in names[names.index(column) + 1 :])


def unpack(packed: Numbers, column: str) -> Numbers:
    """Return one column's codes from packed rows."""
    return (packed >> shift(column)) & ((1 << BITS[column]) - 1)


class CellError(ValueError):
    """Why a cell cannot be read: a finding's code and its words."""

    def __init__(self, code: str, says: str) -> None:
        super().__init__(code, says)
        self.code, self.says = code, says


@dataclass
class Coder:
    """Turns printed cells into codes; the labels that a file brings are numbered as they come.

    Args:
        kommunkoder: Every known municipality's code, at most 512.
        years: The first and the last year that a table can be about, at most 256 years apart.
    """

    kommunkoder: Sequence[str]
    years: tuple[int, int]
    labels: dict[str, dict[str, int]] = field(default_factory=lambda: {"aldersgrupp": {}, "medborgarskap": {}})

    def __post_init__(self) -> None:
        self._places = {kod: number for number, kod in enumerate(self.kommunkoder)}
        self._read: dict[str, Callable[[str], int]] = {
            "ar": self._year,
            "kommunkod": self._place,
            "manad": self._month,
            "aldersgrupp": lambda text: self._label("aldersgrupp", text),
            "kon": self._sex,
            "medborgarskap": lambda text: self._label("medborgarskap", text),
            "antal": self._count,
        }

    def code(self, column: str, text: str) -> int:
        """Return a printed cell's code in its column.

        Raises:
            CellError: it cannot be read.
        """
        return self._read[column](_composed(text))

    def words(self, column: str) -> list[str]:
        """Return a text column's labels, by code."""
        if column == "kommunkod":
            return list(self.kommunkoder)
        return list(SEXES) if column == "kon" else list(self.labels[column])

    def _year(self, text: str) -> int:
        first, last = self.years
        if not re.fullmatch(r"[0-9]{4}", text, re.ASCII) or not first <= int(text) <= last:
            raise CellError("ar", f"”{_shown(text)}” är inget år mellan {first} och {last}.")
        return int(text) - first

    def _place(self, text: str) -> int:
        if text not in self._places:
            padded = text.zfill(4)
            lost = f" Har {padded} tappat sin nolla?" if len(text) == 3 and padded in self._places else ""
            raise CellError("okand_kommun", f"”{_shown(text)}” är ingen kommunkod.{lost}")
        return self._places[text]

    def _month(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,2}", text, re.ASCII) or not 1 <= int(text) <= 12:
            raise CellError("manad", f"”{_shown(text)}” är ingen månad; skriv 1–12.")
        return int(text)

    def _sex(self, text: str) -> int:
        folded = SEX_SHORT.get(text.casefold(), text.casefold())
        if folded not in SEXES:
            raise CellError("kon", f"”{_shown(text)}” är inget kön; skriv kvinna, man eller okänt.")
        return SEXES.index(folded)

    def _label(self, column: str, text: str) -> int:
        if not text:
            raise CellError("tom_cell", "Cellen är tom. Skriv okänt om uppgiften saknas.")
        if text.casefold() in SUMS:
            raise CellError("summa_bland_delar", f"”{text}” är en summa; den skulle räknas två gånger. Ta bort raden.")
        if CONTROL.search(text) or "\n" in text or "\r" in text or "\ufffd" in text or MOJIBAKE.search(text):
            raise CellError("teckenfel", f"{_shown(text)!r} har tecken som inte hör hemma i en text. Spara om filen.")
        known = self.labels[column]
        if text not in known and len(known) == 1 << BITS[column]:
            raise CellError("for_manga_varden", f"Kolumnen har fler än {len(known)} olika värden.")
        return known.setdefault(text, len(known))

    def _count(self, text: str) -> int:
        plain = SPACES.sub("", text)
        if not plain or plain in SUPPRESSED:
            return HIDDEN if plain else UNKNOWN
        if not re.fullmatch(r"[0-9]+", plain, re.ASCII):
            raise CellError(
                "ej_antal", f"”{_shown(text)}” är inget antal; skriv ett heltal, noll eller mer, eller ”..”."
            )
        if len(plain) > 12 or int(plain) > MOST:
            raise CellError("orimligt", f"{_shown(text)} personer är orimligt många.")
        return int(plain)


def _composed(text: str) -> str:
    """Text as it is compared: composed letters, nothing invisible, no outer blanks."""
    return text.strip() if text.isascii() else INVISIBLE.sub("", unicodedata.normalize("NFC", text)).strip()


def _shown(text: str) -> str:
    return re.sub(r"\s+", " ", text)[:40]
