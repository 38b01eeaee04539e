"""The dated rules are data: each says who says so, and what is computed follows the file."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from helpers import cases, tables
from helpers.cases import scenarios
from helpers.cases.scenario_file import ScenarioFile
from helpers.contracts.limits import LIMITS
from helpers.errors import DataError
from helpers.model.forecasts import forecast_for
from helpers.present.topics.assumptions import ASSUMPTIONS
from helpers.sources import load_catalogue
from helpers.sources.rules import ASSUMPTION, FILE, load_rules
from helpers.tables.check import dated_rules

PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "data"
HANDED = {"fran": "2401", "till": "2480"}
SEEDED = """
[[fulfilment]]
value = true
unit = "counted"
from = 2016-01-01
source = "Någon"
"""


def changed(folder, *changes):
    """The tables of a copy of the data folder in whose rules some words are others."""
    path = folder / FILE
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    return tables.load(folder)


def plan(ar):
    """A county's scenario in which Nordmaling hands over its share."""
    return ScenarioFile(
        namn="Prov", lan="24", ar=ar, prognos_ekb=1500, flytt=[HANDED], godkant=["2480"]
    )


def test_each_rule_names_a_source_or_the_assumption_that_it_is():
    documented = set(
        re.findall(r"^## (A\d+)", (PROJECT / "docs/assumptions.md").read_text("utf-8"), re.M)
    )
    for name, entries in load_rules(load_catalogue()):
        for entry in entries:
            named = set(ASSUMPTION.findall(entry.note))
            assert entry.source or named, name
            assert named <= documented, name


def test_every_rule_of_the_file_reaches_the_model():
    written = tomllib.loads((DATA / FILE).read_text("utf-8"))
    given = vars(dated_rules(load_catalogue()))
    assert {*written} - {"fulfilment"} == {*given} - {"counted_from"}
    for name in {*written} - {"fulfilment"}:
        assert given[name] == tuple((one["from"].year, one["value"]) for one in written[name])
    assert given["counted_from"] == written["fulfilment"][0]["from"].year


def test_from_which_year_shares_may_be_handed_over_is_as_the_file_says(data_copy):
    assert scenarios.refusals_of(tables.load(data_copy), plan(2019)) == ()
    later = changed(data_copy, ("to = 2018-12-31", "to = 2019-12-31"), ("2019-01-01", "2020-01-01"))
    (refusal, *_) = scenarios.refusals_of(later, plan(2019))
    assert (refusal.code, refusal.ar, refusal.from_ar) == ("too_early", 2019, 2020)
    assert refusal.promille is None
    assert scenarios.refusals_of(later, plan(2020)) == ()


def test_a_year_that_forbids_again_what_was_allowed_is_refused_as_such(data_copy):
    once = '[[redistribution]]\nvalue = false\nunit = "allowed"\nfrom = 2020-01-01\nsource = "x"\n'
    path = data_copy / FILE
    text = path.read_text("utf-8")
    path.write_text(text.replace("from = 2019", "to = 2019-12-31\nfrom = 2019", 1) + once, "utf-8")
    book = tables.load(data_copy)
    assert scenarios.refusals_of(book, plan(2019)) == ()
    assert [one.code for one in scenarios.refusals_of(book, plan(2020))] == ["not_in_year"]


def test_the_least_share_is_as_the_file_says(data_copy):
    book = changed(data_copy, ("value = 0.0", "value = 1.5"))
    refusals = scenarios.refusals_of(book, plan(2019).model_copy(update={"flytt": []}))
    assert {(one.code, one.limit) for one in refusals} == {("below_least", 1.5)}


def test_the_least_unknown_share_is_as_the_file_says(data_copy, workbook):
    file = plan(2019).model_copy(update={"flytt": []})
    assert scenarios.run_scenario(workbook, file).placed == (39, 54)
    head, mark, tail = (data_copy / FILE).read_text("utf-8").partition("[[least_unknown_share]]")
    (data_copy / FILE).write_text(head + mark + tail.replace("1.0", "3.5"), "utf-8")
    assert scenarios.run_scenario(tables.load(data_copy), file).placed == (38, 58)


def test_from_when_fulfilment_is_counted_is_as_the_file_says(data_copy, workbook):
    assert scenarios.arrived_before(workbook, 2018) == (2199 + 1336, True)
    later = changed(
        data_copy, ('from = 2016-01-01\nsource = "Migr', 'from = 2017-01-01\nsource = "Migr')
    )
    assert scenarios.arrived_before(later, 2018) == (1336, True)


def test_a_report_that_follows_a_rule_depends_on_the_file():
    book = tables.load()
    place = book.county("AC")
    forecast = forecast_for(book.prognoser, 2018, None)
    assert FILE not in book.catalogue.read
    cases.suppose(book, place, 2018, forecast)
    assert FILE in book.catalogue.read
    assert FILE in tables.fingerprints()


def test_the_years_that_sentences_and_limits_name_are_the_rules(workbook):
    counted = workbook.rules.counted_from
    assert LIMITS["scenario_year"].least == counted
    for name, ending in {"A1": "januari", "A15": "sedan"}.items():
        assert f"{ending} {counted}." in ASSUMPTIONS[name]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[[fulfilment]]", "[[fullfilment]]"), "fulfilment.*Field required"),
        (("value = true", 'value = "yes"'), "value"),
        (('unit = "‰"', 'unit = "%"'), "unit"),
        (("from = 2016-01-01", "from = 2016-03-01"), "begins on a 1 January"),
        (("to = 2018-12-31", "to = 2018-11-30"), "ends on a 31 December"),
        (("to = 2018-12-31", "to = 2017-12-31"), "begins the day after"),
        (('source = ""', 'source = ""\nwho = 1'), "who"),
        (("Own choice, A15:", "Own choice:"), "write who says so"),
        (("value = 1.0", "value = 1001.0"), "less than or equal to 1000"),
        (("value = true", "value ="), "not readable as TOML"),
    ],
)
def test_a_faulty_rule_is_told_with_its_place_when_the_tables_are_loaded(change, said, data_copy):
    with pytest.raises(DataError, match=rf"(?s)data/rules\.toml.*{said}"):
        changed(data_copy, change)


def test_a_missing_file_of_rules_is_told(data_copy):
    (data_copy / FILE).unlink()
    with pytest.raises(DataError, match=r"data/rules\.toml: the file is missing"):
        tables.load(data_copy)


def test_all_faults_are_told_at_once(data_copy):
    (data_copy / FILE).write_text(SEEDED.replace("true", "1"), "utf-8")
    with pytest.raises(DataError) as told:
        tables.load(data_copy)
    for name in ("fulfilment", "redistribution", "least_share", "least_unknown_share"):
        assert f"[[{name}]]" in str(told.value)
    shutil.copy(DATA / FILE, data_copy / FILE)
    tables.load(data_copy)
