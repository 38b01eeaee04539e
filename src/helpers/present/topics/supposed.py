"""A report's section on what the placement rule would do: scenario, answer, uncertainty, plan,
places and method.
"""

import pandas as pd

from helpers.model.scenario import Supposed
from helpers.present.topics.capacity import capacity_views, told_views
from helpers.present.topics.forecasts import backtest_views, interval_views, method_views
from helpers.present.topics.placement import answer_views, figure_views
from helpers.present.topics.plans import plan_views, proposal_views, refused_views
from helpers.present.views import Place, Statement, View


def supposed_views(
    place: Place, supposed: Supposed, nation: pd.DataFrame, places: pd.DataFrame, ar: int
) -> tuple[View, ...]:
    """Return the whole section: the answer first, how it is reached folded; or why a scenario's
    plan is refused.

    Args:
        place: A county, or a municipality of it.
        supposed: What the report supposes and what that gives (children, shares in ‰).
        nation, places: Whether intervals would have held before; see `backtests.backtest_views`.
        ar: The year.
    """
    if supposed.refused:
        return (
            *scenario_views(supposed),
            *refused_views(supposed.refused, supposed.names, supposed.name),
        )
    result, sources = supposed.result, supposed.sources
    return (
        *scenario_views(supposed),
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


def scenario_views(supposed: Supposed) -> tuple[View, ...]:
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
