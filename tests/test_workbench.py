"""The workbench's desk: files as the command line takes them, reports in a process of their own,
reasons in Swedish.
"""

import datetime
import io
import sys
import zipfile
from dataclasses import replace
from threading import Event

import pytest

from benchmarks import workbench as benchmark
from helpers import tables, workbench
from helpers.cases.scenarios import load_scenario, run_scenario
from helpers.errors import BusyError
from helpers.model.redistribution import Move, PlanError
from helpers.present.desk import Choice, DeskError, Made
from helpers.workbench import Desk
from tests.patience import PATIENCE

DAY = datetime.date(2026, 3, 1)
PICKED = Choice(
    "AC",
    2019,
    2300,
    (1500,),
    attachment=0.1,
    moves=(Move("2401", "2480"),),
    places={("2480", "platser_hem"): 20, ("2480", "platser_familjehem"): 0},
    name="Nordmaling till Umeå",
    note="Prövat i mars",
)


@pytest.fixture
def data(data_copy):
    return tables.load(data_copy)


@pytest.fixture
def desk(data):
    return Desk(data, DAY)


def files(data):
    return {path.name: path.read_bytes() for path in (data.catalogue.root / "scenarios").iterdir()}


def test_what_is_picked_is_what_the_saved_file_says_when_it_is_read_again(desk, data):
    path = desk.save(PICKED)
    assert path.endswith("scenarios/nordmaling-till-umea.yaml")
    read = load_scenario(data, "nordmaling-till-umea")
    assert (read.namn, read.lan, read.ar, read.prognos_ekb) == (
        "Nordmaling till Umeå",
        "AC",
        2019,
        2300,
    )
    assert (read.anknytning, read.anteckning, read.datum) == (0.1, "Prövat i mars", DAY)
    assert [(one.fran, one.till, one.andelstal) for one in read.flytt] == [("2401", "2480", None)]
    assert read.godkant == ["2480"]
    assert {(one.kommunkod, one.slag): one.antal for one in read.kapacitet} == dict(PICKED.places)
    assert {(one.kalla, one.datum) for one in read.kapacitet} == {("Arbetsbänken", DAY)}


def test_the_answer_is_the_one_of_a_scenario_file(desk, data):
    desk.save(PICKED)
    table = run_scenario(data, load_scenario(data, "nordmaling-till-umea")).table
    shown = next(view for view in desk.answer(PICKED) if view.id == "prova_placering")
    columns = ["kommunkod", "andelstal", "expected", "placed_low", "placed_high", "low", "high"]
    found, expected = (
        frame[columns].sort_values("kommunkod", ignore_index=True) for frame in (shown.frame, table)
    )
    assert found.equals(expected)


REFUSED = {
    "no name": (replace(PICKED, name=" … "), "minst en bokstav eller siffra"),
    "a name too long": (replace(PICKED, name="x" * 101), "högst {antal} tecken"),
    "a file that is there": (replace(PICKED, name="Västerbotten 2018"), "finns redan"),
}


@pytest.mark.parametrize(("choice", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_saved_is_refused_with_the_reason_and_nothing_is_written(
    desk, data, choice, reason
):
    before = files(data)
    with pytest.raises(DeskError) as refused:
        desk.save(choice)
    assert refused.value.text.startswith("Inget sparades.")
    assert reason in refused.value.text
    assert files(data) == before


def test_what_has_no_known_share_cannot_be_saved_where_none_is_estimated(data):
    choice = replace(PICKED, lan="M", moves=(), places={})
    with pytest.raises(DeskError, match="saknas här"):
        Desk(data, estimate=False).save(choice)


def test_another_county_is_answered_by_its_estimated_shares_and_says_so(desk, data):
    choice = replace(PICKED, lan="E", moves=(), places={})
    views = desk.answer(choice)
    shown = next(view for view in views if view.id == "prova_placering")
    assert set(shown.frame["kommunkod"]) == set(data.county("E").kommunkoder)
    assert shown.frame["estimated"].all()
    assert "uppskattade" in [view.id for view in views]


def test_a_plan_that_breaks_a_rule_is_not_saved(desk, data):
    before = files(data)
    with pytest.raises(PlanError) as refused:
        desk.save(replace(PICKED, ar=2018))
    assert "too_early" in {one.code for one in refused.value.refusals}
    assert files(data) == before


def test_a_file_that_is_there_is_replaced_only_when_asked(desk, data):
    desk.save(PICKED)
    desk.save(replace(PICKED, prognos=1500), replace=True)
    assert load_scenario(data, "nordmaling-till-umea").prognos_ekb == 1500


def test_a_folder_that_cannot_be_written_is_told_with_the_programmes_own_words(desk, data):
    folder = data.catalogue.root / "scenarios"
    folder.rename(folder.with_name("aside"))
    folder.write_text("no folder", "utf-8")
    with pytest.raises(DeskError) as refused:
        desk.save(PICKED)
    assert refused.value.text == workbench.NOT_SAVED
    assert f"{folder.parent}: {folder.name}" in refused.value.detail
    assert folder.read_text("utf-8") == "no folder"


def put(data, text, name="prov"):
    (data.catalogue.root / "scenarios" / f"{name}.yaml").write_text(text, "utf-8")


def test_a_saved_choice_is_opened_as_it_was_picked(desk):
    picked = replace(PICKED, made="aret_fore")
    desk.save(picked)
    assert desk.open("nordmaling-till-umea") == replace(picked, compared=())


def test_sound_files_of_the_county_and_year_can_be_opened(desk, data):
    put(data, SOUND.replace("AC", "'24'"), "med-kod")
    put(data, SOUND + "okant: 1\n", "fel")
    assert desk.scenarios("AC", 2019) == [
        "med-kod",
        "vasterbotten-2019-grund",
        "vasterbotten-2019-nollning",
    ]
    assert desk.open("med-kod").lan == "AC"
    assert desk.scenarios("Y", 2018) == []


SOUND = "namn: Prov\nlan: AC\nar: 2019\nprognos_ekb: 2300\n"
ROOM = (
    "kapacitet: [{kommunkod: '2480', slag: personal, antal: 1, datum: 2019-01-01, kalla: prov}]\n"
)
BEYOND = {
    "anknytning": SOUND + "anknytning: 0.125\n",
    "fordelning": SOUND + "fordelning: [900, 1500, 2300]\n",
    "ovriga_landet": SOUND + "ovriga_landet: lika\n",
    "placerade_fore": SOUND + "placerade_fore: {'2480': 1}\n",
    "placerade_riket": SOUND + "placerade_riket: 900\n",
    "andelstal": SOUND + "andelstal: {'2480': 9}\n",
    "flytt": SOUND + "flytt: [{fran: '2401', till: '2480', andelstal: 0.5}]\ngodkant: ['2480']\n",
    "godkant": SOUND + "godkant: ['2482']\n",
    "minsta_andelstal": SOUND + "minsta_andelstal: 0.5\n",
    "kapacitet": SOUND + ROOM,
    "anteckning": SOUND + 'anteckning: "a\\u202eb"\n',
}


@pytest.mark.parametrize("said", BEYOND)
def test_a_file_with_what_the_widgets_cannot_show_is_refused_and_that_is_named(desk, data, said):
    put(data, BEYOND[said])
    with pytest.raises(DeskError) as refused:
        desk.open("prov")
    assert refused.value.text == workbench.BEYOND
    (what,) = refused.value.values["delar"]
    assert what.endswith(f"({said})")


def test_all_that_the_widgets_cannot_show_is_named_at_once():
    assert [what.split("(")[-1].rstrip(")") for what in workbench.BEYOND_WIDGETS] == [*BEYOND]


def test_a_faulty_file_is_not_opened_and_the_programme_says_why(desk, data):
    put(data, SOUND + "okant: 1\n")
    with pytest.raises(DeskError) as refused:
        desk.open("prov")
    assert refused.value.text == workbench.NOT_OPENED
    assert "okant" in refused.value.detail


def test_a_file_whose_plan_breaks_a_rule_is_not_opened(desk, data):
    put(data, SOUND + "flytt: [{fran: '2401', till: '2480'}]\n")
    with pytest.raises(PlanError) as refused:
        desk.open("prov")
    assert {one.code for one in refused.value.refusals} == {"not_agreed"}


def test_a_report_of_a_file_that_is_gone_is_told_in_the_command_lines_own_words(
    desk, monkeypatch, tmp_path
):
    monkeypatch.setenv("MOTTAGNING_REPORTS", str(tmp_path / "reports"))
    ended, outcome = Event(), []
    desk.render(
        replace(PICKED, name="Aldrig sparad"),
        "sv",
        lambda told: (outcome.append(told), ended.set()),
    )
    assert ended.wait(PATIENCE)
    assert isinstance(outcome[0], DeskError)
    assert outcome[0].text == workbench.NOT_MADE
    assert "aldrig-sparad" in outcome[0].detail
    assert not list(tmp_path.rglob("*.html"))


def test_a_report_is_refused_while_another_run_writes_there(desk, monkeypatch):
    busy = [sys.executable, "-c", f"import sys; sys.exit({BusyError.exit_code})"]
    monkeypatch.setattr(workbench, "COMMAND", busy)
    told = desk.report(PICKED, "sv")
    assert isinstance(told, DeskError)
    assert told.text == workbench.BUSY


def test_a_report_is_made_from_the_saved_file_in_the_folder_for_reports(
    desk, monkeypatch, tmp_path
):
    monkeypatch.setenv("MOTTAGNING_REPORTS", str(tmp_path / "reports"))
    desk.save(PICKED)
    made = desk.report(PICKED, "en")
    assert isinstance(made, Made), made
    (single,) = (tmp_path / "reports" / "single").glob("2019-scenario-*-sprak-en/lan/24.html")
    with zipfile.ZipFile(io.BytesIO(made.archive)) as packed:
        page = packed.read("24.html").decode()
        assert [packed.read(name) for name in packed.namelist()] == [
            (single.parent / name).read_bytes() for name in packed.namelist()
        ]
    assert len(set(packed.namelist())) == 5
    assert '<html lang="en"' in page
    assert "Nordmaling till Umeå" in page


def test_the_benchmark_measures_every_part_of_an_answer():
    taken = benchmark.measure("AC", 2)
    assert [*taken] == ["computation", "words and tables", "figure 1", "figure 2"]
    assert all(len(times) == 2 for times in taken.values())
    assert len(benchmark.table(taken).splitlines()) == 2 + len(taken)
