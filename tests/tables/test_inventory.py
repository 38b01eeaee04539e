"""What is in hand and what is missing, said of the tables as they are."""

from helpers import cases, tables
from tests.tables.test_precedence import add, totals

YEARS = range(2008, 2019)


def row_of(workbook, name):
    return cases.status(workbook, YEARS).set_index("table").loc[name]


def test_the_years_of_reception_in_hand_and_missing_are_named(workbook):
    row = row_of(workbook, "mottagna")
    assert row["whole"] == [2015, 2016, 2018]
    assert row["missing"] == [*range(2008, 2015), 2017]
    assert row["command"] == "mottagning data fetch"
    assert row["tables"] == ["kommunmottagna_2015_2016", "kommunmottagna_2018"]


def test_a_year_known_for_some_municipalities_is_neither_in_hand_nor_missing(workbook):
    row = row_of(workbook, "kommuntal")
    assert (row["whole"], row["partly"]) == ([], [2018])
    assert row["known"] == 267  # what is derived is not in hand


def test_a_kind_of_figure_with_no_gap_needs_no_command(workbook):
    row = row_of(workbook, "folkmangd")
    assert (row["missing"], row["command"]) == ([], "")


def test_a_fetched_year_moves_from_missing_to_in_hand(workbook, data_copy):
    add(data_copy, "kommunmottagna_kolada", totals(workbook, 2017))
    loaded = tables.load(data_copy)
    row = row_of(loaded, "mottagna")
    assert 2017 in row["whole"]
    assert row["missing"] == [*range(2008, 2015)]
    before = row_of(workbook, "mottagna")
    assert (before["known"], row["known"], row["units"]) == (3 * 290, 4 * 290, 11 * 290)
