"""What a scenario gives: under every forecast, in a report's section, and in the workbench."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from helpers.model.allocation import Divided
from helpers.model.exact import decimals_of
from helpers.model.forecasts import Cases
from helpers.model.reception import is_single
from helpers.model.scenario import Result, Supposed
from helpers.model.shares import compare_scenarios, scenario_totals
from helpers.present.figures.expectation import draw_scenarios, size_scenarios
from helpers.present.figures.placement import draw_draws, size_draws
from helpers.present.figures.rows import by_size
from helpers.present.topics.capacity import capacity_views, told_views
from helpers.present.topics.forecasts import interval_views, method_views
from helpers.present.topics.placement import answer_views, figure_views
from helpers.present.topics.plans import plan_views, proposal_views, refused_views
from helpers.present.topics.record import backtest_views
from helpers.present.views import (
    NATIONAL,
    Column,
    Fact,
    Figure,
    Place,
    Statement,
    Table,
    Value,
    View,
    gap,
    used_in,
)

ROUNDED = (
    "Produkterna skrivs här med alla sina decimaler. I text, tabeller och figurer avrundas de till"
    " en decimal."
)


def unanswered(place: Place) -> Statement:
    """Return that nothing can be expected of a place whose shares are not known."""
    text = (
        "Andelstalen för {plats} saknas här, så ingen prognos kan räknas om till"
        " förväntat antal barn."
    )
    return gap("svar_scenarier", text, plats=place.namn)


def scenario_views(place: Place, scenarios: pd.DataFrame, shares: pd.DataFrame) -> tuple[View, ...]:
    """Return the calculation in full per forecast, the figure per municipality and its table; or
    the gap.

    Args:
        scenarios: `kommunkod`, `kommun`, `andelstal` (‰), `prognos`, `expected`, `expected_low`,
            `expected_high` (children); one row per municipality and forecast.
        shares: `kommunkod`, `tabell`.
    """
    if scenarios.empty:
        text = (
            "Utan kända andelstal kan ingen prognos räknas om till förväntat antal barn i {plats}."
        )
        return (gap("scenarier", text, plats=place.namn),)
    sources = tuple(filter(None, dict.fromkeys(shares["tabell"])))
    totals = scenario_totals(scenarios)
    alone = shares["kommunkod"].nunique() == 1
    sentences = [_product(row, sources, alone) for row in totals.to_dict("records")]
    longest = max(decimals_of(expected) for expected in totals["expected"])
    note = (Statement("scenarier_avrundning", ROUNDED, tone="note"),) if longest > 1 else ()
    return (*sentences, *note, _figure(place, scenarios, totals, sources))


def _product(row: Mapping[object, object], sources: tuple[str, ...], alone: bool) -> Statement:
    low, high = int(str(row["expected_low"])), int(str(row["expected_high"]))
    expected = float(str(row["expected"]))
    whole = "i hela tal" if alone else "i hela tal per kommun sammanlagt"
    ends = "{low}" if low == high else "{low}–{high}"
    text = "{andelstal} ‰ × {prognos} barn = {expected} barn, " + f"{whole} {ends}."
    if not alone and not low <= expected <= high:
        text += (
            " Produkten ligger utanför intervallet, eftersom varje kommun avrundas för sig innan de"
            " läggs ihop."
        )
    values: dict[str, Value] = {
        "andelstal": Fact(float(str(row["andelstal"])), "‰", sources),
        "prognos": Fact(int(str(row["prognos"])), "barn"),
        # an equation is exact
        "expected": Fact(expected, "barn", sources, decimals=decimals_of(expected)),
        "low": Fact(low, "barn", sources),
        "high": Fact(high, "barn", sources),
    }
    return Statement(f"scenario_{row['prognos']}", text, values)


def _figure(
    place: Place, scenarios: pd.DataFrame, totals: pd.DataFrame, sources: tuple[str, ...]
) -> Figure:
    scenarios = by_size(scenarios, "andelstal")
    listed = [Fact(int(prognos), "barn") for prognos in totals["prognos"]]
    values: dict[str, Value] = {"plats": place.namn, "prognoser": listed}
    return Figure(
        "scenarier_figur",
        "Förväntat antal ensamkommande barn per kommun vid olika nationella prognoser, {plats}.",
        "Diagram med en rad per kommun i {plats} och ett intervall för var och en av prognoserna"
        " {prognoser}.",
        lambda ax, language: draw_scenarios(scenarios, ax, language),
        size_scenarios(scenarios),
        _table(place, scenarios, totals, sources),
        values,
    )


def _table(
    place: Place, scenarios: pd.DataFrame, totals: pd.DataFrame, sources: tuple[str, ...]
) -> Table:
    """One row per municipality, two columns per forecast: the product and the whole-person
    interval.
    """
    own = ["kommunkod", "kommun", "andelstal", *scenarios.columns.intersection(["tabell"])]
    wide = scenarios.drop_duplicates("kommunkod")[own].reset_index(drop=True)
    total: dict[str, object] = {"kommun": "Summa", "andelstal": float(totals["andelstal"].iloc[0])}
    columns = [Column("kommun", "Kommun"), Column("andelstal", "Andelstal", "‰", 2, published=True)]
    for prognos, part in scenarios.groupby("prognos", sort=False):
        names = {
            name: f"{name}_{prognos}" for name in ("expected", "expected_low", "expected_high")
        }
        wide = wide.merge(
            part[["kommunkod", *names]].rename(columns=names), on="kommunkod", validate="1:1"
        )
        summed = totals[totals["prognos"] == prognos].iloc[0]
        total |= {names[name]: summed[name] for name in names}
        shown = {"prognos": Fact(int(str(prognos)), "barn")}
        columns += [
            Column(names["expected"], "Vid {prognos}", "barn", 1, values=shown),
            Column(
                names["expected_low"],
                "Intervall vid {prognos}",
                "hela barn",
                high=names["expected_high"],
                values=shown,
            ),
        ]
    caption = "Förväntat antal ensamkommande barn per kommun och prognos, {plats}"
    foot = total if len(wide) > 1 else None
    return Table(
        "scenarier", caption, wide, columns, sources, {"plats": place.namn}, ("kommunkod",), foot
    )


def supposed_views(
    place: Place, supposed: Supposed, nation: pd.DataFrame, places: pd.DataFrame, ar: int
) -> tuple[View, ...]:
    """Return the whole section: the answer first, how it is reached folded; or why a scenario's
    plan is refused.

    Args:
        place: A county, or a municipality of it.
        supposed: What the report supposes and what that gives (children, shares in ‰).
        nation: `ar`, `prognosdatum`, `prognos`, `low`, `high`, `actual` (children), `covered`,
            `tabell`; see `record.backtest_views`.
        places: `kommunkod`, `kommun`, `low`, `high`, `utfall` (children), `covered`, `tabell`,
            `utfall_preliminart`.
        ar: The year.
    """
    if supposed.refused:
        return (
            *_heading(supposed),
            *refused_views(supposed.refused, supposed.names, supposed.name),
        )
    result, sources = supposed.result, supposed.sources
    return (
        *_heading(supposed),
        *answer_views(place, result, sources),
        *interval_views(place, result, sources),
        *figure_views(place, result, sources, supposed.name),
        *plan_views(place, result, sources),
        *capacity_views(place, result, sources, bool(supposed.name)),
        *told_views(result, supposed.names),
        *proposal_views(place, supposed),
        *method_views(place, result, supposed.by_rest, sources),
        *backtest_views(place, nation, places, ar),
    )


def _heading(supposed: Supposed) -> tuple[View, ...]:
    """Return what heads a scenario's section: its name and note, and whose shares it supposes;
    nothing without one.
    """
    if not supposed.name:
        return ()
    text = (
        "Scenario: {scenario}. Allt i det här avsnittet är antaget i scenariot eller beräknat ur"
        " det, inte beslutat."
    )
    views = [Statement("scenario_namn", text, {"scenario": supposed.name})]
    if supposed.note:
        views.append(Statement("scenario_anteckning", supposed.note, tone="note", quoted=True))
    own = (
        []
        if supposed.result is None
        else supposed.result.table.loc[supposed.result.table["supposed"], "kommun"]
    )
    if len(own):
        text = "Andelstalen för {kommuner} är antagna i scenariot och står inte i någon källa."
        views.append(Statement("scenario_antagna", text, {"kommuner": list(own)}))
    return tuple(views)


def tried_views(
    place: Place, result: Result, prognoser: Sequence[int], spread: bool = False
) -> tuple[View, ...]:
    """Return what a scenario gives: sentences, the answer first, then tables, then figures.

    Args:
        place: The county.
        result: What was computed (children, shares in ‰).
        prognoser: National forecasts (children) to draw side by side, at most six.
        spread: Whether to draw, last, how the cases spread.
    """
    sources = tuple(filter(None, dict.fromkeys(result.table["tabell"])))
    told = (*answer_views(place, result, sources), *interval_views(place, result, sources))
    places = capacity_views(
        place, result, sources, from_file=bool(result.table["places"].notna().any())
    )
    plan = plan_views(place, result, sources)
    figures = [*_figures_in(figure_views(place, result, sources)), *_figures_in(places)]
    tables = [_known_rows(figure.table) for figure in figures]
    compared = scenario_views(place, compare_scenarios(result.table, prognoser), result.table)
    beside = [replace(figure, id="prova_jamforelse") for figure in _figures_in(compared)]
    said = [view for view in (*told, *plan, *places) if isinstance(view, Statement)]
    drawn = [_spread(place, figures[0].table, result.cases)] if spread and result.cases else []
    return (*said, *_stands_in(result), *tables, *figures[:1], *beside, *drawn)


def _spread(place: Place, table: Table, cases: Cases) -> Figure:
    """The cases themselves, over the table that says how far they reach."""
    names = dict(zip(table.frame["kommunkod"], table.frame["kommun"], strict=True))
    children = pd.DataFrame(cases.middle, columns=[names[kod] for kod in cases.kommunkoder])
    return Figure(
        id="prova_spridning",
        caption="Fallens spridning per kommun, {lan}",
        alt=(
            "En rad per kommun med fallen som lådor i varandra: hälften av dem i den innersta och"
            " bredaste, medianen som ett streck. Talen står i tabellen."
        ),
        draw=lambda ax, words: draw_draws(children, ax, words),
        size=size_draws(children),
        table=replace(table, id="prova_spridning_tal"),
        values={"lan": place.namn},
        reading=(
            "Den högsta lådan rymmer hälften av fallen, och varje lägre låda utåt hälften av dem"
            " som är kvar. Strecket är medianen."
        ),
    )


def _figures_in(views: Iterable[View]) -> list[Figure]:
    return [view for view in views if isinstance(view, Figure)]


def _known_rows(table: Table) -> Table:
    """A figure's numbers as a table of their own, without municipalities whose places are not
    known.
    """
    frame = table.frame if table.id != "platser" else table.frame.dropna(subset=["places"])
    return replace(table, id=f"prova_{table.id}", frame=frame)


def _stands_in(result: Result) -> list[Statement]:
    years = sorted({int(ar) for ar in result.table["andelstal_ar"]} - {result.scenario.ar})
    if not years:
        return []
    values: dict[str, Value] = {"years": [str(ar) for ar in years], "ar": str(result.scenario.ar)}
    text = "Andelstalen är de för {years}, eftersom de för {ar} inte är kända här."
    return [Statement("prova_andelstal", text, values, "note")]


def divided_views(place: Place, divided: Divided) -> tuple[View, ...]:
    """Return the next year's länstal divided by stated keys, a sentence per key and one table; or
    the gap. Nothing for a county of one municipality, in which nothing is divided.

    Args:
        place: The county.
        divided: Persons per municipality under each key.
    """
    if is_single(place):
        return ()
    if divided.lanstal is None or divided.table is None:
        text = "Länstalet för {lan} {to_ar} saknas här, så det finns inget att dela."
        return (gap("delat", text, lan=place.lan, to_ar=str(divided.to_ar)),)
    table, derived = divided.table, divided.lanstal_derived
    values: dict[str, Value] = {
        "lan": place.lan,
        "ar": str(divided.ar),
        "to_ar": str(divided.to_ar),
        "people_ar": str(divided.people_ar),
        "lanstal": Fact(
            divided.lanstal, "personer", (divided.lanstal_table,), not derived, derived=derived
        ),
    }
    views: list[View] = [
        _by_key(table, values),
        *_rounding(divided),
        *_volume(table, divided, values),
    ]
    return (*views, _divided_table(table, divided, values))


def _by_key(table: pd.DataFrame, values: dict[str, Value]) -> Statement:
    text = (
        "Länstalet {lanstal} för {lan} {to_ar} är här delat efter folkmängden {people_ar}. Talen är"
        " våra beräkningar, inga beslut: kommuntal beslutas av länsstyrelsen."
    )
    if table["by_decision"].notna().all():
        text = (
            "Länstalet {lanstal} för {lan} {to_ar} är här delat på två sätt: som kommuntalen för"
            " {ar} och efter folkmängden {people_ar}. Talen är våra beräkningar, inga beslut:"
            " kommuntal beslutas av länsstyrelsen."
        )
    return Statement("delat_mening", text, used_in(text, values))


def _rounding(divided: Divided) -> tuple[View, ...]:
    """What the way to make whole persons favours; nothing for a county of one municipality."""
    if divided.favoured is None or divided.table is None or len(divided.table) == 1:
        return ()
    smaller = divided.favoured.set_index("method")["smaller"]
    text = (
        "Hela personer blir det med största rest. Efter folkmängden får den mindre hälften av"
        " kommunerna då {hamilton:personer} jämfört med sin exakta del; avrundas alltid uppåt"
        " (Adams) blir det {adams} och alltid nedåt (Jefferson) {jefferson}."
    )
    sources = (divided.lanstal_table, *divided.people_tables)
    values: dict[str, Value] = {
        method: Fact(float(smaller[method]), "personer", sources, decimals=1, sign=True)
        for method in ("hamilton", "adams", "jefferson")
    }
    return (Statement("delat_avrundning", text, values),)


def _volume(table: pd.DataFrame, divided: Divided, values: dict[str, Value]) -> tuple[View, ...]:
    if table["others"].isna().any():
        return ()
    text = (
        "Av de {volume} nyanlända som {to_ar} beräknas bosätta sig i Sverige ska {placed} anvisas."
        " Fördelar sig resten som de mottagna {ar} som varken var kvotflyktingar eller kom från"
        " anläggningsboende, kommer {others} av dem till {lan}, utöver länstalet."
    )
    sources = (divided.volume_table, NATIONAL, *divided.received_tables)
    more: dict[str, Value] = {
        "volume": Fact(divided.volume, "personer", (divided.volume_table,), published=True),
        "placed": Fact(divided.placed, "personer", (NATIONAL,), published=True),
        "others": Fact(float(table["others"].sum()), "personer", sources, decimals=0),
    }
    return (Statement("delat_volym", text, used_in(text, {**values, **more})),)


def _divided_table(table: pd.DataFrame, divided: Divided, values: dict[str, Value]) -> Table:
    decided = tuple(table["tabell"].dropna().unique())
    to_ar, of_ar = str(divided.to_ar), {"ar": str(divided.ar)}
    columns = [Column("kommun", "Kommun")]
    if table["before"].notna().any():
        columns.append(
            Column(
                "before",
                "Kommuntal {ar}",
                "personer",
                published=True,
                sources=decided,
                values=of_ar,
                derived="harledd",
                measure="kommuntal",
            )
        )
    if table["by_decision"].notna().all():
        columns.append(Column("by_decision", "Delat som {ar}", "personer", values=of_ar))
    columns.append(Column("by_people", "Delat efter folkmängd", "personer"))
    sources: tuple[str, ...] = (divided.lanstal_table, *divided.people_tables, *decided)
    if table["others"].notna().all():
        columns.append(Column("others", "Utöver länstalet", "personer", 0))
        sources = (*sources, divided.volume_table, NATIONAL, *divided.received_tables)
    total: dict[str, object] = {"kommun": "Summa"}
    total |= {column.name: table[column.name].sum(skipna=False) for column in columns[1:]}
    caption = "Länstalet {to_ar} delat per kommun, {lan}: beräknat av oss, inte beslutat"
    shown: dict[str, Value] = {"to_ar": to_ar, "lan": values["lan"]}
    return Table("delat", caption, table, columns, sources, shown, ("kommunkod",), total)
