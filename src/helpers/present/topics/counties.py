"""The counties side by side: one row each, with the few numbers a reader asks for."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from helpers.model.forecasts import Forecast
from helpers.model.share_keys import Basis
from helpers.present.topics.estimates import note_views
from helpers.present.topics.nation import people_of, sources_of, tables_of
from helpers.present.views import (
    ASYL,
    LANSTAL,
    Column,
    Fact,
    Place,
    Statement,
    Table,
    Value,
    View,
    gap,
    is_unknown,
    used_in,
)

COUNTY = Column("lan", "Län", report="lan/{lanskod}")
RATE = "per 1 000 invånare"
NATION = "Sverige"


def named(country: Place) -> Place:
    """Return the nation by the name that sentences have room for."""
    return replace(country, namn=NATION)  # type: ignore[type-var]


def received_answer(counties: pd.DataFrame, nation: pd.DataFrame, ar: int) -> Statement:
    """Return how many the nation received, and how many had found housing themselves; or the gap.

    Args:
        counties: `tabell`, `people_tabell`.
        nation: `antal`, `own` (persons), `per_1000`, `own_percent`; one row, NA where unknown.
        ar: The year.
    """
    row = nation.iloc[0]
    if is_unknown(row["antal"]):
        text = "Uppgift om hur många nyanlända som togs emot i Sverige {ar} saknas här."
        return gap("svar_mottagna", text, ar=str(ar))
    text = "Sverige tog emot {antal:nyanlända} {ar}, {per_1000} per tusen invånare."
    total, tables = int(row["antal"]), tables_of(counties)
    rate = None if is_unknown(row["per_1000"]) else float(row["per_1000"])
    values: dict[str, Value] = {
        "ar": str(ar),
        "antal": Fact(total, "personer", tables, measure="mottagna"),
        "per_1000": Fact(rate, RATE, sources_of(counties), decimals=1),
    }
    if not is_unknown(row["own"]):
        text += " Av dem kom {own} ({own_percent}) från eget boende."
        values["own"] = Fact(int(row["own"]), "personer", tables, measure="mottagna")
        values["own_percent"] = Fact(float(row["own_percent"]), "%", tables, decimals=0, of=total)
    return Statement("svar_mottagna", text, values, "answer")


def received_table(counties: pd.DataFrame, nation: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return the counties' reception in one table, with links to their reports; or the gap.

    Args:
        counties: `lanskod`, `lan`, `antal`, `own` (persons), `per_1000`, `own_percent`, `tabell`,
            `people_tabell`; in the order of the rows.
        nation: `lan`, `antal`, `own` (persons), `per_1000`, `own_percent`; the nation, in one row.
        ar: The year.
    """
    if counties["antal"].isna().all():
        return (gap("lan_mottagna", "Uppgift om länens mottagande {ar} saknas här.", ar=str(ar)),)
    tables, rates = tables_of(counties), sources_of(counties)
    columns = [
        COUNTY,
        Column("antal", "Mottagna", "personer", sources=tables, measure="mottagna"),
        Column("per_1000", "Per tusen invånare", "", 1, sources=rates),
    ]
    if counties["own"].notna().any():
        columns += [
            Column("own", "Från eget boende", "personer", sources=tables, measure="mottagna"),
            Column("own_percent", "Del av de mottagna", "%", 0, sources=tables, of="antal"),
        ]
    total = nation.astype({"antal": "Int64", "own": "Int64"}).to_dict("records")[0]
    caption = "Mottagna i länen {ar}, det län som tog emot flest först"
    return (
        Table(
            "lan_mottagna",
            caption,
            counties,
            columns,
            (*tables, *people_of(counties)),
            {"ar": str(ar)},
            ("lanskod",),
            {str(name): value for name, value in total.items()},
        ),
    )


def outcome_answer(
    placed: pd.DataFrame, forecast: Forecast, actual: int | None, ar: int
) -> Statement:
    """Return how many children came against the forecast, and how many were placed against the
    länstal; or the gap.

    Args:
        placed: `lanstal`, `placed` (persons; NA = unknown), `tabell`, `lanstal_tabell`.
        forecast: The forecast the year is judged by.
        actual: How many children came to Sweden; None = unknown.
        ar: The year.
    """
    sums = placed[["lanstal", "placed"]].sum(skipna=False)
    parts, values = [], {"ar": str(ar)}
    facts: dict[str, Value] = {**values}
    if actual is not None and forecast.value is not None:
        parts.append("Till Sverige kom {kom:ensamkommande barn} {ar}, mot {prognos} i prognosen.")
        own = (forecast.tabell,) if forecast.tabell else ()
        facts["kom"] = Fact(actual, "barn", (ASYL,), published=True, measure="ekb_asylsokande")
        facts["prognos"] = Fact(forecast.value, "barn", own, published=bool(own))
    if sums.notna().all():
        parts.append(
            "Länen skulle ta emot {lanstal:nyanlända} efter anvisning och tog emot {placerade}."
        )
        facts |= _sums(placed, sums)
    if not parts:
        text = "Uppgift om hur många som kom {ar} mot det väntade saknas här."
        return gap("svar_utfall", text, ar=str(ar))
    return Statement("svar_utfall", " ".join(parts), facts, "answer")


def _sums(placed: pd.DataFrame, sums: pd.Series) -> dict[str, Fact]:
    measure, tables = "mottagna_efter_anvisning", tables_of(placed)
    return {
        "lanstal": Fact(int(sums["lanstal"]), "personer", tables_of(placed, "lanstal_tabell")),
        "placerade": Fact(int(sums["placed"]), "personer", tables, measure=measure),
    }


def placed_table(placed: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return each county's länstal beside those received after placement; or the gap.

    Args:
        placed: `lanskod`, `lan`, `lanstal`, `placed`, `difference` (persons; NA = unknown),
            `tabell`, `lanstal_tabell`; in the order of the rows.
        ar: The year.
    """
    if placed["lanstal"].isna().all():
        return (gap("lan_anvisade", "Länens länstal {ar} saknas här.", ar=str(ar)),)
    known = placed["placed"].notna().any()
    quotas = tables_of(placed.dropna(subset=["lanstal"]), "lanstal_tabell") or (LANSTAL,)
    tables = tables_of(placed) if known else ()
    columns = [COUNTY, Column("lanstal", "Länstal", "personer", published=True, sources=quotas)]
    total: dict[str, object] = {"lan": "Riket", "lanstal": placed["lanstal"].sum(skipna=False)}
    if known:
        measure = "mottagna_efter_anvisning"
        columns += [
            Column("placed", "Mottagna efter anvisning", "personer", sources=tables,
                   measure=measure),
            Column("difference", "Skillnad", "personer", sign=True, sources=(*quotas, *tables)),
        ]  # fmt: skip
        total |= {name: placed[name].sum(skipna=False) for name in ("placed", "difference")}
    return (
        Table(
            "lan_anvisade",
            "Länstal och mottagna efter anvisning {ar}, det största länstalet först",
            placed,
            columns,
            (*quotas, *tables),
            {"ar": str(ar)},
            ("lanskod",),
            total,
        ),
    )


def outcome_table(outcome: pd.DataFrame, lan: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return the counties whose outcome of unaccompanied children is published, beside what they
    expected; or the gap.

    Args:
        outcome: `lanskod`, `lan`, `low`, `high`, `utfall` (children; NA = unknown),
            `utfall_preliminart`, `tabell`.
        lan: `lanskod`; every county.
        ar: The year.
    """
    known = outcome.dropna(subset=["utfall"])
    if known.empty:
        text = (
            "Hur många ensamkommande barn som togs emot {ar} av dem som länen väntade är inte"
            " publicerat här för något län."
        )
        return (gap("lan_barn", text, ar=str(ar)),)
    sources = tables_of(known)
    early = bool(known["utfall_preliminart"].notna().any())
    columns = [
        COUNTY,
        Column("low", "Väntat", "hela barn", high="high"),
        Column("utfall", "Utfall", "barn", preliminary=early),
    ]
    values: dict[str, Value] = {
        "kanda": Fact(len(known), "län", sources),
        "alla": Fact(len(lan), "län", sources),
        "ar": str(ar),
    }
    said = (
        "Andelstal och utfall för ensamkommande barn {ar} är publicerade för {kanda} av {alla} län."
    )
    caption = "Ensamkommande barn {ar}: väntat och utfall"
    return (
        Statement("lan_barn", said, values),
        Table("lan_barn_tal", caption, known, columns, sources, {"ar": str(ar)}, ("lanskod",)),
    )


def expected_answer(expected: pd.DataFrame, ar: int) -> Statement:
    """Return what a hundred children more in the forecast mean for the counties; or the gap.

    Args:
        expected: `lan`, `per_hundred` (children), `tabell`, the largest first.
        ar: The year.
    """
    if expected.empty:
        text = "Andelstalen {ar} saknas här, så ingen prognos kan räknas om till väntat antal barn."
        return gap("svar_scenarier", text, ar=str(ar))
    sources = tables_of(expected)
    most, least = expected.iloc[0], expected.iloc[-1]
    text = (
        "{minst} kan vänta {minst_barn:barn} för varje hundratal i prognosen, {mest} {mest_barn}."
    )
    if len(expected) == 1:
        text = "{mest} kan vänta {mest_barn:barn} för varje hundratal i prognosen."
    values: dict[str, Value] = {"mest": str(most["lan"]), "minst": str(least["lan"])}
    for name, row in (("mest", most), ("minst", least)):
        values[f"{name}_barn"] = Fact(float(row["per_hundred"]), "barn", sources, decimals=1)
    return Statement("svar_scenarier", text, used_in(text, values), "answer")


def estimate_notes(country: Place, shares: pd.DataFrame, basis: Basis | None) -> tuple[View, ...]:
    """Return for how many municipalities the share is estimated, by what, and how far the key has
    missed; nothing where all are published.

    Args:
        country: The nation.
        shares: `kommun`, `estimated`; every municipality's.
        basis: What the estimate rests on and how the key did; None where there is none.
    """
    if basis is None:
        return ()
    text = (
        "Andelstalen för {antal} av {alla:kommuner} är uppskattade, eftersom inga är publicerade"
        " här: efter {nyckel}, med folkmängden {people_ar} och mottagandet {received_ar}."
    )
    first, *misses = note_views(country, shares, basis)
    assert isinstance(first, Statement)
    told = {name: first.values[name] for name in ("nyckel", "people_ar", "received_ar")}
    values: dict[str, Value] = {
        "antal": Fact(int(shares["estimated"].sum()), "kommuner"),
        "alla": Fact(len(shares), "kommuner"),
        **told,
    }
    return (replace(first, text=text, values=values), *misses)


def expected_table(expected: pd.DataFrame, prognoser: Sequence[int], ar: int) -> tuple[View, ...]:
    """Return what each county can expect under each forecast, in one table; or the gap.

    Args:
        expected: `lanskod`, `lan`, `andelstal` (‰), `per_hundred` (children), `tabell`, and the two
            ends (children) under each forecast; in the order of the rows.
        prognoser: The forecasts (children in the nation).
        ar: The year.
    """
    if expected.empty:
        text = "Utan kända andelstal kan ingen prognos räknas om till väntat antal barn."
        return (gap("lan_scenarier_tal", text),)
    columns = [
        COUNTY,
        Column("andelstal", "Andelstal", "‰", 2),
        Column("per_hundred", "Per hundra barn i prognosen", "barn", 1),
    ]
    for prognos in dict.fromkeys(prognoser):
        shown = {"prognos": Fact(prognos, "barn")}
        low, high = f"low_{prognos}", f"high_{prognos}"
        columns.append(Column(low, "Vid {prognos}", "hela barn", high=high, values=shown))
    note = (
        "Intervallet är summan av kommunernas, som avrundas var för sig. Därför kan länets eget tal"
        " ligga utanför det."
    )
    return (
        Table(
            "lan_scenarier",
            "Väntat antal ensamkommande barn i länen {ar}, det största andelstalet först",
            expected,
            columns,
            tables_of(expected),
            {"ar": str(ar)},
            ("lanskod",),
            note=note,
        ),
    )
