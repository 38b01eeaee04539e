"""How uncertain the expected number is, on what record that rests, and how it is reckoned."""

import pandas as pd

from helpers.model.record import ASYLUM, CHILDREN, FEWEST, ends_without
from helpers.model.scenario import ENDS, Ends, Result
from helpers.model.shares import RESTS
from helpers.present.language import NO_PERSONS
from helpers.present.topics.placement import Sources, own_rows
from helpers.present.topics.record import COUNTED, MADE, STATED
from helpers.present.views import (
    ASYL,
    CAME,
    Column,
    Fact,
    Fold,
    Place,
    Statement,
    Table,
    Value,
    View,
    used_in,
)

RULE = (
    "Regeln: varje barn placeras i den kommun som har lägst måluppfyllelse, alltså placerade barn"
    " sedan januari {fran} delat med andelstalet. Ligger flera lika lågt avgör slumpen vem som får"
    " barnet; då visas båda möjligheterna."
)
REST = (
    "Resten av landet: andelstalen utanför länet saknas här. Antas de följa folkmängden kan"
    " regeln ge {plats} {population:barn}, antas de lika stora {equal} och räknas resten som en"
    " enda kommun {block}."
)
LEAVES_OUT = (
    "Fallen visar hur fel prognoserna har varit, inte hur fel de kan bli: de är få, och händelser"
    " som inte har inträffat finns inte med. Inte heller omfördelningar i andra län."
)
_BASIS = {
    False: (
        "Så osäkert är det: slår prognosen lika fel som prognoserna för {years:andra år} har gjort"
    ),
    True: (
        "Så osäkert är det: kommer något av de {years} antal barn till Sverige som scenariot"
        " antar lika troliga"
    ),
}


def interval_views(place: Place, result: Result | None, sources: Sources) -> tuple[View, ...]:
    """Return the interval in one sentence and how often more come, or why there is none; nothing if
    none can come.

    Args:
        place: A county, or a municipality of it.
        result: What a scenario gives (children); None where there is nothing to place by.
        sources: The published tables it rests on.
    """
    if result is None or own_rows(place, result).empty:
        return ()
    if result.cases is None:
        return (_no_interval(result),)
    ends = _ends_of(place, result)
    if not ends.high:
        return ()
    values: dict[str, Value] = {"plats": place.namn, **_counted(result)}
    values["whole"] = Fact(ends.low, "barn", sources, high=ends.high)
    values["half"] = Fact(ends.half_low, "barn", sources, high=ends.half_high)
    text = f"{_BASIS[bool(result.scenario.outcomes)]} får {{plats}} {{whole:barn}}"
    narrower = (ends.half_low, ends.half_high) != (ends.low, ends.high)
    text += ", i minst hälften av fallen {half}." if narrower else "."
    return (
        Statement("placering_intervall", text, used_in(text, values)),
        *_above(result),
        *_rests_on(result),
    )


def _ends_of(place: Place, result: Result) -> Ends:
    if place.kind == "lan":
        assert result.total is not None
        return result.total
    row = own_rows(place, result).iloc[0]
    return Ends(*(int(row[name]) for name in ENDS))


def _above(result: Result) -> tuple[View, ...]:
    """In how many of the cases more children come than the forecast says, and in how many fewer."""
    above, below = result.off_forecast
    text = (
        "I {above} av {years} fall kommer fler barn till Sverige än prognosens {prognos}, i {below}"
        " kommer färre."
    )
    values = _counted(result) | {
        "above": Fact(above),
        "below": Fact(below),
        "prognos": Fact(result.scenario.prognos, "barn"),
    }
    return (Statement("placering_fler", text, used_in(text, values)),)


def _rests_on(result: Result) -> tuple[View, ...]:
    """The record behind an interval: how many forecasts and years, whose, what can be claimed of
    another year, and which years alone carry the ends.
    """
    if result.scenario.outcomes or result.cases is None:
        return ()
    ratios, years = result.ratios, result.cases.years
    own = ratios["matt"] == CHILDREN
    sources = (*dict.fromkeys(ratios["tabell"]), ASYL)
    text = (
        "Underlaget är {forecasts:prognoser} för {years:andra år}: {own} för ensamkommande barn"
        " och, för år utan en sådan, {borrowed} för alla asylsökande. Ett nytt år som liknar dem"
        " hamnar mellan det lägsta och det högsta i {inside} fall av {of}."
    )
    values: dict[str, Value] = {
        **_counted(result),
        "own": Fact(int(own.sum()), "prognoser", sources),
        "borrowed": Fact(int((~own).sum()), "prognoser", sources),
        "inside": Fact(years - 1, "", sources),
        "of": Fact(years + 1, "", sources),
    }
    told = Statement("placering_underlag", text, values, "note")
    return (told, _ends_alone(result, sources))


def _ends_alone(result: Result, sources: Sources) -> Statement:
    """What each end would be without the one year it stands on."""
    assert result.cases is not None
    outcomes = result.cases.outcomes
    (first, low), (last, high) = ends_without(outcomes.national, outcomes.years)
    text = (
        "Ändarna vilar på ett år var. Utan prognoserna för {first} vore det lägsta antalet barn i"
        " Sverige {low_without} i stället för {low}, utan dem för {last} det högsta {high_without}"
        " i stället för {high}."
    )
    counts = {
        "low": outcomes.spread.low,
        "low_without": low,
        "high": outcomes.spread.high,
        "high_without": high,
    }
    values: dict[str, Value] = {"first": str(first), "last": str(last)}
    values |= {name: Fact(int(count), "barn", sources) for name, count in counts.items()}
    return Statement("placering_andar", text, values, "note")


def _counted(result: Result) -> dict[str, Value]:
    years = result.cases.years if result.cases else result.ratios["ar"].nunique()
    return {"forecasts": Fact(len(result.ratios), "prognoser"), "years": Fact(years, "år")}


def _no_interval(result: Result) -> Statement:
    text = (
        "Något intervall går inte att räkna: det krävs prognoser för minst {fewest:andra år} vars"
        " utfall är känt, och här finns {years}."
    )
    values = _counted(result) | {"fewest": Fact(FEWEST, "år")}
    return Statement("placering_intervall", text, used_in(text, values))


def method_views(
    place: Place, result: Result | None, by_rest: pd.DataFrame | None, sources: Sources
) -> tuple[View, ...]:
    """Return, folded, how the placement is reckoned: rule, start, the rest of the nation,
    attachment and cases.

    Args:
        place: A county, or a municipality of it.
        result: What a scenario gives; None gives nothing.
        by_rest: `kommunkod` ("" for the county) and, for each of `RESTS`, the ends of what the rule
            can give (children): what `estimate.by_rest` returned.
        sources: The published tables it rests on.
    """
    if result is None or by_rest is None or own_rows(place, result).empty:
        return ()
    row = by_rest[by_rest["kommunkod"] == ("" if place.kind == "lan" else place.kod)].iloc[0]
    inner = [
        Statement("regel", RULE, {"fran": str(result.scenario.rules.counted_from)}),
        _start(result),
        _rest(place, row, sources),
        *_whole_interval(place, result, row, sources),
        _attachment(result),
        *_cases(result, sources),
    ]
    return (Fold("sa_raknat", "Så är det räknat", tuple(inner)),)


def _rest(place: Place, row: pd.Series, sources: Sources) -> Statement:
    """What the rule can give under each way to represent the rest of the nation."""
    values: dict[str, Value] = {"plats": place.namn}
    for rest in RESTS:
        low, high = int(row[f"placed_{rest}_low"]), int(row[f"placed_{rest}_high"])
        values[rest] = Fact(low, "barn", sources, high=high)
    return Statement("regel_riket", REST, values)


def _whole_interval(
    place: Place, result: Result, row: pd.Series, sources: Sources
) -> tuple[Statement, ...]:
    """That the county's interval in whole children is what the rule can give over its unknown
    start, as far as it is.
    """
    inside, every = result.within
    if place.kind != "lan" or every < 2:
        return ()
    rows = own_rows(place, result)
    low, high = int(rows["expected_low"].sum()), int(rows["expected_high"].sum())
    text = (
        "Länets intervall i hela barn är {whole:barn}. Från {inside} av de {every} starter som"
        " prövas ger regeln {plats} ett antal inom det"
    )
    block = int(row["placed_block_low"]), int(row["placed_block_high"])
    if block == (low, high):
        text += (
            ", och räknas resten av landet som en enda kommun är {block:barn} just vad den kan ge"
        )
    values: dict[str, Value] = {
        "plats": place.namn,
        "whole": Fact(low, "barn", sources, high=high),
        "inside": Fact(inside, "", sources),
        "every": Fact(every, "", sources),
        "block": Fact(block[0], "barn", sources, high=block[1]),
    }
    return (Statement("regel_hela_barn", text + ".", used_in(text, values)),)


def _start(result: Result) -> Statement:
    """Which starts are tried, or which one is supposed."""
    scenario = result.scenario
    placed, nation, starts = scenario.placed, scenario.placed_nation, result.starts
    values: dict[str, Value] = {
        "placed": Fact(sum(placed.values()), "barn"),
        "ar": str(scenario.ar),
        "fran": str(scenario.rules.counted_from),
    }
    values["arrived"] = Fact(scenario.arrived, "barn", (ASYL,), measure=CAME)
    if starts == (0, 0):
        text = "Starten: måluppfyllelsen räknas från {fran}, så året började från noll."
        return Statement("regel_start", text, used_in(text, values))
    if starts is not None:
        text = (
            "Starten: måluppfyllelsen räknas från den 1 januari {fran} och nollställs aldrig, så"
            " {ar} började inte från noll. Hur långt varje kommun hade kommit är inte publicerat."
            " Därför prövas varje start där {starts:barn} hade placerats enligt regeln"
        )
        known = (
            ": från hälften till dubbelt så många som de {arrived:ensamkommande barn} som man vet"
            " hade kommit."
        )
        text += "." if scenario.arrived is None else known
        values["starts"] = Fact(starts[0], "barn", high=starts[1])
    elif nation is None:
        text = (
            "Starten: scenariot antar att {placed:barn} redan var placerade i länet. De övriga av"
            " de {arrived:ensamkommande barn} som kom till Sverige sedan {fran} fördelas enligt"
            " regeln."
        )
    else:
        text = (
            "Starten: scenariot antar att {placed:barn} redan var placerade i länet och {nation} i"
            " hela landet, fördelade enligt regeln där inget annat är antaget."
        )
        values["nation"] = Fact(nation, "barn")
    return Statement("regel_start", text, used_in(text, values))


def _attachment(result: Result) -> Statement:
    if not result.scenario.attachment:
        text = (
            "Anknytning: barn som placeras genom anknytning går utanför regeln. Hur många är inte"
            " känt, så inga räknas."
        )
        return Statement("regel_anknytning", text)
    text = (
        "Anknytning: scenariot antar att {part} av barnen placeras så. De räknas in i"
        " måluppfyllelsen, kommer först och antas följa folkmängden."
    )
    return Statement(
        "regel_anknytning",
        text,
        {"part": Fact(100 * result.scenario.attachment, "%", decimals=1, of=NO_PERSONS)},
    )


def _cases(result: Result, sources: Sources) -> list[Statement | Table]:
    """Which cases there are and what they leave out, with the forecasts they are made of."""
    if result.cases is None:
        return []
    values = _counted(result)
    if result.scenario.outcomes:
        text = (
            "Fallen: scenariots {years} antal barn i Sverige, vart och ett placerat från varje"
            " start."
        )
        return [
            Statement("fallen", text, used_in(text, values)),
            Statement("fallen_utanfor", LEAVES_OUT),
        ]
    text = (
        "Fallen: antalet barn i Sverige är prognosen gånger kvoten mellan utfall och prognos, för"
        " var och en av de {forecasts:prognoser} som står i tabellen, och varje antal placeras"
        " enligt regeln från varje start. Varje år är ett fall och väger lika, hur många prognoser"
        " det än har. Inget dras av slumpen. Prognoser för året självt är inte med; de för senare"
        " år är det, där de är kända."
    )
    told = Statement("fallen", text, used_in(text, values))
    whose = [matt for matt in (CHILDREN, ASYLUM) if (result.ratios["matt"] == matt).any()]
    tables = [_ratios(result.ratios[result.ratios["matt"] == matt], matt) for matt in whose]
    return [told, Statement("fallen_utanfor", LEAVES_OUT), *tables]


def _ratios(ratios: pd.DataFrame, matt: str) -> Table:
    tables = tuple(dict.fromkeys(ratios["tabell"]))
    unit = {CHILDREN: "barn", ASYLUM: "personer"}[matt]
    came = Column("actual", "Utfall", unit, published=True, sources=(ASYL,), measure=COUNTED[matt])
    columns = [
        Column("ar_text", "År"),
        Column("prognosdatum", "Prognosen gjord", published=True, sources=tables),
        Column("made", "När"),
        Column("kind", "Uppgiften är"),
        Column("prognos", "Prognos", unit, published=True, sources=tables),
        came,
        Column("ratio", "Utfall delat med prognos", decimals=2),
    ]
    frame = ratios.assign(
        ar_text=ratios["ar"].astype(str),
        made=ratios["lead"].map(MADE),
        kind=ratios["stated"].map(STATED),
    )
    caption = {
        CHILDREN: "Prognoser som fallen är gjorda av, ensamkommande barn i Sverige",
        ASYLUM: "Prognoser som fallen är gjorda av där barnens saknas, asylsökande i Sverige",
    }[matt]
    sources, key = (*tables, ASYL), ("ar_text", "prognosdatum")
    return Table(f"kvoter_{matt}", caption, frame, columns, sources, {}, key)
