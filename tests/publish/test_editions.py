"""Editions: from one YAML file to checked jobs."""

from collections import Counter
from pathlib import Path

import pytest

from helpers.cli.request import scenarios_of
from helpers.editions.edition import contract_for, expand, read_edition, read_yaml
from helpers.editions.parameters import CONTRACTS, ScenarioHead
from helpers.errors import ParameterError
from helpers.make.plan import EDITIONS
from helpers.report.manifest import Imprint
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
    found = edition(
        tmp_path, SOUND + "lan: alla\nkommuner: {lan: AC}\noversikter: [kallor, utfall]"
    )
    jobs = expand(found, Atlas(), NOTEBOOKS, "prov.yaml")
    assert [job.id for job in jobs] == [
        "oversikt/kallor",
        "oversikt/utfall",
        "lan/01",
        "lan/24",
        "kommun/2480",
        "kommun/2482",
    ]
    assert jobs[1].parameters == {"ar": 2018, "prognos_ekb": None, "sprak": "sv"}
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
    assert (job.id, job.name, job.parameters) == (
        "oversikt/riket",
        "Fördelningen i landet",
        {"ar": 2018, "sprak": "sv"},
    )


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
    with pytest.raises(ParameterError, match=r'kommuner.*0114 without quotes.*"0114" in quotes'):
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


KNOWN = {
    "hog": ScenarioHead("Hög prognos", "24", 2018),
    "annat-lan": ScenarioHead("Annat län", "12", 2018),
    "annat-ar": ScenarioHead("Annat år", "24", 2019),
}


def find(name: str) -> ScenarioHead:
    if name not in KNOWN:
        raise ParameterError(f"there is no scenario {name!r}.", "and no second")
    return KNOWN[name]


def test_each_report_that_a_scenario_concerns_is_made_without_it_and_once_more_with_it(tmp_path):
    found = edition(
        tmp_path,
        SOUND + 'lan: [AB, AC]\nkommuner: ["0114", "2480"]\noversikter: [utfall]\nscenarier: [hog]',
    )
    jobs = expand(found, Atlas(), NOTEBOOKS, "prov.yaml", find)
    assert [job.id for job in jobs] == [
        "oversikt/utfall",
        "lan/01",
        "lan/24",
        "kommun/0114",
        "kommun/2480",
        "scenario/hog/lan/24",
        "scenario/hog/kommun/2480",
    ]
    plain, with_it = jobs[4], jobs[6]
    assert with_it.parameters == {**plain.parameters, "scenario": "hog"}
    assert (plain.variant, with_it.variant) == ("", "Scenario: Hög prognos")
    assert plain.parameters["scenario"] is None
    assert (with_it.group, with_it.name) == (
        "Scenario Hög prognos: Kommuner i Västerbottens län",
        "Umeå (Hög prognos)",
    )


def test_every_fault_of_an_editions_scenarios_is_told_with_the_others(tmp_path):
    text = SOUND + 'lan: [XX]\nkommuner: ["2480"]\nscenarier: [finns-inte, annat-ar, hog]'
    with pytest.raises(ParameterError) as refused:
        expand(edition(tmp_path, text), Atlas(), NOTEBOOKS, "prov.yaml", find)
    assert refused.value.exit_code == 2
    assert [problem.removeprefix("prov.yaml: ") for problem in refused.value.problems] == [
        "lan: there is no county 'XX'. Nearest known: AC.",
        "scenarier: there is no scenario 'finns-inte'.",
        "scenarier: and no second",
        "scenarier: annat-ar is of Västerbottens län 2019, and no report of the edition is. "
        "Name its places, or leave it out.",
    ]


@pytest.mark.parametrize("name", ["../x", "a.yaml", "Hög", "a b", "#1", ".."])
def test_a_scenario_that_cannot_be_part_of_an_address_is_refused(tmp_path, name):
    with pytest.raises(ParameterError, match=r"scenarier\.0: found .*digits, - and _"):
        edition(tmp_path, SOUND + f"lan: alla\nscenarier: ['{name}']")


def test_a_scenario_is_named_once(tmp_path):
    with pytest.raises(ParameterError, match=r"scenarier.*each may stand once"):
        edition(tmp_path, SOUND + "lan: alla\nscenarier: [hog, hog]")


def test_the_edition_in_scenarios_is_each_of_its_places_thrice(workbook):
    path = EDITIONS / "vasterbotten-2019.yaml"
    jobs = expand(read_edition(path), workbook, NOTEBOOKS, path.name, scenarios_of(workbook))
    kinds = Counter(job.id.rsplit("/", 2)[0] for job in jobs)
    assert len(jobs) == len({job.id for job in jobs}) == 3 * 16
    assert (
        kinds["scenario/vasterbotten-2019-grund"]
        == kinds["scenario/vasterbotten-2019-nollning"]
        == 16
    )


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ParameterError, match=r"ingen\.yaml: cannot be read"):
        read_edition(tmp_path / "ingen.yaml")


@pytest.mark.parametrize("values", [{}, {"lan": "AC", "kommunkod": "2480"}])
def test_a_single_report_is_about_one_place(values):
    with pytest.raises(ParameterError, match="lan"):
        contract_for(values, "fil.yaml")


IMPRINT = """utgivare: Länsstyrelsen Prov
kontakt: {roll: Enheten, adress: enheten@example.se}
utgava: {datum: "2026-01-15", nummer: "3"}
period: 2018 (barnen del av året)
nasta_utgava: "2026-06-15"
rattelser: [{datum: "2026-01-20", text: Ett tal är rättat.}]
"""


def test_who_publishes_an_edition_and_when_is_no_choice_of_its_reports(tmp_path):
    given, plain = edition(tmp_path, SOUND + IMPRINT), edition(tmp_path, SOUND)
    assert given.choices == plain.choices
    assert given.imprint.utgava.datum == "2026-01-15"
    assert plain.imprint == Imprint()


@pytest.mark.parametrize(
    "line",
    [
        "utgava: {datum: 15 januari, nummer: a}",
        'utgava: {datum: "2026-02-30", nummer: a}',
        'nasta_utgava: "2026-13-01"',
        "kontakt: {roll: Enheten}",
        "utgivare: ''",
        'rattelser: [{datum: "2026-01-20"}]',
    ],
)
def test_an_imprint_that_names_no_day_or_half_a_contact_is_refused(line, tmp_path):
    with pytest.raises(ParameterError, match=line.split(":")[0]):
        edition(tmp_path, SOUND + line + "\n")


def test_a_places_report_leads_to_those_of_its_county_and_the_nation_that_the_edition_has(tmp_path):
    text = SOUND + "lan: [AC]\nkommuner: ['2480', '2482', '0114']\noversikter: [riket, utfall]\n"
    jobs = expand(edition(tmp_path, text), Atlas(), NOTEBOOKS, "prov.yaml")
    links = {job.id: set(job.links) for job in jobs}
    assert links["lan/24"] == {"kommun/2480", "kommun/2482", "oversikt/riket"}
    assert links["kommun/2480"] == {"lan/24", "kommun/2482", "oversikt/riket"}
    assert links["kommun/0114"] == {"oversikt/riket"}
