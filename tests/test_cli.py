"""The command line as a user meets it: what it says, how it ends, what it leaves alone."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.text import Text

from helpers import cli
from helpers.cli.app import app
from helpers.cli.options import report_declarations, run_options
from helpers.make import plan
from helpers.make.warm_reports import run_warm
from helpers.releases import folder
from helpers.report.job import Job
from tests.edits import edit

DATA = Path(__file__).parents[1] / "data"
WRONG = [
    (["report", "--lan", "XX"], 2, "lan: there is no county 'XX'. Nearest known"),
    (["report", "--kommunkod", "9999"], 2, "no municipality '9999'"),
    (["report", "--kommunkod", "../x"], 2, "found '../x'"),
    (["report"], 2, "names neither lan nor kommunkod"),
    (["report", "--lan", "AC", "--scenario", "vasterbotten"], 2, "Did you mean vasterbotten-2018?"),
    (["report", "--lan", "AC", "--scenario", "../x"], 2, "without folder and .yaml"),
    (
        ["report", "--lan", "BD", "--scenario", "vasterbotten-2018"],
        2,
        "is of Västerbottens län, the report of",
    ),
    (
        ["report", "--kommunkod", "2480", "--scenario", "vasterbotten-2019-grund"],
        2,
        "write 2019 as the year",
    ),
    (["report", "--lan", "AC", "--kommunkod", "2480"], 2, "names both"),
    (["report", "--lan", "AC", "--prognos-ekb", "1,5"], 2, "prognos_ekb: found '1,5'"),
    (["report", "--lan", "AC", "--ar", "1899"], 2, "ar: found 1899"),
    (["report", "--file", "ingen.yaml"], 2, "ingen.yaml: cannot be read"),
    (["reports", "--edition", "standrad"], 2, "Did you mean standard?"),
    (["reports", "--only", "landskap/*"], 2, "no report's id matches 'landskap/*'"),
    (["report", "--prognos", "1500"], 2, "No such option"),
    (["rapport"], 2, "No such command"),
    (["sources", "--record", "rykte"], 2, "no table 'rykte'"),
    (["report", "--lan", "AC", "--data", "/nonexistent"], 5, "sources.toml"),
]


@pytest.fixture(autouse=True)
def _calm(monkeypatch):
    """No setting of the machine's, and none that outlives a test."""
    monkeypatch.setenv("MOTTAGNING_DATA", str(DATA))
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture
def copied(tmp_path) -> Path:
    """A copy of the published tables that a test may spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    """Return exit code, output and messages of one call."""
    with pytest.raises(SystemExit) as end:
        cli.main(arguments)
    said = capsys.readouterr()
    return end.value.code or 0, said.out, Text.from_ansi(said.err).plain


def test_a_scenario_whose_plan_breaks_a_rule_is_refused_before_anything_runs(
    tmp_path, copied, capsys
):
    file = copied / "scenarios" / "vasterbotten-2019-nollning.yaml"
    file.write_text(
        file.read_text("utf-8").replace('godkant: ["2480", "2482"]', 'godkant: ["2480"]'), "utf-8"
    )
    call = ["report", "--lan", "AC", "--ar", "2019", "--scenario", file.stem, "--data", str(copied)]
    ended, out, err = run(capsys, *call, "--out", str(tmp_path / "out"))
    assert (ended, out) == (2, "")
    assert "Skellefteå has not agreed to receive" in " ".join(err.split())
    assert not (tmp_path / "out").exists()


def test_every_scenario_of_an_edition_that_cannot_be_shown_is_told_before_anything_runs(
    tmp_path, copied, capsys
):
    file = copied / "scenarios" / "vasterbotten-2019-nollning.yaml"
    file.write_text(
        file.read_text("utf-8").replace('godkant: ["2480", "2482"]', 'godkant: ["2480"]'), "utf-8"
    )
    edition = tmp_path / "prov.yaml"
    names = f"[{file.stem}, vasterbotten-2018, vasternorrland-2022-ange, vasterboten]"
    edition.write_text(
        f"title: Prov\nar: 2019\nprognoser_ekb: [1500]\nlan: [AC]\nscenarier: {names}\n", "utf-8"
    )
    call = [
        "reports",
        "--edition",
        str(edition),
        "--data",
        str(copied),
        "--out",
        str(tmp_path / "out"),
    ]
    ended, out, err = run(capsys, *call)
    told = " ".join(err.split())
    assert (ended, out) == (2, "")
    for says in (
        "prov.yaml: scenarier: vasterbotten-2019-nollning: ",
        "Skellefteå has not agreed to receive",
        "prov.yaml: scenarier: vasterbotten-2018 is of Västerbottens län 2018, and no report of the edition is.",
        "prov.yaml: scenarier: vasternorrland-2022-ange is of Västernorrlands län 2022, and no report of",
        "prov.yaml: scenarier: there is no scenario 'vasterboten'. Did you mean vasterbotten-2018?",
    ):
        assert says in told
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "says"), WRONG, ids=[" ".join(call) for call, _, _ in WRONG]
)
def test_a_mistake_is_one_message_an_exit_code_and_nothing_written(
    tmp_path, capsys, arguments, code, says
):
    takes_out = arguments[0].startswith("report")
    ended, out, err = run(
        capsys, *arguments, *(["--out", str(tmp_path / "out")] if takes_out else [])
    )
    assert ended == code
    assert says in err
    assert "Traceback" not in err + out
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("kommunkod: 0114", 'write kommunkod: "0114" in quotes'),
        ("lan: AC\nprognos: 1500", "'prognos' is no parameter here. Did you mean prognos_ekb?"),
        ("lan: AC\nar: 2018\nar: 2019", "ar stands more than once"),
    ],
)
def test_a_faulty_parameter_file_is_refused_by_its_name(tmp_path, capsys, text, says):
    (tmp_path / "min.yaml").write_text(text, "utf-8")
    code, _, err = run(
        capsys, "report", "--file", str(tmp_path / "min.yaml"), "--out", str(tmp_path / "out")
    )
    assert (code, not (tmp_path / "out").exists()) == (2, True)
    assert "min.yaml: " in err
    assert says in err


def test_all_mistakes_of_a_call_are_told_at_once(tmp_path, capsys):
    call = ["report", "--lan", "XX", "--ar", "x", "--sprak", "fi", "--prognoser-ekb", "1500,-2"]
    _, _, err = run(capsys, *call, "--out", str(tmp_path / "out"))
    waited, *mistakes = err.splitlines()
    assert (waited, len(mistakes)) == ("Reading the tables.", 4)


READS_NOTHING = {"helpers", "typer", "pydantic", "yaml", "psutil"}
READS_TABLES = READS_NOTHING | {"rich", "pandas", "numpy", "pyarrow", "pandera", "babel"}
MAY_IMPORT = {  # of what is large; a command that is not here makes reports, or fetches
    "--help": READS_NOTHING | {"rich"},
    "status": READS_NOTHING,
    "history": READS_NOTHING | {"rich"},
    "releases": READS_NOTHING,
    "sources": READS_NOTHING | {"rich"},
    "warm status": READS_NOTHING,
    "data status": READS_TABLES,
    "check": READS_TABLES,
    "scenario run vasterbotten-2018": READS_TABLES,
}
LARGE = READS_TABLES | {
    "bs4", "geopandas", "hypothesis", "IPython", "ipykernel", "jinja2", "matplotlib", "nbclient", "nbconvert",
    "nbformat", "papermill", "requests", "scipy", "seaborn", "stamina",
}  # fmt: skip


@pytest.mark.parametrize("call", MAY_IMPORT)
def test_a_light_command_imports_only_what_it_takes(call, tmp_path):
    code = "import atexit, sys; from helpers.cli import main; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); main()"
    environment = {
        **os.environ,
        "MOTTAGNING_REPORTS": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path),
    }
    told = subprocess.run(
        [sys.executable, "-c", code, *call.split()],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    found = {name for name in told.stderr.splitlines()[-1].split() if "." not in name}
    assert found & LARGE - MAY_IMPORT[call] == set()
    assert "helpers" in found


def test_what_reports_import_needs_no_pandera_which_the_reading_of_tables_has_alone():
    code = "import sys, helpers.cases, helpers.present.topics; print('pandera' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"]


def test_reading_tables_needs_no_arithmetic_of_chance_and_a_notebook_has_it_from_its_first_cell():
    chance = "'scipy.special' in sys.modules"
    code = f"import sys, helpers.tables; print({chance}); import helpers.present.topics; print({chance})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True"]


class Asked:
    """A supervisor that keeps its orders and does nothing."""

    def __init__(self, scratch):
        self.scratch, self.orders = scratch, []
        self.begin = self.orders.append

    def outcomes(self, tasks):
        """Give none."""
        return iter(())


def test_the_solver_is_imported_before_the_fork_only_where_a_report_is_of_a_scenario(tmp_path):
    plain = Job("lan/24", tmp_path / "a.ipynb", {"lan": "AC", "scenario": None})
    supposed = replace(plain, parameters={"lan": "AC", "scenario": "egen"})
    options = run_options(tmp_path, None, None, "warm")
    setting = plan.Setting(
        tmp_path,
        plan.Frame({}),
        {},
        warm=options.warm,
        parting=options.parting,
        parted=options.parted,
    )
    asked = Asked(tmp_path)
    for jobs in ([plain], [plain, supposed]):
        assert list(run_warm(jobs, setting, 1, asked)) == []
    assert ["scipy.optimize" in order.warm for order in asked.orders] == [False, True]


def test_a_missing_table_stops_the_run_before_anything_is_written(tmp_path, capsys, copied):
    next((copied / "published").glob("folkmangd*")).unlink()
    code, _, err = run(capsys, "reports", "--data", str(copied), "--out", str(tmp_path / "out"))
    assert (code, not (tmp_path / "out").exists()) == (5, True)
    assert "folkmangd" in err


def test_a_share_with_a_decimal_point_stops_the_run(tmp_path, capsys, copied):
    table = copied / "published" / "andelstal_2018_ac.csv"
    table.write_text(table.read_text("utf-8").replace("11,97", "11.97"), "utf-8")
    run(capsys, "sources", "--record", "andelstal_2018_ac", "--data", str(copied))
    code, _, err = run(
        capsys, "report", "--lan", "AC", "--data", str(copied), "--out", str(tmp_path / "out")
    )
    assert (code, not (tmp_path / "out").exists()) == (5, True)
    assert "11.97" in err


def test_a_folder_that_cannot_be_written_is_a_fault_of_the_machine(tmp_path, capsys):
    (tmp_path / "file").write_text("", "utf-8")
    code, _, err = run(capsys, "report", "--lan", "AC", "--out", str(tmp_path / "file" / "out"))
    assert code == 4
    assert "Choose another folder with --out" in err


def test_a_second_run_ends_at_once_and_names_the_holder(tmp_path, capsys):
    with folder.held(tmp_path, "Lägesrapporter 2018"):
        code, _, err = run(capsys, "reports", "--out", str(tmp_path))
    assert code == 75
    assert "(Lägesrapporter 2018) is writing here" in err


def test_the_ledger_agrees_but_for_what_is_known(capsys):
    code, out, _ = run(capsys, "check", "--json")
    told = json.loads(out)
    sums = [row for row in told["ledger"] if row["published"] == 35 and row["recomputed"] == 37]
    assert (code, told["unknown"], len(sums)) == (0, 0, 1)


def test_a_disagreement_that_no_source_knows_of_ends_with_5(capsys, copied):
    catalogue = copied / "sources.toml"
    text = catalogue.read_text("utf-8")
    known = text.replace("andelstal_2018_ac.utfall_sum", "andelstal_2018_ac.okand")
    assert known != text
    catalogue.write_text(known, "utf-8")
    code, out, _ = run(capsys, "check", "--data", str(copied))
    assert code == 5
    assert "1 disagree and are not known" in out


def test_what_seems_to_be_someones_is_warned_of_by_its_cell_and_never_shown(capsys, copied):
    edit(copied, "lan_22_utsagor", ("Den kan ändras i april.", "Ring 19900101-1234."))
    code, out, _ = run(capsys, "check", "--json", "--data", str(copied))
    (warning,) = json.loads(out)["warnings"]
    assert code == 0
    assert "utsagor.csv, row 3" in warning
    assert "personnummer" in warning
    assert "1990" not in out


def test_every_source_is_listed_with_its_provenance(capsys):
    _, out, _ = run(capsys, "sources", "--json")
    tables = {table["id"]: table for table in json.loads(out)["tables"]}
    assert tables["andelstal_2018_ac"]["origin"] == "county"
    assert len(tables["andelstal_2018_ac"]["discrepancies"]) == 2
    assert all(
        table["producer"] and table["published"] and table["read_on"] for table in tables.values()
    )


def test_a_checksum_is_recorded_anew_only_when_asked(capsys, copied):
    table = copied / "published" / "lan.csv"
    table.write_bytes(table.read_bytes() + b"\n")
    code, out, _ = run(capsys, "sources", "--record", "lan", "--json", "--data", str(copied))
    told = json.loads(out)
    assert code == 0
    assert told["before"] != told["after"]
    assert told["after"] in (copied / "sources.toml").read_text("utf-8")


def test_one_report_lies_beside_its_figures_and_is_told_as_json(tmp_path, capsys):
    call = [
        "report",
        "--kommunkod",
        "2480",
        "--prognoser-ekb",
        "1 500; 2 300",
        "--out",
        str(tmp_path),
        "--json",
    ]
    code, out, _ = run(capsys, *call)
    told = json.loads(out)
    assert (code, told["delivered"], told["failed"]) == (0, ["kommun/2480"], [])
    document = json.loads(Path(told["page"]).with_suffix(".json").read_text("utf-8"))
    assert document["parameters"]["prognoser_ekb"] == [1500, 2300]
    assert document["title"] == "Mottagandet i Umeå 2018"


def test_the_default_folder_of_one_report_is_not_the_editions():
    assert plan.Options().out == plan.REPORTS
    assert "reports/single/YEAR/" in _help("report")


def test_the_options_of_report_are_the_contracts_with_its_words():
    text = " ".join(_help("report").split())
    for declaration in report_declarations().values():
        assert f"--{declaration.name.replace('_', '-')}" in text
        assert declaration.help.split(",")[0] in text


@pytest.mark.parametrize("command", ["reports", "report", "check", "sources"])
def test_every_command_teaches_by_example_and_prints_json(command):
    text = _help(command)
    assert f"mottagning {command}" in text.split("Example")[1]
    assert "--json" in text
    assert "--data" in text


def _help(command: str) -> str:
    """Return a command's help as plain text on a wide terminal."""
    from typer.testing import CliRunner

    shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    return Text.from_ansi(shown.output).plain.replace("│", " ")


def test_each_command_is_in_the_file_of_its_name():
    """A group's commands are in the group's file or in one that begins with its name."""
    for command in app.registered_commands:
        name = command.callback.__name__
        assert command.callback.__module__ == f"helpers.cli.{name}"
    for group in app.registered_groups:
        modules = {one.callback.__module__ for one in group.typer_instance.registered_commands}
        assert all(name.startswith(f"helpers.cli.{group.name}") for name in modules), modules
