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
    latest = latest_round(own)
    of_now = latest is not None and first_day(str(latest[0]["datum"])).year in (ar, ar + 1)
    news = own.told("politik", "laget")
    news = news[[first_day(day).year in (ar, ar + 1) for day in news["datum"]]]
    return (
        *(_areas(*latest) if latest and of_now else ()),
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


def _areas(last: pd.Series, answers: pd.DataFrame) -> tuple[Statement, ...]:
    """The themes that a round tells of each area; nothing of those of which it tells none."""
    counts = theme_counts(answers)
    told = {area: counts.loc[counts["omrade"] == area, "tema"] for area in AREAS}
    return tuple(_area(area, list(themes), last) for area, themes in told.items() if len(themes))


def _area(area: str, themes: list[str], last: pd.Series) -> Statement:
    """The themes that are told of an area, the most told first."""
    text = "Om {omrade} tar de kommuner som svarat upp {teman} ({form}, {datum})."
    if len(themes) > MOST:
        text = "Om {omrade} tar de kommuner som svarat bland annat upp {teman} ({form}, {datum})."
    values: dict[str, Value] = {
        "omrade": Verbatim(area[:1].lower() + area[1:]),
        "teman": [Verbatim(theme) for theme in themes[:MOST]],
        **round_named(last),
    }
    return Statement(f"sagt_{AREAS.index(area)}", text, values)
