"""Editions: from one YAML file to checked jobs."""

from collections import Counter
from pathlib import Path

import pytest

from helpers.errors import ParameterError
from helpers.publish.editions import contract_for, expand, read_edition, read_yaml
from helpers.publish.parameters import CONTRACTS
from helpers.publish.plan import EDITIONS
from tests.publish.samples import Atlas

NOTEBOOKS = Path("notebooks")
SOUND = "title: Prov\nar: 2018\nprognoser_ekb: [1500]\n"


def edition(tmp_path: Path, text: str):
    path = tmp_path / "prov.yaml"
    path.write_text(text, "utf-8")
    return read_edition(path)


def refused(tmp_path: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ParameterError) as error:
        expand(edition(tmp_path, text), Atlas(), NOTEBOOKS, "prov.yaml")
    return error.value.problems


def test_all_counties_and_one_countys_municipalities_are_expanded(tmp_path):
    found = edition(tmp_path, SOUND + "lan: alla\nkommuner: {lan: AC}\noversikter: [kallor, utfall]")
    jobs = expand(found, Atlas(), NOTEBOOKS, "prov.yaml")
    assert [job.id for job in jobs] == [
        "oversikt/kallor",
        "oversikt/utfall",
        "lan/01",
        "lan/24",
        "kommun/2480",
        "kommun/2482",
    ]
    assert jobs[1].parameters == {"lan": "AC", "ar": 2018, "prognos_ekb": None, "sprak": "sv"}
    assert [job.group for job in jobs[-2:]] == ["Kommuner i Västerbottens län"] * 2


def test_all_municipalities_are_expanded_county_by_county(tmp_path):
    found = edition(tmp_path, SOUND + "kommuner: alla")
    assert [job.id for job in expand(found, Atlas(), NOTEBOOKS, "prov.yaml")] == [
        "kommun/0114",
        "kommun/2480",
        "kommun/2482",
    ]


def test_the_whole_edition_is_every_municipality_every_county_and_the_five_overviews(workbook):
    jobs = expand(read_edition(EDITIONS / "alla.yaml"), workbook, NOTEBOOKS, "alla.yaml")
    kinds = Counter(job.id.split("/")[0] for job in jobs)
    assert kinds == {"oversikt": 5, "lan": 21, "kommun": 290}
    assert {job.id for job in jobs if job.id.startswith("kommun/")} == {
        f"kommun/{kod}" for kod in workbook.kommuner["kommunkod"]
    }
    assert len({job.notebook for job in jobs}) == 7


def test_the_overview_of_the_country_takes_a_year_and_a_language_only(tmp_path):
    found = edition(tmp_path, SOUND + "oversikter: [riket]")
    (job,) = expand(found, Atlas(), NOTEBOOKS, "prov.yaml")
    assert (job.id, job.name, job.parameters) == ("oversikt/riket", "Riket", {"ar": 2018, "sprak": "sv"})


def test_listed_places_come_in_the_order_of_the_file(tmp_path):
    found = edition(tmp_path, SOUND + 'lan: [AC, AB]\nkommuner: ["2482", "0114"]')
    jobs = expand(found, Atlas(), NOTEBOOKS, "prov.yaml")
    assert [job.id for job in jobs] == ["lan/24", "lan/01", "kommun/2482", "kommun/0114"]


def test_the_standard_edition_asks_for_every_kind_of_report():
    found = read_edition(EDITIONS / "standard.yaml")
    assert (found.lan, found.kommuner.model_dump(), found.ar, found.prognoser_ekb, found.sprak) == (
        "alla",
        {"lan": "AC"},
        2018,
        [1500, 2300],
        "sv",
    )
    assert found.oversikter == ["kallor", "mottagande", "scenarier", "utfall", "riket"]


def test_the_english_edition_is_the_standard_one_for_two_places():
    found = expand(read_edition(EDITIONS / "english.yaml"), Atlas(), NOTEBOOKS, "english.yaml")
    assert [job.id for job in found[5:]] == ["lan/24", "kommun/2480"]
    assert {job.language for job in found} == {"en"}
    assert found[-1].group == "Municipalities in Västerbottens län"


@pytest.mark.parametrize("name", ["vasterbotten-2018", "umea-2018"])
def test_a_single_reports_file_gives_every_parameter_of_its_notebook(name):
    values = read_yaml(EDITIONS / f"{name}.yaml")
    contract = contract_for(values, name)
    assert contract in CONTRACTS.values()
    assert list(values) == list(contract.model_fields)
    assert contract.model_validate(values).model_dump() == values


def test_every_unknown_code_of_an_edition_is_told_once(tmp_path):
    problems = refused(tmp_path, SOUND + 'lan: [XX, AC]\nkommuner: ["9999", "2480", "9998"]')
    assert [problem.split("no ")[1].split(".")[0] for problem in problems] == [
        "county 'XX'",
        "municipality '9999'",
        "municipality '9998'",
    ]


def test_an_unquoted_code_in_a_list_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r'kommuner.*76.*"0114" in quotes'):
        edition(tmp_path, SOUND + "kommuner: [0114]")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: A\ntitle: B", "title stands more than once"),
        ("- AC", "found list"),
        ("title: [", "is not valid YAML"),
        ("", "found NoneType"),
        (SOUND, "asks for no report"),
        (SOUND + "kommuner: {lan: XX}", "no county 'XX'"),
        (SOUND + "kommuner: allt", "kommuner"),
        (SOUND + "lann: alla", "Did you mean lan?"),
        ("title: A\nar: 2018\nlan: alla", "prognoser_ekb: is missing"),
    ],
)
def test_a_faulty_edition_says_what_is_wrong(tmp_path, text, says):
    assert any(says in problem for problem in refused(tmp_path, text))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ParameterError, match=r"ingen\.yaml: cannot be read"):
        read_edition(tmp_path / "ingen.yaml")


@pytest.mark.parametrize("values", [{}, {"lan": "AC", "kommunkod": "2480"}])
def test_a_single_report_is_about_one_place(values):
    with pytest.raises(ParameterError, match="lan"):
        contract_for(values, "fil.yaml")
