"""What no county has said yet: rated answers of two rounds, closed calls, reviewed words."""

import datetime
from dataclasses import replace

import pandas as pd

from helpers import cases
from helpers.model.own_words import OwnWords
from helpers.present import topics
from helpers.present.views import View
from helpers.tables.workbook import Workbook


def two_rounds(workbook: Workbook) -> OwnWords:
    """A county's own words where the latest round is rated otherwise than the one before."""
    own = cases.own_words(workbook, workbook.county("Y"), 2022)
    first, later = own.rundor.iloc[[0]], own.rundor.iloc[[0]].assign(id="ny", datum="2022-06-01")
    old = own.svar.assign(betyg="fungerar")
    new = own.svar.assign(betyg="delvis", runda="ny")
    ready = new.iloc[[0]].assign(omrade="politisk vilja", tema=pd.NA)
    return replace(
        own,
        day=datetime.date(2022, 9, 1),
        rundor=pd.concat([first, later], ignore_index=True),
        svar=pd.concat([old, new, ready], ignore_index=True),
        handelser=own.handelser.assign(skedde="2030-01-01", granskad="handläggare"),
        medel=own.medel.assign(oppnar="2022-01-01", far_soka="kommuner"),
        utsagor=own.utsagor.assign(granskad="handläggare"),
    )


def own_views(workbook: Workbook) -> list[View]:
    """Every sentence and table that only made-up words of a county give rise to."""
    own, home = two_rounds(workbook), workbook.county("Y")
    municipalities = workbook.kommuner[workbook.kommuner["kommunkod"].isin(home.kommunkoder)]
    kinds = cases.own_words(workbook, workbook.county("AC"), 2018).told("beredskap", "dimension")
    kinds = kinds.assign(kalla=own.utsagor["kalla"].iloc[0])
    rated = replace(own, utsagor=pd.concat([own.utsagor, kinds], ignore_index=True))
    load = municipalities.assign(expected_low=1, expected_high=2, tabell="andelsnycklar")
    quotas = municipalities.assign(kommuntal=3, tabell="kommuntal_2018")
    unchanged = replace(own, svar=pd.concat([own.svar, own.svar.assign(betyg="delvis")]))
    late = replace(own, day=datetime.date(2031, 1, 1))
    return [
        *topics.lagesbild.lagesbild_views(own, municipalities),
        *topics.lagesbild.lagesbild_views(_same(unchanged), municipalities)[3:6],
        *topics.readiness.readiness_views(rated, municipalities, load, quotas, 2023),
        *topics.funds.funds_views(own, home),
        *topics.politics.politics_views(late),
    ]


def _same(own: OwnWords) -> OwnWords:
    """The same ratings in both rounds."""
    return replace(own, svar=own.svar.assign(betyg="fungerar"))
