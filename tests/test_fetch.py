"""`mottagning data fetch` as a user meets it: years filled, compared, revised; nothing lost without
a network.
"""

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Event

import pytest
from typer.testing import CliRunner

from helpers import cases, tables
from helpers.cli import data_fetch
from helpers.cli.app import app
from helpers.errors import DataError, SetupError
from helpers.sources import imported, load_catalogue
from helpers.sources.recording import record
from helpers.sources.web import Patience
from tests.patience import MOMENT, PATIENCE, until
from tests.sources import pxweb_server
from tests.sources.kolada_server import CHECK, SEEDED, TITLES, YEARS, fill, known_reception, running
from tests.sources.serving import people

pytestmark = pytest.mark.xdist_group("fetch")

MOTTAGNING = Path(sys.executable).parent / "mottagning"
QUICK = Patience(
    wait_initial=0.001, wait_max=0.01, retry_after_max=0.05, connect_timeout=PATIENCE, read_timeout=PATIENCE,
    whole_timeout=PATIENCE, pause=0,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _calm(monkeypatch):
    """No long waits, no proxy, no setting of the machine's."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(data_fetch, "PATIENCE", QUICK)
    monkeypatch.setattr(data_fetch, "SCB_PATIENCE", QUICK)


@pytest.fixture(scope="module")
def filled():
    """One server with all five KPIs; tests that change its values put them back."""
    with running(page_size=200) as server:
        fill(server)
        yield server


@pytest.fixture
def server(filled):
    """The filled server, its troubles and log emptied."""
    filled.asked.clear()
    filled.troubles.clear()
    filled.titles = dict(TITLES)
    return filled


@pytest.fixture
def scb():
    """SCB's server with the project's own population of 2008–2019."""
    with pxweb_server.running() as server:
        yield server


@pytest.fixture
def data(data_copy, monkeypatch):
    """A data folder with the project's own tables only."""
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    return data_copy


def _fetch(server, *options):
    given = ["data", "fetch", "--base-url", server.base_url, "--source", "kolada", *options]
    return _run(given if "--years" in options else [*given, "--years", "2008-2018"])


def _both(server, scb, *options):
    """Ask both for little: the population and the reception of the years given."""
    both = ["--source", "kolada,scb", "--base-url", server.base_url, "--scb-url", scb.base_url]
    return ["data", "fetch", *both, "--kpi", "N01986", *options]


def _from_scb(scb, *options):
    return _run(["data", "fetch", "--source", "scb", "--scb-url", scb.base_url, *options])


def _run(given):
    ran = CliRunner().invoke(app, given)
    if ran.exception and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    assert ran.exit_code == 0, ran.output
    return ran


def _result(server, *options):
    (only,) = json.loads(_fetch(server, "--json", *options).stdout)["sources"]
    return only


def _on_day(monkeypatch, iso):
    class AnyDay(type):  # who asks whether a day is a date means the real ones too
        def __instancecheck__(cls, value):
            return isinstance(value, date)

    class Day(date, metaclass=AnyDay):
        @classmethod
        def today(cls):
            return cls.fromisoformat(iso)

    monkeypatch.setattr(data_fetch.datetime, "date", Day)


def _rows(data, table_id):
    with load_catalogue(data).file(table_id).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _state(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too, but the lock, which is empty."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_one_command_fills_eleven_years_for_all_municipalities_after_a_cut(data, server):
    server.trouble("N01986", 2013, *[("cut",)] * 9)
    before = _state(data)
    with pytest.raises(SetupError) as stopped:
        _fetch(server)
    assert "5 of 55 answers are kept in data/raw/kolada/" in str(stopped.value)
    after = _state(data)
    assert {name: after[name] for name in before} == before
    assert {name.split("/")[0] for name in after.keys() - before.keys()} == {"raw"}

    server.troubles.clear()
    server.asked.clear()
    result = _result(server)
    assert (result["asked"], result["already_in_hand"]) == (50, 5)
    assert not [path for path in server.asked if "N01986/year/2012" in path]
    rows = _rows(data, "kommunmottagna_kolada")
    assert (
        len({(row["kommunkod"], row["ar"]) for row in rows if row["antal"]})
        == len(rows)
        == 290 * 11
    )
    assert {int(row["ar"]) for row in rows} == set(YEARS)
    assert {row["varav_ensamkommande"] for row in rows} == {""}
    assert len(_rows(data, "kommunmottagna_summor_kolada")) == 22 * 11
    assert len(_rows(data, "folkmangd_kolada")) == 290 * 11


def test_the_entries_say_where_the_figures_come_from(data, server):
    _fetch(server, "--years", "2017", "--kpi", "N01986")
    entry = load_catalogue(data).tables["kommunmottagna_kolada"]
    assert (entry.producer, entry.precedence, entry.trust, entry.origin) == (
        "Kolada (RKA)",
        30,
        "medium",
        "official",
    )
    assert (entry.kind, entry.layout, entry.original) == (
        "kommunmottagna",
        "kolada-v3",
        server.base_url,
    )
    assert "Källa: Kolada" in entry.licence
    assert len(entry.original_sha256) == 64
    assert "folkmangd_kolada" not in load_catalogue(data).tables


def test_the_workbook_reads_the_years_and_the_ledger_finds_the_one_seeded_difference(data, server):
    _fetch(server)
    workbook = tables.load(data)
    totals = workbook.mottagna[workbook.mottagna["kategori"] == "totalt"].dropna(subset=["antal"])
    assert totals.groupby("ar")["kommunkod"].nunique().to_dict() == dict.fromkeys(YEARS, 290)
    code, year, _ = SEEDED
    settled = totals[(totals["kommunkod"] == code) & (totals["ar"] == year)]["antal"].tolist()
    assert settled == [known_reception()[code, year]]
    found = cases.ledger(workbook)
    overlaps = found[
        found["check"].str.startswith("overlap.")
        & found["check"].str.contains("kommunmottagna_kolada")
    ]
    cells = overlaps[overlaps["check"].str.endswith(".cell")]
    assert set(overlaps["ar"]) == {2015, 2016, 2018}
    assert [
        (row["subject"], row["ar"], abs(row["difference"])) for row in cells.to_dict("records")
    ] == [SEEDED]


def test_the_next_run_names_the_two_revised_values(data, server, monkeypatch):
    _on_day(monkeypatch, "2026-11-20")
    _fetch(server, "--years", "2012-2013")
    kept = server.values["N01986", 2012]["2480"], server.values["N01986", 2013]["2481"]
    try:
        server.put("N01986", 2012, "2480", 1001, K=kept[0][1]["value"], M=kept[0][2]["value"])
        server.put(
            "N01986", 2013, "2481", None, "Missing", K=kept[1][1]["value"], M=kept[1][2]["value"]
        )
        _on_day(monkeypatch, "2026-11-22")
        said = _fetch(server, "--years", "2012-2013").stdout
        result = _result(server, "--years", "2012-2013")
    finally:
        server.values["N01986", 2012]["2480"], server.values["N01986", 2013]["2481"] = kept
    was, gone = kept[0][0]["value"], kept[1][0]["value"]
    assert "Compared with 2026-11-20: 2 values revised." in said
    assert f"– N01986 2012, unit 2480: {was} → 1001" in said
    assert f"– N01986 2013, unit 2481: {gone} → unknown" in said
    expected = [
        {"kpi": "N01986", "unit": "2480", "year": 2012, "gender": "T", "old": was, "new": 1001},
        {"kpi": "N01986", "unit": "2481", "year": 2013, "gender": "T", "old": gone, "new": None},
    ]
    assert result["revised"] == expected
    assert (result["asked"], result["compared_with"]) == (0, ["2026-11-20"])
    index = json.loads((data / "raw" / "kolada" / "2026-11-22" / "index.json").read_text("utf-8"))
    assert index["revised"] == expected
    cells = {
        (row["kommunkod"], row["ar"]): row["antal"] for row in _rows(data, "kommunmottagna_kolada")
    }
    assert (cells["2480", "2012"], cells["2481", "2013"]) == ("1001", "")


def test_a_later_run_of_fewer_years_loses_none_even_if_the_snapshots_are_gone(
    data, server, monkeypatch
):
    _on_day(monkeypatch, "2026-11-20")
    _fetch(server, "--years", "2010-2011", "--kpi", "N01986")
    _on_day(monkeypatch, "2026-11-21")
    _fetch(server, "--years", "2012", "--kpi", "N01986")
    assert {row["ar"] for row in _rows(data, "kommunmottagna_kolada")} == {"2010", "2011", "2012"}
    for folder in ("2026-11-20", "2026-11-21"):
        for path in (data / "raw" / "kolada" / folder).iterdir():
            path.unlink()
    _on_day(monkeypatch, "2026-11-22")
    _fetch(server, "--years", "2013", "--kpi", "N01986")
    assert len(_rows(data, "kommunmottagna_kolada")) == 4 * 290
    with imported.held(data):
        # those before stay for a while, so that the last can be undone
        assert len(list((data / "imported").glob("kommunmottagna_kolada*.csv"))) == 3


def test_the_same_answers_give_the_same_tables(data, server):
    _fetch(server, "--years", "2017")
    first = (
        _rows(data, "kommunmottagna_kolada"),
        load_catalogue(data).tables["kommunmottagna_kolada"].sha256,
    )
    result = _result(server, "--years", "2017")
    assert (result["asked"], result["revised"]) == (0, [])
    second = (
        _rows(data, "kommunmottagna_kolada"),
        load_catalogue(data).tables["kommunmottagna_kolada"].sha256,
    )
    assert first == second


def test_a_year_that_kolada_has_not_yet_is_named_and_adds_no_row(data, server):
    said = _fetch(server, "--years", "2018-2020", "--kpi", "N01986").stdout
    assert "kommunmottagna_kolada: 290 values known of 290 listed, 2018–2018." in said
    assert "Kolada has no value for 2019, 2020." in said


def test_when_kolada_has_nothing_no_table_changes(data, server):
    said = _fetch(server, "--years", "1999", "--kpi", "N01986").stdout
    assert "Kolada had no figure for what was asked; no table was changed." in said
    assert not (data / "imported").exists()


def test_a_fractional_count_changes_no_table_and_is_named(data, server):
    _fetch(server, "--years", "2016", "--kpi", "N01986")
    before = _state(data / "imported")
    kept = server.values["N01986", 2017]["2480"]
    server.put("N01986", 2017, "2480", 12.5)
    try:
        with pytest.raises(
            DataError,
            match=r"N01986 2017, unit 2480: found 12\.5[\s\S]*No table from Kolada was changed",
        ):
            _fetch(server, "--years", "2017", "--kpi", "N01986")
    finally:
        server.values["N01986", 2017]["2480"] = kept
    assert _state(data / "imported") == before


@pytest.mark.parametrize("code", [404, 410])
def test_an_address_that_is_gone_changes_nothing_and_is_named(code, data, server):
    before = _state(data)
    server.trouble("N01986", 2008, ("status", code))
    with pytest.raises(
        SetupError, match=rf"/v3/data/kpi/N01986/year/2008\S* HTTP {code}"
    ) as stopped:
        _fetch(server)
    assert stopped.value.exit_code == 4
    assert _state(data) == before


def test_without_a_network_one_message_says_what_stands_and_what_to_do(data, capsys):
    from helpers import cli

    with running() as gone, pxweb_server.running({}) as scb:
        pass
    before = _state(data)
    with pytest.raises(SystemExit) as ended:
        cli.main(["data", "fetch", "--base-url", gone.base_url, "--scb-url", scb.base_url])
    said = capsys.readouterr().err
    assert ended.value.code == 4
    assert "Traceback" not in said
    for part in (
        gone.base_url,
        scb.base_url,
        "No table from Kolada was changed",
        "No table from SCB was changed",
        "reports still render",
        "the years that are missing",
        "--base-url",
        "--scb-url",
        "HTTPS_PROXY",
    ):
        assert part in said
    assert _state(data) == before
    tables.load(data)


WRONG = [
    (["--years", "2018-2008"], "found '2018-2008'"),
    (["--years", "08-18"], "found '08-18'"),
    (["--years", "2017-2999"], "found '2017-2999'"),
    (["--years", ""], "--years: is empty"),
    (["--kpi", "N99999"], "N99999 is not among those fetched: N01986"),
    (["--kpi", ","], "is not among those fetched"),
    (["--base-url", "kolada"], "--base-url: found 'kolada'"),
    (["--scb-url", "scb"], "--scb-url: found 'scb'"),
    (
        ["--source", "arbetsformedlingen"],
        "--source: found 'arbetsformedlingen'; write kolada or scb",
    ),
    (["--source", ","], "--source: found ''"),
    (["--source", "scb", "--kpi", "N01986"], "--kpi: KPIs are Kolada's"),
]


@pytest.mark.parametrize(("options", "says"), WRONG)
def test_a_wrong_call_is_refused_before_anything_is_asked(options, says, data, server, capsys):
    from helpers import cli

    with pytest.raises(SystemExit) as ended:
        cli.main(
            [
                "data",
                "fetch",
                *([] if "--base-url" in options else ["--base-url", server.base_url]),
                *options,
            ]
        )
    assert ended.value.code == 2
    assert says in capsys.readouterr().err
    assert server.asked == []


def test_progress_is_plain_lines_without_a_terminal_and_waits_are_told(data, server):
    server.trouble("N01986", 2017, ("status", 429, {"Retry-After": "7"}))
    said = _fetch(server, "--years", "2016-2017", "--kpi", "N01986,N01987")
    lines = said.stderr.splitlines()
    assert "[1/4] N01986 2016 fetched" in lines
    assert "[4/4] N01987 2017 fetched" in lines
    assert (
        "  HTTP 429; trying again in 0.1 s" in lines or "  HTTP 429; trying again in 0.0 s" in lines
    )
    assert "N01987 (kommunmottagna efter anvisning)" in said.stdout
    assert "kommunmottagna_kolada: 580 values known of 580 listed, 2016–2017." in said.stdout


def test_a_run_that_is_killed_leaves_whole_answers_and_the_next_continues(data, server):
    killed = Event()
    server.trouble("N01986", 2010, ("held", killed))
    command = [
        MOTTAGNING,
        "data",
        "fetch",
        "--base-url",
        server.base_url,
        "--years",
        "2008-2011",
        "--kpi",
        "N01986",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: any("year/2010" in path for path in server.asked), "the third question")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    killed.set()
    (folder,) = (path for path in (data / "raw" / "kolada").iterdir() if path.is_dir())
    assert sorted(json.loads((folder / "index.json").read_text("utf-8"))["answers"]) == [
        "N01986/2008",
        "N01986/2009",
    ]
    assert not (data / "imported").exists()
    result = _result(server, "--years", "2008-2011", "--kpi", "N01986")
    assert (result["asked"], result["already_in_hand"]) == (2, 2)
    assert len(_rows(data, "kommunmottagna_kolada")) == 4 * 290


def test_a_report_then_shows_all_eleven_years_and_names_kolada(data, server, tmp_path):
    _fetch(server, "--kpi", "N01986")
    command = [MOTTAGNING, "report", "--kommunkod", "2480", "--out", tmp_path / "out"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    facts = json.loads((tmp_path / "out" / "kommun" / "2480.json").read_text("utf-8"))["facts"]
    shown = {
        int(fact["key"]["ar"]): fact["value"] for fact in facts if fact["name"] == "mottagna.antal"
    }
    fetched = {
        int(row["ar"]): int(row["antal"])
        for row in _rows(data, "kommunmottagna_kolada")
        if _is_umea(row)
    }
    published = {year: value for (code, year), value in known_reception().items() if code == "2480"}
    assert shown == fetched | published
    assert set(shown) == set(YEARS)
    assert "Kolada (RKA)" in (tmp_path / "out" / "kommun" / "2480.html").read_text("utf-8")


def _is_umea(row):
    return row["kommunkod"] == "2480"


def test_both_are_asked_and_the_population_of_a_new_year_is_in_use(data, server, scb):
    said = _run(_both(server, scb, "--years", "2017-2020"))
    lines = said.stderr.splitlines()
    assert {
        "[1/4] N01986 2017 fetched",
        "[1/3] BE0101N1 2017 fetched",
        "[3/3] BE0101N1 2019 fetched",
    } <= set(lines)
    assert "folkmangd_scb: 870 values known of 870 listed, 2017–2019." in said.stdout
    assert "SCB has no value for 2020." in said.stdout
    assert "Warning: SCB's table BefolkningNy ends with 2019." in said.stdout
    assert scb.asked == ["GET", "POST check", "POST 2017", "POST 2018", "POST 2019"]
    known = {
        (row["kommunkod"], int(row["ar"])): int(row["folkmangd"])
        for row in _rows(data, "folkmangd_scb")
    }
    assert known == {key: value for key, value in people().items() if key[1] >= 2017}


def test_the_entry_says_that_the_population_is_scbs(data, scb):
    _from_scb(scb, "--years", "2019")
    entry = load_catalogue(data).tables["folkmangd_scb"]
    assert (entry.producer, entry.precedence, entry.trust, entry.origin) == (
        "SCB",
        25,
        "high",
        "official",
    )
    assert (entry.kind, entry.layout, entry.licence) == ("folkmangd", "pxweb-v1", "CC0")
    assert (entry.original, len(entry.original_sha256)) == (scb.base_url, 64)


def test_the_ledger_compares_scbs_population_with_our_own_and_lists_the_one_that_differs(
    data, server, scb
):
    scb.values["2480", "2018"] += 1
    _from_scb(scb)
    _fetch(server, "--kpi", "N01951")
    workbook = tables.load(data)
    assert set(workbook.folkmangd["tabell"]) == {"folkmangd"}
    ledger = cases.ledger(workbook)
    pairs = ledger[ledger["check"].str.startswith("overlap.folkmangd.")]
    assert set(pairs.loc[pairs["check"] == "overlap.folkmangd.folkmangd_scb", "ar"]) == set(
        range(2008, 2020)
    )
    differs = pairs[pairs["check"].str.endswith(".cell")].to_dict("records")
    assert [
        (row["check"], row["subject"], row["ar"], abs(row["difference"])) for row in differs
    ] == [("overlap.folkmangd.folkmangd_scb.cell", "2480", 2018, 1)]


def test_where_only_scb_and_kolada_have_a_year_scb_counts_and_kolada_is_compared_with_it(
    data, server, scb
):
    """The project's own table without 2018, so that the two others are all there is."""
    catalogue = load_catalogue(data)
    own = catalogue.file("folkmangd")
    lines = own.read_text("utf-8").splitlines(keepends=True)
    own.write_text("".join(line for line in lines if ",2018," not in line), "utf-8")
    record("folkmangd", data)
    _from_scb(scb, "--years", "2018")
    _fetch(server, "--kpi", "N01951", "--years", "2018")
    workbook = tables.load(data)
    assert set(workbook.folkmangd.loc[workbook.folkmangd["ar"] == 2018, "tabell"]) == {
        "folkmangd_scb"
    }
    ledger = cases.ledger(workbook).set_index("check")
    assert ledger.loc[
        "overlap.folkmangd_scb.folkmangd_kolada", ["published", "recomputed"]
    ].tolist() == [290, 290]


def test_scb_down_does_not_lose_kolada(data, server, scb, capsys):
    from helpers import cli

    scb.trouble(2018, *[("status", 503)] * 9)
    with pytest.raises(SystemExit) as ended:
        cli.main(_both(server, scb, "--years", "2017-2018", "--json"))
    said = capsys.readouterr()
    assert ended.value.code == 4
    for part in (
        scb.base_url,
        "HTTP 503",
        "No table from SCB was changed",
        "1 of 2 answers are kept",
        "--scb-url",
    ):
        assert part in said.err
    assert "No table from Kolada" not in said.err
    kolada, failed = json.loads(said.out)["sources"]
    assert kolada["tables"][0]["known"] == 580
    assert (failed["source"], "HTTP 503" in failed["errors"][0]) == ("scb", True)
    assert len(_rows(data, "kommunmottagna_kolada")) == 580
    assert "folkmangd_scb" not in load_catalogue(data).tables
    scb.troubles.clear()
    scb.asked.clear()
    _from_scb(scb, "--years", "2017-2018")
    assert scb.asked == ["POST check", "POST 2018"]


def test_kolada_down_does_not_lose_scb(data, server, scb, capsys):
    from helpers import cli

    server.trouble("N01986", 2017, ("status", 410))
    with pytest.raises(SystemExit) as ended:
        cli.main(_both(server, scb, "--years", "2017-2018"))
    said = capsys.readouterr()
    assert ended.value.code == 4
    assert "HTTP 410" in said.err
    assert "No table from Kolada was changed" in said.err
    assert "folkmangd_scb: 580 values known of 580 listed, 2017–2018." in said.out
    assert len(_rows(data, "folkmangd_scb")) == 580


def test_a_population_that_cannot_be_changes_no_table_and_is_named(data, scb):
    _from_scb(scb, "--years", "2017")
    before = _state(data / "imported")
    scb.values["2480", "2018"] = 12.5
    with pytest.raises(
        DataError,
        match=r"BE0101N1 2018, unit 2480: found 12\.5[\s\S]*No table from SCB was changed",
    ):
        _from_scb(scb, "--years", "2018")
    assert _state(data / "imported") == before


def test_a_region_that_scb_does_not_have_and_a_figure_it_withholds_are_named(data, scb):
    scb.values = {key: value for key, value in scb.values.items() if key[0] != "2481"}
    scb.values["2480", "2018"] = None
    said = _from_scb(scb, "--years", "2018").stdout
    assert (
        "Warning: BE0101N1 2018: SCB has no figure for 2480, 2481; left out, not guessed." in said
    )
    assert len(_rows(data, "folkmangd_scb")) == 288


def test_the_next_run_names_scbs_revised_value(data, scb, monkeypatch):
    was = scb.values["2480", "2018"]
    _on_day(monkeypatch, "2026-11-20")
    _from_scb(scb, "--years", "2017-2018")
    scb.values["2480", "2018"] = was + 1
    _on_day(monkeypatch, "2026-11-22")
    said = _from_scb(scb, "--years", "2018").stdout
    assert "Compared with 2026-11-20: 1 values revised." in said
    assert f"– BE0101N1 2018, unit 2480: {was} → {was + 1}" in said
    assert {row["ar"] for row in _rows(data, "folkmangd_scb")} == {"2017", "2018"}
    index = json.loads((data / "raw" / "scb" / "2026-11-22" / "index.json").read_text("utf-8"))
    assert [(one["unit"], one["old"], one["new"]) for one in index["revised"]] == [
        ("2480", was, was + 1)
    ]


def _check(server, scb, *options):
    """Check both; the exit code, what was said, and the error's words."""
    where = ["--base-url", server.base_url, "--scb-url", scb.base_url]
    ran = CliRunner().invoke(app, ["data", "fetch", "--check", *where, *options])
    assert ran.exception is None or isinstance(ran.exception, DataError | SetupError), ran.output
    return getattr(ran.exception, "exit_code", 0), ran.stdout, str(ran.exception or "")


@pytest.fixture
def altered(server):
    """Let Kolada answer another value for one place and year; put back afterwards."""
    before = {}

    def alter(kpi, unit, value):
        before[kpi, unit] = server.values[kpi, 2018][unit]
        if value == "gone":
            del server.values[kpi, 2018][unit]
        else:
            server.put(kpi, 2018, unit, value)

    yield alter
    for (kpi, unit), values in before.items():
        server.values[kpi, 2018][unit] = values


def test_a_check_asks_for_a_figure_in_hand_and_says_that_measure_unit_and_number_agree(
    data, server, scb
):
    before = _state(data)
    code, said, error = _check(server, scb)
    assert (code, error) == (0, "")
    for line in (
        "Kolada N01986 2018, 2480: it answers 'Kommunmottagna under året, antal', unit 'antal'.",
        "Kolada N01986 2018, 2480: agrees. 405, as in kommunmottagna_2018.",
        "Kolada N01951 2018, 2480: agrees. 127119, as in folkmangd.",
        "SCB BE0101N1 2018, 2480: it answers 'Folkmängd', unit 'antal personer'.",
        "SCB BE0101N1 2018, 2480: agrees. 127119, as in folkmangd.",
    ):
        assert line in said.splitlines()
    assert "note" not in said
    assert len(server.asked) == 4
    assert scb.asked == ["POST check"]
    assert _state(data) == before


def test_a_check_as_json_has_every_part_apart(data, server, scb):
    one = json.loads(_check(server, scb, "--source", "scb", "--json")[1])["checked"]
    assert one == [
        {
            "source": "scb",
            "base_url": scb.base_url,
            "kpi": "BE0101N1",
            "year": 2018,
            "unit": "2480",
            "in_hand": 127119,
            "table": "folkmangd",
            "measure": "Folkmängd",
            "counted_in": "antal personer",
            "value": 127119,
            "codes": ["agrees"],
            "says": [],
            "notes": [],
        }
    ]


def _codes(server, scb, *options):
    """The exit code, and each figure's codes."""
    code, said, _ = _check(server, scb, "--json", *options)
    return code, {one["kpi"]: one["codes"] for one in json.loads(said)["checked"]}


AGREE = {"N01986": ["agrees"], "N01951": ["agrees"], "BE0101N1": ["agrees"]}


@pytest.mark.parametrize(
    ("title", "code"),
    [("Kostnad för måltider, antal", "other_measure"), ("Kommunmottagna, andel (%)", "other_unit")],
)
def test_another_measure_and_another_unit_are_told_apart(title, code, data, server, scb):
    server.titles["N01986"] = title
    assert _codes(server, scb) == (5, AGREE | {"N01986": [code]})
    said, error = _check(server, scb)[1:]
    assert f"Kolada N01986 2018, 2480: {code}. " in said
    assert title in said
    assert f"Kolada N01986 2018, 2480: {code}." in error
    assert "Nothing was changed. Ask Kolada (rka@rka.nu) before you fetch." in error


def test_a_wrong_number_is_told_with_both(data, server, scb, altered):
    altered("N01986", "2480", 404)
    assert _codes(server, scb) == (5, AGREE | {"N01986": ["other_number"]})
    said = _check(server, scb)[1]
    assert "2480 has 404, and 405 in kommunmottagna_2018: revised since, or another" in said


def test_a_wrong_sum_of_the_county_is_a_wrong_number_too(data, server, scb, altered):
    altered("N01986", "0024", 1163)
    assert _codes(server, scb) == (5, AGREE | {"N01986": ["other_number"]})
    assert "0024 has 1163, and 1164 in" in _check(server, scb)[1]


def test_a_county_without_a_value_is_noted_and_no_fault(data, server, scb, altered):
    altered("N01986", "0024", "gone")
    assert _codes(server, scb) == (0, AGREE)
    assert (
        "no value for the county (0024); sums by county will be missing" in _check(server, scb)[1]
    )


@pytest.mark.parametrize("value", [None, "gone"])
def test_a_value_that_is_not_there_is_no_wrong_number(value, data, server, scb, altered):
    altered("N01951", "2480", value)
    assert _codes(server, scb) == (5, AGREE | {"N01951": ["no_value"]})


def test_scbs_measure_unit_and_number_are_told_apart(data, server, scb):
    scb.content = {"label": "Folkökning", "unit": "procent"}
    scb.values["2480", "2018"] *= 2  # a total that stands among the parts was added to them
    code, found = _codes(server, scb, "--source", "scb")
    assert (code, found) == (5, {"BE0101N1": ["other_measure", "other_unit", "other_number"]})


def test_a_kpi_that_is_not_there_is_refused_in_words(data, server, scb):
    del server.titles["N01951"]
    assert _codes(server, scb) == (4, AGREE | {"N01951": ["refused"]})
    assert "the answer names no KPI. Has Kolada removed it" in _check(server, scb)[1]


def test_an_answer_in_another_form_is_unreadable(data, server, scb):
    page = {"values": [{"kpi": "N01986", "period": "2018"}], "next_url": None}
    server.trouble(*CHECK, ("body", json.dumps(page).encode()), page=2)
    assert _codes(server, scb) == (5, AGREE | {"N01986": ["unreadable"]})


def test_a_service_that_is_silent_and_one_that_is_slow_are_told_apart(
    data, server, scb, monkeypatch
):
    with running() as gone:
        pass
    assert _codes(gone, scb, "--kpi", "N01986")[1] == {"N01986": ["silent"]}
    assert "Nobody usable is there: check the network" in _check(gone, scb)[1]
    scb.trouble("check", *[("status", 503)] * 2)
    assert _codes(server, scb, "--source", "scb") == (4, {"BE0101N1": ["silent"]})
    seen = Event()
    monkeypatch.setattr(data_fetch, "SCB_PATIENCE", replace(QUICK, read_timeout=MOMENT / 5))
    scb.trouble("check", *[("held", seen)] * 2)
    try:
        code, said, error = _check(server, scb, "--source", "scb")
    finally:
        seen.set()
    assert code == 4
    assert "BE0101N1 2018, 2480: slow. " in said
    assert "Somebody is there, but too slow: try again later." in said
    assert error.endswith("Nothing was changed. See above what each said.")


def test_a_check_of_what_nothing_in_hand_can_settle_says_so(data, server, scb):
    code, said, error = _check(server, scb, "--kpi", "N00732")
    assert (code, said) == (5, "")
    assert "no figure is in hand that what was asked for can be held against" in error
    assert server.asked == []


def test_a_check_takes_no_years(data, server, scb):
    ran = CliRunner().invoke(app, ["data", "fetch", "--check", "--years", "2018"])
    assert "--check asks for one year of its own" in str(ran.exception)


def test_a_fetch_of_what_is_neither_called_nor_counted_as_ours_is_stopped_before_it_begins(
    data, server, altered
):
    server.titles["N01986"] = "Kostnad för måltider, kr/inv"
    altered("N01986", "2480", 61)
    before = _state(data)
    with pytest.raises(DataError, match="Kolada means something else by N01986: nothing was fetch"):
        _fetch(server, "--kpi", "N01986")
    assert _state(data) == before
    assert not [path for path in server.asked if "per_page" in path]


def test_a_fetch_of_what_has_only_been_revised_or_renamed_goes_on_and_says_so(
    data, server, altered
):
    server.titles["N01951"] = "Befolkning, antal"
    altered("N01986", "2480", 404)
    said = _fetch(server, "--years", "2018", "--kpi", "N01986,N01951").stdout
    assert "Warning: N01986 2018, 2480: other_number. 2480 has 404, and 405 in" in said
    assert "Warning: N01951 2018, 2480: other_measure. it is called 'Befolkning, antal'" in said
    assert "kommunmottagna_kolada: 290 values known of 290 listed, 2018–2018." in said


def test_a_mirror_without_the_addresses_of_a_check_is_fetched_from_all_the_same(data, server):
    server.trouble(*CHECK, ("status", 404))
    said = _fetch(server, "--years", "2017", "--kpi", "N01986").stdout
    assert "Warning: N01986 2018, 2480: refused. " in said
    assert "kommunmottagna_kolada: 290 values known" in said


def test_what_is_in_hand_already_is_not_checked_again(data, server):
    _fetch(server, "--years", "2017", "--kpi", "N01986")
    server.asked.clear()
    _fetch(server, "--years", "2017", "--kpi", "N01986")
    assert server.asked == []
