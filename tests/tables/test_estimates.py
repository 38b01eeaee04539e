"""Shares where none are published: recomputed by hand, held against what is published, switched
off.
"""

from fractions import Fraction

import pytest

from helpers import cases, tables
from helpers.cases import estimates
from helpers.model.share_keys import mean_errors
from tests.edits import edit

AR = 2018
PUBLISHED = 3126  # hundredths of a per mille: Västerbotten's fifteen
ORDINARY, SMALL = ("0580", "0180"), "0512"  # Linköping and Stockholm; Ydre has the least share


def parts(workbook, ar=AR):
    """Each municipality's weight by the key in use, nine parts people and one part the received."""
    people = workbook.folkmangd.query("ar == @ar").set_index("kommunkod")["folkmangd"]
    received = workbook.mottagna.query("ar == 2016 and kategori == 'totalt'")
    came = received.set_index("kommunkod")["antal"]
    everyone, every = int(people.sum()), int(came.sum())
    return {
        kod: Fraction(9, 10) * Fraction(int(people[kod]), everyone)
        + Fraction(1, 10) * Fraction(int(came[kod]), every)
        for kod in people.index
    }


def test_three_municipalities_recomputed_by_hand(workbook):
    found = estimates.nation_estimated(workbook, AR)
    weights = {kod: part for kod, part in parts(workbook).items() if kod[:2] != "24"}
    least = {kod for kod in found.index if found[kod] == 100}
    left = 100_000 - PUBLISHED - 100 * len(least)
    above = sum(part for kod, part in weights.items() if kod not in least)
    for kod in ORDINARY:
        exact = left * weights[kod] / above
        assert found[kod] in (int(exact), int(exact) + 1)
    assert found[SMALL] == 100
    assert left * weights[SMALL] / above < 100
    assert found[list(ORDINARY)].tolist() == [1505, 8814]


@pytest.mark.parametrize("ar", [2016, 2017, 2018, 2019, 2022])
def test_the_nation_sums_to_a_thousand_per_mille_in_every_year(workbook, ar):
    counted = cases.shares_counted(workbook, workbook.country, ar)
    assert len(counted) == 290
    assert round(100 * counted["andelstal"].sum()) == 100_000
    assert counted["andelstal"].min() >= workbook.rules.of(ar).least_share
    own = counted[counted["kommunkod"].str[:2] == "24"]
    assert own["estimated"].any() == (ar < AR)


def test_the_published_are_kept_as_they_are_and_nothing_is_estimated_where_all_are(workbook):
    home = workbook.county("AC")
    found = cases.shares_counted(workbook.with_own_record(), home, AR)
    published = workbook.andelstal.set_index("kommunkod")["andelstal"]
    assert found.set_index("kommunkod")["andelstal"].to_dict() == published.to_dict()
    assert not found["estimated"].any()
    assert cases.estimate_basis(workbook, home, AR, found) is None


def test_estimates_can_be_switched_off_and_there_are_none_before_there_were_shares(workbook):
    home = workbook.county("E")
    assert cases.shares_counted(workbook, home, AR, estimate=False).empty
    assert cases.shares_counted(workbook, home, 2015).empty


def test_the_key_in_use_is_the_one_that_does_best_by_the_evidence(workbook):
    errors = cases.checked(workbook)
    assert errors.groupby("nyckel")["slag"].value_counts().unstack().eq([15, 10]).all(axis=None)
    assert mean_errors(errors)["nyckel"].iloc[0] == estimates.chosen(workbook)


def test_the_check_does_not_rest_on_what_it_is_held_against(workbook):
    errors = cases.checked(workbook)
    umea = errors[errors["vald"] & (errors["kod"] == "2480")].iloc[0]
    assert (umea["published"], umea["estimated"]) == (11.97, 11.51)


def test_a_report_is_told_its_own_countys_error_where_that_is_known(workbook):
    found = {}
    for lan in ("AB", "O"):
        home = workbook.county(lan)
        shares = cases.shares_counted(workbook, home, AR)
        found[lan] = cases.estimate_basis(workbook, home, AR, shares).checks[0]
    assert (found["AB"].published, found["AB"].estimated) == (183.875, 211.94)
    assert found["O"].published is None
    assert found["AB"].mean_part == found["O"].mean_part == 0.039


def test_a_report_rests_on_its_own_estimated_shares_and_not_on_the_nations_rows(workbook):
    book = workbook.with_own_record()
    cases.shares_counted(book, book.county("E"), AR)
    assert "estimated(05; 2018)" in book.catalogue.values
    assert not any("folkmangd" in one for one in book.catalogue.read)


def test_a_table_of_published_shares_takes_the_estimates_place(data_copy):
    table = "Kommun;2018;Förväntat;Utfall;Antagande 2019\nGotland;5,00;;;\nSumma;5,00;;;\n"
    (data_copy / "published" / "andelstal_2018_i.csv").write_text(table, "utf-8")
    sources = (data_copy / "sources.toml").read_text("utf-8")
    start = sources.index("[andelstal_2018_ac]")
    entry = sources[start : sources.index("[[andelstal_2018_ac.disc")]
    entry = entry.replace("2018_ac", "2018_i").replace('lan = "24"', 'lan = "09"')
    (data_copy / "sources.toml").write_text(f"{entry}\n{sources}", "utf-8")
    from helpers.sources.recording import record

    record("andelstal_2018_i", data_copy)
    book = tables.load(data_copy)
    gotland = cases.shares_counted(book, book.county("I"), AR)
    assert gotland[["andelstal", "estimated"]].to_numpy().tolist() == [[5.0, False]]
    nation = cases.shares_counted(book, book.country, AR)
    assert round(100 * nation["andelstal"].sum()) == 100_000


def test_where_the_published_leave_nothing_nothing_is_estimated(data_copy):
    edit(data_copy, "andelstal_2018_ac", ("Umeå;11,97", "Umeå;999,97"))
    book = tables.load(data_copy)
    assert cases.shares_counted(book, book.county("E"), AR).empty


def test_another_key_gives_other_shares(data_copy, workbook):
    edit(data_copy, "andelsnycklar", ('(1 del)",9,1', '(1 del)",8,2'))
    other = estimates.nation_estimated(tables.load(data_copy), AR)
    assert other["0580"] != estimates.nation_estimated(workbook, AR)["0580"]
