"""What a scenario tried in the workbench gives: the report's own sentences, tables and figures,
fewer of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pandas as pd

from helpers.model.forecasts import Cases
from helpers.model.scenario import Result
from helpers.model.shares import compare_scenarios
from helpers.present.figures import draws as drawing
from helpers.present.topics.capacity import capacity_views
from helpers.present.topics.forecasts import interval_views
from helpers.present.topics.placement import answer_views, figure_views
from helpers.present.topics.plans import plan_views
from helpers.present.topics.scenarios import scenario_views
from helpers.present.views import Figure, Place, Statement, Table, Value, View


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
    figures = [*_figures(figure_views(place, result, sources)), *_figures(places)]
    tables = [_known(figure.table) for figure in figures]
    compared = scenario_views(place, compare_scenarios(result.table, prognoser), result.table)
    beside = [replace(figure, id="prova_jamforelse") for figure in _figures(compared)]
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
        draw=lambda ax, words: drawing.draw_draws(children, ax, words),
        size=drawing.size_draws(children),
        table=replace(table, id="prova_spridning_tal"),
        values={"lan": place.namn},
        reading=(
            "Den högsta lådan rymmer hälften av fallen, och varje lägre låda utåt hälften av dem"
            " som är kvar. Strecket är medianen."
        ),
    )


def _figures(views: Iterable[View]) -> list[Figure]:
    return [view for view in views if isinstance(view, Figure)]


def _known(table: Table) -> Table:
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
