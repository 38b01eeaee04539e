"""The decisions a reader of the numbers must know, one sentence each; docs/assumptions.md has the
evidence.
"""

from collections.abc import Sequence

import pandas as pd

from helpers.present.views import Column, Table

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
        " länstalet."
    ),
    "A6": "Mottagna per tusen invånare räknas på folkmängden den 31 december samma år.",
    "A7": "Årets prognos är den senast kända med ett enda tal; officiella källor går före press.",
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
    " arbetsbokens återgivning, SCB:s databas, Kolada. Skillnader listas, inget vägs samman."
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
    " prognos, en gång per år och tal, utom för det egna året. Det visar hur fel prognoserna har"
    " varit, inte hur fel de kan bli."
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
# said of andelstal, and of what is computed from them
OF_SHARES = ("A1", "A2", "A3", "A7", "A8", "A9", "A20")
OF_THE_RULE = ("A15", "A16", "A17")


def those_used(ids: Sequence[str], shares: pd.DataFrame, placed: bool = False) -> tuple[str, ...]:
    """Return the assumptions that a place's page rests on: none of andelstal where it shows none.

    Args:
        ids: Those of the page, whatever the place.
        shares: The place's andelstal; empty where none is known.
        placed: Whether the placement rule was followed, with shares of a scenario's own perhaps.
    """
    unused = () if len(shares) else OF_SHARES
    unused = unused if placed or len(shares) else (*unused, *OF_THE_RULE)
    return tuple(id for id in ids if id not in unused)


def assumption_table(*ids: str) -> Table:
    """Return the assumptions a page rests on, by id, in the order given."""
    rows = pd.DataFrame([{"id": id, "text": ASSUMPTIONS[id]} for id in ids])
    columns = [Column("id", "Beteckning"), Column("text", "Antagande")]
    return Table("antaganden", "Antaganden som sidan vilar på", rows, columns, (), {}, ("id",))
