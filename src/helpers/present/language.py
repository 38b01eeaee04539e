"""Words and numbers in the reader's language: Swedish is the source, English is a catalogue."""

import functools
import unicodedata
from collections.abc import Sequence
from importlib import resources
from typing import Literal

from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol

from helpers.model.exact import exact_sum, rounded

Code = Literal["sv", "en"]
MOST_DECIMALS = 3  # of a number whose decimals nobody has settled
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


@functools.cache
def _marks(locale: str) -> tuple[str, str]:
    """What parts the thousands, and what parts the decimals."""
    return get_group_symbol(locale), get_decimal_symbol(locale)


@functools.cache  # a report says the same numbers again and again
def _decimal(value: float, decimals: int | None, locale: str) -> str:
    exact = rounded(value, MOST_DECIMALS if decimals is None else decimals)
    whole, _, part = f"{abs(exact):,f}".partition(".")
    thousands, point = _marks(locale)
    part = part.rstrip("0") if decimals is None else part
    return ("−" if exact < 0 else "") + whole.replace(",", thousands) + (f"{point}{part}" if part else "")


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
        """Return a number with this language's marks, rounded half away from zero; see `model.exact.rounded`.

        Args:
            value: Any finite number.
            decimals: Fixed decimals; None gives a whole number, or up to three decimals.
            sign: Whether a rise is marked by "+".
        """
        text = _decimal(value, decimals, self.locale)
        rises = sign and value > 0 and any(digit in text for digit in "123456789")
        return f"+{text}" if rises else text

    def step(self, old: float, new: float) -> str:
        """Return the exact step from one number to another, a rise with "+"."""
        return self.number(exact_sum([new, -old]), sign=True)

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
