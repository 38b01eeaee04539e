"""What the figures count, as data/measures.toml says it."""

import pytest

from helpers import tables
from helpers.errors import DataError
from helpers.sources.catalogue import load_catalogue
from helpers.sources.published import FILE, load_measures
from tests.present.collecting import translations

ENTRY = """
[ny]
name = { sv = "Ny", en = "New" }
word = "nya"
counted = "Nya."
when = "I år."
by = "Myndigheten"
is_not = "Inte gamla."
source = "Myndigheten, Nya"
"""


def test_every_measure_is_whole_and_its_english_name_is_the_one_a_reader_meets():
    known = translations()
    for measure in load_measures(load_catalogue()).values():
        assert all(
            [
                measure.word,
                measure.counted,
                measure.when,
                measure.by,
                measure.is_not,
                measure.source,
            ]
        )
        assert known.get(measure.name.sv, measure.name.en) == measure.name.en


def test_the_file_is_noted_as_read_when_the_measures_are_taken():
    book = tables.load()
    assert FILE not in book.catalogue.read
    assert "mottagna" in book.measures
    assert FILE in book.catalogue.read
    assert FILE in tables.fingerprints()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[ny\n", "not readable as TOML"),
        ("ny = 1\n", r"\[ny\]: expected a table of fields"),
        (ENTRY.replace("word", "ord"), r"\[ny\], ord"),
        (ENTRY.replace('counted = "Nya."\n', ""), r"\[ny\], counted"),
        (ENTRY.replace(', en = "New"', ""), r"\[ny\], name.en"),
        (ENTRY.replace('"I år."', "2018"), r"\[ny\], when"),
    ],
)
def test_a_faulty_entry_is_named(text, said, data_copy):
    (data_copy / FILE).write_text(text, "utf-8")
    with pytest.raises(DataError, match=said):
        load_measures(load_catalogue(data_copy))


def test_all_faults_are_told_at_once(data_copy):
    (data_copy / FILE).write_text(ENTRY.replace("word", "ord") + "[tom]\n", "utf-8")
    with pytest.raises(DataError) as told:
        load_measures(load_catalogue(data_copy))
    assert "[ny], ord" in str(told.value)
    assert "[tom], word" in str(told.value)


def test_a_missing_file_is_named(data_copy):
    (data_copy / FILE).unlink()
    with pytest.raises(DataError, match=r"data/measures.toml: the file is missing"):
        load_measures(load_catalogue(data_copy))


def test_a_table_of_a_measure_that_is_not_there_is_named(data_copy):
    path = data_copy / "sources.toml"
    path.write_text(
        path.read_text("utf-8").replace('measure = "unnamed"', 'measure = "okand"'), "utf-8"
    )
    with pytest.raises(DataError, match=r"\[kommunmottagna_2015_2016\], measure: 'okand'"):
        load_measures(load_catalogue(data_copy))
