"""The tidy layer: the same tables, faster; never stale, never trusted when damaged, open to other
tools.
"""

import dataclasses
import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from helpers import cli, tables
from helpers.errors import DataError, ParameterError, SetupError
from helpers.sources import load_catalogue
from helpers.tables import export, parquet, workbook

from .test_detail import _spoil


@pytest.fixture
def written(data_copy) -> Path:
    """A data folder with its tidy layer."""
    tables.write_tidy(data_copy)
    return data_copy


def _same(one, other) -> None:
    for field in dataclasses.fields(one):
        mine, theirs = getattr(one, field.name), getattr(other, field.name)
        if isinstance(mine, pd.DataFrame):
            pd.testing.assert_frame_equal(mine, theirs)
    assert list(one.published) == list(other.published)
    for name, frame in one.published.items():
        pd.testing.assert_frame_equal(frame, other.published[name])


def _refuse(*_):
    raise AssertionError("the published tables were read")


def test_the_tables_are_the_same_as_if_they_were_read_and_checked(written, monkeypatch):
    checked = workbook.read_and_check(load_catalogue(written))
    monkeypatch.setattr(workbook, "read_and_check", _refuse)
    _same(tables.load(written), checked)


@pytest.mark.parametrize("name", ["sources.toml", "published/folkmangd.csv", "published/lan.csv"])
def test_a_changed_source_is_read_anew(name, written, monkeypatch):
    path = written / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert parquet.read(load_catalogue(written)) is None
    monkeypatch.setattr(workbook, "read_and_check", lambda catalogue: "read anew")
    assert tables.load(written) == "read anew"


def test_a_lost_source_is_missed_although_the_tidy_tables_hold_it(written):
    (written / "published/folkmangd.csv").unlink()
    with pytest.raises(DataError, match="folkmangd"):
        tables.load(written)


def test_other_code_or_another_library_reads_the_tables_anew(written, monkeypatch):
    catalogue = load_catalogue(written)
    assert parquet.read(catalogue) is not None
    monkeypatch.setattr(parquet, "_code", lambda: "another")
    assert parquet.read(catalogue) is None


def test_the_code_is_all_that_reads_and_checks(monkeypatch, tmp_path):
    before = parquet._code()
    for name in ("sources/published.py", "tables/schemas.py", "errors.py"):
        package = tmp_path / name.replace("/", "_")
        for part in ("sources/published.py", "tables/schemas.py", "errors.py", "present/style.py"):
            (package / part).parent.mkdir(parents=True, exist_ok=True)
            (package / part).write_text("1", "utf-8")
        monkeypatch.setattr(parquet.helpers, "__file__", str(package / "__init__.py"))
        parquet._code.cache_clear()
        one = parquet._code()
        (package / "present/style.py").write_text("2", "utf-8")
        parquet._code.cache_clear()
        assert parquet._code() == one
        (package / name).write_text("2", "utf-8")
        parquet._code.cache_clear()
        assert parquet._code() not in (one, before)
    monkeypatch.undo()
    parquet._code.cache_clear()
    assert parquet._code() == before


@pytest.mark.parametrize("how", ["cut", "spoilt", "gone", "swapped", "index", "old"])
def test_a_damaged_file_is_not_used_and_is_made_anew(how, written):
    path = written / "tidy/mottagna.parquet"
    checked = tables.load(written)
    if how == "cut":
        path.write_bytes(path.read_bytes()[:-100])
    elif how == "spoilt":
        _spoil(path, "antal")
    elif how == "gone":
        path.unlink()
    elif how == "swapped":
        (written / "tidy/index.json").write_text('["mottagna"]', "utf-8")
    elif how == "index":
        (written / "tidy/index.json").write_text("{", "utf-8")
    else:
        path.write_bytes((Path(__file__).parents[1] / "conftest.py").read_bytes())
    assert parquet.read(load_catalogue(written)) is None
    _same(tables.load(written), checked)
    tables.refresh_tidy(written)
    assert parquet.read(load_catalogue(written)) is not None


def test_only_the_columns_asked_for_are_read(written):
    whole = tables.load(written).mottagna
    _spoil(written / "tidy/mottagna.parquet", "kategori")
    catalogue = load_catalogue(written)
    found = parquet.read_columns(catalogue, "mottagna", ["antal", "kommunkod"])
    pd.testing.assert_frame_equal(found, whole[["antal", "kommunkod"]])
    assert parquet.read_columns(catalogue, "mottagna", ["kategori"]) is None
    pd.testing.assert_frame_equal(
        tables.tidy_columns("mottagna", ["kategori"], written), whole[["kategori"]]
    )


def test_an_unknown_table_or_column_is_refused_with_the_known_ones(written):
    with pytest.raises(ParameterError, match=r"no tidy table 'mottagen'.*mottagna"):
        tables.tidy_columns("mottagen", ["ar"], written)
    with pytest.raises(ParameterError, match=r"no column 'year'.*kommunkod"):
        tables.tidy_columns("mottagna", ["ar", "year"], written)


def test_a_file_says_its_units_its_sources_and_the_code_it_was_made_by(written):
    schema = pq.read_schema(written / "tidy/mottagna.parquet")
    told, catalogue = parquet.about(schema), load_catalogue(written)
    assert schema.field("antal").metadata == {b"unit": b"personer"}
    assert pq.read_schema(written / "tidy/andelstal.parquet").field("andelstal").metadata == {
        b"unit": "‰".encode()
    }
    assert told["sources"] == {
        name: catalogue[name].sha256 for name in ("kommunmottagna_2015_2016", "kommunmottagna_2018")
    }
    assert told["code"].startswith(parquet.helpers.__version__)
    assert parquet.about(pq.read_schema(written / "tidy/lan.parquet"))["sources"] == {
        "lan": catalogue["lan"].sha256
    }


def test_another_tool_reads_codes_as_text_and_the_unknown_as_missing(written):
    table = pq.read_table(written / "tidy/mottagna.parquet").to_pylist()
    assert {type(row["kommunkod"]) for row in table} == {str}
    assert {row["varav_ensamkommande"] for row in table if row["ar"] == 2015} == {None}
    assert (
        sum(row["antal"] for row in table if row["ar"] == 2018 and row["kategori"] == "totalt")
        == 44216
    )


def test_a_table_that_is_no_more_is_removed_and_a_file_of_the_users_is_not(written):
    own = written / "tidy/min_egen.parquet"
    own.write_bytes(b"own")
    index = json.loads((written / "tidy/index.json").read_text("utf-8"))
    (written / "tidy/borta.parquet").write_bytes(b"old")
    (written / "tidy/index.json").write_text(
        json.dumps({**index, "tables": [*index["tables"], "borta"]}), "utf-8"
    )
    tables.write_tidy(written)
    assert own.read_bytes() == b"own"
    assert not (written / "tidy/borta.parquet").exists()


def test_those_who_write_and_read_at_once_all_get_the_right_tables(written):
    checked = tables.load(written)

    def turn(number: int):
        return tables.write_tidy(written) if number % 2 else _same(tables.load(written), checked)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(turn, range(4)))
    assert parquet.read(load_catalogue(written)) is not None
    assert not [path for path in (written / "tidy").rglob("*") if path.name.endswith(".new")]


def test_a_source_that_changes_while_it_is_read_leaves_the_layer_as_it_was(written, monkeypatch):
    before = (written / "tidy/index.json").read_bytes()
    monkeypatch.setattr(export, "read_and_check", lambda catalogue: _touched(catalogue))
    with pytest.raises(DataError, match="changed while it was read"):
        tables.write_tidy(written)
    assert (written / "tidy/index.json").read_bytes() == before


def _touched(catalogue):
    found = workbook.read_and_check(catalogue)
    with (catalogue.root / "published/lan.csv").open("ab") as file:
        file.write(b"\n")
    return found


def test_a_folder_that_cannot_be_written_stops_the_command_and_nothing_else(data_copy):
    (data_copy / "tidy").write_text("in the way", "utf-8")
    tables.refresh_tidy(data_copy)
    assert len(tables.load(data_copy).lan) == 21
    with pytest.raises(SetupError, match="was not made here; nothing was written"):
        tables.write_tidy(data_copy)


def test_the_command_names_the_files_it_wrote(data_copy, capsys, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", "")
    with pytest.raises(SystemExit) as end:
        cli.main(["data", "tidy", "--json", "--data", str(data_copy)])
    files = json.loads(capsys.readouterr().out)["files"]
    assert not end.value.code
    assert str(data_copy / "tidy/mottagna.parquet") in files
    assert all(Path(file).is_file() for file in files)


def test_a_folder_of_a_strangers_is_left_as_it_is(data_copy):
    catalogue, theirs = load_catalogue(data_copy), data_copy / "tidy" / "egen.txt"
    shutil.rmtree(theirs.parent, ignore_errors=True)
    theirs.parent.mkdir()
    theirs.write_text("eget", "utf-8")
    elsewhere = data_copy / "elsewhere"
    for _ in range(2):
        with pytest.raises(SetupError, match="nothing was written"):
            parquet.write(catalogue, "", {}, {}, lambda _: {})
        assert [path.read_text("utf-8") for path in theirs.parent.iterdir()] == ["eget"]
        if not elsewhere.exists():
            theirs.parent.rename(elsewhere)
            theirs.parent.symlink_to(elsewhere)
