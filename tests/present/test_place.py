"""A place's report: what comes first, what stands in one table, and which places it is set beside."""

from dataclasses import replace

import pandas as pd
import pytest

from helpers import cases
from helpers.cases.received import NEAR
from helpers.model.comparison import side_by_side
from helpers.present import open_page, topics
from helpers.present.language import Language
from helpers.present.rendering import DERIVED, derived_told
from helpers.present.topics.difference import whole_children
from helpers.present.views import Figure, Table
from tests.present.variants import known_of

COUNTY = ["kommunkod", "expected_low", "expected_high", "utfall"]


def ids(views) -> list[str]:
    return [view.id for view in views]


@pytest.mark.parametrize("code", ["24", "2480", "2418"])
def test_what_is_known_of_everything_is_told_in_four_numbers_of_four_lines(code, workbook):
    keys = topics.summary.key_numbers(known_of(workbook, code))
    assert [view.tone for view in keys] == ["key"] * 4
    assert {len(view.text.split("\n")) for view in keys} == {4}


def test_what_is_missing_is_one_sentence_after_what_is_known(workbook):
    known = replace(known_of(workbook, "14"), split=None, change=None)
    *keys, missing = topics.summary.key_numbers(known)
    assert {view.tone for view in keys} == {"key"}
    assert missing.tone == "gap"
    assert len(missing.values["saknas"]) == 4 - len(keys)


@pytest.mark.parametrize("ar", [2018, 2019, 2020, 2022])
@pytest.mark.parametrize("code", ["05", "22", "24", "0580", "2282"])
def test_a_kommuntal_that_the_report_shows_is_not_said_to_be_missing(code, ar, workbook):
    known = known_of(workbook, code, ar)
    shown = known.kommuntal.dropna(subset=["kommuntal"])["kommunkod"]
    for view in topics.summary.key_numbers(known):
        if view.tone == "gap" and set(known.place.kommunkoder) <= set(shown):
            assert not any("kommuntal" in name for name in view.values["saknas"])


def test_the_answer_of_every_place_begins_with_the_same_sentence(workbook):
    leads = [topics.summary.lead(known_of(workbook, code))[0] for code in ("24", "05", "2480")]
    assert len({view.text for view in leads}) == 1


def test_a_municipalitys_own_number_comes_before_its_countys_quota(workbook):
    known = known_of(workbook, "2480")
    views = topics.ahead.next_year(known, None, None)
    assert ids(views)[1] == "nasta_kommuntal"
    assert "tal_nasta" in ids(topics.summary.key_numbers(known))
    (own,) = [view for view in topics.summary.key_numbers(known) if view.id == "tal_nasta"]
    assert "Länstal" not in own.text


@pytest.mark.parametrize("code", ["24", "05", "14", "09"])
def test_a_countys_table_has_each_municipality_once_the_largest_first(code, workbook):
    known = known_of(workbook, code)
    expected = pd.DataFrame(columns=COUNTY) if known.split is None else None
    outcome = (
        expected if expected is not None else known.shares.assign(expected_low=1, expected_high=2)
    )
    table = side_by_side(known.rates, outcome, known.kommuntal)
    assert sorted(table["kommunkod"]) == sorted(known.place.kommunkoder)
    assert table["folkmangd"].is_monotonic_decreasing
    made = (topics.place.municipalities, topics.place.municipality)
    (view,) = [view for make in made for view in make(known, table)]
    assert [row for row in view.frame["kommunkod"]] == list(table["kommunkod"])
    assert all(view.frame[column.name].notna().any() for column in view.columns[1:])


@pytest.mark.parametrize(("code", "tal"), [("05", 366), ("24", None), ("14", None)])
def test_a_countys_table_has_the_next_years_kommuntal_where_it_is_known(code, tal, workbook):
    """366 is Östergötland's länstal of 2019 by SFS 2018:1592, which its kommuntal sum to."""
    known = known_of(workbook, code)
    shares = known.shares.assign(expected_low=1, expected_high=2)
    (view,) = topics.place.municipalities(known, side_by_side(known.rates, shares, known.kommuntal))
    shown = [column.name for column in view.columns]
    assert ("next_kommuntal" in shown) == (tal is not None)
    assert view.total["next_kommuntal"] == tal


@pytest.mark.parametrize("unknown", range(5))
def test_the_caption_tells_the_order_that_the_rows_have(unknown, workbook):
    known = known_of(workbook, "24")
    shares = known.shares.assign(expected_low=1, expected_high=range(len(known.shares)))
    table = side_by_side(known.rates, shares, known.kommuntal)
    orders = list(topics.place.ORDERS)
    for name in orders[:unknown]:
        table.loc[3, name] = pd.NA
    (view,) = topics.place.municipalities(known, table)
    told = [name for name, caption in topics.place.ORDERS.items() if caption == view.caption]
    assert told == orders[unknown : unknown + 1]
    column = view.frame[told[0]] if told else -view.frame["kommunkod"].astype(int)
    assert column.is_monotonic_decreasing
    assert set(view.frame["kommunkod"]) == set(table["kommunkod"])


@pytest.mark.parametrize("code", ["24", "09", "2418", "0180", "0980"])
def test_a_place_is_set_beside_those_of_its_kind_that_are_nearest_in_population(code, workbook):
    place = workbook.place(code)
    people = workbook.folkmangd.query("ar == 2018").set_index("kommunkod")["folkmangd"]
    others = workbook.lan["lanskod"] if place.kind == "lan" else workbook.kommuner["kommunkod"]
    sizes = {kod: people[list(workbook.place(kod).kommunkoder)].sum() for kod in others}
    near = set(cases.nearest(workbook, place, 2018)["kod"])
    assert len(near) == NEAR[place.kind]
    assert code not in near
    furthest = max(abs(sizes[kod] - sizes[code]) for kod in near)
    left = {kod for kod in sizes if kod not in near and kod != code}
    assert all(abs(sizes[kod] - sizes[code]) >= furthest for kod in left)


@pytest.mark.parametrize("kind", ["lan", "kommun"])
def test_those_nearest_are_told_to_be_far_in_size_where_they_are(kind, workbook):
    """Every county and every twelfth municipality: recomputed from the inhabitants themselves."""
    people = workbook.folkmangd.query("ar == 2018").set_index("kommunkod")["folkmangd"]
    counties, alone = workbook.lan["lanskod"], workbook.kommuner["kommunkod"]
    codes = [*counties] if kind == "lan" else [*alone[::12], "0180", "2403"]
    said = 0
    for code in codes:
        known = known_of(workbook, code)
        own = people[list(known.place.kommunkoder)].sum()
        near = cases.nearest(workbook, known.place, 2018)
        sizes = [people[list(workbook.place(kod).kommunkoder)].sum() / own for kod in near["kod"]]
        views = {view.id: view for view in topics.beside.like(known, near)}
        shown = [round(float(size) + 1e-9, 1) for size in sizes]
        far = min(shown) < 1 / 1.5 or max(shown) > 1.5
        assert ("jamforelse_storlek" in views) == far, code
        if far:
            facts = views["jamforelse_storlek"].facts
            told = {name: fact.value for name, fact in facts.items()}
            ends = {"minst": min(shown), "storst": max(shown)}
            assert told == {name: times for name, times in ends.items() if times != 1}, code
        said += far
    assert 0 < said < len(codes)


def test_of_two_rates_that_read_the_same_none_is_the_greater(workbook):
    for code in (*workbook.lan["lanskod"], "2480", "2403", "0980"):
        known = known_of(workbook, code)
        views = topics.beside.like(known, cases.nearest(workbook, known.place, 2018))
        (table,) = [view.table for view in views if isinstance(view, Figure)]
        rates = table.frame[table.frame["level"] == known.place.kind].copy()
        rates["shown"] = [Language("sv").number(rate, 1) for rate in rates["per_1000"]]
        for _, ties in rates.groupby("shown"):
            assert ties["kod"].is_monotonic_increasing
        own = rates.loc[rates["kod"] == known.place.kod, "shown"].iloc[0]
        others = rates[rates["kod"] != known.place.kod]
        same = [view for view in views if view.id == "jamforelse_lika"]
        assert sum(others["shown"] == own) == sum(v.facts["lika_stora"].value for v in same)


def test_small_numbers_are_words_and_one_of_what_is_counted_has_its_own_form():
    sv, en = Language("sv"), Language("en")
    assert [sv.spelled(1), sv.spelled(1, neuter=True), sv.spelled(13)] == ["en", "ett", "13"]
    assert [en.spelled(1, 2), en.spelled(3, 5), en.spelled(0)] == [
        "one or two",
        "three to five",
        "0",
    ]
    assert sv.counted(sv.spelled(1), "kommuner") == "en kommun"


def test_what_the_next_year_may_bring_is_told_low_and_high_around_the_forecast(workbook):
    known = known_of(workbook, "24")
    views = topics.ahead.next_year(known, None, cases.brings(workbook, known.coming))
    (table,) = [view for view in views if view.id == "nasta_fall"]
    low, middle, high = table.frame["riket"]
    assert low < middle == known.coming.value < high
    assert table.frame["har"].is_monotonic_increasing
    assert "nasta_fall" not in ids(topics.ahead.next_year(known, None, None))


def test_the_middle_case_is_what_the_sentence_says_of_the_forecast_in_every_municipality(workbook):
    for code in workbook.county("24").kommunkoder:
        known = known_of(workbook, code)
        views = topics.ahead.next_year(known, None, cases.brings(workbook, known.coming))
        by_id = {view.id: view for view in views}
        told = by_id["nasta_andel"].facts["intervall_ord"]
        table = by_id["nasta_fall"].frame.iloc[1]
        assert (told.value, told.high) == (table["har"], table["har_high"]), code
        spread = by_id["nasta_spann"].facts["low"]
        ends = by_id["nasta_fall"].frame[["har", "har_high"]].to_numpy()
        assert (spread.value, spread.high) == (ends.min(), ends.max()), code


def test_of_a_year_without_population_no_place_is_near_another(workbook):
    assert cases.nearest(workbook, workbook.county("AC"), 2030).empty


def test_key_numbers_that_follow_each_other_stand_together_on_the_page(workbook):
    known = known_of(workbook, "24")
    page = open_page("lansrapport", known.place, 2018, "sv", workbook.catalogue)
    html = page.show(*topics.summary.lead(known), *topics.summary.key_numbers(known)).html
    assert html.count('<div class="keys">') == 1
    assert html.count('<p class="key"') == 4
    assert html.index('class="answer"') < html.index('class="keys"')


@pytest.mark.parametrize("ar", [2018, 2022, 2030])
@pytest.mark.parametrize("code", ["01", "22", "24", "0180", "2480"])
def test_no_heading_stands_above_a_gap_alone(code, ar, workbook):
    known = known_of(workbook, code, ar)
    page = open_page("lansrapport", known.place, ar, "sv", workbook.catalogue)
    near = cases.nearest(workbook, known.place, ar)
    sections = [topics.place.why(known), topics.place.who(known), topics.beside.like(known, near)]
    shown = [page.unless_missing(*views) for views in sections]
    assert all(
        any(view.tone != "gap" for view in views if hasattr(view, "tone"))
        for views in shown
        if views
    )
    left = [view for views, kept in zip(sections, shown, strict=True) if not kept for view in views]
    assert list(page.missing) == left
    assert {view.tone for view in left} <= {"gap"}
    page.unless_missing(*sections[0])  # a cell that is run again says nothing twice
    assert len(page.missing) == len(left)


@pytest.mark.parametrize(("code", "counted"), [("24", False), ("01", True), ("12", True)])
def test_a_table_says_where_more_are_counted_after_placement_than_received(code, counted, workbook):
    known = known_of(workbook, code)
    shares = known.shares.assign(expected_low=1, expected_high=2)
    table = side_by_side(known.rates, shares, known.kommuntal)
    over = table["mottagna_efter_anvisning"] > table["antal"]
    assert over.any() == counted
    (view,) = topics.place.municipalities(known, table)
    assert ("räknas fler" in view.note) == counted
    sums = view.total["mottagna_efter_anvisning"]
    assert ("ingen summa" in view.note) == (sums is None)


@pytest.mark.parametrize(
    ("error", "part", "utfall", "early", "told"),
    [
        (-17.4, 7.5, 37, "hämtat", "för hög"),
        (-17.4, 0.0, 29, "", "för hög"),
        (17.4, -7.5, 57, "", "för låg"),
        (17.4, -7.5, 57, "hämtat", ""),  # more may have come since
        (-17.4, -2.0, 27, "", ""),  # both drew the same way
        (-17.4, 30.0, 60, "", ""),  # more came to the county than expected
        (0.0, 0.0, 47, "", ""),
    ],
)
def test_the_forecast_is_named_as_the_reason_only_where_it_is(
    error, part, utfall, early, told, workbook
):
    known = known_of(workbook, "24")
    split = replace(
        known.split,
        forecast_error=error,
        placement_departure=part,
        utfall=utfall,
        preliminary=early,
    )
    views = topics.place.why(replace(known, split=split))
    said = [view.text for view in views if view.id == "varfor_slutsats"]
    assert len(said) == bool(told)
    assert all(told in text for text in said)


def test_where_no_reception_is_known_what_was_to_be_received_is_said_first(workbook):
    county, alone = known_of(workbook, "22", 2022), known_of(workbook, "2282", 2022)
    first, second, *_ = topics.summary.lead(county)
    assert (first.tone, second.tone) == ("answer", "gap")
    assert first.facts["tal"].value == 109
    assert topics.summary.lead(alone)[0].facts["tal"].value == 10


def test_an_outcome_read_early_is_never_set_beside_a_whole_year_in_silence(workbook):
    for code in ("24", "2480", "2418"):
        known = known_of(workbook, code)
        for utfall in (0, 1, 37, 47):
            one = replace(known, split=replace(known.split, utfall=utfall))
            (said,) = [v.text for v in topics.summary.lead(one) if v.id == "svar_barn"]
            assert said.startswith("Preliminärt, innan året var slut")
            assert "hela året" in said


def test_who_is_left_out_of_a_sum_is_named_wherever_it_stands(workbook):
    """All counties of 2018: the key number and the table's note name the same municipalities."""
    named = 0
    for kod in workbook.lan["lanskod"]:
        known = known_of(workbook, kod)
        own = known.of_place(known.kommuntal)
        unread = own.loc[own["mottagna_efter_anvisning"].isna(), "kommun"].tolist()
        shares = known.shares.assign(expected_low=1, expected_high=2)
        table = side_by_side(known.rates, shares, known.kommuntal)
        views = (*topics.place.municipalities(known, table), *topics.summary.key_numbers(known))
        (key,) = [view for view in views if view.id == "tal_anvisade"]
        (shown, *_) = [view for view in views if view.id == "kommunerna"] or [key]
        few = 0 < len(unread) <= 3
        assert ("utan" in key.values) == few == ("utan" in shown.values)
        assert sorted(key.values.get("utan", [])) == (sorted(unread) if few else [])
        assert ("kommuntalet noll" in key.text) == few, "those not listed in 2018 have none"
        named += few
    assert named


@pytest.mark.parametrize("code", ["05", "14", "22", "24", "0980", "2282"])
@pytest.mark.parametrize("ar", [2017, 2018, 2019, 2021])
def test_the_next_years_quotas_are_divided_among_those_that_have_any(code, ar, workbook):
    known = known_of(workbook, code, ar)
    own = known.of_place(known.kommuntal_next)["kommuntal"].dropna()
    (said,) = [v for v in topics.ahead.next_year(known, None, None) if v.id == "nasta_kommuntal"]
    every = len(known.place.kommunkoder)
    if "nagra" in said.values:
        assert said.facts["nagra"].value == (own > 0).sum() < every == len(own)
    elif "kanda" in said.values:
        assert said.facts["kanda"].value == len(own) < every
    elif "alla" in said.values:
        assert said.facts["alla"].value == (own > 0).sum() == every


@pytest.mark.parametrize("code", ["05", "09", "14", "24"])
def test_no_two_heads_of_a_countys_table_are_the_same(code, workbook):
    known = known_of(workbook, code)
    shares = known.shares.assign(expected_low=1, expected_high=2)
    table = side_by_side(known.rates, shares, known.kommuntal)
    made = (topics.place.municipalities, topics.place.municipality)
    (view,) = [view for make in made for view in make(known, table)]
    heads = [column.label.format(**column.values) for column in view.columns]
    assert len(heads) == len(set(heads))
    years = {"kommuntal": "2018", "next_kommuntal": "2019"}
    for column, head in zip(view.columns, heads, strict=True):
        assert column.name not in years or head.endswith(years[column.name])


def test_what_is_derived_is_told_below_its_table_with_what_it_follows_from(workbook):
    """Every county's and some municipalities' tables of 2018 and 2019, and why each is derived."""
    reasons = set()
    for code in (*workbook.lan["lanskod"], "0980", "0563"):
        for ar in (2018, 2019):
            known = known_of(workbook, code, ar)
            shares = known.shares.assign(expected_low=1, expected_high=2)
            table = side_by_side(known.rates, shares, known.kommuntal)
            made = (topics.place.municipalities, topics.place.municipality)
            views = [view for make in made for view in make(known, table)]
            views = [view for view in views if isinstance(view, Table)]
            views += _tables_of(topics.kommuntal.kommuntal_views(known.place, known.kommuntal, ar))
            for view in views:
                marked = any(column.is_derived(row) for column in view.columns for row in view.rows)
                told = derived_told(view)
                assert bool(told) == marked, (code, ar, view.id)
                reasons |= {name for name, text in DERIVED.items() if text in told}
    assert reasons == set(DERIVED)


def _tables_of(views) -> list[Table]:
    return [view.table for view in views if isinstance(view, Figure)]


@pytest.mark.parametrize("early", ["hämtat", ""])
@pytest.mark.parametrize("verdict", ["within", "more", "fewer", ""])
def test_chance_is_judged_of_a_whole_years_outcome_only(early, verdict, workbook):
    for code in ("24", *workbook.county("AC").kommunkoder):
        known = known_of(workbook, code)
        split = replace(known.split, preliminary=early, placement_verdict=verdict)
        said = [
            v.text for v in topics.place.why(replace(known, split=split)) if v.id == "varfor_slump"
        ]
        assert len(said) == bool(verdict)
        if split.utfall == whole_children(split.expected_actual):  # nothing that chance could make
            assert all("lika stort som andelstalet ger" in text for text in said)
            assert all(text.startswith("Hittills") == bool(early) for text in said)
        else:
            assert all(("förrän hela årets utfall" in text) == bool(early) for text in said)


def test_a_county_whose_shares_are_estimated_says_so_below_its_table(workbook):
    said, told = "Uppskattat: beslutade andelstal saknas här", set()
    for county in workbook.lan["lanskod"]:
        place = workbook.county(county)
        shares = cases.shares_counted(workbook, place, 2018)
        known = replace(known_of(workbook, county), shares=shares)
        expected = known.shares.assign(expected_low=1, expected_high=2)
        table = side_by_side(known.rates, expected, known.kommuntal)
        made = (topics.place.municipalities, topics.place.municipality)
        (view,) = [view for make in made for view in make(known, table)]
        estimated = bool(known.shares["estimated"].any())
        assert (said in view.note) == estimated, county
        told.add(estimated)
    assert told == {True, False}
