"""Tables written beside the project's own: whole or not at all, and read back as they were meant."""

import hashlib
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpers.errors import DataError
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
    told = {"id": "kommuntal_2021_fil", "path": "imported/kommuntal_2021_fil.csv", **FIELDS, **changed}
    return SourceTable.model_validate(told)


def test_an_entry_is_read_back_as_it_was_written_with_the_checksum_of_the_text(data_copy):
    imported.write_table(data_copy, _entry(), TEXT)
    found = load_catalogue(data_copy)["kommuntal_2021_fil"]
    assert found == _entry(sha256=found.sha256)
    assert found.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert load_catalogue(data_copy).file("kommuntal_2021_fil").read_bytes() == TEXT.encode()


def test_other_entries_stay_when_one_is_superseded(data_copy):
    imported.write_table(data_copy, _entry(), TEXT)
    imported.write_table(data_copy, _entry(id="kommuntal_2022_fil", path="imported/b.csv"), TEXT)
    imported.write_table(data_copy, _entry(path="imported/c.csv", published="2020"), TEXT)
    entries = tomllib.loads((data_copy / "imported/entries.toml").read_text("utf-8"))
    assert {name: entry["path"] for name, entry in entries.items()} == {
        "kommuntal_2021_fil": "imported/c.csv",
        "kommuntal_2022_fil": "imported/b.csv",
    }
    assert sorted(path.name for path in (data_copy / "imported").iterdir()) == ["b.csv", "c.csv", "entries.toml"]


def test_a_write_that_dies_leaves_the_old_table_in_force(data_copy, monkeypatch):
    imported.write_table(data_copy, _entry(), TEXT)
    before = (data_copy / "imported/entries.toml").read_bytes()

    def die(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(imported, "_toml", die)
    with pytest.raises(KeyboardInterrupt):
        imported.write_table(data_copy, _entry(path="imported/new.csv"), "other\n")
    assert (data_copy / "imported/entries.toml").read_bytes() == before
    assert load_catalogue(data_copy).file("kommuntal_2021_fil").read_text("utf-8") == TEXT


def test_two_who_write_at_once_lose_neither_table(data_copy):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda year: imported.write_table(data_copy, _year(year), TEXT), range(2000, 2024)))
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
        imported.write_table(data_copy, _entry(**changed), TEXT)
    assert not (data_copy / "imported").exists()


def test_entries_that_cannot_be_read_are_not_written_over(data_copy):
    path: Path = data_copy / "imported/entries.toml"
    path.parent.mkdir()
    path.write_text("[broken", "utf-8")
    with pytest.raises(DataError, match="not readable"):
        imported.write_table(data_copy, _entry(), TEXT)
    assert path.read_text("utf-8") == "[broken"
