"""The figures beside a report: each once, none contradicted, unknown as null."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from helpers.report.facts import (
    Evidence,
    Fact,
    Source,
    as_json,
    report_document,
    schema_text,
    unique,
)
from helpers.report.job import Job, ReportError
from tests.publish.provided import PROVED
from tests.publish.samples import END, HEAD

ROOT = Path(__file__).parents[2]
SOURCE = Source(**{name: PROVED[name] for name in Source.model_fields})


def fact(value, **more) -> dict:
    return {
        "name": "utfall",
        "value": value,
        "unit": "barn",
        "key": {"kommunkod": "2480"},
        "sources": ["prov"],
        **more,
    }


def document(*facts: dict, sources: dict | None = None):
    job = Job("lan/24", Path("10_lansrapport.ipynb"), {"lan": "AC", "prognoser_ekb": [1500, 2300]})
    evidence = Evidence(HEAD, [], list(facts), END, documents={})
    return report_document(
        job, evidence, "Hur är läget?", {"prov": SOURCE} if sources is None else sources, "0.1.0+x"
    )


def test_the_documented_schema_is_the_models_own():
    assert (ROOT / "docs" / "report.schema.json").read_text("utf-8") == schema_text()


def test_a_figure_stated_twice_alike_is_written_once():
    assert [found.value for found in document(fact(37), fact(37)).facts] == [37]


def test_a_report_that_contradicts_itself_is_refused():
    with pytest.raises(
        ReportError, match=r"CONTRADICTION.*utfall \(kommunkod 2480\) is 35 barn and 37 barn"
    ):
        document(fact(35), fact(37))


def test_the_same_name_about_another_place_is_another_figure():
    assert len(unique([Fact(**fact(35)), Fact(**fact(37, key={"kommunkod": "2482"}))])) == 2


def test_an_unknown_figure_is_null_and_never_nan():
    text = as_json(document(fact(float("nan"))))
    assert json.loads(text)["facts"][0]["value"] is None
    assert "NaN" not in text


def test_the_same_figure_is_written_alike_however_its_key_was_put_together():
    one, other = ({"a": "1", "b": "2"}, {"b": "2", "a": "1"})
    assert as_json(document(fact(1, key=one))) == as_json(document(fact(1, key=other)))


def test_a_document_is_json_of_one_space_a_step_in_letters_as_they_are():
    written = document(fact(0.1, label="Å"), fact(1e-05, name="liten"), fact(12, name="hel"))
    plain = json.dumps(written.model_dump(by_alias=True), ensure_ascii=False, indent=1)
    assert json.loads(as_json(written)) == json.loads(plain)
    assert as_json(written).splitlines()[:2] == plain.splitlines()[:2]
    assert '"label": "Å"' in as_json(written)


def test_a_zero_is_kept_apart_from_the_unknown():
    assert json.loads(as_json(document(fact(0))))["facts"][0]["value"] == 0


def test_a_source_outside_the_catalogue_is_refused():
    with pytest.raises(ReportError, match=r"UNKNOWN_SOURCE.*rykte"):
        document(fact(37, sources=["rykte"]))


def test_only_the_sources_used_are_listed_with_their_provenance():
    listed = document(fact(37), sources={"prov": SOURCE, "annan": SOURCE}).sources
    assert {name: source.producer for name, source in listed.items()} == {"prov": "Provverket"}


@pytest.mark.parametrize("more", [{"origin": "gissning"}, {"extra": 1}, {"value": [1]}])
def test_a_figure_of_another_form_is_refused(more):
    with pytest.raises(ValidationError):
        Fact.model_validate({**fact(1), **more})
