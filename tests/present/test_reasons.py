"""What the placement section says holds: each reason against every start, for each place and
forecast; and no seed.
"""

import heapq
import random
import re

import numpy as np
import pandas as pd
import pytest

from helpers.cases.report_scenario import held_before, suppose
from helpers.cases.scenarios import population_for
from helpers.model.forecasts import forecast_for
from helpers.model.scenario import run
from helpers.model.shares import shares_in_use
from helpers.present.language import Language
from helpers.present.rendering import sentence
from helpers.present.topics import placement
from helpers.present.topics.scenarios import supposed_views
from helpers.present.views import Figure, Fold, Statement, Table
from tests.model.dated import Scenario, national_shares

SV = Language("sv")
FORECASTS = range(200, 3001, 100)
# the county, and a municipality of each share
PLACES = ("AC", "2401", "2403", "2480", "2481", "2482")
ARRIVED = 3535


@pytest.fixture(scope="module")
def known(workbook):
    """Västerbotten's shares 2018 and the inhabitants of all municipalities."""
    codes = workbook.county("AC").kommunkoder
    shares = shares_in_use(workbook.andelstal, workbook.kommuner, codes, 2018).drop(
        columns="utfall"
    )
    return shares.assign(supposed=False), population_for(workbook, 2018)[1]


@pytest.fixture(scope="module")
def after(known):
    """What the county's municipalities have after each number of children, placed from a clean
    start.
    """
    shares, people = known
    nation = national_shares(
        shares.set_index("kommunkod")["andelstal"], people, "population"
    ).to_numpy()
    turns = [(0.0, -share, at) for at, share in enumerate(nation.tolist())]
    heapq.heapify(turns)
    given = np.zeros((2 * ARRIVED + max(FORECASTS) + 1, len(nation)), dtype=np.int64)
    placed = [0] * len(nation)
    for child in range(1, len(given)):
        _, share, at = turns[0]
        placed[at] += 1
        given[child, at] = 1
        heapq.heapreplace(turns, (placed[at] / -share, share, at))
    return given[:, : len(shares)].cumsum(axis=0)


@pytest.fixture(scope="module")
def results(known):
    """The rule's answer for every forecast, without intervals."""
    shares, people = known
    scenarios = [Scenario("1", "24", 2018, prognos, arrived=ARRIVED) for prognos in FORECASTS]
    none = pd.DataFrame({"ar": [], "ratio": [], "horizon": [], "tabell": []})
    return [run(scenario, shares, people, none) for scenario in scenarios]


def place_of(workbook, code: str):
    return workbook.county(code) if code.isalpha() else workbook.municipality(code)


def faults(place, result, after: np.ndarray) -> list[str]:
    """What the answer claims that the rule, followed from every start, does not do."""
    mine = result.table["kommunkod"].isin(place.kommunkoder).to_numpy()
    starts = np.arange((ARRIVED + 1) // 2, 2 * ARRIVED + 1)
    children = (after[starts + result.scenario.prognos] - after[starts])[:, mine].sum(axis=1)
    expected = result.table["expected"][mine].sum()
    view = placement.answer(place, result, ())
    text, told = view.text, view.values["placed"]
    ends = {int(np.floor(expected)), int(np.ceil(expected))}
    claims = {
        "the start decides": ("beroende på hur långt" in text, children.min() < children.max()),
        "whole children only": (
            "bara ge hela barn" in text,
            len(ends) == 2 and set(children.tolist()) <= ends,
        ),
        "any start": ("än hade kommit" in text, children.min() == children.max()),
    }
    wrong = [name for name, (said, holds) in claims.items() if said and not holds]
    if not told.value <= children.min() <= children.max() <= told.high:
        wrong.append("the range")
    return wrong + [word for word in ("avrunda", "bekostnad", "eftersom") if word in text]


@pytest.mark.parametrize("code", PLACES)
def test_every_reason_holds_from_every_start_at_every_forecast(workbook, results, after, code):
    place = place_of(workbook, code)
    assert {
        result.scenario.prognos: wrong
        for result in results
        if (wrong := faults(place, result, after))
    } == {}


@pytest.mark.parametrize("code", PLACES)
def test_the_estimate_lies_within_what_the_rule_can_give(workbook, results, code):
    place = place_of(workbook, code)
    for result in results:
        own = placement.own(place, result)
        assert own.low <= np.ceil(own.expected)
        assert np.floor(own.expected) <= own.high


@pytest.mark.parametrize("says", ["WHOLE_ONLY", "GIVES", "CAN_GIVE"])
def test_a_reason_told_everywhere_would_be_caught(workbook, results, after, monkeypatch, says):
    reason = {
        "WHOLE_ONLY": "",
        "GIVES": placement.ANY_START,
        "CAN_GIVE": ", eftersom regeln avrundar uppåt",
    }[says]
    monkeypatch.setattr(placement, "_rule_says", lambda *_: getattr(placement, says) + reason)
    assert any(faults(workbook.county("AC"), result, after) for result in results)
    assert (
        any(faults(workbook.municipality("2403"), result, after) for result in results)
        or says == "WHOLE_ONLY"
    )


def printed(workbook, places, ar: int) -> list[str]:
    """All that the section prints for some places of a county: sentences, and the numbers of tables
    and figures.
    """
    forecast = forecast_for(workbook.prognoser, ar, None)
    one, held = suppose(workbook, places[0], ar, forecast), held_before(workbook, places[0], ar)
    lines = []
    for place in places:
        for view in supposed_views(place, one, *held, ar):
            lines += [_shown(part) for part in (view.views if isinstance(view, Fold) else (view,))]
    return lines


def _shown(view) -> str:
    if isinstance(view, Statement):
        return sentence(view, SV)
    table = view.table if isinstance(view, Figure) else view
    assert isinstance(table, Table)
    return table.frame[[column.name for column in table.columns]].to_csv() + str(table.total)


def printed_with(workbook, ar: int, seeds: int) -> list[list[str]]:
    """What the section prints for a county and two municipalities, once per seed."""
    places = [workbook.county("AC"), workbook.municipality("2403"), workbook.municipality("2480")]
    pages = []
    for seed in range(seeds):
        random.seed(seed)
        np.random.seed(seed)
        pages.append(printed(workbook, places, ar))
    return pages


@pytest.mark.parametrize("ar", [2018, 2019])
def test_five_seeds_print_the_same(workbook, ar):
    first, *others = printed_with(workbook, ar, 5)
    assert all(page == first for page in others)
    assert not re.search(r"\d+ dragningar", " ".join(first))


def test_a_number_that_a_seed_decides_would_be_caught(workbook, monkeypatch):
    """An end of the half, drawn as the median of an even number of outcomes once was."""
    from helpers.model import scenario

    exact = scenario.intervals

    def drawn(cases):
        ends = exact(cases)
        return ends.assign(
            half_low=np.random.randint(ends["half_low"].min(), ends["half_high"].max() + 1)
        )

    monkeypatch.setattr(scenario, "intervals", drawn)
    first, other = printed_with(workbook, 2018, 2)
    assert first != other
