"""How uncertain the placement is, how it is reckoned, and whether the intervals would have held before."""

import pandas as pd

from helpers.model.nation import RESTS
from helpers.model.scenario import Result
from helpers.model.uncertainty import FEWEST, SAME_YEAR, YEAR_AHEAD
from helpers.present.language import placeholders
from helpers.present.precision import NO_PERSONS
from helpers.present.topics.placement import Sources, own_rows
from helpers.present.views import Column, Fact, Fold, Place, Statement, Table, Value, View

ASYL = "asylsokande_riket"
MADE = {SAME_YEAR: "under året", YEAR_AHEAD: "året före"}
RULE = (
    "Regeln: varje barn placeras i den kommun som har lägst måluppfyllelse, alltså placerade barn sedan januari 2016 "
    "delat med andelstalet. Ligger flera lika lågt går det största andelstalet först; i dragningarna avgör slumpen."
)
REST = (
    "Resten av landet: andelstalen utanför länet är inte kända här. Antas de följa folkmängden ger regeln {plats} "
    "{population} barn, antas de lika stora {equal} och räknas resten som en enda kommun {block}."
)
LEAVES_OUT = (
    "Dragningarna visar hur fel prognoserna har varit, inte hur fel de kan bli: de är få, och händelser som inte har "
    "inträffat finns inte med. Inte heller omfördelningar i andra län, eller placeringar sedan tidigare som inte är "
    "kända."
)


def interval_views(place: Place, result: Result | None, sources: Sources) -> tuple[View, ...]:
    """Return the interval in one sentence, or why there is none; nothing where no draw places a child.

    Args:
        place: A county, or a municipality of it.
        result: What a scenario gives (children); None where there is nothing to place by.
        sources: The published tables it rests on.
    """
    if result is None or own_rows(place, result).empty:
        return ()
    if result.simulation is None:
        return (_no_interval(result),)
    ends = result.total if place.kind == "lan" else tuple(own_rows(place, result)[["low", "middle", "high"]].iloc[0])
    low, middle, high = (int(end) for end in ends or ())
    if not high:
        return ()
    values: dict[str, Value] = {"plats": place.namn, **_drawn_from(result)}
    values |= {"low": Fact(low, "barn", sources), "high": Fact(high, "barn", sources)}
    values["middle"] = Fact(middle, "barn", sources)
    shown = "{low:barn}" if low == high else "{low}–{high} barn"
    text = f"Så osäkert är det: minst åtta av tio dragningar ger {{plats}} {shown}, medianen är {{middle}}. "
    text += _BASIS[bool(result.scenario.outcomes)]
    return (Statement("placering_intervall", text, _used(text, values)), *_pooled(result))


def _pooled(result: Result) -> tuple[View, ...]:
    if not result.pooled:
        return ()
    text = (
        "Så få prognoser som gjorts {made} har ett känt utfall att också andra har tagits med. Prognoser som görs "
        "senare brukar slå mindre fel, så intervallet är snarast för smalt."
    )
    return (Statement("placering_sammanslagna", text, {"made": MADE[result.scenario.horizon]}, "note"),)


_BASIS = {
    False: "Varje dragning låter prognosen slå lika fel som en av {forecasts:kända prognoser} för {years:andra år}.",
    True: "Varje dragning är ett av de {forecasts} antal barn i Sverige som scenariot antar är lika troliga.",
}


def _drawn_from(result: Result) -> dict[str, Value]:
    own = len(result.scenario.outcomes)
    return {
        "forecasts": Fact(own or len(result.ratios), "prognoser"),
        "years": Fact(result.ratios["ar"].nunique(), "år"),
    }


def _no_interval(result: Result) -> Statement:
    text = (
        "Något intervall går inte att räkna: det krävs {fewest:prognoser} för andra år vars utfall är känt, och här "
        "finns {forecasts}."
    )
    values: dict[str, Value] = {
        "fewest": Fact(FEWEST, "prognoser"),
        "forecasts": Fact(len(result.ratios), "prognoser"),
    }
    return Statement("placering_intervall", text, values)


def method_views(
    place: Place, result: Result | None, by_rest: pd.DataFrame | None, sources: Sources
) -> tuple[View, ...]:
    """Return, folded, how the placement is reckoned: rule, start, the rest of the nation, attachment and draws.

    Args:
        place: A county, or a municipality of it.
        result: What a scenario gives; None gives nothing.
        by_rest: kommunkod, placed_population, placed_equal, placed_block (children).
        sources: The published tables it rests on.
    """
    if result is None or by_rest is None or own_rows(place, result).empty:
        return ()
    own = by_rest[by_rest["kommunkod"].isin(place.kommunkoder)]
    hangs: dict[str, Value] = {rest: Fact(int(own[f"placed_{rest}"].sum()), "barn", sources) for rest in RESTS}
    inner = [
        Statement("regel", RULE),
        _start(result),
        Statement("regel_riket", REST, {"plats": place.namn, **hangs}),
        _attachment(result),
        *_draws(result, sources),
    ]
    return (Fold("sa_raknat", "Så är det räknat", tuple(inner)),)


def _start(result: Result) -> Statement:
    placed, nation = result.scenario.placed, result.scenario.placed_nation
    if not placed and nation is None:
        text = "Starten: hur många som hade placerats före året är inte känt här, så alla kommuner börjar från noll."
        return Statement("regel_start", text)
    values: dict[str, Value] = {"placed": Fact(sum(placed.values()), "barn")}
    text = "Starten: scenariot antar att {placed} barn redan var placerade i länet"
    if nation is None:
        text += "; alla andra kommuner börjar från noll."
    else:
        text += " och {nation} i hela landet, fördelade enligt regeln där inget annat är antaget."
        values["nation"] = Fact(nation, "barn")
    return Statement("regel_start", text, values)


def _attachment(result: Result) -> Statement:
    if not result.scenario.attachment:
        text = (
            "Anknytning: barn som placeras genom anknytning går utanför regeln. Hur många är inte känt, så inga räknas."
        )
        return Statement("regel_anknytning", text)
    text = (
        "Anknytning: scenariot antar att {part} av barnen placeras så. De räknas in i måluppfyllelsen, kommer först "
        "och antas följa folkmängden."
    )
    return Statement(
        "regel_anknytning", text, {"part": Fact(100 * result.scenario.attachment, "%", decimals=1, of=NO_PERSONS)}
    )


def _draws(result: Result, sources: Sources) -> list[Statement | Table]:
    """How the interval was drawn and what it leaves out, with the forecasts it was drawn from."""
    if result.simulation is None:
        return []
    values: dict[str, Value] = {"draws": Fact(len(result.simulation.national), "dragningar"), **_drawn_from(result)}
    text = "Dragningarna: {draws} stycken, var och en placerad enligt regeln. "
    if result.scenario.outcomes:
        text += "Antalet barn i Sverige är ett av scenariots {forecasts} antal."
        return [Statement("dragningar", text, _used(text, values)), Statement("dragningar_utanfor", LEAVES_OUT)]
    text += (
        "Antalet barn i Sverige är prognosen gånger kvoten mellan utfall och prognos för någon av de "
        "{forecasts:prognoser} som står i tabellen. Prognoser för året självt är inte med; de för senare år är det, "
        "där de är kända."
    )
    drawn = Statement("dragningar", text, _used(text, values))
    return [drawn, Statement("dragningar_utanfor", LEAVES_OUT), _ratios(result)]


def _used(text: str, values: dict[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in values.items() if name in placeholders(text)}


def _ratios(result: Result) -> Table:
    tables = tuple(dict.fromkeys(result.ratios["tabell"]))
    columns = [
        Column("ar_text", "År"),
        Column("prognosdatum", "Prognosen gjord", published=True, sources=tables),
        Column("made", "Före eller under året"),
        Column("prognos", "Prognos", "barn", published=True, sources=tables),
        Column("actual", "Utfall", "barn", published=True, sources=(ASYL,)),
        Column("ratio", "Utfall delat med prognos", decimals=2),
    ]
    frame = result.ratios.assign(
        ar_text=result.ratios["ar"].astype(str),
        made=result.ratios["horizon"].map(MADE),
    )
    caption = "Prognoser som dragningarna görs ur, ensamkommande barn i Sverige"
    return Table("kvoter", caption, frame, columns, (*tables, ASYL), {}, ("ar_text", "prognosdatum"))


def backtest_views(place: Place, nation: pd.DataFrame, places: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return whether the intervals would have held: a sentence each for the nation and the county's municipalities.

    Args:
        place: A county, or a municipality of it.
        nation: What `backtest_forecasts` returned (children).
        places: What `backtest_places` returned, with tabell; empty where the year cannot be tested.
        ar: The year.
    """
    if places.empty:
        return ()
    shares, record = tuple(dict.fromkeys(places["tabell"])), tuple(dict.fromkeys(nation["tabell"]))
    held: dict[str, Value] = {
        "lan": place.lan,
        "ar": str(ar),
        "held": Fact(int(places["covered"].sum()), "kommuner", (*shares, *record, ASYL)),
        "places": Fact(len(places), "kommuner", shares),
    }
    text = (
        "Hade intervallet stämt förr? Räknat på vad som var känt {ar} hade det rymt utfallet i {held} av "
        "{places:kommuner} i {lan}. Så få fall, av samma år och samma prognos, prövar bara att det inte är uppenbart "
        "fel."
    )
    fold = Fold("provat", "Så prövades intervallen", _tests(nation, places, record))
    return (Statement("provat_kommuner", text, held), _nation_sentence(nation, record), fold)


def _nation_sentence(nation: pd.DataFrame, record: Sources) -> Statement:
    tested = nation["covered"].dropna()
    text = (
        "För riket rymdes utfallet i {held} av {tested} intervall. Ytterligare {untested:prognoser} går inte att "
        "pröva, eftersom färre än {fewest:tidigare prognoser} av samma slag hade ett känt utfall när de gjordes."
    )
    values: dict[str, Value] = {
        "held": Fact(int(tested.sum()), "prognoser", (*record, ASYL)),
        "tested": Fact(len(tested), "prognoser", (*record, ASYL)),
        "untested": Fact(len(nation) - len(tested), "prognoser", record),
        "fewest": Fact(FEWEST, "prognoser"),
    }
    return Statement("provat_riket", text, values)


def _tests(nation: pd.DataFrame, places: pd.DataFrame, record: Sources) -> tuple[Table, Table]:
    verdicts = {True: "ja", False: "nej"}
    tested = nation.dropna(subset=["covered"]).copy()
    tested = tested.assign(ar_text=tested["ar"].astype(str), held=tested["covered"].map(verdicts))
    columns = [
        Column("ar_text", "År"),
        Column("prognos", "Prognos", "barn", published=True, sources=record),
        Column("low", "Lägst", "barn", 0),
        Column("high", "Högst", "barn", 0),
        Column("actual", "Utfall", "barn", published=True, sources=(ASYL,)),
        Column("held", "Ryms utfallet?"),
    ]
    caption = "Rikets prognoser prövade mot vad som var känt när de gjordes"
    riket = Table("provat_riket_tabell", caption, tested, columns, (*record, ASYL), {}, ("ar_text", "prognosdatum"))
    shares = tuple(dict.fromkeys(places["tabell"]))
    own = [
        Column("kommun", "Kommun"),
        Column("low", "Åtta av tio dragningar", "barn", high="high"),
        Column("utfall", "Utfall", "barn", published=True, sources=shares),
        Column("held", "Ryms utfallet?"),
    ]
    rows = places.assign(held=places["covered"].astype(bool).map(verdicts))
    caption = "Kommunernas intervall prövade mot årets utfall"
    return riket, Table("provat_tabell", caption, rows, own, (*shares, *record, ASYL), {}, ("kommunkod",))
