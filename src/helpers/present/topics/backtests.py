"""Whether the intervals would have held before, and how little so few and so wide ones can show."""

import pandas as pd

from helpers.model.comparison import when_preliminary
from helpers.model.exact import rounded
from helpers.model.uncertainty import FEWEST
from helpers.present.topics.placement import ASYL, Sources
from helpers.present.views import Column, Fact, Fold, Place, Statement, Table, Value, View


def backtest_views(place: Place, nation: pd.DataFrame, places: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return whether the intervals would have held: a sentence each for the nation and the county's municipalities.

    Args:
        place: A county, or a municipality of it.
        nation: What `backtest_forecasts` returned (children).
        places: What `backtest_places` returned, with tabell and utfall_preliminart; empty where the year cannot be
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
        "held": Fact(int(places["covered"].sum()), "kommuner", (*shares, *record, ASYL), preliminary=early),
        "places": Fact(len(places), "kommuner", shares),
        "widest": str(wide["kommun"]),
        "range": Fact(int(wide["low"]), "barn", (*shares, *record, ASYL), high=int(wide["high"])),
    }
    text = (
        "Hade intervallet stämt förr? Räknat på vad som var känt {ar} hade det rymt {utfallet} i {held} av "
        "{places:kommuner} i {lan}. Men intervallen var breda, i {widest} {range:barn}, och underlaget är för litet "
        "för att visa mer än att de inte är uppenbart fel."
    )
    fold = Fold("provat", "Så prövades intervallen", _tests(nation, places, record))
    return (Statement("provat_kommuner", text, held), _nation_sentence(nation, record), fold)


def _nation_sentence(nation: pd.DataFrame, record: Sources) -> Statement:
    tested = nation.dropna(subset=["covered"])
    text = (
        "För riket rymdes utfallet i {held} av {tested:intervall}, men de var så breda att det säger lite: det högsta "
        "talet var {width:gånger} det lägsta. Ytterligare {untested:prognoser} går inte att pröva, eftersom "
        "färre än {fewest:tidigare prognoser} av samma slag hade ett känt utfall när de gjordes."
    )
    width = sorted(int(rounded(ratio, 0)) for ratio in (tested["high"] / tested["low"]).astype(float))
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
    riket = Table("provat_riket_tabell", caption, tested, columns, (*record, ASYL), {}, ("ar_text", "prognosdatum"))
    shares, early = tuple(dict.fromkeys(places["tabell"])), bool(when_preliminary(places))
    own = [
        Column("kommun", "Kommun"),
        Column("low", "Lägst–högst", "barn", high="high"),
        Column("utfall", "Utfall", "barn", published=True, sources=shares, preliminary=early),
        Column("held", "Ryms utfallet?", preliminary=early),
    ]
    rows = places.assign(held=places["covered"].astype(bool).map(verdicts))
    caption = "Kommunernas intervall prövade mot årets utfall"
    return riket, Table("provat_tabell", caption, rows, own, (*shares, *record, ASYL), {}, ("kommunkod",))
