"""Västerbotten's published shares, the nation's inhabitants and the record of forecasts, for the
scenario's tests.
"""

import pytest

from helpers.cases.scenarios import ratios_of
from helpers.model import shares


@pytest.fixture(scope="session")
def vasterbotten(workbook):
    """The fifteen andelstal of 2018 with outcomes (Antal och andelar 2019)."""
    koder = workbook.county("AC").kommunkoder
    return shares.shares_in_use(workbook.andelstal, workbook.kommuner, list(koder), 2018)


@pytest.fixture(scope="session")
def people(workbook):
    """Inhabitants of the 290 municipalities on 31 December 2017 (SCB)."""
    year = workbook.folkmangd[workbook.folkmangd["ar"] == 2017]
    return year.set_index("kommunkod")["folkmangd"]


@pytest.fixture(scope="session")
def ratios(workbook):
    """What came ÷ what was forecast: of children, and of all asylum seekers where those lack."""
    return ratios_of(workbook)
