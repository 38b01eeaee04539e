"""Reception against Migrationsverket's published totals; missing years stay missing."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.model import reception

YEARS = range(2008, 2019)


def test_the_nation_received_what_the_agency_printed(workbook):
    """Migrationsverket, Kommunmottagna 2018: 44 216; the 2015 and 2016 files sum to 51 197 and 68
    761.
    """
    table = reception.reception_by_year(
        workbook.mottagna, workbook.country.kommunkoder, YEARS
    ).set_index("ar")["antal"]
    assert table[2018] == 44_216
    assert (table[2015], table[2016]) == (51_197, 68_761)


def test_years_without_data_are_missing_never_zero(workbook):
    table = reception.reception_by_year(workbook.mottagna, ["2480"], YEARS).set_index("ar")["antal"]
    assert table.loc[[*range(2008, 2015), 2017]].isna().all()
    assert table.notna().sum() == 3


def test_one_municipality_unknown_makes_the_county_unknown(workbook):
    place = workbook.county("AC")
    short = workbook.mottagna[workbook.mottagna["kommunkod"] != "2463"]
    assert reception.reception_by_year(short, place.kommunkoder, YEARS)["antal"].isna().all()


def test_the_categories_of_2018_are_the_printed_ones(workbook):
    """Migrationsverket, Kommunmottagna 2018, row Totalt."""
    parts = reception.composition(workbook.mottagna, [workbook.country], 2018).set_index("kategori")
    assert parts["antal"].to_dict() == {
        "kvotflykting": 5_028,
        "anlaggningsboende": 11_068,
        "eget_boende": 7_859,
        "anhoriga": 16_562,
        "ovriga": 3_699,
    }
    assert parts["varav_ensamkommande"].sum() == 6_635
    assert parts["share"].sum() == pytest.approx(1)


def test_the_unaccompanied_are_a_part_and_never_added(workbook):
    parts = reception.composition(workbook.mottagna, [workbook.country], 2018)
    assert parts["antal"].sum() == 44_216


def test_the_categories_keep_their_names_and_say_where_the_unaccompanied_are(workbook):
    """109 of the 571 quota refugees and persons from the agency's housing, and 45 of the 150 from
    own housing.
    """
    counts = reception.category_counts(
        reception.composition(workbook.mottagna, [workbook.county("AC")], 2018), "24"
    )
    assert list(counts.index) == list(reception.CATEGORIES)
    both = counts.loc[list(reception.QUOTA_AND_AGENCY)].sum()
    assert both.tolist() == [571, 109]
    assert counts.loc["eget_boende"].tolist() == [150, 45]
    assert counts.sum().tolist() == [1164, 239]


def test_an_area_without_known_categories_has_no_counts(workbook):
    parts = reception.composition(workbook.mottagna, [workbook.county("AC")], 2016)
    assert reception.category_counts(parts, "24").empty


def test_reception_per_1000_uses_the_population_of_the_same_year(workbook):
    """SCB: Umeå 127 119 inhabitants on 31 December 2018; Migrationsverket: 405 received."""
    row = reception.per_capita(
        workbook.mottagna, workbook.folkmangd, [workbook.municipality("2480")], 2018
    ).iloc[0]
    assert (row["antal"], row["folkmangd"]) == (405, 127_119)
    assert row["per_1000"] == 3.2  # 3.186, in the tenths that a report states


def test_reception_per_1000_is_unknown_for_a_year_without_reception(workbook):
    table = reception.per_capita(workbook.mottagna, workbook.folkmangd, [workbook.country], 2017)
    assert table["per_1000"].isna().all()


def test_the_national_series_keeps_2015s_children(workbook):
    """SCB, Asylsökande 2002–2022: 162 877 asylum seekers in 2015, 35 369 of them unaccompanied."""
    row = reception.national_series(workbook.asylsokande, YEARS).set_index("ar").loc[2015]
    assert (row["asylsokande"], row["ensamkommande"]) == (162_877, 35_369)


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=12), st.integers(1, 11))
def test_a_county_is_the_sum_of_any_two_halves_of_it(numbers, cut):
    koder = [f"{number:04d}" for number in range(len(numbers))]
    frame = pd.DataFrame(
        {"kommunkod": koder, "ar": 2018, "kategori": "totalt", "antal": numbers, "tabell": "t"}
    ).astype({"antal": "Int64"})
    cut = min(cut, len(koder) - 1)
    halves = [
        reception.reception_by_year(frame, part, [2018])["antal"].item()
        for part in (koder[:cut], koder[cut:])
    ]
    assert sum(halves) == reception.reception_by_year(frame, koder, [2018])["antal"].item()
