"""Checksums of what lies in the data folder: each thing's own, and of nothing else."""

import subprocess
import sys

import pytest

from helpers.errors import DataError
from helpers.sources import load_catalogue
from helpers.sources.freshness import KINDS, fingerprints
from helpers.tables.workbook import Part, Workbook
from tests.edits import edit

ENTRY = '\n[ny]\npath = "imported/ny.csv"\nkind = "kommuntal"\nsha256 = ""\n'


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {one for one in before | after if before.get(one) != after.get(one)}


def test_every_table_entry_and_scenario_has_its_checksum(data_copy):
    found = fingerprints(data_copy)
    for entry in load_catalogue(data_copy).tables.values():
        assert found[entry.path] == entry.sha256
        assert len(found[entry.entry_id]) == 64
    assert "scenarios/vasterbotten-2018.yaml" in found


def test_a_changed_figure_changes_its_files_checksum_and_no_entrys(data_copy):
    before = fingerprints(data_copy)
    path = edit(data_copy, "kommuntal_2018")
    assert changed(before, fingerprints(data_copy)) == {path, "sources.toml"}


def test_a_changed_word_in_an_entry_changes_that_entry_alone(data_copy):
    before, catalogue = fingerprints(data_copy), data_copy / "sources.toml"
    text = catalogue.read_text("utf-8")
    catalogue.write_text(text.replace("Kommuner, kod och namn", "Kommuner"), "utf-8")
    assert changed(before, fingerprints(data_copy)) == {"sources.toml#kommuner", "sources.toml"}


def test_a_new_table_changes_the_list_of_its_kind_and_of_no_other(data_copy):
    before = fingerprints(data_copy)
    (data_copy / "imported").mkdir()
    (data_copy / "imported" / "entries.toml").write_text(ENTRY, "utf-8")
    lists = {"sources.toml#kind=kommuntal", "sources.toml#kind=*"}
    assert changed(before, fingerprints(data_copy)) == {
        "sources.toml#ny",
        "imported/entries.toml",
        *lists,
    }


def test_the_list_of_a_kind_is_there_while_it_is_empty():
    kinds = {
        kind for part in vars(Workbook).values() if isinstance(part, Part) for kind in part.kinds
    }
    assert kinds == set(KINDS)
    assert {f"sources.toml#kind={kind}" for kind in (*kinds, "*")} <= set(fingerprints())


def test_what_is_gone_has_no_checksum(data_copy):
    asked = [
        "published/lan.csv",
        "sources.toml#lan",
        "sources.toml#finns_inte",
        "scenarios/finns-inte.yaml",
    ]
    (data_copy / "published" / "lan.csv").unlink()
    assert list(fingerprints(data_copy, asked)) == ["sources.toml#lan"]


def test_only_what_is_asked_for_is_told_and_the_same_as_among_all():
    asked = [
        "scenarios/vasterbotten-2018.yaml",
        "published/lan.csv",
        "sources.toml#kind=andelstal",
        "sources.toml#lan",
    ]
    found = fingerprints(ids=asked)
    assert sorted(found) == sorted(asked)
    assert found.items() <= fingerprints().items()


def test_what_is_dropped_in_or_made_of_the_tables_is_not_told_of(data_copy):
    before = fingerprints(data_copy)
    for folder in ("raw", "tidy"):
        (data_copy / folder).mkdir()
        (data_copy / folder / "ny.csv").write_text("1", "utf-8")
    assert fingerprints(data_copy) == before


def test_a_catalogue_that_cannot_be_read_is_told_of(data_copy):
    (data_copy / "sources.toml").write_text("[lan\n", "utf-8")
    with pytest.raises(DataError, match=r"data/sources.toml: not readable as TOML"):
        fingerprints(data_copy)


def test_no_table_library_is_loaded_for_it():
    code = "import sys; from helpers.sources.freshness import fingerprints; fingerprints(); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "helpers.sources.freshness" in loaded
    assert not {"pandas", "numpy", "matplotlib"} & set(loaded)
