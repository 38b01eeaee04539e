"""One line per finished task, on disk at once."""

from helpers.releases.state import Journal
from tests.publish.samples import read_journal


def test_records_come_back_in_order(tmp_path):
    journal = Journal(tmp_path / "journal.jsonl")
    records = [
        {"id": "lan/24", "failure": None},
        {"id": "lan/25", "failure": {"found": "två\nrader"}},
    ]
    for record in records:
        journal.add(record)
    assert read_journal(journal.path) == records


def test_a_new_journal_begins_empty(tmp_path):
    path = tmp_path / "journal.jsonl"
    path.write_text("gammalt\n", "utf-8")
    assert read_journal(Journal(path).path) == []
