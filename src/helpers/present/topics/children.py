"""The children placed in a place, in the answer's one sentence: beside those expected, and without
taking a part-year outcome for a whole year's.
"""

from helpers.present.topics.difference import rests_on, share_tables, whole_children
from helpers.present.topics.known import Known, children_of
from helpers.present.views import ASYL, Fact, Statement, Value, used_in


def children_placed(known: Known) -> Statement | None:
    """Return how many children were placed there, beside how many were expected, in whole children;
    None where either is not known.
    """
    split = known.split
    if split is None or split.utfall is None:
        return None
    values = children_of(known, split, known.forecast)
    away, early = split.utfall - whole_children(split.expected), bool(split.preliminary)
    sources = rests_on(known.shares, known.forecast)
    values |= {
        "utfall": Fact(split.utfall, "barn", sources, preliminary=early, spelled=True),
        "antal": Fact(abs(away), "barn", sources, preliminary=early, spelled=True),
        "vag": "färre" if away < 0 else "fler",
    }
    told = _early_told if early else _outcome_told
    text = told(known.alone, bool(split.utfall), away)
    return Statement("svar_barn", text, used_in(text, values), "answer")


def _outcome_told(alone: bool, some: bool, away: int) -> str:
    """The sentence of the children placed, none or some, so many from what was expected."""
    if not some:
        return "Inget ensamkommande barn anvisades under året. Väntat var {intervall_ord}."
    if alone:
        return "Till kommunen anvisades {utfall:ensamkommande barn}. Väntat var {intervall_ord}."
    if not away:
        return "Till länet anvisades {utfall:ensamkommande barn}, lika många som väntades."
    return (
        "Till länet anvisades {utfall:ensamkommande barn}, {antal} {vag} än de {vantat} som"
        " väntades."
    )


def _early_told(alone: bool, some: bool, away: int) -> str:
    """The same of an outcome that was read before the year was over."""
    if not some:
        return (
            "Preliminärt, innan året var slut, hade inget ensamkommande barn anvisats. Väntat för"
            " hela året var {intervall_ord}."
        )
    if alone:
        return (
            "Preliminärt, innan året var slut, hade {utfall:ensamkommande barn} anvisats till"
            " kommunen. Väntat för hela året var {intervall_ord}."
        )
    if not away:
        return (
            "Preliminärt, innan året var slut, hade {utfall:ensamkommande barn} anvisats till"
            " länet, lika många som väntades för hela året."
        )
    return (
        "Preliminärt, innan året var slut, hade {utfall:ensamkommande barn} anvisats till länet."
        " Väntat för hela året var {vantat}."
    )


def share_of_those(known: Known) -> Statement | None:
    """Return what the place's share came to of the children who came; None where it is not known.

    A sentence of its own, as the share may be estimated and the number who came is not.
    """
    split = known.split
    if split is None or split.expected_actual is None or not whole_children(split.expected_actual):
        return None
    text = "Av dem som kom motsvarade {vems} andelstal ungefär {av_dem:barn}."
    sources, own = (*share_tables(known.shares), ASYL), whole_children(split.expected_actual)
    values: dict[str, Value] = {
        "vems": "kommunens" if known.alone else "länets",
        "av_dem": Fact(own, "barn", sources, spelled=True),
    }
    return Statement("korthet_andel", text, values)
