"""How uncertain the expected number is, how it is reckoned, and whether intervals would have held
before.

"""

import pandas as pd

from helpers.model.comparison import when_preliminary
from helpers.model.exact import rounded
from helpers.model.forecasts import FEWEST, SAME_YEAR, YEAR_AHEAD
from helpers.model.scenario import ENDS, Ends, Result
from helpers.model.shares import RESTS
from helpers.present.language import NO_PERSONS
from helpers.present.topics.placement import Sources, own_rows
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

MADE = {SAME_YEAR: "under året", YEAR_AHEAD: "året före"}
RULE = (
    "Regeln: varje barn placeras i den kommun som har lägst måluppfyllelse, alltså placerade barn"
    " sedan januari {fran} delat med andelstalet. Ligger flera lika lågt avgör slumpen vem som får"
    " barnet; då visas båda möjligheterna."
)
REST = (
    "Resten av landet: andelstalen utanför länet är inte kända här. Antas de följa folkmängden kan"
    " regeln ge {plats} {population:barn}, antas de lika stora {equal} och räknas resten som en"
    " enda kommun {block}."
)
LEAVES_OUT = (
    "Fallen visar hur fel prognoserna har varit, inte hur fel de kan bli: de är få, och händelser"
    " som inte har inträffat finns inte med. Inte heller omfördelningar i andra län."
)
_BASIS = {
    False: (
        "Så osäkert är det: slår prognosen lika fel som någon av {forecasts:kända prognoser} för"
        " {years:andra år}"
    ),
    True: (
        "Så osäkert är det: kommer något av de {forecasts} antal barn till Sverige som scenariot"
        " antar lika troliga"
    ),
}
_MIDDLE = {True: "lika ofta över som under {middle}", False: "med {middle} i mitten"}


def backtest_views(
    place: Place, nation: pd.DataFrame, places: pd.DataFrame, ar: int
) -> tuple[View, ...]:
    """Return whether the intervals would have held: a sentence each for the nation and the county's
    municipalities.

    Args:
        place: A county, or a municipality of it.
        nation: `ar`, `prognosdatum`, `prognos`, `low`, `high`, `actual` (children), `covered` (NA =
            not tested), `tabell`: what `backtest_forecasts` returned.
        places: `kommunkod`, `kommun`, `low`, `high`, `utfall` (children), `covered`, `tabell`,
            `utfall_preliminart`: what `backtest_places` returned; empty where the year cannot be
            tested.
        ar: The year.
    """
    if places.empty:
        return ()
    shares, record = tuple(dict.fromkeys(places["tabell"])), tuple(dict.fromkeys(nation["tabell"]))
    early = bool(when_preliminary(places))
    wide = places.to_dict("records")[int((places["high"] - places["low"]).to_numpy().argmax())]
    held: dict[str, Value] = {
        "lan": place.lan,
        "ar": str(ar),
        "utfallet": "det preliminära utfallet" if early else "utfallet",
        "held": Fact(
            int(places["covered"].sum()), "kommuner", (*shares, *record, ASYL), preliminary=early
        ),
        "places": Fact(len(places), "kommuner", shares),
        "widest": str(wide["kommun"]),
        "range": Fact(int(wide["low"]), "barn", (*shares, *record, ASYL), high=int(wide["high"])),
    }
    text = (
        "Hade intervallet stämt förr? Räknat på vad som var känt {ar} hade det rymt {utfallet} i"
        " {held} av {places:kommuner} i {lan}. Men intervallen var breda, i {widest} {range:barn},"
        " och underlaget är för litet för att visa mer än att de inte är uppenbart fel."
    )
    fold = Fold("provat", "Så prövades intervallen", _tests(nation, places, record))
    return (Statement("provat_kommuner", text, held), _nation_sentence(nation, record), fold)


def _nation_sentence(nation: pd.DataFrame, record: Sources) -> Statement:
    tested = nation.dropna(subset=["covered"])
    text = (
        "För riket rymdes utfallet i {held} av {tested:intervall}, men de var så breda att det"
        " säger lite: det högsta talet var {width:gånger} det lägsta. Ytterligare"
        " {untested:prognoser} går inte att pröva, eftersom färre än {fewest:tidigare prognoser} av"
        " samma slag hade ett känt utfall när de gjordes."
    )
    width = sorted(
        int(rounded(ratio, 0)) for ratio in (tested["high"] / tested["low"]).astype(float)
    )
    values: dict[str, Value] = {
        "held": Fact(int(tested["covered"].sum()), "prognoser", (*record, ASYL)),
        "tested": Fact(len(tested), "prognoser", (*record, ASYL)),
        "width": Fact(width[0], "", (*record, ASYL), high=width[-1]),
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
    riket = Table(
        "provat_riket_tabell",
        caption,
        tested,
        columns,
        (*record, ASYL),
        {},
        ("ar_text", "prognosdatum"),
    )
    shares, early = tuple(dict.fromkeys(places["tabell"])), bool(when_preliminary(places))
    own = [
        Column("kommun", "Kommun"),
        Column("low", "Lägst–högst", "barn", high="high"),
        Column("utfall", "Utfall", "barn", published=True, sources=shares, preliminary=early),
        Column("held", "Ryms utfallet?", preliminary=early),
    ]
    rows = places.assign(held=places["covered"].astype(bool).map(verdicts))
    caption = "Kommunernas intervall prövade mot årets utfall"
    return riket, Table(
        "provat_tabell", caption, rows, own, (*shares, *record, ASYL), {}, ("kommunkod",)
    )


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
    low, high, first, last, parted = _ends_of(place, result)
    if not high:
        return ()
    values: dict[str, Value] = {"plats": place.namn, **_counted(result)}
    values |= {
        name: Fact(number, "barn", sources) for name, number in (("low", low), ("high", high))
    }
    values["middle"] = Fact(first, "barn", sources, high=last)
    text = f"{_BASIS[bool(result.scenario.outcomes)]} får {{plats}} "
    text += (
        "{low:barn}." if low == high else f"mellan {{low}} och {{high:barn}}, {_MIDDLE[parted]}."
    )
    text += " Det är det lägsta och det högsta av fallen, och fallen är få." if low < high else ""
    return (
        Statement("placering_intervall", text, used_in(text, values)),
        *_above(result),
        *_pooled(result),
    )


def _ends_of(place: Place, result: Result) -> Ends:
    if place.kind == "lan":
        assert result.total is not None
        return result.total
    row = own_rows(place, result).iloc[0]
    low, high, first, last = (int(row[name]) for name in ENDS[:4])
    return Ends(low, high, first, last, bool(row["parted"]))


def _above(result: Result) -> tuple[View, ...]:
    """In how many of the cases more children come than the forecast says."""
    above, every = result.outcomes_above_forecast, len(result.cases.national) if result.cases else 0
    text = (
        "I {above} av {forecasts} fall kommer fler barn till Sverige än prognosens {prognos}, i"
        " {rest} kommer färre"
    )
    fewer = (
        sum(children < result.scenario.prognos for children in result.cases.national)
        if result.cases
        else 0
    )
    values: dict[str, Value] = {
        "above": Fact(above),
        "forecasts": Fact(every),
        "prognos": Fact(result.scenario.prognos, "barn"),
        "rest": Fact(fewer),
    }
    return (Statement("placering_fler", text + ".", values),)


def _pooled(result: Result) -> tuple[View, ...]:
    """That forecasts of both horizons are used, and how many are of the scenario's own."""
    if not result.pooled:
        return ()
    text = (
        "Av prognoserna är {own} gjorda {made}, som den här; resten är gjorda {others}. De är för"
        " få för att visa om den ena sorten slår mer fel än den andra."
    )
    horizon = result.scenario.horizon
    values: dict[str, Value] = {
        "own": Fact(int((result.ratios["horizon"] == horizon).sum()), "prognoser"),
        "made": MADE[horizon],
        "others": MADE[YEAR_AHEAD if horizon == SAME_YEAR else SAME_YEAR],
    }
    return (Statement("placering_sammanslagna", text, values, "note"),)


def _counted(result: Result) -> dict[str, Value]:
    own = len(result.scenario.outcomes)
    return {
        "forecasts": Fact(own or len(result.ratios), "prognoser"),
        "years": Fact(result.ratios["ar"].nunique(), "år"),
    }


def _no_interval(result: Result) -> Statement:
    text = (
        "Något intervall går inte att räkna: det krävs {fewest:prognoser} för andra år vars utfall"
        " är känt, och här finns {forecasts}."
    )
    values: dict[str, Value] = {
        "fewest": Fact(FEWEST, "prognoser"),
        "forecasts": Fact(len(result.ratios), "prognoser"),
    }
    return Statement("placering_intervall", text, values)


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
            "Fallen: scenariots {forecasts} antal barn i Sverige, vart och ett placerat från varje"
            " start."
        )
        return [
            Statement("fallen", text, used_in(text, values)),
            Statement("fallen_utanfor", LEAVES_OUT),
        ]
    text = (
        "Fallen: antalet barn i Sverige är prognosen gånger kvoten mellan utfall och prognos, för"
        " var och en av de {forecasts:prognoser} som står i tabellen, och varje antal placeras"
        " enligt regeln från varje start. Inget dras av slumpen. Prognoser för året självt är inte"
        " med; de för senare år är det, där de är kända."
    )
    told = Statement("fallen", text, used_in(text, values))
    return [told, Statement("fallen_utanfor", LEAVES_OUT), _ratios(result)]


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
    caption = "Prognoser som fallen är gjorda av, ensamkommande barn i Sverige"
    return Table(
        "kvoter", caption, frame, columns, (*tables, ASYL), {}, ("ar_text", "prognosdatum")
    )
