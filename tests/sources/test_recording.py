"""A recorded checksum goes into its own entry, however the catalogue is written, and nothing else
changes.
"""

import hashlib
import os
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import tomlkit

from helpers.errors import ParameterError, SetupError
from helpers.sources import SourceTable, imported, recording

BAD = "0" * 64
SPELLINGS = {  # ways of writing one entry's checksum that TOML takes for the same
    "as the project writes": 'sha256 = "{}"',
    "single quotes": "sha256 = '{}'",
    "no spaces": 'sha256="{}"',
    "many spaces": 'sha256   =  "{}"   ',
    "a comment behind": 'sha256 = "{}" # noted by hand',
    "a quoted key": '"sha256" = "{}"',
    "three quotes": 'sha256 = """{}"""',
    "three single quotes": "sha256 = '''{}'''",
    "over two lines": 'sha256 = """\n{}"""',
    "a heading in a comment": '# [folkmangd]\nsha256 = "{}"',
}


def _text(spelling: str, broken: str, entries: dict[str, dict]) -> str:
    """The project's own catalogue, every checksum in one spelling, and one of them wrong."""
    text = (Path(__file__).parents[2] / "data" / "sources.toml").read_text("utf-8")
    for own, entry in entries.items():
        said = spelling.format(BAD if own == broken else entry["sha256"])
        text = text.replace(f'sha256 = "{entry["sha256"]}"', said)
    return text


@pytest.fixture(scope="module")
def entries() -> dict[str, dict]:
    whole = tomllib.loads((Path(__file__).parents[2] / "data" / "sources.toml").read_text("utf-8"))
    return {own: entry for own, entry in whole.items() if "sha256" in entry}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_every_entry_however_it_is_spelt_gets_its_own_checksum_and_no_other_line_changes(
    spelling, entries
):
    at = list(SPELLINGS.values()).index(spelling)
    # over all spellings each entry has its turn
    for own, entry in list(entries.items())[at % 4 :: 4]:
        end = ("\n", "\r\n")[at % 2]
        before = _text(spelling, own, entries).replace("\n", end)
        old, after = recording._changed(before, own, entry["sha256"])
        assert old == BAD
        assert {
            name: table["sha256"]
            for name, table in tomllib.loads(after).items()
            if "sha256" in table
        } == {name: table["sha256"] for name, table in entries.items()}
        kept = [
            line
            for line in before.split(end)
            if BAD not in line and line.strip() not in ('sha256 = """',)
        ]
        assert [line for line in kept if line not in after.split(end)] == []


@pytest.mark.parametrize(
    "text",
    [
        'a = { sha256 = "0", path = "x" } # inline\nb = { sha256 = "2" }\n',
        'a.sha256 = "0"\na.path = "x" # dotted\nb.sha256 = "2"\n',
        '[b]\nsha256 = "2"\n[a.columns]\nx = "sha256 = y" # first\n[a]\npath = "x"\nsha256 = "0"\n',
        '["a"]\npath = """\n[b]\nsha256 = "7"\n"""\nsha256 = "0"\n[b]\nsha256 = "2"\n',
        '[a]\nsha256 = "0"\n[b]\nsha256 = "2"\n[a.columns]\nx = "y"\n',
    ],
)
def test_an_entry_may_be_written_as_any_toml(text):
    old, after = recording._changed(text, "a", "1")
    was, now = tomllib.loads(text), tomllib.loads(after)
    assert (old, now["a"].pop("sha256"), was["a"].pop("sha256")) == ("0", "1", "0")
    assert now == was
    assert all(line.rpartition("#")[2] in after for line in text.splitlines() if "#" in line)


def test_a_link_stays_a_link_and_nothing_is_left_beside_it(data_copy, tmp_path):
    real = tmp_path / "elsewhere.toml"
    (data_copy / "sources.toml").rename(real)
    (data_copy / "sources.toml").symlink_to(real)
    (data_copy / "published" / "lan.csv").write_bytes(
        (data_copy / "published" / "lan.csv").read_bytes() + b"\n"
    )
    recording.record("lan", data_copy)
    assert (data_copy / "sources.toml").is_symlink()
    assert hashlib.sha256(
        (data_copy / "published" / "lan.csv").read_bytes()
    ).hexdigest() in real.read_text("utf-8")
    assert [path.name for path in tmp_path.rglob("*.new")] == []


def test_two_who_record_at_once_lose_nothing(data_copy):
    files = {
        own: data_copy / f"published/{own}.csv"
        for own in ("lan", "kommuner", "folkmangd", "lanstal")
    }
    for file in files.values():
        file.write_bytes(file.read_bytes() + b"\n")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda own: recording.record(own, data_copy), files))
    now = tomllib.loads((data_copy / "sources.toml").read_text("utf-8"))
    for own, file in files.items():
        assert now[own]["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_an_imported_table_is_not_said_to_be_recorded(data_copy):
    fields = {
        "producer": "x",
        "title": "x",
        "published": "x",
        "read_on": "2026-01-02",
        "licence": "x",
        "sha256": "",
    }
    told = {
        "id": "kommuntal_2021_fil",
        "path": "imported/x.csv",
        "kind": "kommuntal",
        "precedence": 10,
    }
    entry = SourceTable.model_validate({**fields, **told, "origin": "official", "trust": "high"})
    imported.write_tables(
        data_copy, [(entry, "kommunkod,ar,kommuntal,mottagna_efter_anvisning\n2480,2021,1,\n")]
    )
    with pytest.raises(ParameterError, match="data import"):
        recording.record("kommuntal_2021_fil", data_copy)


@pytest.mark.parametrize(
    ("number", "step"), [(28, "full"), (30, "read-only"), (13, "Check who owns it")]
)
def test_a_disk_that_refuses_is_told_as_what_it_is_and_leaves_nothing(
    data_copy, monkeypatch, number, step
):
    file = data_copy / "published" / "lan.csv"
    file.write_bytes(file.read_bytes() + b"\n")
    before = (data_copy / "sources.toml").read_bytes()

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(SetupError, match=step):
        recording.record("lan", data_copy)
    assert (data_copy / "sources.toml").read_bytes() == before
    assert list(data_copy.glob("*.new")) == []


def test_what_a_user_has_written_among_the_imported_entries_stays(data_copy):
    fields = {
        "producer": "x",
        "title": "x",
        "published": "x",
        "read_on": "2026-01-02",
        "licence": "x",
        "sha256": "",
    }
    told = {"kind": "kommuntal", "precedence": 10, "origin": "official", "trust": "high"}

    def entry(own: str) -> SourceTable:
        return SourceTable.model_validate(
            {**fields, **told, "id": own, "path": f"imported/{own}.csv"}
        )

    text = "kommunkod,ar,kommuntal,mottagna_efter_anvisning\n2480,2021,1,\n"
    imported.write_tables(data_copy, [(entry("b"), text)])
    path = data_copy / "imported" / "entries.toml"
    noted = path.read_text("utf-8").replace('title = "x"', "title = 'x' # asked for again in May")
    path.write_text(noted, "utf-8")
    imported.write_tables(data_copy, [(entry("a"), text)])
    imported.write_tables(data_copy, [(entry("c"), text)])
    assert "title = 'x' # asked for again in May" in path.read_text("utf-8")
    assert list(tomlkit.parse(path.read_text("utf-8"))) == ["a", "b", "c"]
