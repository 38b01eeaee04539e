"""Länstal and kommuntal against the published decisions."""

import pytest

from helpers.model import quotas


def test_the_county_fell_by_less_than_the_nation(workbook):
    """Förordning: 522 (2018) → 320 (2019), nation 15 200 → 9 000; a proportional cut would have
    given 309.
    """
    history = quotas.lanstal_history(workbook.lanstal, workbook.anvisningar, "24")
    change = quotas.quota_change(history, 2018, 2019)
    assert change is not None
    assert (change.from_lanstal, change.to_lanstal, change.change) == (522, 320, -202)
    assert change.change_percent == pytest.approx(-38.697, abs=0.001)
    assert change.national_change_percent == pytest.approx(-40.789, abs=0.001)
    assert round(change.proportional) == 309
    assert change.beyond_proportional == pytest.approx(10.92, abs=0.01)


def test_the_decision_in_force_counts_when_a_year_was_revised(workbook):
    """2017: 30 600 was cut to 23 600 (SFS 2017:27); Västerbotten from 987 to 915."""
    history = quotas.lanstal_history(workbook.lanstal, workbook.anvisningar, "24")
    assert history.loc[history["ar"] == 2017, "lanstal"].tolist() == [987, 915]
    change = quotas.quota_change(history, 2017, 2018)
    assert change is not None
    assert (change.from_lanstal, change.national_from) == (915, 23_600)


def test_a_year_without_a_county_list_is_kept_as_unknown_not_zero(workbook):
    history = quotas.lanstal_history(workbook.lanstal, workbook.anvisningar, "24")
    unknown = history[history["lanstal"].isna()]
    assert unknown["ar"].tolist() == [2021, 2023, 2024, 2025]
    assert unknown["share_promille"].isna().all()
    assert quotas.quota_change(history, 2020, 2021) is None


def test_where_only_a_number_before_the_last_change_is_known_the_one_in_force_is_unknown(workbook):
    """Stockholm 2024: 524 of 2 800 (länsstyrelsen 2023-11-17); then SFS 2024:480 and 2024:934."""
    history = quotas.lanstal_history(workbook.lanstal, workbook.anvisningar, "01")
    year = history[history["ar"] == 2024]
    assert year["beslut"].tolist() == ["SFS 2023:572", "SFS 2024:934"]
    assert year["lanstal"].fillna(-1).tolist() == [524, -1]
    assert quotas.quota_change(history, 2023, 2024) is None
    assert history.loc[history["ar"] == 2023, "lanstal"].tolist() == [830]


def test_a_number_of_an_unnamed_decision_stands_alone_and_a_derived_one_is_marked(workbook):
    """Skåne 2025: 867 (länsstyrelsen 2025-11-05, without a decision). Stockholm 2021: 2 208 − 111
    (Mitt i 2020).
    """
    skane = quotas.lanstal_history(workbook.lanstal, workbook.anvisningar, "12")
    assert skane.loc[skane["ar"] == 2025, "lanstal"].tolist() == [867]
    assert skane.loc[skane["ar"] == 2025, "national"].isna().all()
    stockholm = quotas.lanstal_history(workbook.lanstal, workbook.anvisningar, "01")
    marked = stockholm[stockholm["harledd"]]
    assert marked[["ar", "lanstal"]].to_numpy().tolist() == [[2021, 2_208 - 111]]


def test_eleven_counties_have_16_900_of_the_21_700_of_2016(workbook):
    """Metro, autumn 2015, and Fyrbodals kommunalförbund 2016-10-05."""
    known = workbook.lanstal[workbook.lanstal["ar"] == 2016]
    assert (len(known), known["lanstal"].sum()) == (11, 16_900)
    national = workbook.anvisningar.query("ar == 2016")["antal"].tolist()
    assert national == [21_700]


def test_ten_counties_have_21_197_of_the_40_000_places_for_children_of_2016(workbook):
    """Metro, autumn 2015; the nation's 40 000 by Arbetsförmedlingen."""
    rows = workbook.fordelningstal.set_index("lanskod")["fordelningstal"]
    assert (rows["00"], len(rows) - 1, rows.drop("00").sum()) == (40_000, 10, 21_197)
    assert rows["12"] == 5_150


def test_all_counties_share_the_national_number_in_each_list(workbook):
    lists = [
        quotas.lanstal_history(workbook.lanstal, workbook.anvisningar, kod)
        for kod in workbook.lan["lanskod"]
    ]
    for ar in (2018, 2019, 2020, 2022, 2026):
        promille = sum(part.loc[part["ar"] == ar, "share_promille"].iloc[-1] for part in lists)
        assert promille == pytest.approx(1000)


def test_what_the_kommuntal_list_leaves_out_is_a_derived_zero(workbook):
    """Migrationsverket's list for 2018 has 267 of 290 municipalities, 15 200 persons and 14 588
    received.
    """
    koder = list(workbook.kommuner["kommunkod"])
    table = quotas.kommuntal_outcome(workbook.kommuntal, workbook.kommuner, koder, 2018)
    assert len(table) == 290
    derived = table[table["harledd"]]
    assert (len(derived), derived["kommuntal"].unique().tolist()) == (23, [0])
    assert derived["mottagna_efter_anvisning"].isna().all()  # how many came there is not known
    assert (table["kommuntal"].sum(), table["mottagna_efter_anvisning"].sum()) == (15_200, 14_588)


def test_ostergotland_fell_from_366_to_260(workbook):
    place = workbook.county("E")
    table = quotas.kommuntal_by_year(workbook.kommuntal, workbook.kommuner, place.kommunkoder)
    assert table.groupby("ar")["kommuntal"].sum().to_dict() == {2018: 578, 2019: 366, 2020: 260}
    assert table.groupby("ar").size().tolist() == [13, 13, 13]


def test_a_kommuntal_that_the_list_leaves_out_is_derived_and_one_that_it_has_is_not(workbook):
    """Valdemarsvik (0563) is not in Migrationsverket's list for 2018; in 2019 the county gave it
    0.
    """
    place = workbook.county("E")
    table = quotas.kommuntal_by_year(workbook.kommuntal, workbook.kommuner, place.kommunkoder)
    own = table[table["kommunkod"] == "0563"].set_index("ar")
    assert own["kommuntal"].to_dict() == {2018: 0, 2019: 0, 2020: own["kommuntal"][2020]}
    assert own["harledd"].to_dict() == {2018: True, 2019: False, 2020: False}


def test_a_year_with_one_kommuntal_of_a_county_is_no_year_of_the_county(workbook):
    """Only Kramfors' kommuntal for 2022 is known in Västernorrland."""
    koder = workbook.county("Y").kommunkoder
    years = (
        quotas.kommuntal_by_year(workbook.kommuntal, workbook.kommuner, koder)["ar"]
        .unique()
        .tolist()
    )
    assert years == [2018]
    assert quotas.kommuntal_by_year(workbook.kommuntal, workbook.kommuner, ["2282"])[
        "ar"
    ].tolist() == [2018, 2022]


def test_a_year_without_kommuntal_is_empty(workbook):
    assert quotas.kommuntal_outcome(workbook.kommuntal, workbook.kommuner, ["2480"], 2016).empty
