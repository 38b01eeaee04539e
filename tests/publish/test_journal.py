"""One line per finished task, on disk at once; a torn line is not read."""

import pytest

from helpers.releases.state import Journal, read_journal


def test_records_come_back_in_order(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    records = [
        {"id": "lan/24", "failure": None},
        {"id": "lan/25", "failure": {"found": "två\nrader"}},
    ]
    for record in records:
        journal.add(record)
    assert read_journal(journal.path) == records


def test_a_line_that_was_cut_off_is_left_out(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'{"id": "lan/24"}\n{"id": "lan')
    assert read_journal(path) == [{"id": "lan/24"}]


def test_a_broken_line_in_the_middle_is_told(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b'{"id": \n{"id": "lan/24"}\n')
    with pytest.raises(ValueError, match="Expecting value"):
        read_journal(path)


def test_a_new_journal_begins_empty(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text("gammalt\n", "utf-8")
    assert read_journal(Journal(path).path) == []
