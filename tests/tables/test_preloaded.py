"""Tables kept for forked processes: the same tables, each caller's own, and only while the files
are the same.
"""

from types import MappingProxyType

import pandas as pd
import pytest

from helpers import cases, tables
from helpers.tables import memory as preloaded


@pytest.fixture
def unread(data_copy, monkeypatch):
    """A data folder of which this process keeps nothing, now and afterwards."""
    _forget(monkeypatch)
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    return data_copy


@pytest.fixture
def data(unread):
    """A data folder whose tables this process keeps."""
    cases.preload()
    return unread


@pytest.fixture
def held(unread):
    """A data folder whose tables this process holds, as one does that has forks long after."""
    cases.hold()
    return unread


def _forget(monkeypatch) -> None:
    for name, empty in (("_kept", {}), ("_held", {}), ("_sure", set())):
        monkeypatch.setattr(preloaded, name, empty)


def test_kept_tables_are_the_ones_that_reading_gives(data, monkeypatch):
    kept = tables.load()
    monkeypatch.setattr(preloaded, "_kept", {})
    read = tables.load()
    assert list(kept.frames) == list(read.frames)
    for name, table in read.frames.items():
        pd.testing.assert_frame_equal(kept.frames[name], table)
    assert sorted(kept.published) == sorted(read.published)
    assert kept.catalogue == read.catalogue


def test_kept_tables_are_not_read_again(data, monkeypatch):
    monkeypatch.setattr(tables.parquet, "read", lambda _: pytest.fail("the tables were read"))
    assert len(tables.load().kommuner) == 290


def test_kept_tables_are_handed_to_another_process_as_they_are(data, monkeypatch):
    kept, content = tables.load(), preloaded.all_kept()
    monkeypatch.setattr(preloaded, "_kept", {})
    preloaded.take_over(content)
    monkeypatch.setattr(tables.workbook, "read_and_check", lambda _: pytest.fail("read again"))
    handed = tables.load()
    assert {*handed.found} == {*kept.found}
    for name, table in kept.frames.items():
        pd.testing.assert_frame_equal(handed.frames[name], table)
    pd.testing.assert_frame_equal(cases.ledger(handed), cases.ledger(kept))
    views = [found for found in handed.found.values() if isinstance(found, MappingProxyType)]
    assert views  # what may not be written to may not be written to there either


def test_what_a_caller_does_to_a_table_stays_with_that_caller(data):
    first = tables.load()
    first.kommuner.loc[0, "kommun"] = "Ändrad"
    del first.published["lan"]["lan"]
    assert tables.load().kommuner.loc[0, "kommun"] != "Ändrad"
    assert "lan" in tables.load().published["lan"]


def test_what_follows_from_all_tables_is_kept_too_and_each_caller_has_its_own(data, monkeypatch):
    kept = tables.load()
    assert "all_checks(; )" in kept.found
    mine = cases.ledger(kept)
    mine.loc[0, "note"] = "Ändrad"
    monkeypatch.setattr(preloaded, "_kept", {})
    pd.testing.assert_frame_equal(cases.ledger(kept), cases.ledger(tables.load()))


def test_a_table_that_has_changed_since_is_read_and_checked_anew(data):
    path = data / tables.load().catalogue["lan"].path
    path.write_text(path.read_text("utf-8").replace("Uppsala", "Uppsal"), "utf-8")
    with pytest.raises(tables.workbook.DataError, match="not the one recorded"):
        tables.load()


def test_nothing_is_kept_unasked(monkeypatch):
    monkeypatch.setattr(preloaded, "_kept", {})
    tables.load()
    assert preloaded._kept == {}


def test_held_tables_are_believed_where_no_file_has_changed(held, monkeypatch):
    monkeypatch.setattr(tables.workbook, "read_and_check", lambda _: pytest.fail("read again"))
    assert len(tables.load().kommuner) == 290
    cases.preload()
    assert len(tables.load().kommuner) == 290


@pytest.mark.parametrize("name", ["rules.toml", "measures.toml", "lan/24/utsagor.csv", "new.csv"])
def test_held_tables_are_not_believed_once_any_file_is_another(name, held, monkeypatch):
    path = held / name
    path.write_bytes(path.read_bytes() if path.exists() else b"new")
    read = []
    anew = tables.workbook.read_and_check
    monkeypatch.setattr(
        tables.workbook, "read_and_check", lambda found: read.append(1) or anew(found)
    )
    tables.load()
    assert read == [1]
    cases.preload()  # and what is read anew is kept as ever
    tables.load()
    assert read == [1, 1]
    assert len(preloaded.all_kept()) > 100_000


def test_a_run_hands_on_the_names_of_held_tables_alone(held, monkeypatch):
    assert preloaded.pickle.loads(preloaded.all_kept()) == ({}, set())  # nothing is known of them
    tables.load()
    cases.preload()
    content = preloaded.all_kept()
    own, sure = preloaded.pickle.loads(content)
    assert own == {}
    assert [root for root, _ in sure] == [str(held)]
    found = preloaded._kept
    _forget(monkeypatch)
    monkeypatch.setattr(preloaded, "_kept", found)
    monkeypatch.setattr(preloaded, "_held", dict.fromkeys(found, frozenset()))
    preloaded.take_over(content)  # in a fork of the same process, which has looked at nothing
    monkeypatch.setattr(preloaded, "states_of", lambda _: pytest.fail("looked at again"))
    monkeypatch.setattr(tables.workbook, "read_and_check", lambda _: pytest.fail("read again"))
    assert len(tables.load().kommuner) == 290


def test_nothing_is_held_of_tables_that_cannot_be_read(unread):
    (unread / "sources.toml").write_text("[", "utf-8")
    cases.hold()
    assert preloaded._kept == {}


def test_a_folder_with_a_link_to_another_is_never_believed_to_stand_as_it_did(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "file").write_text("1", "utf-8")
    assert preloaded.states_of(tmp_path / "data") == preloaded.states_of(tmp_path / "data")
    (tmp_path / "data" / "other").symlink_to(tmp_path, target_is_directory=True)
    assert preloaded.states_of(tmp_path / "data") != preloaded.states_of(tmp_path / "data")


def test_a_file_that_is_gone_before_it_is_looked_at_is_no_error_and_never_believed(tmp_path):
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")  # as one that a listing still named
    assert preloaded.states_of(tmp_path) != preloaded.states_of(tmp_path)
