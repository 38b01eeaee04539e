"""Words and numbers in the reader's language: Swedish is the source, English is a catalogue."""

import functools
import string
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from importlib import resources
from typing import Literal

from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol

from helpers.model.exact import exact_sum, rounded
from helpers.present.terms import NOUNS

Code = Literal["sv", "en"]
MOST_DECIMALS = 3  # of a number whose decimals nobody has settled
_LOCALES = {"sv": "sv_SE", "en": "en_GB"}


@functools.cache
def _catalogue(code: str) -> dict[str, str]:
    """Swedish text → the other language's; empty for Swedish itself."""
    if code == "sv":
        return {}
    single = (message for message in _messages(code) if not message.pluralizable)
    return {
        str(message.id): str(message.string) for message in single if message.id and message.string
    }


@functools.cache
def _nouns(code: str) -> Mapping[str, tuple[str, str]]:
    """What is counted, by its Swedish plural → one and many in a language: gettext's two forms."""
    if code == "sv":
        return {many: (one, many) for many, one in NOUNS.items()}
    plural = (message for message in _messages(code) if message.pluralizable)
    return {message.id[1]: (message.string[0], message.string[1]) for message in plural}


def _messages(code: str) -> Catalog:
    """A language's catalogue; its first message is the header, whose id is empty."""
    file = resources.files("helpers.present") / "locale" / f"{code}.po"
    with file.open("rb") as stream:
        return read_po(stream)


@functools.cache
def _marks(locale: str) -> tuple[str, str]:
    """What parts the thousands, and what parts the decimals."""
    return get_group_symbol(locale), get_decimal_symbol(locale)


@functools.cache  # a report says the same numbers again and again
def _decimal(value: float | Decimal, decimals: int | None, locale: str) -> str:
    exact = rounded(value, MOST_DECIMALS if decimals is None else decimals)
    whole, _, part = f"{abs(exact):,f}".partition(".")
    thousands, point = _marks(locale)
    part = part.rstrip("0") if decimals is None else part
    return (
        ("−" if exact < 0 else "")
        + whole.replace(",", thousands)
        + (f"{point}{part}" if part else "")
    )


class _Counting(string.Formatter):
    """Fills a text's placeholders; `{antal:kommuner}` takes a number and its noun, in the number's
    own form.
    """

    def __init__(self, language: "Language") -> None:
        self.language = language

    def format_field(self, value: str, noun: str) -> str:
        return self.language.counted(value, noun) if noun else value


def placeholders(text: str) -> set[str]:
    """Return the names of a text's placeholders.

    >>> sorted(placeholders("{known} av {all:kommuner}"))
    ['all', 'known']
    """
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


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
        """Return a Swedish text in this language, its {placeholders} filled; unknown texts stay
        Swedish.

        >>> Language("en").t("{klass} ({antal:kommuner})", klass="0–5", antal="1")
        '0–5 (1 municipality)'
        """
        key = unicodedata.normalize("NFC", text)
        translated = _catalogue(self.code).get(key, key)
        return _Counting(self).vformat(translated, (), values) if values else translated

    def counted(self, shown: str, noun: str) -> str:
        """Return a number and what it counts, in the singular or the plural.

        Args:
            shown: The number as the reader sees it.
            noun: The Swedish plural, one of `nouns.NOUNS`.

        >>> [Language("sv").counted(shown, "kommuner") for shown in ("0", "1", "2", "−1", "1,0")]
        ['0 kommuner', '1 kommun', '2 kommuner', '−1 kommun', '1,0 kommuner']
        """
        one, many = _nouns(self.code)[noun]
        return f"{shown} {one if shown.lstrip('+−') == '1' else many}"

    def number(
        self, value: float | Decimal, decimals: int | None = None, sign: bool = False
    ) -> str:
        """Return a number with this language's marks, rounded half away from zero; see
        `model.exact.rounded`.

        Args:
            value: Any finite number.
            decimals: Fixed decimals; None gives a whole number, or up to three decimals.
            sign: Whether a rise is marked by "+".
        """
        text = _decimal(value, decimals, self.locale)
        rises = sign and value > 0 and any(digit in text for digit in "123456789")
        return f"+{text}" if rises else text

    def step(self, old: float, new: float, decimals: int | None = None) -> str:
        """Return the exact step from one number to another, a rise with "+"; `decimals` as
        `number`.
        """
        return self.number(exact_sum([new, -old]), decimals, sign=True)

    def range(self, low: int, high: int) -> str:
        """Return a whole-number interval: "40–53", or the one number when both ends are the
        same.
        """
        return self.number(low) if low == high else f"{self.number(low)}–{self.number(high)}"

    def listing(self, words: Sequence[str]) -> str:
        """Return words as a list in running text: "Malå, Norsjö och Umeå"."""
        return str(format_list(list(words), style="standard", locale=self.locale))

    @property
    def missing(self) -> str:
        """The words that stand where a figure is unknown."""
        return self.t("uppgift saknas")
