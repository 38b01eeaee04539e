"""Measures in what is shown: two that look alike explain each other, and years of another measure
stand apart.
"""

from dataclasses import replace

import pandas as pd
import pytest

from helpers.model import nation, reception
from helpers.present import open_page, topics
from helpers.present.measures import measures_in
from tests.present.variants import known_of

YEARS = range(2008, 2019)


def look_alikes(workbook, place, ar=2018):
    parts = reception.composition(workbook.mottagna, workbook.around(place), ar)
    outcome = workbook.andelstal[workbook.andelstal["ar"] == ar].merge(workbook.kommuner)
    kommuntal = workbook.kommuntal[workbook.kommuntal["ar"] == ar]
    return topics.alike.look_alikes(place, parts, outcome, kommuntal, ar)


def values_of(views, name):
    return next(
        {key: fact.value for key, fact in view.facts.items()} for view in views if view.id == name
    )


def test_vasterbottens_two_counts_of_children_stand_beside_each_other(workbook):
    views = look_alikes(workbook, workbook.county("AC"))
    assert values_of(views, "matt_barn") == {"utfall": 37, "bland": 239}
    assert values_of(views, "matt_barn_mest") == {"utfall": 11, "bland": 71}
    assert values_of(views, "matt_anvisning") == {
        "efter": 517,
        "bada": 571,
        "barn": 88,
        "utan": 483,
    }


def test_no_child_of_the_refugee_quota_is_said_to_be_divided_by_shares(workbook):
    """Every county and every seventh municipality: only children from the agency's housing are."""
    received = workbook.mottagna[workbook.mottagna["ar"] == 2018]
    housed = received[received["kategori"] == "anlaggningsboende"].set_index("kommunkod")
    told = 0
    places = [workbook.municipality(kod) for kod in workbook.kommuner["kommunkod"][::7]]
    for place in [*places, *(workbook.county(kod) for kod in workbook.county_names)]:
        for view in look_alikes(workbook, place):
            if view.id == "matt_anvisning" and "barn" in view.facts:
                own = housed.loc[list(place.kommunkoder), "varav_ensamkommande"].sum()
                facts = {name: fact.value for name, fact in view.facts.items()}
                assert facts["barn"] == own, place.namn
                assert facts["utan"] == facts["bada"] - own, place.namn
                told += 1
    assert told > 30


def test_where_both_are_known_and_differ_every_place_has_the_sentence_and_elsewhere_none(workbook):
    """All municipalities and counties of 2018: recomputed from the tables themselves."""
    received = workbook.mottagna[
        (workbook.mottagna["ar"] == 2018) & (workbook.mottagna["kategori"] == "totalt")
    ]
    children = received.set_index("kommunkod")["varav_ensamkommande"]
    placed = workbook.andelstal.set_index("kommunkod")["utfall"]
    places = [workbook.municipality(kod) for kod in workbook.kommuner["kommunkod"][::7]]
    for place in [*places, *(workbook.county(kod) for kod in workbook.county_names)]:
        koder = list(place.kommunkoder)
        known = set(koder) <= set(placed.index) and placed[koder].sum() != children[koder].sum()
        told = {view.id for view in look_alikes(workbook, place)}
        assert ("matt_barn" in told) == known, place.namn


@pytest.mark.parametrize("code", ["05", "09", "14", "24", "0580", "0980", "2480", "1480"])
@pytest.mark.parametrize("ar", [2016, 2018, 2022])
def test_children_among_the_received_are_never_left_to_be_taken_for_those_expected(
    code, ar, workbook
):
    """Where the outcome is not known and some of the received are children, that is said beside
    them; where both are known they are set beside each other.
    """
    known = known_of(workbook, code, ar)
    shown = known.parts[known.parts["kod"] == known.place.kod]["varav_ensamkommande"]
    among = len(shown) and shown.notna().all() and shown.sum() > 0
    placed = known.split is not None and known.split.utfall is not None
    told = {view.id: view for view in topics.place.who(known)}
    assert ("vilka_barn" in told) == bool(among and not placed)
    if "vilka_barn" in told:
        assert told["vilka_barn"].facts["bland"].value == shown.sum()
    for view in topics.reception.composition_figure(known.place, known.parts, ar):
        assert "annat mått än barn som väntas" in view.table.note


def test_a_year_without_categories_has_nothing_to_set_beside(workbook):
    assert look_alikes(workbook, workbook.county("AC"), 2016) == ()


def test_the_list_holds_only_what_the_page_has_shown_and_only_what_looks_alike(workbook):
    page = open_page("lan", workbook.county("AC"), 2018, "sv", workbook.catalogue)
    assert topics.assumptions.measure_list(page.measures, workbook.measures) == ()
    page.show(*look_alikes(workbook, workbook.county("AC")))
    (table,) = topics.assumptions.measure_list(page.measures, workbook.measures)
    shown = ["ekb_anvisade", "ekb_mottagna", "mottagna_kategori", "mottagna_efter_anvisning"]
    assert table.frame["name"].tolist() == [workbook.measures[name].name.sv for name in shown]
    assert topics.assumptions.measure_list(["mottagna", "kommuntal"], workbook.measures) == ()


def renamed(workbook, **measures):
    """The catalogue, with what these tables count."""
    entries = workbook.catalogue.entries
    return replace(
        workbook.catalogue,
        entries=entries
        | {
            name: entries[name].model_copy(update={"measure": one})
            for name, one in measures.items()
        },
    )


def by_year(workbook, catalogue):
    place = workbook.county("AC")
    received = reception.reception_by_year(workbook.mottagna, place.kommunkoder, YEARS)
    national = reception.national_series(workbook.asylsokande, YEARS)
    return topics.reception.by_year(place, received, national, catalogue)


@pytest.mark.parametrize(
    ("measures", "apart"),
    [
        ({}, ["2015 och 2016"]),
        ({"kommunmottagna_2015_2016": ""}, []),
        ({"kommunmottagna_2015_2016": "", "kommunmottagna_2018": "unnamed"}, ["2018"]),
    ],
)
def test_what_stands_apart_is_the_tables_own_word_and_not_the_year(workbook, measures, apart):
    catalogue = renamed(workbook, **measures)
    views = by_year(workbook, catalogue)
    page = open_page("lan", workbook.county("AC"), 2018, "sv", catalogue)
    page.show(*views)
    assert [view.id for view in views if view.id == "mottagna_matt"] == ["mottagna_matt"] * len(
        apart
    )
    assert ("unnamed" in page.measures) == bool(apart)
    text = page.show(*views).text
    assert all(f"För {years} säger källan inte vad den räknar" in text for years in apart)


@pytest.mark.parametrize("ar", [2015, 2016, 2018])
def test_the_answer_of_a_year_whose_measure_is_not_named_says_so(workbook, ar):
    place = workbook.county("AC")
    per_capita = reception.per_capita(
        workbook.mottagna, workbook.folkmangd, workbook.around(place), ar
    )
    page = open_page("lan", place, ar, "sv", workbook.catalogue)
    shown = page.show(
        topics.reception.answer(place, per_capita, ar),
        *topics.reception.per_capita_views(place, per_capita, ar),
    )
    says = "Källan säger inte vad den räknar som mottagna"
    assert (says in page.answer) == (says in shown.html.split("<figcaption")[1]) == (ar != 2018)


def evenness_text(workbook, catalogue):
    tables = (workbook.mottagna, workbook.folkmangd, workbook.kommuner, YEARS)
    views = topics.spread.evenness_views(
        nation.gini_by_year(*tables), nation.lorenz_by_year(*tables), catalogue.tables
    )
    return open_page("riket", workbook.country, 2018, "sv", catalogue).show(views[0]).text


def test_no_change_in_evenness_is_claimed_between_measures(workbook):
    across = evenness_text(workbook, workbook.catalogue)
    assert "blev jämnare" not in across
    assert "inte säkert att samma mått räknas" in across
    assert "blev jämnare" in evenness_text(workbook, renamed(workbook, kommunmottagna_2015_2016=""))


def test_a_figure_quoted_from_a_countys_documents_keeps_its_municipality_in_every_county(workbook):
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    quoted = 0
    for letter in workbook.county_names:
        place = workbook.county(letter)
        said = workbook.documents_of(place)
        page = open_page("lan", place, 2018, "sv", workbook.catalogue)
        html = page.show(*topics.sources.document_views(place, said, workbook.document_titles)).html
        rows = html.split("<tr>")
        shown = said[said["enhet"].isin(["barn", "personer", "platser"])].dropna(
            subset=["kommunkod"]
        )
        for row in shown.to_dict("records"):
            assert any(
                row["ordalydelse"] in one and f"<td>{names[row['kommunkod']]}</td>" in one
                for one in rows
            )
            quoted += 1
    # Kramfors 10, Timrå 15
    assert quoted == len(pd.unique(workbook.uppgifter["kommunkod"].dropna())) == 2


def test_a_cell_has_the_measure_of_its_own_years_table(workbook):
    figure = next(
        view for view in by_year(workbook, workbook.catalogue) if view.id == "mottagna_figur"
    )
    assert measures_in(figure, workbook.catalogue) == [
        "mottagna",
        "unnamed",
        "asylsokande",
        "ekb_asylsokande",
    ]
