"""Whatever standard output is like, a command does its work, ends with its own code, and shows no
traceback.
"""

import errno
import importlib
import io
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import cli, tables
from helpers.cases import scenarios
from helpers.cli import data_fetch, options, report, reports, request, scenario_propose
from helpers.cli import schedule as scheduling
from helpers.clock import crontab
from helpers.imports import detailed, judging
from helpers.imports import judging as again
from helpers.make import run, warm_start
from helpers.make.plan import Options, request_of
from helpers.releases.store import Releases
from helpers.report import manifest
from helpers.sources.files.child import read
from helpers.sources.web import Patience
from tests.importing.layouts import as_csv, sound
from tests.patience import PATIENCE
from tests.publish.runs import Maker, edition, order
from tests.publish.samples import WHOLE, write_job
from tests.sources import kolada_server
from tests.test_scenario_cli import AGREED, PLACES, SOUND
from tests.test_schedule import EDITION
from tests.test_strict import COMMANDS

PROJECT = Path(__file__).parents[1]
CALLS = {  # each command with what it is called with; {} stands for what a test has put there
    "": ["--help", "rapport"],
    "check": ["", "--json"],
    "compare": [
        "{made}/releases/{first}/html {made}/html",
        "{made}/releases/{first}/html {made}/html --json",
    ],
    "data fetch": [
        "--source kolada --kpi N01986 --years 2016 --base-url {kolada}",
        "--kpi N01986 --base-url http://127.0.0.1:9/ --json",
    ],
    "data import": ["--dry-run {file} --ar 2018", "--dry-run {file} --ar 2018 --json"],
    "data imports": ["", "--json"],
    "data status": ["", "--json"],
    "lagesbild las": ["{file}"],
    "lagesbild mall": ["--kommunkod 2260 --runda 2022-02 --till {single}/mall.xlsx"],
    "data tidy": ["", "--json"],
    "explain": [
        "prov/a --out {made} --edition {edition}",
        "prov/a --out {made} --edition {edition} --json",
    ],
    "history": ["--out {made}", "--out {made} --json"],
    "publish": ["ftp://", "{target} --out {made}", "{target} --out {made} --json"],
    "releases": ["--out {made}", "--out {made} --json"],
    "report": ["--lan AC --out {single}", "--lan AC --out {single} --json"],
    "reports": [
        "--force --out {made} --edition {edition}",
        "--out {made} --edition {edition} --json",
        "--only prov/a --out {single} --edition {edition}",
    ],
    "rollback": ["--out {made}"],
    "scenario compare": ["vasterbotten-2019-grund vasterbotten-2019-nollning"],
    "scenario kommuntal": ["--lan AC --lanstal 320"],
    "scenario list": [""],
    "scenario propose": ["prov", "prov --json"],
    "scenario run": ["vasterbotten-2018"],
    "schedule install": ["--backend windows --print"],
    "schedule remove": ["--edition {edition}"],
    "schedule run": ["--out {made} --edition {edition}"],
    "schedule show": ["--edition {edition}"],
    "sources": ["", "--record rykte"],
    "status": ["--out {made}", "--out {made} --json"],
    "warm start": [""],
    "warm status": ["", "--json"],
    "warm stop": [""],
}
EXPECTED = {  # where it is not 0
    ("", "rapport"): 2,
    ("data fetch", "--kpi N01986 --base-url http://127.0.0.1:9/ --json"): 4,
    ("lagesbild las", "{file}"): 5,
    ("publish", "ftp://"): 2,
    ("sources", "--record rykte"): 2,
}
STREAMS = ["cp1252", "ascii", "closed", "full", "left"]


class Refusing(io.RawIOBase):
    """A stream that takes nothing, as a full disk or a pipe that no one reads any more."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number

    def writable(self) -> bool:
        return True

    def write(self, _: object) -> int:
        raise OSError(self.number, os.strerror(self.number))


def stream(kind: str) -> tuple[io.TextIOWrapper | None, io.BytesIO]:
    """Return a standard output of a kind, and the bytes that reach it."""
    reached = io.BytesIO()
    if kind == "closed":
        return None, reached
    numbers = {"full": errno.ENOSPC, "left": errno.EPIPE}
    raw = Refusing(numbers[kind]) if kind in numbers else None
    encoding = "utf-8" if raw else kind
    return io.TextIOWrapper(
        io.BufferedWriter(raw) if raw else reached, encoding, write_through=True
    ), reached


def ended(monkeypatch, arguments: list[str], kind: str) -> tuple[int, bytes, str]:
    """Return a command's exit code, what reached its standard output, and what it said on standard
    error.
    """
    out, reached = stream(kind)
    err = io.TextIOWrapper(io.BytesIO(), "ascii", "backslashreplace", write_through=True)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
    return end.value.code or 0, reached.getvalue(), err.buffer.getvalue().decode("ascii")


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A copy of the data folder, with a scenario whose municipalities have places."""
    ignored = shutil.ignore_patterns("raw", "tidy")
    data = Path(
        shutil.copytree(
            PROJECT / "data", tmp_path_factory.mktemp("terminal") / "data", ignore=ignored
        )
    )
    (data / "scenarios/prov.yaml").write_text(SOUND + AGREED + PLACES, "utf-8")
    return data


@pytest.fixture(scope="module")
def loaded(copy):
    """Its tables, read once."""
    return tables.load(copy)


@pytest.fixture(scope="module")
def places(copy, loaded, tmp_path_factory) -> Iterator[dict[str, str]]:
    """What the calls speak of, by the names they have there: two releases, a file, a service on the
    network.
    """
    folder = tmp_path_factory.mktemp("places")
    with pytest.MonkeyPatch.context() as patch:
        edition(folder, patch)
        (folder / "data/b.csv").write_text("annat", "utf-8")
        edition(folder, patch)
    (folder / "data/24.csv").write_text("län", "utf-8")
    write_job(folder, "10_lansrapport", WHOLE)
    (folder / "kommuntal.csv").write_bytes(as_csv(sound(loaded).kommuntal))
    (folder / "liten.yaml").write_text(EDITION, "utf-8")
    shutil.copytree(folder / "reports", folder / "before", symlinks=True)
    with kolada_server.running() as server:
        kolada_server.fill(server)
        yield {
            "folder": str(folder),
            "made": str(folder / "reports"),
            "first": Releases(folder / "reports").order[0],
            "single": str(folder / "single"),
            "target": str(folder / "www"),
            "edition": str(folder / "liten.yaml"),
            "file": str(folder / "kommuntal.csv"),
            "kolada": server.base_url,
        }


def call_of(words: str, arguments: str, places: dict[str, str]) -> list[str]:
    """Return a whole call, all it writes to as it was before any."""
    folder = Path(places["folder"])
    for name in ("reports", "single", "www"):
        shutil.rmtree(folder / name, ignore_errors=True)
    shutil.copytree(folder / "before", folder / "reports", symlinks=True)
    return [*words.split(), *(part.format(**places) for part in arguments.split())]


@pytest.fixture(autouse=True)
def _calm(monkeypatch, copy, loaded, tmp_path):
    monkeypatch.setenv("MOTTAGNING_DATA", str(copy))
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # no resident process but that of a test
    monkeypatch.setattr(warm_start, "start", lambda *_: None)  # here: it prints nothing
    real = tables.load
    # none may bind what stands in for it
    for found in pkgutil.iter_modules(cli.__path__, f"{cli.__name__}."):
        module = importlib.import_module(found.name)
        if vars(module).get("load") is real:
            monkeypatch.setattr(module, "load", lambda: loaded)
    monkeypatch.setattr(tables, "load", lambda: loaded)
    monkeypatch.setattr(again, "load", lambda _: loaded)
    monkeypatch.setattr(detailed, "read_apart", read)  # here: a process of its own prints nothing
    monkeypatch.setattr(
        data_fetch, "PATIENCE", Patience(first_attempts=1, whole_timeout=PATIENCE, pause=0)
    )


@pytest.fixture(scope="module")
def _once(loaded):
    """What takes long and prints nothing is worked out once for all streams."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in (
            (scenarios, "run_scenario"),
            (scenario_propose, "solve"),
            (judging, "judge"),
            (tables, "write_tidy"),
            (manifest, "packages"),
        ):
            patch.setattr(module, name, remembered(getattr(module, name)))
        patch.setattr(tables, "refresh_tidy", lambda: None)
        yield


def remembered(work):
    found: dict[str, object] = {}
    return lambda *given: found.get(key := repr(given[-1:])) or found.setdefault(key, work(*given))


@pytest.fixture
def _small(monkeypatch, places):
    """Let an edition be three small pages, each written where a notebook would be run, and a
    crontab a variable.
    """
    folder = Path(places["folder"])
    plan, how = order(folder)
    real = options.run_options

    def small(out: Path | None, *given: object) -> Options:
        return replace(how, out=real(out, *given).out)

    @contextmanager
    def engine(*_: object) -> Iterator[Maker]:
        yield Maker(folder / "data")

    monkeypatch.setattr(run, "engine", engine)
    for place in (options, report, reports):
        monkeypatch.setattr(place, "run_options", small)
    for place in (request, reports):
        monkeypatch.setattr(place, "requested", lambda *_: request_of(plan))
    for name in ("fsync", "sync"):
        monkeypatch.setattr(os, name, lambda *_: None)
    call = scheduling.asked(places["edition"], folder / "reports", None, 12, 360, "", [])
    monkeypatch.setattr(scheduling, "BACKENDS", {"cron": crontab})
    monkeypatch.setattr(
        crontab, "_read", lambda: crontab.block(replace(call, cron="0 6 * * 1")).encode()
    )
    monkeypatch.setattr(crontab, "_write", lambda _: None)
    monkeypatch.setattr(crontab, "answers", lambda: True)
    monkeypatch.setattr(scheduling, "reports_call", lambda _: ["true"])


def test_each_command_there_is_has_its_line_here():
    assert {" ".join(words) for words in COMMANDS} | {""} == set(CALLS)


@pytest.mark.parametrize(
    ("words", "arguments"), [(words, one) for words, all_ in CALLS.items() for one in all_]
)
@pytest.mark.usefixtures("_once", "_small")
def test_a_command_ends_alike_whatever_standard_output_is_like(
    monkeypatch, places, words, arguments
):
    code, whole, said = ended(monkeypatch, call_of(words, arguments, places), "utf-8")
    assert code == EXPECTED.get((words, arguments), 0), said
    for kind in STREAMS:
        own, reached, said = ended(monkeypatch, call_of(words, arguments, places), kind)
        lost = kind == "full" and whole != b""
        assert own == (code or 4 if lost else code), (kind, said)
        assert "Traceback" not in said, kind
        assert ("standard output: No space left" in said) is lost, kind
        if "--json" in arguments and reached:
            assert json.loads(reached.decode(kind)) == json.loads(whole), kind


@pytest.mark.parametrize("kind", STREAMS)
@pytest.mark.usefixtures("_once")
def test_a_file_is_imported_and_the_rest_is_done_whatever_becomes_of_the_words(
    monkeypatch, copy, loaded, kind
):
    refreshed = []
    monkeypatch.setattr(tables, "refresh_tidy", lambda: refreshed.append(kind))
    imported = copy / "imported"
    file = copy.parent / "kommuntal.csv"
    file.write_bytes(as_csv(sound(loaded).kommuntal))
    code, _, said = ended(monkeypatch, ["data", "import", str(file), "--ar", "2018"], kind)
    assert (code, refreshed) == (4 if kind == "full" else 0, [kind]), said
    assert list(imported.glob("*.csv"))
    for path in imported.iterdir():
        path.unlink()


def test_letters_an_encoding_lacks_are_written_and_all_others_stand(monkeypatch):
    _, reached, _ = ended(monkeypatch, ["scenario", "list"], "ascii")
    _, whole, _ = ended(monkeypatch, ["scenario", "list"], "utf-8")
    assert "V\\u00e4sterbotten 2018" in reached.decode("ascii")
    assert "Västerbotten 2018" in whole.decode()


@pytest.mark.parametrize(
    ("redirect", "code"), [("> /dev/full", 4), (">&-", 0), (">&- 2>&- <&-", 0), ("| head -c 1", 0)]
)
def test_a_process_ends_as_told_where_its_own_output_is_refused(redirect, code):
    program = "import sys; from helpers.cli import main; sys.argv[0] = 'mottagning'; main()"
    command = f'set -o pipefail; "$0" -c "{program}" sources --json {redirect}'
    ran = subprocess.run(
        ["bash", "-c", command, sys.executable],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


@pytest.mark.parametrize("descriptor", [0, 1, 2])
def test_no_file_takes_the_place_of_a_stream_that_is_closed(descriptor):
    program = (
        f"import os; os.close({descriptor}); from helpers.cli.terminal import patient\n"
        "with patient(): assert open(os.devnull).fileno() > 2"
    )
    assert (
        subprocess.run([sys.executable, "-c", program], timeout=PATIENCE, check=False).returncode
        == 0
    )


class _Seen(io.StringIO):
    """Standard error that somebody sees."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("given", "said"),
    [(["report", "--lan", "AC"], cli.BEGUN), (["report", "--help"], ""), (["check"], "")],
)
def test_whoever_sits_there_is_told_at_once_what_is_waited_for(monkeypatch, given, said):
    """Before anything is imported for it, or any process started."""
    seen, started = _Seen(), []
    monkeypatch.setattr(sys, "stderr", seen)
    monkeypatch.setattr(warm_start, "start_early", lambda _: started.append(seen.getvalue()))
    with cli._early(given):
        pass
    assert seen.getvalue() == said
    assert started == [said] * (given[0] == "report" and "--help" not in given)
