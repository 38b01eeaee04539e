"""What of a county's own words its report says itself, beside the figures that they are about; all
of it stands on a page of its own.
"""

from collections.abc import Iterable

import pandas as pd

from helpers.model.own_words import OwnWords, first_day, latest_round, theme_counts
from helpers.present.topics.agreement import indicators_told
from helpers.present.topics.funds import calls_told
from helpers.present.topics.lagesbild import round_named, told_by
from helpers.present.topics.own_words import first_said, states_told
from helpers.present.topics.readiness import rated_told
from helpers.present.views import Statement, Value, Verbatim, View

# after which sentence of the next year an area stands: its quota's, its children's
BESIDE = {
    "Bosättning": ("nasta_kommuntal",),
    "Skola och utbildning": ("nasta_andel", "nasta_barn"),
}
MOST = 4  # themes of an area


def beside_next_year(
    views: Iterable[View], own: OwnWords, rated: pd.DataFrame, ar: int
) -> tuple[View, ...]:
    """Return the views of the next year with what the county and its municipalities say of it: of
    housing after its quota, of school after its children, last of how ready they are.

    Args:
        views: What is known of the next year.
        own: A county's own words; what was said at another time stands on their own page alone.
        rated: What `readiness` returned.
        ar: The report's year.
    """
    shown = list(views)
    for area, places in BESIDE.items() if _is_of(own, ar) else ():
        _put(shown, places, _area(own, area))
    news = own.told("politik", "laget")
    news = news[[first_day(day).year in (ar, ar + 1) for day in news["datum"]]]
    _put(shown, BESIDE["Skola och utbildning"], first_said(news, "nasta_sagt", "avsnitt-politik"))
    return (*shown, *rated_told(own, rated, "nasta_beredskap", "avsnitt-beredskap"))


def plans(own: OwnWords) -> tuple[View, ...]:
    """Return in short who has answered, and how the county's strategy, agreement, decisions and
    calls stand, each with a link to the rest; nothing where there is none of it.
    """
    return (
        *told_by(own, "avsnitt-lagesbild"),
        *first_said(own.told("strategi", "bakgrund"), "plan_strategi", "avsnitt-strategi"),
        *states_told(own, "strategi", "plan_strategi_lage", ""),
        *first_said(own.told("overenskommelse", "syfte"), "plan_avtal", "avsnitt-overenskommelse"),
        *indicators_told(own, "plan_indikatorer"),
        *states_told(own, "overenskommelse", "plan_avtal_lage", ""),
        *states_told(own, "politik", "plan_politik", "avsnitt-politik"),
        *calls_told(own, "plan_medel", "avsnitt-medel"),
    )


def _is_of(own: OwnWords, ar: int) -> bool:
    """Whether the latest round of answers is of the report's year or the one after."""
    latest = latest_round(own)
    return latest is not None and first_day(str(latest[0]["datum"])).year in (ar, ar + 1)


def _area(own: OwnWords, area: str) -> tuple[Statement, ...]:
    """The themes that are told of an area, the most told first; nothing where none is."""
    latest = latest_round(own)
    counts = theme_counts(latest[1]) if latest else pd.DataFrame({"omrade": [], "tema": []})
    themes = [Verbatim(theme) for theme in counts.loc[counts["omrade"] == area, "tema"]]
    if latest is None or not themes:
        return ()
    text = "Om {omrade} tar kommunerna upp {teman} ({form}, {datum})."
    if len(themes) > MOST:
        text = "Om {omrade} tar kommunerna bland annat upp {teman} ({form}, {datum})."
    values: dict[str, Value] = {
        "omrade": Verbatim(area[:1].lower() + area[1:]),
        "teman": themes[:MOST],
        **round_named(latest[0]),
    }
    return (Statement(f"sagt_{list(BESIDE).index(area)}", text, values),)


def _put(shown: list[View], places: tuple[str, ...], more: tuple[Statement, ...]) -> None:
    """Put statements after the first of some views that is there; last where none is."""
    ids = [view.id for view in shown]
    at = next((ids.index(name) + 1 for name in places if name in ids), len(ids))
    shown[at:at] = more
