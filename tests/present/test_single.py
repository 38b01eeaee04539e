"""A county of one municipality is never told of as if it had several: report, handout and method
page, every year, in both languages; nor is its only municipality set beside its county.
"""

import html
import json
import re

import pytest

from helpers.model.reception import is_single
from helpers.present.language import Language
from helpers.present.topics.assumptions import ASSUMPTIONS
from tests.present.collecting import NOTEBOOKS, Met, noting, run

YEARS = (2015, 2016, 2017, 2018, 2019, 2020, 2022, 2025, 2026)
REPORTS = [path for path in NOTEBOOKS if path.stem in ("10_lansrapport", "11_kommunrapport")]
# of the place's own municipalities in the plural, and of one as if others were left
SEVERAL = {
    "sv": r"länets (?:\S+ )?kommuner|kommunerna i |kommuntalen\b|\b1 kommun\b|\bBara [A-ZÅÄÖ]"
    r"|Kommunerna skulle|summan av kommunernas|mot länet och",
    "en": r"county’s (?:\S+ )?municipalities|municipalities of|municipalities in Gotland"
    r"|\b1 municipality\b|\bOnly [A-Z]|The municipalities were|against the county and",
}


@pytest.fixture(scope="module")
def single(workbook) -> list:
    """The counties that have one municipality, found in the table of municipalities."""
    found = [workbook.county(kod) for kod in workbook.lan["lanskod"]]
    found = [county for county in found if is_single(county)]
    assert found
    return found


def told(markup: str) -> list[str]:
    """A page's texts, a block each; without what is Swedish in an English page."""
    blocks = re.split(r"</?(?:p|li|td|th|figcaption|h\d|summary|div|tr|table)\b[^>]*>", markup)
    texts = (html.unescape(re.sub(r"<[^>]*>", "", block)).strip() for block in blocks)
    return [text for text in texts if text]


def plural(texts: list[str], sprak: str, general: frozenset[str] = frozenset()) -> list[str]:
    """The texts that tell of several municipalities where there is one; not what is said of all of
    Sweden's.
    """
    found = re.compile(SEVERAL[sprak])
    return [text for text in texts if found.search(text) and text not in general]


def said_of_all(workbook, sprak: str) -> frozenset[str]:
    """What a page says of assumptions and sources, whatever its place."""
    language = Language(sprak)
    notes = (entry.warning for entry in workbook.catalogue.tables.values())
    return frozenset(language.t(text) for text in (*ASSUMPTIONS.values(), *notes))


@pytest.mark.parametrize("sprak", ["sv", "en"])
def test_no_text_tells_of_several_municipalities_where_there_is_one(sprak, single, workbook):
    met = Met()
    with noting(met, workbook):
        for county in single:
            for ar in YEARS:
                for path, name in zip(REPORTS, ("lan", "kommunkod"), strict=True):
                    code = county.kod if name == "lan" else county.kommunkoder[0]
                    run(path, {name: code, "ar": ar, "sprak": sprak}, met)
    assert len(met.pages) == len(single) * len(YEARS) * len(REPORTS)
    general = said_of_all(workbook, sprak)
    said = {case: plural(told(page), sprak, general) for case, page in met.pages.items()}
    assert {text for texts in said.values() for text in texts} == set()
    twice = {case: rows for case, page in met.pages.items() if (rows := repeated(page))}
    assert not twice, "the county has a row equal to its only municipality's"


def repeated(page: str) -> list[str]:
    """The tables in which a county or a foot repeats a municipality's row."""
    found = []
    for table in re.findall(r"<table.*?</table>", page, re.S):
        rows = re.findall(r"<tr>(.*?)</tr>", table, re.S)
        cells_of = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in rows]
        own = [tuple(row[1:]) for row in cells_of if row and "<th" in rows[cells_of.index(row)]]
        heads = [re.sub(r"<[^>]*>", "", row[0]) for row in cells_of if row]
        last = [row for head, row in zip(heads, own, strict=False) if head in ("Länet", "Summa")]
        found += [table[:80] for row in last if own.count(row) > 1]
    return found


def prose_always_there() -> list[str]:
    """The lines of prose of the reports' sections that every place has."""
    found = [cell for path in REPORTS for cell in json.loads(path.read_text("utf-8"))["cells"]]
    shown = [
        "".join(cell["source"])
        for cell in found
        if cell["cell_type"] == "markdown"
        and not {"analyst", "optional"} & set(cell["metadata"].get("tags", []))
    ]
    return [line for text in shown for line in text.split("\n")]


def test_prose_of_the_reports_holds_for_a_county_of_one_municipality():
    assert plural(prose_always_there(), "sv") == []
    assert plural(["I 1 av länets 1 kommun var det så."], "sv")


@pytest.mark.parametrize("ar", YEARS)
def test_the_only_municipalitys_quota_is_the_countys_whole_quota(ar, single, workbook):
    for county in single:
        quotas = workbook.lanstal[
            (workbook.lanstal["lanskod"] == county.kod) & (workbook.lanstal["ar"] == ar)
        ].sort_values("galler_fran")
        own = workbook.kommuntal[
            workbook.kommuntal["kommunkod"].isin(county.kommunkoder)
            & (workbook.kommuntal["ar"] == ar)
        ]
        assert own["kommuntal"].tolist() == quotas["lanstal"].tolist()[-1:]
        assert own["harledd"].tolist() == [ar != 2018] * len(own), "2018 is listed"


def test_a_place_with_several_is_told_of_as_before(workbook):
    met = Met()
    with noting(met, workbook):
        run(REPORTS[0], {"lan": "05", "ar": 2018}, met)
    (page,) = met.pages.values()
    assert plural(told(page), "sv")
    assert Language("sv").t("Länet") in told(page)
