"""What is recorded is believed only if it is whole: a file that is emptied or changed is found and
mended.
"""

import json
import os
import shutil
from pathlib import Path

import pytest

from helpers.cli import main
from helpers.clock import history
from helpers.errors import SetupError
from helpers.releases.contents import TIMES, faults, file_of, read_reports, record_of
from helpers.releases.store import Releases
from tests.publish.runs import NAMES, Maker, edition

FILES = ("html/index.html", "html/andringar.html", "html/andringar.json", "html/manifest.json", "html/prov/a.html",
         "html/prov/a.json", "html/prov/a/kort.html", "executed/prov/a.ipynb", "door/index.html", "door/andringar.html", "door/prov",
         "release.json", "reports.jsonl")  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two releases of three reports each; the second has another report b."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        edition(folder, patch)
        (folder / "data" / "b.csv").write_text("annat", "utf-8")
        edition(folder, patch)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    shutil.copytree(made, tmp_path / "copy", symlinks=True)
    return tmp_path / "copy"


def command(*arguments: object) -> int:
    """Run a command in this process, and return its exit code; any other error than a told one is a
    failure.
    """
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def other(path: Path) -> None:
    """Change a file to another of the same size, and leave no trace of when; a link is led
    elsewhere.
    """
    if path.is_symlink():
        target = os.readlink(path)
        path.unlink()
        path.symlink_to(target[:-1] + "x")
        return
    seen = path.stat()
    content = path.read_bytes()
    path.unlink()  # it shares its bytes with the release before
    path.write_bytes(content.swapcase() if content.swapcase() != content else bytes(len(content)))
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))


def emptied(path: Path) -> None:
    path.unlink()
    path.write_bytes(b"")


HARMS = {"emptied": emptied, "removed": Path.unlink, "of the same size and time": other}


HARMED = [
    (name, harm) for name in FILES for harm in HARMS if harm != "removed" or "andringar" not in name
]


def test_a_release_says_of_every_file_in_it_what_it_was(folder):
    here = Releases(folder / "reports").current
    there = {
        path.relative_to(here).as_posix()
        for path in here.rglob("*")
        if path.is_file() or path.is_symlink()
    }
    assert there - {"release.json", "reports.jsonl", TIMES} == set(record_of(here).files)


@pytest.mark.parametrize(("name", "harm"), HARMED)
def test_whatever_is_not_as_it_was_is_refused_and_made_again(
    folder, name, harm, monkeypatch, capsys
):
    out, target = folder / "reports", folder / "www"
    here = Releases(out).current
    HARMS[harm](here / name)
    assert command("publish", target, "--out", out) == 4
    assert "mottagning reports --verify" in capsys.readouterr().err
    assert not target.exists()
    assert command("releases", "--out", out) == 0
    assert ("damaged: " in capsys.readouterr().out) == (harm != "removed" or name != "release.json")
    done = edition(folder, monkeypatch, verify=True)
    assert set(done.made) <= {f"prov/{one}" for one in NAMES}
    assert "made again" in capsys.readouterr().err
    assert Releases(out).current.name == here.name
    assert faults(Releases(out).current) == []
    assert command("publish", target, "--out", out) == 0


@pytest.mark.parametrize("name", FILES)
def test_no_one_goes_back_to_a_release_that_is_not_as_it_was(folder, name, capsys):
    out = folder / "reports"
    first, second = Releases(out).order
    other(Releases(out).folder(first) / name)
    assert command("rollback", first, "--out", out) in (2, 4)
    assert name.partition("/")[2] in capsys.readouterr().err
    assert Releases(out).current.name == second


@pytest.mark.parametrize(
    "note", [b"null", b"[]", b'{"order": 5}', b'{"order": ["../x"]}', b"[" * 100_000, b"\xff"]
)
def test_a_damaged_note_at_a_target_hinders_no_publishing_and_removes_nothing(folder, note, capsys):
    out, target = folder / "reports", folder / "www"
    for identity in Releases(out).order:
        assert command("publish", target, "--out", out, "--release", identity) == 0
    (target / "releases/state.json").write_bytes(note)
    assert command("publish", target, "--out", out, "--keep", 2) == 0
    assert {path.name for path in (target / "releases").iterdir()} == {
        *Releases(out).order,
        "state.json",
    }


def test_only_what_our_senders_left_half_sent_long_ago_is_swept_at_a_target(folder, capsys):
    out, target = folder / "reports", folder / "www"
    assert command("publish", target, "--out", out) == 0
    here = target / "releases" / Releases(out).current.name / "html"
    old = [
        target / ".index.html.0123abcd",
        target / "releases/.state.json.0123abcd",
        here / ".x.html.0123abcd",
    ]
    stays = [target / ".own.txt.0123abcd", target / ".index.html.89abcdef", here / ".y.html.old"]
    for path in [*old, *stays]:
        path.touch()
        os.utime(path, ns=(1, 1))
    os.utime(stays[1])
    assert command("publish", target, "--out", out) == 0
    assert [path.exists() for path in old + stays] == [False] * 3 + [True] * 3


def test_what_lies_in_a_release_and_is_not_on_record_is_not_sent(folder, capsys):
    (folder / "reports/current/html/eget.txt").write_text("mitt", "utf-8")
    assert command("publish", folder / "www", "--out", folder / "reports") == 0
    assert not list((folder / "www").rglob("eget.txt"))


def without_a_report(text: str) -> str:
    return "".join(text.splitlines(keepends=True)[1:])


SOUND_LIES = {
    "another edition": ("release.json", lambda text: text.replace("Provutg", "Provutx")),
    "another fingerprint": (
        "release.json",
        lambda text: text.replace('"fingerprint": "', '"fingerprint": "0'),
    ),
    "a file left out": ("release.json", lambda text: json.dumps({**json.loads(text), "files": {}})),
    "fewer reports": ("release.json", lambda text: text.replace('"reports": 3', '"reports": 2')),
    "a report left out": ("reports.jsonl", without_a_report),
    "another answer": ("reports.jsonl", lambda text: text.replace('"answer":"a"', '"answer":"x"')),
}


@pytest.mark.parametrize("lie", SOUND_LIES)
def test_a_record_that_reads_well_and_is_not_what_was_written_is_not_believed(
    folder, lie, monkeypatch
):
    name, change = SOUND_LIES[lie]
    path = Releases(folder / "reports").current / name
    text = path.read_text("utf-8")
    path.write_text(change(text), "utf-8")
    assert path.read_text("utf-8") != text
    assert faults(path.parent)
    # what it says of each file is still in a whole line, here or before
    assert edition(folder, monkeypatch).made == []
    assert faults(Releases(folder / "reports").current) == []


def test_what_is_made_because_its_data_changed_is_not_called_damaged(folder, monkeypatch):
    (folder / "data" / "c.csv").write_text("nytt", "utf-8")
    done = edition(folder, monkeypatch)
    assert done.made == ["prov/c"]
    assert done.mended == []


def test_one_damaged_line_costs_one_report(folder, monkeypatch):
    path = Releases(folder / "reports").current / "reports.jsonl"
    path.write_bytes(path.read_bytes().replace(b"x(2480; 2018)", b"x(2480, 2018)", 1))
    assert [report.id for report in read_reports(path.parent)] == ["prov/b", "prov/c"]
    # report a is taken from the release before, which holds the very same
    assert edition(folder, monkeypatch).made == []
    assert faults(Releases(folder / "reports").current) == []


def test_a_page_that_was_changed_is_noticed_by_its_time_and_made_again(folder, monkeypatch):
    page = folder / "reports/current/html/prov/b.html"
    content = page.read_bytes()
    page.write_bytes(content.swapcase())
    os.utime(page, ns=(1, 1))
    assert edition(folder, monkeypatch).made == ["prov/b"]
    assert page.read_bytes() == content


def test_a_page_changed_without_a_trace_is_found_by_verify(folder, monkeypatch):
    page = folder / "reports/current/html/prov/b.html"
    other(page)
    assert edition(folder, monkeypatch) is None  # a glance cannot see it
    assert edition(folder, monkeypatch, verify=True).made == ["prov/b"]


def test_a_run_with_nothing_changed_reads_no_page_and_one_whose_files_were_touched_reads_them_once(
    folder, monkeypatch
):
    read = []
    monkeypatch.setattr(
        "helpers.releases.contents.file_of",
        lambda path, real=file_of: read.append(path) or real(path),
    )
    assert edition(folder, monkeypatch) is None
    assert read == []
    for page in (folder / "reports/current").glob("html/prov/*.html"):
        os.utime(page, ns=(1, 1))
    for pages in (NAMES, ()):
        assert edition(folder, monkeypatch) is None
        assert {path.stem for path in read} == set(pages)
        read.clear()


def test_a_release_of_the_same_reports_takes_over_what_it_was_made_from_and_stays_whole(
    folder, monkeypatch
):
    here = Releases(folder / "reports").current
    again = edition(folder, monkeypatch, force=True)
    assert (again.release, len(again.made)) == (here.name, 3)
    assert faults(here) == []
    assert edition(folder, monkeypatch) is None


def cut_off(folder: Path, monkeypatch) -> list[bytes]:
    """Let a run be stopped after its second report; return the lines of its journal."""
    for name in NAMES:
        (folder / "data" / f"{name}.csv").write_text(f"nytt {name}", "utf-8")
    whole = Maker.run

    def stopped(*given):
        for number, done in enumerate(whole(*given)):
            if number == 2:
                raise KeyboardInterrupt
            yield done

    with monkeypatch.context() as patch:
        patch.setattr(Maker, "run", stopped)
        with pytest.raises(KeyboardInterrupt):
            edition(folder, patch)
    return (folder / "reports/.journal.jsonl").read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize(
    "change", [(b'"answer": "nytt a"', b'"answer": "nyttoa"'), (b'"read"', b'"raed"'), (b"}", b"]")]
)
def test_a_damaged_line_of_the_journal_is_told_and_costs_its_report(
    folder, change, monkeypatch, capsys
):
    first, second = cut_off(folder, monkeypatch)
    assert first.replace(*change) != first
    (folder / "reports/.journal.jsonl").write_bytes(first.replace(*change) + second)
    assert edition(folder, monkeypatch).made == ["prov/a", "prov/c"]
    assert ".journal.jsonl, 1 line(s)" in capsys.readouterr().err
    assert "nyttoa" not in (folder / "reports/current/reports.jsonl").read_text("utf-8")


def test_an_undamaged_journal_is_gone_on_with_in_silence(folder, monkeypatch, capsys):
    cut_off(folder, monkeypatch)
    capsys.readouterr()
    assert edition(folder, monkeypatch).made == ["prov/c"]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "name", ["html/index.html", "html/prov/b.html", "reports.jsonl", "release.json"]
)
def test_a_damaged_release_that_was_rolled_back_is_made_whole_again_and_not_shown(
    folder, name, monkeypatch, capsys
):
    out = folder / "reports"
    first, second = Releases(out).order
    assert command("rollback", "--out", out) == 0
    (Releases(out).folder(second) / name).write_bytes(b"")
    capsys.readouterr()
    assert not edition(folder, monkeypatch).shown
    assert "made again" in capsys.readouterr().err
    assert faults(Releases(out).folder(second)) == []
    assert (Releases(out).current.name, Releases(out).withdrawn) == (first, {second})
    assert edition(folder, monkeypatch) is None
    assert command("rollback", second, "--out", out) == 0


def earlier(folder: Path) -> None:
    """Write the records as the version before this one did."""
    for place in (folder / "reports/releases").iterdir():
        if place.is_dir():
            told = json.loads((place / "release.json").read_text("utf-8"))
            (place / "release.json").write_text(
                json.dumps({k: told[k] for k in told if k not in ("files", "checksum")})
            )
            lines = (place / "reports.jsonl").read_text("utf-8").splitlines()
            (place / "reports.jsonl").write_text(
                "\n".join(json.dumps(json.loads(one)["report"]) for one in lines) + "\n"
            )
            (place / TIMES).unlink()


def test_releases_of_an_earlier_version_are_listed_with_a_word_and_made_again(
    folder, monkeypatch, capsys
):
    out = folder / "reports"
    earlier(folder)
    assert command("releases", "--out", out) == 0
    assert "an earlier version" in capsys.readouterr().out
    assert command("rollback", "--out", out) == 2
    assert "an earlier version" in capsys.readouterr().err
    assert command("publish", folder / "www", "--out", out) == 4
    assert len(edition(folder, monkeypatch).made) == 3
    assert faults(Releases(out).current) == []
    assert edition(folder, monkeypatch) is None


DEEP = b"[" * 100_000 + b"]" * 100_000
WHEN = b'"2026-11-16T06:00:00"'
STRANGE = {
    "empty": b"",
    "random": bytes(range(256)),
    "null": b"null",
    "a list": b"[]",
    "a number": b"5",
    "NaN": b"NaN",
    "huge": b'{"started": "2026-11-16T06:00:00Z", "seconds": 1e308, "edition": "x", "exit_code": 0, "id": "x"}\n'
    b'{"started": "2026-11-16T06:00:00Z", "seconds": -1e308, "edition": "x", "exit_code": 0}',
    "infinity": b'{"started": "2026-11-16T06:00:00Z", "seconds": Infinity, "edition": "x", "exit_code": 0, "id": "x"}',
    "deep": DEEP,
    "deep within": b'{"id": "x", "order": %b, "report": %b}' % (DEEP, DEEP),
    "without a zone": b'{"state": "ok", "since": %b, "next_due": %b, "edition": "x", "started": %b, "seconds": 1, '
    b'"exit_code": 0}' % (WHEN, WHEN, WHEN),
    "at the end of time": b'{"state": "ok", "since": "9999-12-31T23:59:59Z", "next_due": "9999-12-31T23:59:59Z", '
    b'"edition": "x", "started": "9999-12-31T23:59:59Z", "seconds": 1e9, "exit_code": 0}',
    "a pid out of range": b'{"state": "running", "since": "2026-11-16T06:00:00Z", "edition": "x", "pid": 1%b}'
    % (b"0" * 40),
    "names from elsewhere": b'{"order": ["../../x", "a\\u0000b"], "withdrawn": ["../x"], "times": {"../x": 1}}',
}
STATES = ("status.json", "history.jsonl", ".journal.jsonl", ".lock", "releases/state.json", "current/release.json",
          "current/reports.jsonl", f"current/{TIMES}")  # fmt: skip


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2])


def a_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()


def unreadable(path: Path) -> None:
    """Let it lead in a circle, which not even root can read."""
    path.unlink(missing_ok=True)
    path.symlink_to(path.name)


def a_pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


PUT = {"truncated": cut, "a folder": a_folder, "unreadable": unreadable, "a pipe": a_pipe}
for _name, _content in STRANGE.items():
    PUT[_name] = lambda path, content=_content: path.write_bytes(content)


@pytest.mark.parametrize("name", STATES)
@pytest.mark.parametrize("what", PUT)
def test_a_state_file_of_any_shape_ends_no_command_without_a_word(folder, name, what, capsys):
    out = folder / "reports"
    (out / name).touch()  # a lock is gone by now
    PUT[what](out / name)
    for asking in ("releases",) if "/" in name else ("status", "history"):
        assert command(asking, "--out", out) in (0, 3, 4)
    assert "Traceback" not in capsys.readouterr().err
    assert Releases(out).withdrawn <= set(Releases(out).order)


# one that says nothing of ours is a stranger's; the others are known by the mark of the folder
LOCK = [".lock"]
RUNS = [("a folder", [name]) for name in STATES] + [
    ("null", LOCK),
    ("random", LOCK),
    ("empty", LOCK),
]
RUNS += [(what, [name for name in STATES if name not in LOCK]) for what in PUT]


@pytest.mark.parametrize(
    ("what", "names"), RUNS, ids=lambda one: one if isinstance(one, str) else " ".join(one)[:30]
)
def test_a_run_among_state_files_of_any_shape_loses_nothing(
    folder, what, names, monkeypatch, capsys
):
    out = folder / "reports"
    before = Releases(out)
    shown, pages = (
        before.current,
        {p: p.read_bytes() for p in before.root.rglob("*.html") if p.is_file()},
    )
    for name in names:
        (out / name).touch()
        PUT[what](out / name)
    refused = ""
    try:
        edition(folder, monkeypatch, verify=True)
    except SetupError as error:
        refused = str(error)
    if refused:
        assert what in ("a folder", "unreadable", "a pipe") or (names == LOCK and what != "empty")
        assert any(Path(name).name in refused for name in names)
    else:
        assert faults(Releases(out).current) == []
        assert command("publish", folder / "www", "--out", out) == 0
    assert Releases(out).current.name == shown.name
    assert {p: p.read_bytes() for p in pages} == pages
    assert "Traceback" not in capsys.readouterr().err


def test_the_order_of_the_releases_and_what_was_left_is_worked_out_where_the_note_is_lost(
    folder, capsys
):
    out = folder / "reports"
    first, second = Releases(out).order
    assert command("rollback", "--out", out) == 0
    (out / "releases/state.json").write_bytes(b"null")
    assert (Releases(out).order, Releases(out).withdrawn) == ([first, second], {second})
    assert command("releases", "--out", out) == 0
    assert "told by when they were made" in capsys.readouterr().err


def test_the_status_is_worked_out_of_the_record_of_runs_where_it_is_lost(folder, capsys):
    out = folder / "reports"
    known = history.read_status(out)
    (out / "status.json").write_bytes(b"[]")
    found = history.known_status(out)
    same = ("state", "last_run", "last_success", "release", "delivered", "exit_code")
    assert [getattr(found.value, name) for name in same] == [getattr(known, name) for name in same]
    assert command("status", "--out", out) == 0
    assert "is told by history.jsonl" in capsys.readouterr().err
    assert len(history.read_runs(out)[0]) == 2


def test_what_a_killed_writer_left_is_swept_by_the_next_run_and_a_living_ones_is_not(
    folder, monkeypatch
):
    out = folder / "reports"
    dead, living = 2**22 + 1, os.getppid()
    for place, name in (
        (out, "status.json"),
        (out / "releases", "state.json"),
        (out / "current", "release.json"),
    ):
        for pid in (dead, living):
            (place / f".{name}.{pid}").write_text("{", "utf-8")
    (out / f".own.{dead}").write_text("mine", "utf-8")
    edition(folder, monkeypatch, force=True)
    left = {path.name for path in out.rglob(".*.[0-9]*")}
    assert left >= {f".status.json.{living}", f".state.json.{living}", f".own.{dead}"}
    assert not {name for name in left if name.endswith(f".{dead}")} - {f".own.{dead}"}
