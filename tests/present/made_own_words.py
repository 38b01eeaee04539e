"""What no county has said yet: rated answers of two rounds, rated readiness, closed calls, reviewed
words.
"""

import datetime
from dataclasses import replace

import pandas as pd

from helpers import cases
from helpers.model.own_words import READINESS, OwnWords, can_and_need
from helpers.present import topics
from helpers.present.views import View
from helpers.tables.workbook import Workbook

RATED = ("ansträngt", "fungerar", "delvis")


def two_rounds(workbook: Workbook) -> OwnWords:
    """A county's own words where the latest round is rated otherwise than the one before, and three
    municipalities have rated how ready they are.
    """
    own = cases.own_words(workbook, workbook.county("Y"), 2022)
    first, later = own.rundor.iloc[[0]], own.rundor.iloc[[0]].assign(id="ny", datum="2022-06-01")
    old = own.svar.assign(betyg="fungerar")
    new = own.svar.assign(betyg="delvis", runda="ny")
    ready = [
        new.iloc[[0]].assign(omrade=area, tema=pd.NA, text=pd.NA, svarande=code, betyg=rating)
        for code, rating in zip(new["svarande"].unique(), RATED, strict=False)
        for area in READINESS
    ]
    return replace(
        own,
        day=datetime.date(2022, 9, 1),
        rundor=pd.concat([first, later], ignore_index=True),
        svar=pd.concat([old, new, *ready], ignore_index=True),
        handelser=own.handelser.assign(skedde="2030-01-01", granskad="handläggare"),
        medel=own.medel.assign(oppnar="2022-01-01", far_soka="kommuner"),
        utsagor=own.utsagor.assign(granskad="handläggare"),
    )


def needs(workbook: Workbook, own: OwnWords) -> pd.DataFrame:
    """What a county's municipalities may need, beside what they say they can."""
    home = workbook.county("Y")
    municipalities = workbook.kommuner[workbook.kommuner["kommunkod"].isin(home.kommunkoder)]
    numbers = range(1, len(municipalities) + 1)
    load = municipalities.assign(
        expected_low=list(numbers),
        expected_high=[2 * n for n in numbers],
        tabell="andelsnycklar",
        estimated=True,
    )
    quotas = municipalities.assign(kommuntal=[3 * n for n in numbers], tabell="kommuntal_2018")
    return can_and_need(own, municipalities, load, quotas)


def own_views(workbook: Workbook) -> list[View]:
    """Every sentence and table that only made-up words of a county give rise to."""
    own, home = two_rounds(workbook), workbook.county("Y")
    municipalities = workbook.kommuner[workbook.kommuner["kommunkod"].isin(home.kommunkoder)]
    kinds = cases.own_words(workbook, workbook.county("AC"), 2018).told("beredskap", "dimension")
    kinds = kinds.assign(kalla=own.utsagor["kalla"].iloc[0])
    ready = replace(own, utsagor=pd.concat([own.utsagor, kinds], ignore_index=True))
    rated = needs(workbook, ready)
    unchanged = replace(own, svar=pd.concat([own.svar, own.svar.assign(betyg="delvis")]))
    late = replace(own, day=datetime.date(2031, 1, 1))
    return [
        *topics.lagesbild.lagesbild_views(own, municipalities),
        *topics.lagesbild.lagesbild_views(_same(unchanged), municipalities)[3:6],
        *topics.readiness.readiness_views(ready, rated, 2023),
        *topics.own_brief.beside_next_year(ready, rated, 2022),
        *topics.funds.funds_views(own, home),
        *topics.funds.calls_told(replace(own, day=datetime.date(2022, 4, 1)), "medel_delvis"),
        *topics.politics.politics_views(late),
        *(view for day in DAYS for view in _states(own, day)),
        *_rounds(own),
        *(_origin(own, reviewed) for reviewed in (("ja",), ("ja", pd.NA))),
    ]


DAYS = ("2022-01-01", "2022-02-23", "2022-03-17", "2031-01-01")


def _states(own: OwnWords, day: str) -> tuple[View, ...]:
    """How events stand at a day: none of them done, one, some, and all."""
    steps = own.handelser[own.handelser["slag"] == "möte"].assign(
        skedde=["2022-02-23", "2022-03-16"]
    )
    seen = replace(own, day=datetime.date.fromisoformat(day), handelser=steps)
    return topics.own_words.states_told(seen, "politik", f"lage_{day[:7].replace('-', '_')}")


def _rounds(own: OwnWords) -> tuple[View, ...]:
    """Everyone has answered; one has not, and nobody says who."""
    places = pd.DataFrame({"kommunkod": ["2260"], "kommun": ["Ånge"]})
    every = own.rundor.assign(svarade=7)
    silent = own.rundor.assign(svarade=6, tillfragade=7)
    nobody = own.svar.assign(svarande="lanet")
    return (
        *topics.lagesbild.told_by(replace(own, rundor=every), ""),
        *topics.lagesbild.lagesbild_views(replace(own, rundor=silent, svar=nobody), places)[:3],
    )


def _origin(own: OwnWords, reviewed: tuple[object, ...]) -> View:
    """Where words come from of which all, or some, are reviewed."""
    marks = [reviewed[at % len(reviewed)] for at in range(len(own.utsagor))]
    none = {name: getattr(own, name).iloc[:0] for name in ("rundor", "svar", "handelser", "medel")}
    words = replace(own, utsagor=own.utsagor.assign(granskad=marks), **none)
    return topics.own_words.origin_views(words)[0]


def _same(own: OwnWords) -> OwnWords:
    """The same ratings in both rounds."""
    return replace(own, svar=own.svar.assign(betyg="fungerar"))
