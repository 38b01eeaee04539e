"""The rules of claims.py find what they look for, and no page of the edition breaks them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.house import claims
from tests.spread import MUNICIPALITIES

pytestmark = pytest.mark.xdist_group("browser")
WITH_WORDS = ("05", "22", "24")  # counties that say something, on a page of their own
DOCUMENTS = 3  # of a place: the report, how it was computed, and the summary to print
PART_YEAR = {"andelstal_2018_ac": "preliminärt"}


def fact(name: str, value: object, measure: str = "", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "value": value,
        "unit": "barn",
        "key": {},
        "sources": [],
        "measure": measure,
        **more,
    }


def document(*facts: dict[str, Any]) -> dict[str, Any]:
    return {"place": {"kind": "lan", "kod": "24"}, "ar": 2018, "facts": list(facts)}


TWO = document(fact("svar.utfall", 37, "ekb_anvisade"), fact("matt.bland", 239, "ekb_mottagna"))
TOLD = " ".join(
    f"<p>{claims.MEASURES[name].counted}</p>" for name in ("ekb_anvisade", "ekb_mottagna")
)


def test_two_numbers_of_one_word_need_both_their_explanations():
    assert claims.unexplained(TOLD, TWO) == []
    for counted in TOLD.split(" <p>"):
        assert claims.unexplained(TOLD.replace(counted, ""), TWO)


@pytest.mark.parametrize(
    "other",
    [
        fact("matt.bland", 37, "ekb_mottagna"),  # the same number
        fact("matt.bland", 239, "ekb_mottagna", key={"ar": "2016"}),
        fact("matt.bland", 239, "ekb_mottagna", key={"kommunkod": "2480"}),
        fact("matt.bland", 239, "ekb_mottagna", key={"kategori": "eget_boende"}),
        fact("matt.bland", 239, "mottagna"),  # another word
        fact("matt.bland", None, "ekb_mottagna"),
    ],
)
def test_the_same_number_or_another_place_year_part_or_word_needs_none(other):
    assert claims.unexplained("", document(TWO["facts"][0], other)) == []


def test_a_count_of_people_needs_a_measure():
    bare = fact("kategorier.antal", 5, sources=["kommunmottagna_2018"])
    assert claims.unmeasured("", document(bare))
    assert claims.unmeasured("", document({**bare, "measure": "mottagna_kategori"})) == []
    assert (
        claims.unmeasured("", document(fact("svar.expected", 46.9, sources=["andelstal_2018_ac"])))
        == []
    )


@pytest.mark.parametrize(
    "text",
    [
        "Av 1\u00a0164 mottagna var 571 anvisade (49,1 %).",
        "och 150 självbosatta från eget boende",
        "De som ordnat eget boende har valt kommun själva.",
    ],
)
def test_our_own_word_for_the_categories_is_found(text):
    assert claims.our_word(f"<p>{text}</p>", document())
    assert (
        claims.our_word(
            "<p>517 togs emot efter anvisning. 37 anvisade ensamkommande barn.</p>", document()
        )
        == []
    )


def test_a_number_in_the_text_that_no_fact_states_is_found():
    assert claims.unfounded("<p>Länet fick 38 ensamkommande barn.</p>", TWO)
    assert claims.unfounded("<p>Länet fick 37 ensamkommande barn.</p>", TWO) == []


def test_an_outcome_of_a_part_year_needs_its_mark():
    said = fact(
        "svar.utfall",
        37,
        "ekb_anvisade",
        sources=["andelstal_2018_ac"],
        label="Länet fick … barn 2018.",
    )
    assert claims.unmarked_outcomes("", document(said), PART_YEAR)
    assert (
        claims.unmarked_outcomes(
            "", document({**said, "label": "Länet fick … barn (preliminärt)."}), PART_YEAR
        )
        == []
    )
    assert claims.unmarked_outcomes("", document(said), {}) == []


def test_a_quoted_figure_of_a_municipality_needs_its_name():
    quoted = fact("dokument.ordalydelse", "Kommuntalet är 10", key={"kommunkod": "2282"}, unit="")
    row = "<table><tr><th>Kommuntal</th>{}<td>Kommuntalet är 10</td></tr></table>"
    names = {"2282": "Kramfors"}
    assert claims.placeless_quotes(row.format(""), document(quoted), names)
    assert claims.placeless_quotes(row.format("<td>Kramfors</td>"), document(quoted), names) == []


def test_a_figure_of_a_part_year_needs_its_mark_in_the_data_too():
    told = fact("utfall.utfall", 37, "ekb_anvisade", sources=["andelstal_2018_ac"])
    assert claims.unmarked_figures("", document(told), PART_YEAR)
    assert claims.unmarked_figures("", document({**told, "preliminary": True}), PART_YEAR) == []


def test_a_derived_figure_needs_what_that_means():
    row = "<table><tr><td>Valdemarsvik</td><td>0 (härlett)</td></tr></table>"
    assert claims.unexplained_marks(row, document())
    told = "<p>Härlett: talet står inte i källan.</p>"
    assert claims.unexplained_marks(row + told, document()) == []


@pytest.fixture(scope="module")
def pages(edition) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every page of the edition's reports: its HTML, and what of the report's document it shows."""
    found = {}
    for path in sorted(edition.rglob("*.json")):
        told = json.loads(path.read_text("utf-8"))
        if "facts" in told:
            for page in (path.with_suffix(".html"), *sorted(path.with_suffix("").glob("*.html"))):
                html = page.read_text("utf-8")
                found[_name(edition, page)] = (html, claims.on_page(html, told))
    return found


def _name(edition: Path, path: Path) -> str:
    return path.relative_to(edition).with_suffix("").as_posix()


@pytest.mark.parametrize("rule", [*claims.RULES, claims.unfounded], ids=lambda rule: rule.__name__)
def test_no_page_breaks_the_rule(rule, pages):
    broken = {name: found for name, page in pages.items() if (found := rule(*page))}
    assert len(pages) == 5 + DOCUMENTS * (21 + len(MUNICIPALITIES)) + len(WITH_WORDS)
    assert broken == {}


def test_no_page_quotes_a_municipalitys_figure_without_its_name(pages, workbook):
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    assert {
        name: found
        for name, page in pages.items()
        if (found := claims.placeless_quotes(*page, names))
    } == {}


def test_no_page_states_an_outcome_of_a_part_year_without_its_mark(pages, workbook):
    entries = workbook.catalogue.entries.values()
    part_year = {
        entry.id: entry.utfall_preliminart for entry in entries if entry.utfall_preliminart
    }
    assert part_year
    for rule in (claims.unmarked_outcomes, claims.unmarked_figures):
        assert {
            name: found for name, page in pages.items() if (found := rule(*page, part_year))
        } == {}
