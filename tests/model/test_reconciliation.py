"""The ledger: every published total recomputed, and only two contradictions within a source."""

import dataclasses

import pytest

from helpers import cases
from helpers.model.reconciliation import Check


def test_two_published_figures_contradict_their_parts_and_both_are_known(workbook):
    ledger = cases.ledger(workbook)
    differs = ledger[~ledger["agrees"] & ~ledger["check"].str.startswith("overlap.")]
    differs = differs.set_index("check")
    assert set(differs.index) == {
        "andelstal_2018_ac.utfall_sum",
        "andelstal_2018_ac.antagande_inside",
    }
    assert differs["known"].all()
    utfall = differs.loc["andelstal_2018_ac.utfall_sum"]
    assert (utfall["published"], utfall["recomputed"]) == (35, 37)
    inside = differs.loc["andelstal_2018_ac.antagande_inside"]
    assert (inside["published"], inside["published_high"]) == (66, 70)
    assert inside["recomputed"] == pytest.approx(71.898)


@pytest.mark.parametrize(
    ("check", "subject", "ar", "published"),
    [
        ("andelstal_2018_ac.andelstal_sum", "24", 2018, 31.26),
        ("andelstal_2018_ac.forvantat_cells", "24", 2018, 15),
        ("andelstal_2018_ac.antagande_cells", "24", 2018, 15),
        ("dokumentuppgifter.forvantat_ekb", "24", 2018, 46.89),
        ("dokumentuppgifter.antagande_ekb", "24", 2019, 71.898),
        ("lanstal.SFS 2016:874", "00", 2017, 30_600),
        ("lanstal.SFS 2017:27", "00", 2017, 23_600),
        ("lanstal.SFS 2018:1592", "00", 2019, 9_000),
        ("kommuntal_2018.lanstal", "24", 2018, 522),
        ("kommuntal_2018.riket", "00", 2018, 15_200),
        ("kommunmottagna_2018.totalt.antal", "00", 2018, 44_216),
        ("kommunmottagna_2018.totalt.varav_ensamkommande", "00", 2018, 6_635),
        ("kommunmottagna_2018.kategorier", "00", 2018, 290),
        ("kommuntal_ostergotland.lanstal", "05", 2020, 260),
    ],
)
def test_a_published_total_agrees_with_its_parts(workbook, check, subject, ar, published):
    ledger = cases.ledger(workbook)
    row = ledger[(ledger["check"] == check) & (ledger["subject"] == subject) & (ledger["ar"] == ar)]
    assert row["published"].tolist() == [pytest.approx(published)]
    assert row["agrees"].all()


def test_all_21_subtotals_are_checked_in_every_category(workbook):
    ledger = cases.ledger(workbook)
    own = ledger[
        ledger["check"].str.startswith("kommunmottagna_2018.") & (ledger["subject"] != "00")
    ]
    assert own.groupby("check")["subject"].nunique().tolist() == [21] * 12


def test_a_wrong_figure_is_listed_as_a_new_disagreement(workbook):
    mottagna = workbook.published["kommunmottagna_2018"].copy()
    row = mottagna.index[(mottagna["kommunkod"] == "2480") & (mottagna["kategori"] == "anhoriga")][
        0
    ]
    mottagna.loc[row, "antal"] += 1
    published = {**workbook.published, "kommunmottagna_2018": mottagna}
    ledger = cases.ledger(dataclasses.replace(workbook, checked=published, found={}))
    new = ledger[~ledger["agrees"] & ~ledger["known"]]
    assert set(new["check"]) == {
        "kommunmottagna_2018.anhoriga.antal",
        "kommunmottagna_2018.kategorier",
    }
    assert set(new["subject"]) == {"24", "00"}


@pytest.mark.parametrize(
    ("recomputed", "difference"), [(65, -1), (66, 0), (68.5, 0), (70, 0), (71.898, 1.898)]
)
def test_inside_a_printed_interval_the_difference_is_zero(recomputed, difference):
    assert Check("t.c", "24", 2019, "barn", 66, recomputed, 70).difference == pytest.approx(
        difference
    )
