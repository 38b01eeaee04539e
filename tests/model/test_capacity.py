"""Places beside children; every number here is computed by hand."""

import pandas as pd
import pytest

from helpers.model.placement import hundredths
from helpers.model.scenario import against_load, places_known

SHARES = pd.DataFrame(
    {
        "kommunkod": ["2401", "2480", "2482", "2403"],
        "kommun": ["Nordmaling", "Umeå", "Skellefteå", "Bjurholm"],
        "andelstal": [1.14, 11.97, 0.0, 1.0],
    }
)
ROWS = [
    ("2401", "platser_hem", 1),
    ("2401", "platser_familjehem", 2),
    ("2401", "bostader", 40),
    ("2480", "platser_hem", 10),
    ("2480", "platser_familjehem", 5),
    ("2482", "platser_hem", 0),
    ("2482", "platser_familjehem", 0),
    ("2403", "platser_hem", 4),
    ("2403", "platser_familjehem", pd.NA),
]
CAPACITY = pd.DataFrame(ROWS, columns=["kommunkod", "slag", "antal"]).astype({"antal": "Int64"})
LOAD = pd.Series({"2401": 2, "2480": 18, "2482": 0, "2403": 2})


def test_homes_and_family_homes_are_places_and_flats_are_not():
    assert places_known(CAPACITY).dropna().to_dict() == {"2401": 3, "2480": 15, "2482": 0}


def test_a_municipality_with_one_kind_unknown_or_not_told_is_unknown():
    assert pd.isna(places_known(CAPACITY)["2403"])
    untold = CAPACITY[(CAPACITY["kommunkod"] != "2480") | (CAPACITY["slag"] != "platser_hem")]
    assert pd.isna(places_known(untold)["2480"])


def test_no_capacity_at_all_is_unknown_everywhere():
    table = against_load(SHARES, LOAD, CAPACITY.iloc[:0])
    assert table[["places", "shortfall", "slack", "overflow_forecast"]].isna().all(axis=None)
    assert table["load"].tolist() == [2, 18, 0, 2]


def test_shortfall_and_slack_are_what_is_missing_and_what_is_left():
    table = against_load(SHARES, LOAD, CAPACITY).set_index("kommunkod")
    assert table["shortfall"].drop("2403").to_dict() == {"2401": 0, "2480": 3, "2482": 0}
    assert table["slack"].drop("2403").to_dict() == {"2401": 1, "2480": 0, "2482": 0}
    assert table.loc["2403", ["places", "shortfall", "slack", "overflow_forecast"]].isna().all()


def test_the_forecast_that_overflows_is_the_first_whose_estimate_exceeds_the_places():
    """3 places: 2 631 × 1,14 ‰ = 2,999 fits, 2 632 gives 3,0005. 15 places: 1 253 × 11,97 ‰ =
    14,998, 1 254: 15,01.
    """
    table = against_load(SHARES, LOAD, CAPACITY).set_index("kommunkod")
    assert table["overflow_forecast"][["2401", "2480"]].tolist() == [2632, 1254]


@pytest.mark.parametrize(
    ("share", "places"), [(1.0, 2), (1.14, 3), (0.01, 1), (11.97, 0), (5.99, 599), (1000.0, 7)]
)
def test_no_lower_forecast_overflows_and_a_full_house_does_not(share, places):
    shares = pd.DataFrame({"kommunkod": ["2480"], "kommun": ["Umeå"], "andelstal": [share]})
    rows = [("2480", "platser_hem", places), ("2480", "platser_familjehem", 0)]
    capacity = pd.DataFrame(rows, columns=CAPACITY.columns)
    forecast = int(against_load(shares, pd.Series({"2480": 0}), capacity)["overflow_forecast"][0])
    whole = int(hundredths(share))
    assert forecast * whole > places * 100_000 >= (forecast - 1) * whole


def test_a_share_of_zero_never_overflows():
    table = against_load(SHARES, LOAD, CAPACITY).set_index("kommunkod")
    assert pd.isna(table.loc["2482", "overflow_forecast"])


def test_school_places_are_set_against_the_same_children_and_blank_is_unknown():
    schools = pd.DataFrame(
        [("2480", "skolplatser", 15), ("2482", "skolplatser", 0)], columns=CAPACITY.columns
    )
    table = against_load(SHARES, LOAD, pd.concat([CAPACITY, schools])).set_index("kommunkod")
    assert table["school_shortfall"].dropna().to_dict() == {"2480": 3, "2482": 0}
    assert table["places"].dropna().to_dict() == {"2401": 3, "2480": 15, "2482": 0}
