"""What of a county's own words its report says itself, beside the figures that they are about; all
of it stands on a page of its own.
"""

import pandas as pd

from helpers.model.own_words import OwnWords, first_day, latest_round, theme_counts
from helpers.present.topics.agreement import indicators_told
from helpers.present.topics.funds import calls_told
from helpers.present.topics.lagesbild import round_named, told_by
from helpers.present.topics.own_words import first_said, states_told
from helpers.present.topics.readiness import rated_told
from helpers.present.views import Statement, Value, Verbatim, View

AREAS = ("Bosättning", "Skola och utbildning")  # what the next year's quota and children need
MOST = 4  # themes of an area


def beside_next_year(own: OwnWords, rated: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return what the county and its municipalities say of the next year, beside its quota and its
    children: of housing and of school, of shares and decisions, last of how ready they are.

    Args:
        own: A county's own words; what was said at another time stands on their own page alone.
        rated: `kommunkod`, `kommun`, `expected_low`, `expected_high` (children), `kommuntal`
            (persons) and the five ratings (NA = not rated): what `can_and_need` returned.
        ar: The report's year.
    """
    areas = AREAS if _is_of(own, ar) else ()
    news = own.told("politik", "laget")
    news = news[[first_day(day).year in (ar, ar + 1) for day in news["datum"]]]
    return (
        *(view for area in areas for view in _area(own, area)),
        *first_said(news, "nasta_sagt", "avsnitt-politik"),
        *rated_told(own, rated, "nasta_beredskap", "avsnitt-beredskap"),
    )


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
    text = "Om {omrade} tar de kommuner som svarat upp {teman} ({form}, {datum})."
    if len(themes) > MOST:
        text = "Om {omrade} tar de kommuner som svarat bland annat upp {teman} ({form}, {datum})."
    values: dict[str, Value] = {
        "omrade": Verbatim(area[:1].lower() + area[1:]),
        "teman": themes[:MOST],
        **round_named(latest[0]),
    }
    return (Statement(f"sagt_{AREAS.index(area)}", text, values),)
