"""Kommuntal by another key, and the whole volume, against Västerbotten's documents and the
published tables.
"""

import pandas as pd
import pytest

from helpers.errors import DataError
from helpers.model.allocation import (
    METHODS,
    kommuntal_scenario,
    split_volume,
    unplaced_parts,
    weighted_key,
)
from helpers.model.reception import QUOTA_AND_AGENCY

FACTORS = pd.DataFrame(
    {
        "folkmangd": [300, 100],
        "mottagande": [10, 10],
        "arbetsmarknad": [60, 40],
        "asylsokande": [0, 50],
    },
    index=["2480", "2482"],
)


def inhabitants(workbook, ar):
    year = workbook.folkmangd[workbook.folkmangd["ar"] == ar]
    return year.set_index("kommunkod")["folkmangd"]


def county(workbook):
    return workbook.kommuner[workbook.kommuner["kommunkod"].str[:2] == "24"]


@pytest.fixture(scope="module")
def nation_2019(workbook):
    """9 000 to be placed in 2019 (förordning), here by inhabitants, for want of the 21
    decisions.
    """
    return kommuntal_scenario(workbook.kommuner, inhabitants(workbook, 2018), 9_000, "hamilton")


@pytest.mark.parametrize("method", METHODS)
def test_vasterbottens_320_for_2019_are_divided_whole_by_inhabitants(workbook, method):
    table = kommuntal_scenario(county(workbook), inhabitants(workbook, 2018), 320, method)
    assert len(table) == 15
    assert table["kommuntal"].sum() == 320
    assert table["quota"].sum() == pytest.approx(320)
    assert table["key"].sum() == pytest.approx(1)
    assert table.sort_values("quota")["kommuntal"].is_monotonic_increasing


def test_the_last_decision_as_key_gives_the_last_decision_back(workbook):
    """Östergötland's kommuntal 2020 sum to 260; a municipality with 0 stays at 0."""
    last = workbook.kommuntal[
        (workbook.kommuntal["ar"] == 2020) & workbook.kommuntal["kommunkod"].str.startswith("05")
    ]
    kommuner = workbook.kommuner[workbook.kommuner["kommunkod"].isin(last["kommunkod"])]
    key = last.set_index("kommunkod")["kommuntal"]
    again = kommuntal_scenario(kommuner, key, 260, "hamilton").set_index("kommunkod")["kommuntal"]
    assert again.to_dict() == key.astype(int).to_dict()


def test_a_key_that_is_unknown_for_a_municipality_is_refused_by_its_code(workbook):
    key = inhabitants(workbook, 2018).drop("2480")
    with pytest.raises(DataError, match="2480"):
        kommuntal_scenario(county(workbook), key, 320, "hamilton")


def test_one_factor_that_speaks_for_receiving_is_its_part_of_the_county():
    assert weighted_key(FACTORS, {"arbetsmarknad": 2.5}).to_dict() == {"2480": 0.6, "2482": 0.4}
    assert weighted_key(FACTORS, {"folkmangd": 1, "asylsokande": 0}).to_dict() == {
        "2480": 0.75,
        "2482": 0.25,
    }


def test_a_factor_for_relief_takes_from_who_has_much_and_gives_nobody_less_than_nothing():
    """Asylum seekers: 2 × 0,75 − 0 = 1,5 and 2 × 0,25 − 1 < 0. Reception: 2 × 0,75 − 0,5 = 1 and 2
    × 0,25 − 0,5 = 0.
    """
    assert weighted_key(FACTORS, {"asylsokande": 1}).to_dict() == {"2480": 1.0, "2482": 0.0}
    assert weighted_key(FACTORS, {"mottagande": 1}).to_dict() == {"2480": 1.0, "2482": 0.0}
    # 2 × 0,6 − 0,5 = 0,7 and 2 × 0,4 − 0,5 = 0,3.
    other = FACTORS.assign(folkmangd=[300, 200])
    assert weighted_key(other, {"mottagande": 1}).to_dict() == pytest.approx(
        {"2480": 0.7, "2482": 0.3}
    )


def test_weights_are_scaled_so_that_only_their_proportions_count():
    key = weighted_key(FACTORS, {"folkmangd": 1, "arbetsmarknad": 3})
    assert key.to_dict() == pytest.approx(
        {"2480": (0.75 + 3 * 0.6) / 4, "2482": (0.25 + 3 * 0.4) / 4}
    )
    assert weighted_key(FACTORS, {"folkmangd": 10, "arbetsmarknad": 30}).tolist() == pytest.approx(
        key.tolist()
    )


def test_a_factor_that_speaks_for_receiving_needs_no_inhabitants():
    assert weighted_key(FACTORS[["arbetsmarknad"]], {"arbetsmarknad": 1}).tolist() == [0.6, 0.4]
    with pytest.raises(DataError, match="folkmangd"):
        weighted_key(FACTORS[["mottagande"]], {"mottagande": 1})


@pytest.mark.parametrize(
    "weights",
    [
        {"vader": 1},
        {"folkmangd": -1},
        {"folkmangd": 0},
        {},
        {"folkmangd": float("nan")},
        {"folkmangd": 1e999},
    ],
)
def test_a_weight_for_no_factor_or_of_no_size_is_refused(weights):
    with pytest.raises(DataError, match="weights must be"):
        weighted_key(FACTORS, weights)


@pytest.mark.parametrize("values", [[60, None], [60, -1], [0, 0]])
def test_a_factor_that_is_not_known_for_every_municipality_can_have_no_weight(values):
    with pytest.raises(DataError, match="arbetsmarknad"):
        weighted_key(FACTORS.assign(arbetsmarknad=values), {"arbetsmarknad": 1})


def test_the_nations_38_000_of_whom_9_000_are_placed_add_up(workbook, nation_2019):
    """Antal och andelar 2019: 38 000 to settle, 9 000 of them placed."""
    table = split_volume(nation_2019, unplaced_parts(workbook.mottagna, 2018), 38_000, 9_000)
    assert table["kommuntal"].sum() == 9_000
    assert table["andra"].sum() == pytest.approx(29_000)
    assert table["total"].sum() == pytest.approx(38_000)
    assert table["andra_part"].sum() == pytest.approx(1)


def test_a_municipalitys_others_are_proportional_to_its_others_of_2018(workbook, nation_2019):
    """Of the 44 216 received in 2018, 16 096 were placed (A4); the other 28 120 are the history."""
    table = split_volume(
        nation_2019, unplaced_parts(workbook.mottagna, 2018), 38_000, 9_000
    ).set_index("kommunkod")
    own = workbook.mottagna[
        (workbook.mottagna["ar"] == 2018) & (workbook.mottagna["kommunkod"] == "2480")
    ]
    counts = own.set_index("kategori")["antal"]
    others = counts["totalt"] - counts[list(QUOTA_AND_AGENCY)].sum()
    assert table.loc["2480", "andra"] == pytest.approx(29_000 * others / 28_120)


def test_a_kommuntal_that_is_unknown_gives_an_unknown_total(workbook, nation_2019):
    unknown = nation_2019.assign(
        kommuntal=nation_2019["kommuntal"].astype("Int64").where(lambda one: one.index != 0)
    )
    table = split_volume(unknown, unplaced_parts(workbook.mottagna, 2018), 38_000, 9_000)
    assert table["total"].isna().tolist() == [True] + [False] * 289
    assert table["andra"].notna().all()


@pytest.mark.parametrize("ar", [2016, 2017])
def test_a_year_without_its_categories_gives_no_history(workbook, nation_2019, ar):
    with pytest.raises(DataError, match=str(ar)):
        unplaced_parts(workbook.mottagna, ar)


@pytest.mark.parametrize("kategori", ["totalt", *QUOTA_AND_AGENCY])
def test_a_category_that_one_municipality_lacks_is_unknown_and_never_nobody(workbook, kategori):
    one = (workbook.mottagna["kommunkod"] == "2480") & (workbook.mottagna["ar"] == 2018)
    lacking = workbook.mottagna[~(one & (workbook.mottagna["kategori"] == kategori))]
    with pytest.raises(DataError, match="2018"):
        unplaced_parts(lacking, 2018)


def test_more_placed_than_all_who_come_is_refused(workbook, nation_2019):
    with pytest.raises(DataError, match="9000 placed of a volume of 8999"):
        split_volume(nation_2019, unplaced_parts(workbook.mottagna, 2018), 8_999, 9_000)
