"""Words and numbers in the reader's language: Swedish is the source, English is a catalogue.

Here ASCII identifiers meet the Swedish a reader sees, counts their plural, years their spans, and
percentages their precision. A percentage of fewer than a hundred persons has no decimals, since
one person is more than its first; of fewer than twenty, the persons are given instead.
"""

import functools
import math
import string
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from importlib import resources
from typing import Literal

from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol

from helpers.model.exact import decimal_of, exact_sum, rounded
from helpers.present.numerals import ONE, in_small_words

NOUNS = {
    "andra år": "annat år",
    "barn": "barn",
    "dragningar": "dragning",
    "ensamkommande barn": "ensamkommande barn",
    "gånger": "gång",
    "intervall": "intervall",
    "kommuner": "kommun",
    "kommunrader": "kommunrad",
    "nyanlända": "nyanländ",
    "olika år": "år",
    "personer": "person",
    "platser": "plats",
    "procentenheter": "procentenhet",
    "prognoser": "prognos",
    "prognostillfällen": "prognostillfälle",
    "dagar": "dag",
    "frågor": "fråga",
    "händelser": "händelse",
    "indikatorer": "indikator",
    "teman": "tema",
    "uppgifter": "uppgift",
    "utlysningar": "utlysning",
    "tryckta intervall": "tryckt intervall",
}
KATEGORIER = {
    "kvotflykting": "Kvotflyktingar",
    "anlaggningsboende": "Från anläggningsboende",
    "eget_boende": "Från eget boende",
    "anhoriga": "Anhöriga",
    "ovriga": "Övriga",
    "totalt": "Totalt",
}
TABELLER = {
    "folkmangd": "Folkmängd",
    "asylsokande": "Asylsökande i riket",
    "mottagna": "Mottagna per kommun",
    "kategorier": "Mottagna efter kategori",
    "manader": "Mottagna per månad",
    "kommuntal": "Kommuntal",
    "lanstal": "Länstal",
    "anvisningar": "Anvisningar i riket",
    "prognoser": "Prognos, ensamkommande",
    "andelstal": "Andelstal",
    "utfall": "Utfall, ensamkommande",
}
MATT = {
    "nyanlanda_bosatta": "Nyanlända som beräknas bosätta sig",
    "anvisningsbara_platser": "Anvisningsbara platser i riket",
    "lanstal": "Länstal",
    "lanstal_forslag": "Föreslaget länstal",
    "prognos_ekb": "Prognos, ensamkommande barn i riket",
    "prognos_nyanlanda": "Prognos, nyanlända att anvisa i riket",
    "forvantat_ekb": "Förväntat antal ensamkommande barn",
    "antagande_ekb": "Antagande, ensamkommande barn",
    "svarande_kommuner": "Kommuner som svarat på lägesbilden",
    "kommuner_i_lanet": "Kommuner i länet",
    "diskussionsgrupper": "Diskussionsgrupper på Migrationsrådet",
    "prioriteringar": "Föreslagna prioriteringar",
    "ekb_riket_hittills": "Ensamkommande barn i riket hittills under året",
    "utfall_ekb": "Mottagna ensamkommande barn",
    "prognos_ekb_lan": "Prognos för länet, ensamkommande barn",
    "prognos_asylsokande": "Prognos, asylsökande i riket",
    "kommuntal": "Kommuntal",
    "samhallsorientering_deltagare": "Deltagare i samhällsorientering per vecka",
    "overenskommelse_forsta_ar": "Överenskommelsens första år",
    "overenskommelse_sista_ar": "Överenskommelsens sista år",
}
KAPACITET = {
    "platser_hem": "Platser i hem",
    "platser_familjehem": "Platser i familjehem",
    "bostader": "Bostäder",
    "skolplatser": "Skolplatser",
    "personal": "Personal",
}
MANADER = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
VERDICTS = {  # where an outcome is against what chance gives (A20)
    "fewer": "färre än slumpen brukar ge",
    "within": "inom det som slumpen ger",
    "more": "fler än slumpen brukar ge",
}
TRUST = {"high": "hög", "medium": "medel", "low": "låg"}
ENSKILDA = {  # single figures of the nation and of places: what they count
    "mottagna_summa": "Mottagna flyktingar, alla åren tillsammans",
    "overenskomna_platser": "Platser i överenskommelser om nyanlända",
    "anvisningsbara_platser": "Varav anvisningsbara platser",
    "ekb_anknytning": "Ensamkommande barn anvisade efter anknytning",
    "ekb_tillstand": "Ensamkommande barn som fick uppehållstillstånd i första instans",
    "ekb_sokt_asyl": "Ensamkommande barn som sökte asyl",
    "kvotflyktingar_anvisade": "Kvotflyktingar bland dem som ska anvisas",
    "mottagna_nyanlanda": "Mottagna nyanlända",
}
CHECKS = {
    "andelstal_sum": "Summan av andelstalen",
    "utfall_sum": "Summan av utfallet",
    "forvantat_cells": "Tryckta intervall som återskapas, förväntat",
    "forvantat_sum_low": "Summaradens lägre tal, förväntat",
    "forvantat_sum_high": "Summaradens högre tal, förväntat",
    "forvantat_inside": "Produkten inom summaradens intervall, förväntat",
    "antagande_cells": "Tryckta intervall som återskapas, antagande",
    "antagande_sum_low": "Summaradens lägre tal, antagande",
    "antagande_sum_high": "Summaradens högre tal, antagande",
    "antagande_inside": "Produkten inom summaradens intervall, antagande",
    "forvantat_ekb": "Dokumentets produkt, förväntat",
    "antagande_ekb": "Dokumentets produkt, antagande",
    "kommuner_i_lanet": "Antal kommuner i länet",
    "lanstal": "Kommuntalen mot länstalet",
    "lanstal_forslag": "Föreslaget länstal mot beslutat",
    "riket": "Kommuntalen mot rikets tal",
    "kategorier": "Kategorierna mot kommunens totalsumma",
    "asylsokande": "Kvinnor och män mot alla asylsökande",
    "ensamkommande": "Flickor och pojkar mot alla ensamkommande",
    "antal": "Kommunerna mot länets delsumma",
    "varav_ensamkommande": "Kommunernas ensamkommande mot länets delsumma",
    "manad": "Månadens tal i kommunerna mot tryckt summa",
    "helar": "Årets tolv månader mot årets tal",
    "kon": "Månadens kvinnor och män mot alla asylsökande",
    "snitt": "Kommunernas snitt mot det tryckta",
}
Code = Literal["sv", "en"]
MOST_DECIMALS = 3  # of a number whose decimals nobody has settled
_LOCALES = {"sv": "sv_SE", "en": "en_GB"}
FEW, HUNDRED = 20, 100  # persons
# a percentage of something else: of draws, of figures in hand, of a scale, or an assumption
NO_PERSONS = math.inf
PARTS = "Delarna är avrundade var för sig och ger därför inte exakt summan."


def tables_checked(check: str) -> tuple[str, ...]:
    """Return the published tables that a reconciliation check is about.

    >>> (tables_checked("kommuntal_2018.lanstal"),
    ...  tables_checked("overlap.kommunmottagna_2018.kommunmottagna_kolada.cell"))
    (('kommuntal_2018',), ('kommunmottagna_2018', 'kommunmottagna_kolada'))
    """
    parts = check.split(".")
    return tuple(parts[1:3]) if parts[0] == "overlap" else (parts[0],)


def check_label(check: str) -> str:
    """Return what a reconciliation check compares, in Swedish.

    >>> check_label("andelstal_2018_ac.utfall_sum"), check_label("lanstal.SFS 2018:1592")
    ('Summan av utfallet', 'Länens lista mot rikets tal')
    """
    table, _, rest = check.partition(".")
    if table == "overlap" and not rest.endswith(".cell"):
        return "Samma uppgifter i två källor"
    if table == "overlap":
        whose = {"prognoser": "Prognosens", "asylsokande": "Rikets", "lanstal": "Länets"}
        kind = rest.replace(".", "_").split("_")[0]
        return f"{whose.get(kind, 'Kommunens')} tal i två källor"
    if table == "lanstal":
        return "Länens lista mot rikets tal"
    if table == "dokumentuppgifter" and rest == "lanstal":
        return "Dokumentets länstal mot beslutat"
    return CHECKS[rest.split(".")[-1]]


@functools.cache
def _catalogue(code: str) -> dict[str, str]:
    """Swedish text → the other language's; empty for Swedish itself."""
    if code == "sv":
        return {}
    single = (message for message in _messages(code) if not message.pluralizable)
    return {
        str(message.id): str(message.string) for message in single if message.id and message.string
    }


@functools.lru_cache(4096)  # a heading is asked for with every cell below it
def _translated(code: str, text: str) -> str:
    """A Swedish text in a language, or as it is where the catalogue has none."""
    key = unicodedata.normalize("NFC", text)
    return _catalogue(code).get(key, key)


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
        translated = _translated(self.code, text)
        return _Counting(self).vformat(translated, (), values) if values else translated

    def counted(self, shown: str, noun: str) -> str:
        """Return a number and what it counts, in the singular or the plural.

        Args:
            shown: The number as the reader sees it.
            noun: The Swedish plural, one of `NOUNS`.

        >>> [Language("sv").counted(shown, "kommuner") for shown in ("0", "1", "2", "−1", "1,0")]
        ['0 kommuner', '1 kommun', '2 kommuner', '−1 kommun', '1,0 kommuner']
        """
        one, many = _nouns(self.code)[noun]
        return f"{shown} {one if shown.lstrip('+−') in ONE else many}"

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

    def spelled(self, low: int, high: int | None = None, neuter: bool = False) -> str:
        """Return a whole number, or an interval, in running text: see `numerals.in_small_words`.

        >>> Language("sv").spelled(10), Language("sv").spelled(40, 53)
        ('tio', '40–53')
        """
        top = low if high is None else high
        return in_small_words(self.code, low, top, neuter) or self.range(low, top)

    def listing(self, words: Sequence[str]) -> str:
        """Return words as a list in running text: "Malå, Norsjö och Umeå"."""
        return str(format_list(list(words), style="standard", locale=self.locale))

    @property
    def missing(self) -> str:
        """The words shown where a figure is unknown."""
        return self.t("uppgift saknas")


def adds_up(whole: float, parts: Iterable[float], decimals: int) -> bool:
    """Whether parts that each are shown with so many decimals add up to their whole as it is shown.

    >>> (adds_up(-9.89, [-17.38056, 7.49056], 1), adds_up(0.3, [0.14, 0.16], 1),
    ...  adds_up(0.28, [0.14, 0.14], 1))
    (True, True, False)
    """
    return sum(rounded(part, decimals) for part in parts) == rounded(whole, decimals)


def percent_text(
    value: float,
    of: float,
    language: Language,
    decimals: int | None = 1,
    sign: bool = False,
    mark: bool = True,
) -> str:
    """Return a percentage as the reader sees it.

    Args:
        value: Per cent. of: The persons that are a hundred per cent of it, or `NO_PERSONS`.
        language: The reader's language.
        decimals: At most so many.
        sign: Whether a rise is marked by "+".
        mark: Whether it carries its %; not where a heading does.

    >>> sv = Language("sv")
    >>> [percent_text(20, of, sv).replace("\\u00a0", " ") for of in (15, 20, 100)]
    ['3 av 15', '20 %', '20,0 %']
    """
    if of < FEW:
        part = language.number(rounded(decimal_of(value) * decimal_of(of) / 100, 0), sign=sign)
        return language.t("{antal} av {alla}", antal=part, alla=language.number(of))
    text = language.number(value, 0 if of < HUNDRED else decimals, sign)
    return language.t("{antal}\u00a0%", antal=text) if mark else text
