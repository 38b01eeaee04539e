"""What a reader must know: the decisions, one sentence each, and what the figures count.

docs/assumptions.md has the evidence.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import pandas as pd

from helpers.model.shares import ESTIMATED
from helpers.present.measures import measures_in
from helpers.present.views import (
    Column,
    Fold,
    Provenance,
    Table,
    View,
)

ASSUMPTIONS = {
    "A1": (  # year: a test holds the sentence to data/rules.toml
        "Förväntat antal är andelstalet gånger den nationella prognosen. Det är en"
        " planeringsberäkning: i verkligheten placeras varje barn i den kommun som har lägst"
        " måluppfyllelse sedan januari 2016."
    ),
    "A2": (
        "Intervallet i hela barn följer en regel som är härledd ur de trettio intervall som"
        " Länsstyrelsen Västerbotten har tryckt utan att ange någon regel: en decimal, sedan uppåt"
        " från en halv."
    ),
    "A3": (
        "En summas intervall är summan av kommunernas intervall, som i länets tabell. Produkten för"
        " hela länet kan därför ligga utanför."
    ),
    "A4": (
        "Mottagna delas på källans egna fem kategorier. De säger inte vem som togs emot efter"
        " anvisning: det står bara i tabellen över kommuntalen."
    ),
    "A5": (
        "En summa med en okänd del är okänd. Tomma platser är aldrig noll. Ett kommuntal som saknas"
        " är noll, och märkt som härlett, bara där länets övriga kommuntal tillsammans är exakt"
        " länstalet. Har länet en enda kommun är dess kommuntal hela länstalet, märkt likadant."
    ),
    "A6": "Mottagna per tusen invånare räknas på folkmängden den 31 december samma år.",
    "A7": (
        "Årets prognos är den senast kända med ett enda tal; officiella källor går före press,"
        " och press före det som är räknat ur en skillnad."
    ),
    "A8": (
        "Skillnaden mellan utfall och förväntat delas i prognosens fel och placeringens avvikelse,"
        " med antalet ensamkommande barn som sökte asyl i Sverige under året som facit. Är utfallet"
        " preliminärt är placeringens del ett minsta tal."
    ),
    "A9": "Saknas andelstal för året används det senast kända året, och det sägs.",
    "A10": (
        "Kartans klasser har ungefär lika många kommuner var, med gränser avrundade till hela och"
        " halva tal. Gränslinjerna är förenklade en gång för båda grannarna, så att kommunerna"
        " fortfarande möts."
    ),
    "A11": (
        "Ginikoefficienten jämför kommunernas mottagande med deras folkmängd: varje kommun väger så"
        " mycket som dess befolkning. Skillnader inom en kommun syns inte. År vars källa inte"
        " namnger måttet jämförs inte med andra år."
    ),
}
ASSUMPTIONS["A12"] = (
    "Finns samma uppgift i flera källor används i ordning: myndighetens egen fil som lästs in,"
    " Mottagningsbokens återgivning, SCB:s databas, Kolada. Skillnader listas, inget vägs samman."
)
ASSUMPTIONS["A13"] = (
    "Kommuner och län är dagens, för alla år. En tabell för ett år då indelningen var en annan"
    " stäms av mot länen som de var då, och dess tal läggs under dagens koder."
)
ASSUMPTIONS["A14"] = (
    "En uppgift som källan döljer är färre än sex personer och räknas som noll till fem, båda"
    " inräknade. En summa med dolda uppgifter visas som minst och högst, och jämförs inte med ett"
    " annat år."
)
ASSUMPTIONS["A15"] = (  # year: as in A1
    "Okända andelstal delar på det som återstår av tusen promille: en promille var och resten efter"
    " folkmängd. Var kommunerna stod när året började är inte känt, så varje start prövas, från"
    " hälften till dubbelt så många placerade barn som hade kommit sedan 2016."
)
ASSUMPTIONS["A16"] = (
    "Hur många barn som placeras genom anknytning är inte känt och räknas som noll, om inget annat"
    " antas. De som antas följer folkmängden, räknas in i måluppfyllelsen och kommer först."
)
ASSUMPTIONS["A17"] = (
    "Intervallet är det lägsta och det högsta som kända prognosers fel ger: utfall delat med"
    " prognos. Varje år väger lika, hur många prognoser det än har, och det egna året är inte med."
    " Det visar hur fel prognoserna har varit, inte hur fel de kan bli."
)
ASSUMPTIONS["A18"] = (
    "Lagen namnger vad kommuntalen ska bygga på men inte hur det vägs. En viktad nyckel är"
    " medelvärdet av kommunernas delar av länet, med den vikt som den som räknar väljer; det som"
    " talar för lättnad räknas omvänt."
)
ASSUMPTIONS["A19"] = (
    "De som bosätter sig utan anvisning fördelas mellan kommunerna som de mottagna i kategorierna"
    " eget boende, anhöriga och övriga gjorde under det senaste år då kategorierna är kända."
)
ASSUMPTIONS["A20"] = (
    "Fler eller färre än väntat är ett utfall först när slumpen sällan ger det: om vart och ett av"
    " prognosens barn anvisades med andelstalet som sannolikhet skulle utfallet i minst 95 fall av"
    " 100 ligga inom det intervall som visas. Länet bedöms efter sitt eget andelstal, inte efter"
    " summan av kommunernas intervall."
)
ASSUMPTIONS["A21"] = (  # year: as in A1
    "Andelstal som inte är publicerade uppskattas efter folkmängd (nio delar) och tidigare"
    " mottagande (en del), minst en promille var. Nyckeln är vald bland fem efter hur den stämmer"
    " med tio läns fördelningstal för 2016 och femton kommuners andelstal för 2018, så felet är"
    " prövat på det som den är vald efter."
)
ASSUMPTIONS["A22"] = (
    "För år då ingen prognos för ensamkommande barn är känd antas den ha slagit lika fel som"
    " prognosen för alla asylsökande. Felen följs åt, men barnens har varit större, så de åren är"
    " troligen för milda."
)
# said of andelstal, and of what is computed from them
OF_SHARES = ("A1", "A2", "A3", "A7", "A8", "A9", "A20")
OF_ESTIMATES = "A21"
OF_THE_RULE = ("A15", "A16", "A17", "A22")


def those_used(ids: Sequence[str], shares: pd.DataFrame, placed: bool = False) -> tuple[str, ...]:
    """Return the assumptions that a place's page rests on: none of andelstal where it shows none.

    Args:
        ids: Those of the page, whatever the place.
        shares: The place's shares, of which nothing is read but whether there is a row, and
            whether one is `estimated`.
        placed: Whether the placement rule was followed, with shares of a scenario's own perhaps.
    """
    unused = () if len(shares) else OF_SHARES
    guessed = ESTIMATED in shares and shares[ESTIMATED].any()
    unused = unused if guessed else (*unused, OF_ESTIMATES)
    unused = unused if placed or len(shares) else (*unused, *OF_THE_RULE)
    return tuple(id for id in ids if id not in unused)


def assumption_table(*ids: str) -> Table:
    """Return the assumptions a page rests on, by id, in the order given."""
    rows = pd.DataFrame([{"id": id, "text": ASSUMPTIONS[id]} for id in ids])
    columns = [Column("id", "Beteckning"), Column("text", "Antagande")]
    return Table("antaganden", "Antaganden som sidan vilar på", rows, columns, (), {}, ("id",))


class Name(Protocol):
    """A measure's name in Swedish."""

    @property
    def sv(self) -> str: ...


class Measure(Protocol):
    """What the list says of a measure; those with the same word look alike."""

    @property
    def name(self) -> Name: ...
    @property
    def word(self) -> str: ...
    @property
    def counted(self) -> str: ...
    @property
    def when(self) -> str: ...
    @property
    def is_not(self) -> str: ...


def measure_list(shown: Iterable[str], measures: Mapping[str, Measure]) -> tuple[Table, ...]:
    """Return what each look-alike measure that a page has shown counts, when and what it is not;
    nothing where no two of them look alike.

    Args:
        shown: The ids of the measures shown so far on the page (`Page.measures`).
        measures: All measures by id, in the order in which they are listed.
    """
    more = (Column("when", "När"), Column("is_not", "Vad det inte är"))
    return _measures("matt", _alike(shown, measures), more)


def measure_words(shown: Iterable[str], measures: Mapping[str, Measure]) -> tuple[Fold, ...]:
    """Return, in few words and folded, what each look-alike measure that a page has shown counts;
    nothing where no two of them look alike.

    Args:
        shown, measures: As for `measure_list`.
    """
    tables = _measures("matt_ord", _alike(shown, measures), ())
    return (Fold("matt_ord_fold", "Vad talen räknar", tables),) if tables else ()


def measure_words_of(
    views: Sequence[View], catalogue: Provenance, measures: Mapping[str, Measure]
) -> tuple[Fold, ...]:
    """Return the same of what some views show, where they stand on a page without the rest.

    Args:
        views: What is shown.
        catalogue: Published tables by id.
        measures: As for `measure_list`.
    """
    each = [view for one in views for view in (one.views if isinstance(one, Fold) else (one,))]
    shown = [measure for view in each for measure in measures_in(view, catalogue)]
    tables = _measures("matt_ord_egna", _alike(shown, measures), ())
    return (Fold("matt_ord_egna_fold", "Vad talen räknar", tables),) if tables else ()


def _alike(shown: Iterable[str], measures: Mapping[str, Measure]) -> list[Measure]:
    used = set(shown)
    own = [measure for name, measure in measures.items() if name in used]
    words = [measure.word for measure in own]
    return [measure for measure in own if words.count(measure.word) > 1]


def _measures(id: str, alike: Sequence[Measure], more: Sequence[Column]) -> tuple[Table, ...]:
    if not alike:
        return ()
    rows = [
        {"name": one.name.sv, "counted": one.counted, "when": one.when, "is_not": one.is_not}
        for one in alike
    ]
    columns = [Column("name", "Tal"), Column("counted", "Vad som räknas"), *more]
    return (Table(id, "Så räknas det", pd.DataFrame(rows), columns, (), {}, ("name",)),)
