"""Agreed limits on the age of sources, and last year's file under a new name."""

import datetime
import hashlib

import pytest

from helpers.errors import DataError
from helpers.sources import freshness
from helpers.sources.catalogue import load_catalogue

READ = datetime.date(2026, 11, 27)  # when the newest of the project's own tables were read
LATER = READ + datetime.timedelta(days=401)


def _with_limits(data, text: str):
    """The catalogue with an agreement on freshness."""
    path = data / "sources.toml"
    path.write_text(f"{path.read_text('utf-8')}\n[freshness]\n{text}\n", "utf-8")
    return load_catalogue(data)


def test_without_a_limit_nothing_is_too_old():
    assert freshness.ages(load_catalogue(), datetime.date(2099, 1, 1)) == []


@pytest.mark.parametrize(
    ("today", "stale"), [(LATER - datetime.timedelta(days=1), False), (LATER, True)]
)
def test_a_source_is_stale_the_day_after_its_limit(data_copy, today, stale):
    (age,) = freshness.ages(_with_limits(data_copy, "kommuntal = 400"), today)
    assert (age.date, age.stale) == (READ, stale)


def test_the_newest_table_of_a_kind_counts(data_copy):
    path = data_copy / "sources.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("read_on = 2026-11-22", "read_on = 2019-01-01", 1), "utf-8")
    catalogue = _with_limits(data_copy, "andelstal = 400\nandelstal_2018_ac = 400\nkommuntal = 400")
    assert [age.stale for age in freshness.ages(catalogue, READ)] == [True, True, False]


def test_every_stale_source_is_named_with_date_limit_and_next_step(data_copy):
    catalogue = _with_limits(data_copy, "kommuntal = 400\nlanstal = { days = 30 }\nfolkmangd = 500")
    with pytest.raises(DataError) as refused:
        freshness.refuse_stale(freshness.ages(catalogue, LATER))
    first, second = refused.value.problems
    assert first.startswith("kommuntal: the newest table, kommuntal_")
    assert "was read 2026-11-27, 401 days ago; at most 400 are agreed." in first
    assert "--stale-ok" in first
    assert second.startswith(
        "lanstal: the newest table, lanstal_press, was read 2026-11-27, 401 days ago; at most 30"
    )


def test_a_limit_may_count_from_the_date_of_publication(data_copy):
    catalogue = _with_limits(data_copy, 'prognoser = { days = 30, by = "published" }')
    (age,) = freshness.ages(catalogue, READ)
    assert (age.table, age.date, age.stale) == (
        "prognoser_officiella",
        datetime.date(2024, 7, 31),
        True,
    )


def test_a_publication_without_a_date_is_told_and_not_guessed(data_copy):
    catalogue = _with_limits(data_copy, 'kommuner = { days = 30, by = "published" }')
    with pytest.raises(
        DataError, match="no date can be read in published; kommuner has 'gällande indelning'"
    ):
        freshness.ages(catalogue, READ)


def test_a_limit_on_a_source_that_does_not_exist_is_refused(data_copy):
    with pytest.raises(DataError, match="kommuntall: there is no such table or kind"):
        freshness.ages(_with_limits(data_copy, "kommuntall = 400"), READ)


@pytest.mark.parametrize(
    "limit", ["-1", "0", '"400"', "40.5", "true", "{ day = 4 }", '{ days = 4, by = "guess" }']
)
def test_a_limit_that_is_no_number_of_days_is_refused(data_copy, limit):
    with pytest.raises(DataError, match=r"data/sources.toml, \[freshness.kommuntal\]"):
        _with_limits(data_copy, f"kommuntal = {limit}")


def test_the_projects_own_tables_are_all_different():
    catalogue = load_catalogue()
    freshness.refuse_repeated(catalogue)
    files = [catalogue.root / table.path for table in catalogue.tables.values()]
    sums = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    assert len(files) >= 10
    assert len(set(sums)) == len(set(files))


def test_last_years_bytes_under_a_new_name_are_refused(data_copy):
    """A table of another year whose file is a copy: its entry and its checksum are in order."""
    path = data_copy / "sources.toml"
    entry = path.read_text("utf-8").split("[kommuntal_2018]\n")[1].split("\n\n")[0]
    entry = entry.replace("published/kommuntal_2018.csv", "published/kommuntal_2019.csv")
    (data_copy / "published" / "kommuntal_2019.csv").write_bytes(
        (data_copy / "published" / "kommuntal_2018.csv").read_bytes()
    )
    path.write_text(f"{path.read_text('utf-8')}\n[kommuntal_2019]\n{entry}\n", "utf-8")
    with pytest.raises(
        DataError, match=r"kommuntal_2019.csv: same sha256 as data/published/kommuntal_2018.csv"
    ):
        freshness.refuse_repeated(load_catalogue(data_copy))
