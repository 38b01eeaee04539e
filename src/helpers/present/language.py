"""Words and numbers in the reader's language: Swedish is the source, English is a catalogue."""

import functools
import unicodedata
from collections.abc import Sequence
from importlib import resources
from typing import Literal

from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

Code = Literal["sv", "en"]
_LOCALES = {"sv": "sv_SE", "en": "en_GB"}


@functools.cache
def _catalogue(code: str) -> dict[str, str]:
    """Swedish text → the other language's; empty for Swedish itself."""
    if code == "sv":
        return {}
    file = resources.files("helpers.present") / "locale" / f"{code}.po"
    with file.open("rb") as stream:
        messages = read_po(stream)  # its first is the header, whose id is empty
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}


@functools.cache  # a report says the same numbers again and again, and Babel takes its time
def _decimal(value: float, fixed: str, locale: str) -> str:
    return str(format_decimal(value, format=fixed, locale=locale)).replace("-", "−")


class Language:
    """One reader's language: texts, numbers, intervals and lists.

    >>> sv = Language("sv")
    >>> sv.number(1500), sv.number(46.89, 1), sv.number(-17.38, 1, sign=True), sv.range(40, 53)
    ('1\\xa0500', '46,9', '−17,4', '40–53')
    """

    def __init__(self, code: Code = "sv") -> None:
        self.code = code
        self.locale = _LOCALES[code]

    def t(self, text: str, **values: str) -> str:
        """Return a Swedish text in this language, its {placeholders} filled; unknown texts stay Swedish."""
        key = unicodedata.normalize("NFC", text)
        translated = _catalogue(self.code).get(key, key)
        return translated.format(**values) if values else translated

    def number(self, value: float, decimals: int | None = None, sign: bool = False) -> str:
        """Return a number with this language's marks; `sign` writes a plus before a positive one.

        Args:
            value: Any finite number.
            decimals: Fixed decimals; None gives a whole number, or up to three decimals.
            sign: Whether a rise is marked by "+".
        """
        fixed = "#,##0.###" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
        text = _decimal(value, fixed, self.locale)
        is_zero = not any(digit in text for digit in "123456789")
        return text.lstrip("−") if is_zero else f"+{text}" if sign and value > 0 else text

    def range(self, low: int, high: int) -> str:
        """Return a whole-number interval: "40–53", or the one number when both ends are the same."""
        return self.number(low) if low == high else f"{self.number(low)}–{self.number(high)}"

    def listing(self, words: Sequence[str]) -> str:
        """Return words as a list in running text: "Malå, Norsjö och Umeå"."""
        return str(format_list(list(words), style="standard", locale=self.locale))

    @property
    def missing(self) -> str:
        """The words that stand where a figure is unknown."""
        return self.t("uppgift saknas")
