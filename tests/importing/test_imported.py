"""Tables written beside the project's own: whole or not at all, and read back as they were
meant.
"""

import hashlib
import os
import tomllib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from helpers import tables
from helpers.errors import DataError, SetupError, WorkbookError
from helpers.sources import SourceTable, imported, load_catalogue

FIELDS = {
    "producer": 'Verket "för" \\ prov',
    "title": "Kommuntal åäö\x7f",
    "published": "2019",
    "read_on": "2026-01-02",
    "licence": "CC0",
    "sha256": "",
    "origin": "official",
    "trust": "high",
    "kind": "kommuntal",
    "precedence": 10,
    "columns": {"Kommun namn": "kommun"},
    "missing": ("..", "–"),
}
TEXT = "kommunkod,ar,kommuntal,mottagna_efter_anvisning\n2480,2021,1,\n"


def _entry(**changed: object) -> SourceTable:
    told = {
        "id": "kommuntal_2021_fil",
        "path": "imported/kommuntal_2021_fil.csv",
        **FIELDS,
        **changed,
    }
    return SourceTable.model_validate(told)


def _write(data: Path, entry: SourceTable, text: str) -> None:
    imported.write_tables(data, [(entry, text)])


def _path(stem: str, text: str = TEXT) -> str:
    return f"imported/{stem}-{hashlib.sha256(text.encode()).hexdigest()[:8]}.csv"


def _names(data: Path) -> set[str]:
    return {path.relative_to(data).as_posix() for path in (data / "imported").rglob("*")}


def test_an_entry_is_read_back_as_it_was_written_with_the_checksum_of_the_text(data_copy):
    _write(data_copy, _entry(), TEXT)
    found = load_catalogue(data_copy)["kommuntal_2021_fil"]
    assert found == _entry(sha256=found.sha256, path=_path("kommuntal_2021_fil"))
    assert found.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert load_catalogue(data_copy).file("kommuntal_2021_fil").read_bytes() == TEXT.encode()


def test_other_entries_stay_when_one_is_superseded_and_its_file_until_the_next_writes(data_copy):
    entries = data_copy / "imported/entries.toml"
    _write(data_copy, _entry(), TEXT)
    _write(data_copy, _entry(id="kommuntal_2022_fil", path="imported/b.csv"), TEXT)
    _write(data_copy, _entry(published="2020"), TEXT + "\n")
    assert {
        name: entry["path"] for name, entry in tomllib.loads(entries.read_text("utf-8")).items()
    } == {
        "kommuntal_2021_fil": _path("kommuntal_2021_fil", TEXT + "\n"),
        "kommuntal_2022_fil": _path("b"),
    }
    in_force = {_path("kommuntal_2021_fil", TEXT + "\n"), _path("b"), "imported/entries.toml"}
    # who reads it can go on
    assert _names(data_copy) == in_force | {_path("kommuntal_2021_fil"), "imported/.left"}
    with imported.held(data_copy):
        assert _names(data_copy) == in_force


@pytest.mark.parametrize("dies", ["_put", "_toml", "_note_left"])
def test_what_a_killed_writing_left_is_removed_by_the_next_and_nothing_of_another_is(
    dies, data_copy, monkeypatch
):
    others = [
        "mine.csv",
        "mine_20181231.csv",
        "x.new",
        "notes.toml.new",
        "mine-12345678.csv",
        ".new",
    ]
    _write(data_copy, _entry(), TEXT)
    killed = os.fork()
    if not killed:
        whole = getattr(imported, dies)
        monkeypatch.setattr(imported, dies, lambda *given: (whole(*given), os._exit(9)))
        _write(data_copy, _entry(id="kommuntal_2022_fil"), TEXT + "\n")
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(killed, 0)[1]) == 9
    before = {path: path.read_bytes() for path in map(data_copy.__truediv__, _names(data_copy))}
    for name in others:
        (data_copy / "imported" / name).write_text("mine", "utf-8")
    (data_copy / "imported" / "entries.toml.77.new").write_text("half", "utf-8")
    (data_copy / "imported" / f"{imported.ASIDE}ab").mkdir()
    in_force = {
        entry.path
        for entry in load_catalogue(data_copy).tables.values()
        if entry.original or entry.kind
    }
    with imported.held(data_copy):
        found = _names(data_copy)
    kept = {f"imported/{name}" for name in (*others, "entries.toml")}
    assert found == kept | {path for path in in_force if path.startswith("imported/")}
    assert all(path.read_bytes() == content for path, content in before.items() if path.exists())


def test_tables_that_versions_before_left_unnoted_are_removed_and_nothing_that_only_looks_like_one(
    data_copy,
):
    first, second = "1" * 64, "2" * 64
    _write(data_copy, _entry(original="a.csv", original_sha256=first), TEXT)
    _write(data_copy, _entry(original="b.csv", original_sha256=second), TEXT + "\n")
    old = hashlib.sha256(b"old").hexdigest()[:8]
    ours = [
        f"kommuntal_2021_fil_{first[:8]}.csv",
        f"kommuntal_2020_fil-{old}.csv",
        f"kommuntal_2020_fil_{old}.parquet",
    ]
    others = [
        f"kommuntal_2022_fil_{first[:8]}.csv",
        "kommuntal_2021_fil_33333333.csv",
        f"Mitt-{old}.csv",
    ]
    plain, foreign = (
        data_copy / "imported" / name
        for name in ("kommuntal_2021_fil.csv", "kommuntal_2020_fil.csv")
    )
    for path in (plain, foreign):
        path.write_text(TEXT, "utf-8")
    for name in ours + others:
        (data_copy / "imported" / name).write_text("old" if old in name else "mine", "utf-8")
    (data_copy / "imported" / f"link-{old}.csv").symlink_to(ours[1])
    with imported.held(data_copy):
        found = _names(data_copy)
    in_force = {load_catalogue(data_copy)["kommuntal_2021_fil"].path, "imported/entries.toml"}
    assert found == in_force | {
        f"imported/{name}" for name in (*others, foreign.name, f"link-{old}.csv")
    }
    plain.write_text("mitt;eget\n", "utf-8")
    with imported.held(data_copy):
        assert plain.exists()


def test_a_table_that_lies_under_a_name_of_an_earlier_version_goes_when_it_is_superseded(data_copy):
    _write(data_copy, _entry(), TEXT)
    entries, old = (
        data_copy / "imported/entries.toml",
        data_copy / "imported/kommuntal_2021_fil.csv",
    )
    (data_copy / _path("kommuntal_2021_fil")).rename(old)
    entries.write_text(
        entries.read_text("utf-8").replace(_path("kommuntal_2021_fil"), "imported/" + old.name),
        "utf-8",
    )
    with imported.held(data_copy):
        assert old.exists()
    _write(data_copy, _entry(), TEXT + "\n")
    with imported.held(data_copy):
        assert not old.exists()


def test_a_link_under_one_of_our_passing_names_is_left_and_never_followed(data_copy, tmp_path):
    _write(data_copy, _entry(), TEXT)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "a.txt").write_text("theirs", "utf-8")
    for name in ("entries.toml.1.new", f"{imported.ASIDE}x"):
        (data_copy / "imported" / name).symlink_to(
            theirs if name.startswith(".") else theirs / "a.txt"
        )
    _write(data_copy, _entry(id="kommuntal_2022_fil"), TEXT)
    assert (theirs / "a.txt").read_text("utf-8") == "theirs"
    assert (data_copy / "imported" / "entries.toml.1.new").is_symlink()


@pytest.mark.parametrize("number", [28, 30, 13])
def test_a_disk_that_refuses_at_any_point_leaves_what_was_there_and_nothing_else(
    number, data_copy, monkeypatch
):
    _write(data_copy, _entry(), TEXT)
    _write(data_copy, _entry(), TEXT + "\n")
    before = {path: path.read_bytes() for path in map(data_copy.__truediv__, _names(data_copy))}
    real, refused = os.fsync, 0
    for passes in range(5):
        left = iter(range(passes))

        def refuse(descriptor: int, left=left) -> None:
            if next(left, None) is None:
                raise OSError(number, os.strerror(number))
            real(descriptor)

        monkeypatch.setattr(os, "fsync", refuse)
        with suppress(SetupError):
            _write(data_copy, _entry(id="kommuntal_2022_fil"), TEXT)
            break
        monkeypatch.setattr(os, "fsync", real)
        refused += 1
        swept = {
            path: content
            for path, content in before.items()
            if path.name not in (".left", Path(_path("kommuntal_2021_fil")).name)
        }
        assert {
            path: path.read_bytes() for path in map(data_copy.__truediv__, _names(data_copy))
        } == swept
    assert refused == 3  # the note, the table, the entries


def test_a_write_that_dies_leaves_the_old_table_in_force(data_copy, monkeypatch):
    _write(data_copy, _entry(), TEXT)
    before = (data_copy / "imported/entries.toml").read_bytes()

    def die(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(imported, "_toml", die)
    with pytest.raises(KeyboardInterrupt):
        _write(data_copy, _entry(path="imported/new.csv"), "other\n")
    assert len(_names(data_copy)) == 2
    assert (data_copy / "imported/entries.toml").read_bytes() == before
    assert load_catalogue(data_copy).file("kommuntal_2021_fil").read_text("utf-8") == TEXT


def test_two_who_write_at_once_lose_neither_table(data_copy):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda year: _write(data_copy, _year(year), TEXT), range(2000, 2024)))
    assert len(tomllib.loads((data_copy / "imported/entries.toml").read_text("utf-8"))) == 24


def _year(ar: int) -> SourceTable:
    return _entry(id=f"kommuntal_{ar}_fil", path=f"imported/{ar}.csv")


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "../x"},
        {"id": "Kommuntal"},
        {"path": "/etc/x.csv"},
        {"path": "published/lan.csv"},
        {"path": "imported/../published/lan.csv"},
    ],
)
def test_an_id_or_a_path_outside_the_folder_is_refused(changed, data_copy):
    with pytest.raises(DataError):
        _write(data_copy, _entry(**changed), TEXT)
    assert not (data_copy / "imported").exists()


def test_entries_that_cannot_be_read_are_not_written_over(data_copy):
    path: Path = data_copy / "imported/entries.toml"
    path.parent.mkdir()
    path.write_text("[broken", "utf-8")
    with pytest.raises(DataError, match="not readable"):
        _write(data_copy, _entry(), TEXT)
    assert path.read_text("utf-8") == "[broken"


SHAPES = {
    "empty": b"",
    "white space": b"\n\n",
    "cut in a line": slice(0, -60),
    "cut after a table": slice(0, -len("\n# That was the last entry.\n") - 1),
    "cut in the head": slice(0, 20),
    "random": bytes(range(255, 0, -1)),
    "a number": b"kommuntal_2021_fil = 5\n",
    "a list": b"kommuntal_2021_fil = [1, 2]\n",
    "not a number": b"[kommuntal_2021_fil]\nprecedence = nan\n",
    "an id": b'[kommuntal_2021_fil]\nid = "x"\n',
    "deep": b"x = " + b"[" * 9000,
    "digits": b"x = " + b"1" * 5000,
    "JSON": b"null\n",
    "a way out": b'path = "imported/../../../etc/passwd"\n',
    "a folder": None,
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_damaged_entries_are_told_with_the_next_step_and_nothing_is_lost(shape, data_copy):
    path = data_copy / "imported/entries.toml"
    _write(data_copy, _entry(), TEXT)
    _write(data_copy, _entry(), TEXT + "\n")
    whole = path.read_bytes()
    if shape is None:
        path.unlink()
        path.mkdir()
    elif isinstance(shape, slice):
        path.write_bytes(whole[shape])
    elif shape.startswith(b"path"):
        path.write_bytes(
            b"".join(shape if line.startswith(b"path") else line for line in whole.splitlines(True))
        )
    else:
        path.write_bytes(shape)
    before = {
        path: path.read_bytes() for path in (data_copy / "imported").iterdir() if path.is_file()
    }
    for command in (
        load_catalogue,
        lambda data: _write(data, _entry(id="kommuntal_2022_fil"), TEXT),
        tables.load,
    ):
        with pytest.raises(
            WorkbookError, match=r"entries\.toml[\s\S]*(from a copy|Check the path|in the way)"
        ):
            command(data_copy)
    assert {
        path: path.read_bytes() for path in (data_copy / "imported").iterdir() if path.is_file()
    } == before


def test_entries_that_may_not_be_read_are_told_as_that(data_copy, monkeypatch):
    _write(data_copy, _entry(), TEXT)

    def refuse(path: Path) -> bytes:
        """As the one opener would."""
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("helpers.sources.catalogue.bytes_in", refuse)
    with pytest.raises(SetupError, match=r"Permission denied\. Check who owns it"):
        load_catalogue(data_copy)
