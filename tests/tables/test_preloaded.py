"""Tables kept for forked processes: the same tables, each caller's own, and only while the files
are the same.
"""

from types import MappingProxyType

import pandas as pd
import pytest

from helpers import cases, tables
from helpers.tables import parquet as preloaded


@pytest.fixture
def data(data_copy, monkeypatch):
    """A data folder whose tables this process keeps; forgotten afterwards."""
    monkeypatch.setattr(preloaded, "_kept", {})
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    cases.preload()
    return data_copy


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
    monkeypatch.setattr(preloaded, "read", lambda _: pytest.fail("the tidy tables were read"))
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
