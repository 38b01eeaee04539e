"""How far national forecasts have missed: the record drawn, its errors by when they were made, what
all asylum seekers' record can carry, and whether the intervals hold each year left out.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.model.comparison import when_preliminary
from helpers.model.exact import rounded
from helpers.model.record import ASYLUM, CHILDREN, FEWEST, Judged
from helpers.present.figures.sources import draw_record, size_record
from helpers.present.views import (
    ASYL,
    CAME,
    Column,
    Fact,
    Figure,
    Fold,
    Place,
    Statement,
    Table,
    Value,
    View,
    gap,
)

MADE = {
    "early": "under året, januari–juni",
    "late": "under året, juli–december",
    "undated": "under året, månaden inte känd",
    "one_ahead": "året före",
    "two_ahead": "två år före",
}
STATED = {"official": "officiell", "press": "press", "derived": "härledd"}
COUNTED = {CHILDREN: CAME, ASYLUM: "asylsokande"}  # what came, as measures name it
_UNIT = {CHILDREN: "barn", ASYLUM: "personer"}
_TITLE = {
    CHILDREN: "Prognoser för ensamkommande barn mot antalet som kom",
    ASYLUM: "Prognoser för alla asylsökande mot antalet som kom",
}
_ALT = {
    CHILDREN: (
        "Tiden går nedåt. En linje per prognos för ensamkommande barn, från när den gjordes till en"
        " punkt vid årets slut för hur många som kom. Skalan är logaritmisk."
    ),
    ASYLUM: (
        "Tiden går nedåt. En linje per prognos för alla asylsökande, från när den gjordes till en"
        " punkt vid årets slut för hur många som kom. Skalan är logaritmisk."
    ),
}
READING = (
    "Lutar linjen åt höger kom fler än prognosen sa, åt vänster färre. Ett liggande streck är"
    " prognosens eget intervall."
)
_BASES = {
    "own": "prognoser för barnen själva",
    "longer": "prognoser för alla asylsökande",
    "carried": "barnens, och alla asylsökandes där barnens saknas",
}


def record_views(record: pd.DataFrame, matt: str = CHILDREN) -> tuple[View, ...]:
    """Return forecasts beside what came: a sentence on the widest misses, and the figure; or the
    gap.

    Args:
        record: `ar`, `prognosdatum`, `prognos`, `low`, `high`, `actual` (children, or persons; NA =
            unknown), `ratio` (actual ÷ forecast), `lead`, `stated`, `tabell`: what
            `model.record.forecast_record` returned.
        matt: What is counted: ensamkommande or asylsokande.
    """
    judged = record.dropna(subset=["ratio"])
    if judged.empty:
        return (gap(f"prognoser_{matt}", "Ingen prognos kan ännu jämföras med vad som kom."),)
    sources = (*dict.fromkeys(record["tabell"]), ASYL)
    return (_widest_misses(record, judged, sources, matt), _record_figure(record, sources, matt))


def _widest_misses(
    record: pd.DataFrame, judged: pd.DataFrame, sources: tuple[str, ...], matt: str
) -> Statement:
    ordered = judged.sort_values("ratio", kind="stable").to_dict("records")
    values: dict[str, Value] = {
        "count": Fact(len(judged), "prognoser", sources),
        "alla": Fact(len(record), "prognoser", sources),
    }
    for name, row in (("least", ordered[0]), ("most", ordered[-1])):
        came = Fact(int(row["actual"]), _UNIT[matt], (ASYL,), True, measure=COUNTED[matt])
        values |= {
            f"{name}_ar": str(row["ar"]),
            f"{name}_date": str(row["prognosdatum"]),
            f"{name}_prognos": Fact(int(row["prognos"]), _UNIT[matt], (str(row["tabell"]),), True),
            f"{name}_actual": came,
        }
    text = (
        "{count} av {alla:prognoser} är ett enda tal för ett år vars utfall är känt. Av dem låg den"
        " för {least_ar} (gjord {least_date}) mest för högt: {least_prognos} mot {least_actual} som"
        " kom. Mest för lågt låg den för {most_ar} (gjord {most_date}): {most_prognos} mot"
        " {most_actual}."
    )
    return Statement(f"prognoser_mening_{matt}", text, values)


def _record_figure(record: pd.DataFrame, sources: tuple[str, ...], matt: str) -> Figure:
    columns = [
        Column("prognosdatum", "Prognos gjord"),
        Column("ar_text", "Avser år"),
        Column("kind", "Uppgiften är"),
        Column("prognos", "Prognos", _UNIT[matt], published=True),
        Column("low", "Intervall", _UNIT[matt], high="high", published=True),
        Column(
            "actual", "Kom", _UNIT[matt], published=True, sources=(ASYL,), measure=COUNTED[matt]
        ),
        Column("ratio", "Kom delat med prognos", "", 2),
    ]
    kind = record["stated"].map(STATED)
    shown = record.assign(ar_text=record["ar"].astype(str), kind=kind)
    key = ("ar", "prognosdatum")
    table = Table(f"prognoser_{matt}", _TITLE[matt], shown, columns, sources, {}, key)
    return Figure(
        f"prognoser_figur_{matt}",
        f"{_TITLE[matt]}.",
        _ALT[matt],
        lambda ax, language: draw_record(record, ax, language),
        size_record(record),
        table,
        reading=READING,
    )


def error_views(judged: Judged) -> tuple[View, ...]:
    """Return how far forecasts have missed by when they were made, what all asylum seekers' record
    carries of the children's, and whether the intervals hold.

    Args:
        judged: What `model.record.judge` returned.
    """
    sources = judged.sources(ASYL)
    return (
        *_carries(judged, sources),
        *_held(judged, sources),
        *(_by_lead(judged.by_lead[matt], matt, sources) for matt in (CHILDREN, ASYLUM)),
        _bases(judged, sources),
    )


def _carries(judged: Judged, sources: tuple[str, ...]) -> tuple[View, ...]:
    """Whether the two measures' errors go together: how far, of how many, and what does not."""
    if judged.correlation is None:
        return ()
    text = (
        "Felen för barnen följer felen för alla asylsökande: rangkorrelationen (Spearman) är"
        " {correlation} för de {pairs:prognostillfällen} där båda fick ett tal, för"
        " {years:olika år}. Men storleken är inte densamma: i {further} av {pairs} slog barnens"
        " prognos mer fel. Därför används felen för alla asylsökande bara för år då ingen prognos"
        " för barnen är känd."
    )
    values: dict[str, Value] = {
        "correlation": Fact(judged.correlation, "", sources, decimals=2),
        "pairs": Fact(len(judged.pairs), "", sources),
        "years": Fact(int(judged.pairs["ar"].nunique()), "", sources),
        "further": Fact(judged.further, "", sources),
    }
    return (Statement("prognoser_samband", text, values),)


def _held(judged: Judged, sources: tuple[str, ...]) -> tuple[View, ...]:
    """How many outcomes the intervals that reports show would have held, beside their width."""
    row = judged.tests[judged.tests["basis"] == "carried"].to_dict("records")[0]
    if not row["forecasts"]:
        return ()
    text = (
        "Håller intervallen? När varje år i tur och ordning lämnades utanför låg utfallet mellan"
        " det lägsta och det högsta för {held} av {forecasts:prognoser} ({years:olika år}), och"
        " inom den mittersta hälften för {half_held}. Så brett var det: det högsta var"
        " {wide:gånger} det lägsta, den mittersta hälftens {half_wide:gånger}, räknat på den"
        " mellersta prognosen."
    )
    values: dict[str, Value] = {
        name: Fact(int(row[name]), "", sources)
        for name in ("held", "forecasts", "years", "half_held")
    }
    for name in ("wide", "half_wide"):
        values[name] = Fact(float(row[name]), "", sources, decimals=1)
    return (Statement("prognoser_provade", text, values),)


def _by_lead(errors: pd.DataFrame, matt: str, sources: tuple[str, ...]) -> Table:
    columns = [
        Column("made", "Prognosen gjord"),
        Column("forecasts", "Prognoser"),
        Column("years", "Olika år"),
        *(Column(name, f"Varav {word}") for name, word in _KINDS.items()),
        Column("lowest", "Lägst", decimals=2),
        Column("half_low", "Hälften från", decimals=2),
        Column("half_high", "Hälften till", decimals=2),
        Column("highest", "Högst", decimals=2),
    ]
    rows = errors.assign(made=errors["lead"].map(MADE))
    caption = {
        CHILDREN: "Kom delat med prognos, ensamkommande barn, efter när prognosen gjordes",
        ASYLUM: "Kom delat med prognos, alla asylsökande, efter när prognosen gjordes",
    }[matt]
    return Table(f"fel_{matt}", caption, rows, columns, sources, {}, ("lead",), note=BY_YEAR)


_KINDS = {"official": "officiella", "press": "ur press", "derived": "härledda"}
BY_YEAR = (
    "Flera prognoser för samma år väger tillsammans som ett år. Mellan hälften från och hälften"
    " till väntas minst hälften av nya år hamna; det kräver minst tre år."
)


def _bases(judged: Judged, sources: tuple[str, ...]) -> Table:
    columns = [
        Column("made_of", "Intervallet är gjort av"),
        Column("forecasts", "Prövade prognoser"),
        Column("years", "Olika år"),
        Column("held", "Mellan lägst och högst"),
        Column("wide", "Högst delat med lägst", decimals=1),
        Column("half_held", "Inom mittersta hälften"),
        Column("half_wide", "Hälftens högsta delat med lägsta", decimals=1),
    ]
    rows = judged.tests.assign(made_of=judged.tests["basis"].map(_BASES))
    caption = "Barnens prognoser prövade med varje år utelämnat, efter vad intervallet görs av"
    return Table("fel_underlag", caption, rows, columns, sources, {}, ("basis",))


def backtest_views(
    place: Place, nation: pd.DataFrame, places: pd.DataFrame, ar: int
) -> tuple[View, ...]:
    """Return whether the intervals hold what came: a sentence each for the county's municipalities
    and the nation.

    Args:
        place: A county, or a municipality of it.
        nation: `ar`, `prognosdatum`, `prognos`, `low`, `high`, `half_low`, `half_high`, `actual`
            (children), `covered`, `half_covered` (NA = not tested), `tabell`: what
            `record.leave_one_year_out` returned.
        places: `kommunkod`, `kommun`, `low`, `high`, `utfall` (children), `covered`,
            `half_covered`, `tabell`, `utfall_preliminart`: what `backtest_places` returned; empty
            where the year cannot be tested.
        ar: The year.
    """
    if places.empty:
        return ()
    shares, record = tuple(dict.fromkeys(places["tabell"])), tuple(dict.fromkeys(nation["tabell"]))
    early, every = bool(when_preliminary(places)), (*shares, *record, ASYL)
    wide = places.to_dict("records")[int((places["high"] - places["low"]).to_numpy().argmax())]
    held: dict[str, Value] = {
        "lan": place.lan,
        "ar": str(ar),
        "utfallet": "det preliminära utfallet" if early else "utfallet",
        "held": Fact(int(places["covered"].sum()), "kommuner", every, preliminary=early),
        "half": Fact(int(places["half_covered"].sum()), "kommuner", every, preliminary=early),
        "places": Fact(len(places), "kommuner", shares),
        "widest": str(wide["kommun"]),
        "range": Fact(int(wide["low"]), "barn", every, high=int(wide["high"])),
    }
    text = (
        "Håller intervallet? Det är gjort av alla andra år än {ar} och rymmer {utfallet} i {held}"
        " av {places:kommuner} i {lan}, den mittersta hälften i {half}. Men intervallen är breda, i"
        " {widest} {range:barn}, och underlaget är för litet för att visa mer än att de inte är"
        " uppenbart fel."
    )
    fold = Fold("provat", "Så prövades intervallen", _tests(nation, places, record))
    return (Statement("provat_kommuner", text, held), _nation_sentence(nation, record), fold)


def _nation_sentence(nation: pd.DataFrame, record: Sequence[str]) -> Statement:
    tested, sources = nation.dropna(subset=["covered"]), (*record, ASYL)
    text = (
        "För riket prövades varje prognos för barnen mot vad alla andra år ger: utfallet"
        " låg mellan det lägsta och det högsta för {held} av {tested:prognoser}, och inom den"
        " mittersta hälften för {half}. Det högsta var {width:gånger} det lägsta, hälftens"
        " {half_width:gånger}."
    )
    wide = _times(tested["high"] / tested["low"])
    half = _times(tested["half_high"] / tested["half_low"])
    values: dict[str, Value] = {
        "held": Fact(int(tested["covered"].sum()), "prognoser", sources),
        "tested": Fact(len(tested), "prognoser", sources),
        "half": Fact(int(tested["half_covered"].sum()), "prognoser", sources),
        "width": Fact(wide[0], "", sources, high=wide[1]),
        "half_width": Fact(half[0], "", sources, high=half[1]),
    }
    untested = len(nation) - len(tested)
    if untested:
        text += (
            " Ytterligare {untested:prognoser} går inte att pröva, eftersom färre än"
            " {fewest:andra år} är kända."
        )
        values |= {"untested": Fact(untested, "prognoser"), "fewest": Fact(FEWEST, "år")}
    return Statement("provat_riket", text, values)


def _times(ratios: pd.Series) -> tuple[int, int]:
    """The least and the most, whole."""
    whole = sorted(int(rounded(ratio, 0)) for ratio in ratios.astype(float))
    return whole[0], whole[-1]


def _tests(
    nation: pd.DataFrame, places: pd.DataFrame, record: tuple[str, ...]
) -> tuple[Table, Table]:
    verdicts = {True: "ja", False: "nej"}
    tested = nation.dropna(subset=["covered"])
    tested = tested.assign(ar_text=tested["ar"].astype(str), **_verdicts(tested, verdicts))
    columns = [
        Column("ar_text", "År"),
        Column("prognos", "Prognos", "barn", published=True, sources=record),
        Column("low", "Lägst", "barn", 0),
        Column("high", "Högst", "barn", 0),
        Column("actual", "Utfall", "barn", published=True, sources=(ASYL,)),
        Column("held", "Ryms utfallet?"),
        Column("half_held", "Inom mittersta hälften?"),
    ]
    caption = "Rikets prognoser prövade mot vad alla andra år ger"
    key = ("ar_text", "prognosdatum")
    riket = Table("provat_riket_tabell", caption, tested, columns, (*record, ASYL), {}, key)
    shares, early = tuple(dict.fromkeys(places["tabell"])), bool(when_preliminary(places))
    own = [
        Column("kommun", "Kommun"),
        Column("low", "Lägst–högst", "barn", high="high"),
        Column("utfall", "Utfall", "barn", published=True, sources=shares, preliminary=early),
        Column("held", "Ryms utfallet?", preliminary=early),
        Column("half_held", "Inom mittersta hälften?", preliminary=early),
    ]
    rows = places.assign(**_verdicts(places, verdicts))
    caption = "Kommunernas intervall prövade mot årets utfall"
    sources = (*shares, *record, ASYL)
    return riket, Table("provat_tabell", caption, rows, own, sources, {}, ("kommunkod",))


def _verdicts(frame: pd.DataFrame, words: Mapping[bool, str]) -> dict[str, pd.Series]:
    told = {"held": "covered", "half_held": "half_covered"}
    return {name: frame[column].astype(bool).map(words) for name, column in told.items()}
