"""If the forecast becomes another: expected children under every forecast, side by side."""

from collections.abc import Mapping

import pandas as pd

from helpers.model.exact import decimals_of
from helpers.model.shares import scenario_totals
from helpers.present.figures import scenarios as drawing
from helpers.present.language import placeholders
from helpers.present.views import Column, Fact, Figure, Place, Statement, Table, Value, View, gap

ROUNDED = (
    "Produkterna skrivs här med alla sina decimaler. I text, tabeller och figurer avrundas de till"
    " en decimal."
)


def answer(place: Place, scenarios: pd.DataFrame, shares: pd.DataFrame) -> Statement:
    """Return in one sentence what the lowest and the highest forecast would mean; or the gap."""
    if scenarios.empty:
        text = (
            "Andelstalen är inte kända här för {plats}, så ingen prognos kan räknas om till"
            " förväntat antal barn."
        )
        return gap("svar_scenarier", text, plats=place.namn)
    sources = tuple(filter(None, dict.fromkeys(shares["tabell"])))
    totals = scenario_totals(scenarios).sort_values("prognos", kind="stable")
    values: dict[str, Value] = {"plats": place.namn}
    for name, row in (("low", totals.iloc[0]), ("high", totals.iloc[-1])):
        values[name] = Fact(float(row["expected"]), "barn", sources, decimals=1)
        values[f"{name}_prognos"] = Fact(int(row["prognos"]), "barn")
    text = "{plats} kan vänta {low} ensamkommande barn om prognosen är {low_prognos}"
    text += ", och {high} om den är {high_prognos}." if len(totals) > 1 else "."
    return Statement(
        "svar_scenarier",
        text,
        {k: v for k, v in values.items() if k in placeholders(text)},
        "answer",
    )


def scenario_views(place: Place, scenarios: pd.DataFrame, shares: pd.DataFrame) -> tuple[View, ...]:
    """Return the calculation in full per forecast, the figure per municipality and its table; or
    the gap.
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
    listed = [Fact(int(prognos), "barn") for prognos in totals["prognos"]]
    values: dict[str, Value] = {"plats": place.namn, "prognoser": listed}
    return Figure(
        "scenarier_figur",
        "Förväntat antal ensamkommande barn per kommun vid olika nationella prognoser, {plats}.",
        "Diagram med en rad per kommun i {plats} och ett intervall för var och en av prognoserna"
        " {prognoser}.",
        lambda ax, language: drawing.draw_scenarios(scenarios, ax, language),
        drawing.size_scenarios(scenarios),
        _table(place, scenarios, totals, sources),
        values,
    )


def _table(
    place: Place, scenarios: pd.DataFrame, totals: pd.DataFrame, sources: tuple[str, ...]
) -> Table:
    """One row per municipality, two columns per forecast: the product and the whole-person
    interval.
    """
    wide = scenarios.drop_duplicates("kommunkod")[["kommunkod", "kommun", "andelstal"]].reset_index(
        drop=True
    )
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
