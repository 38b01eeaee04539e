"""The reader notes what is taken of the tables: all that can change what a notebook is given, and
nothing before.
"""

import pytest

from helpers import tables
from helpers.cases.scenarios import load_scenario, population_for, ratios_of
from helpers.sources import load_catalogue, read_published
from helpers.tables.detailed_layout import KIND
from helpers.tables.questions import ask
from helpers.tables.workbook import Part, Workbook, read_and_check
from tests.edits import EDITS, edit

ANYWHERE = {"sources.toml#kind=*"}
# what counties say of themselves: no test edits a line of theirs
OWN_WORDS = [own for own in load_catalogue().entries if own.startswith("lan_")]


PARTS = [name for name, part in vars(Workbook).items() if isinstance(part, Part)]


@pytest.fixture
def book(workbook) -> Workbook:
    """The tables, of which nothing has been taken yet."""
    return workbook.with_own_record()


def test_loading_takes_nothing():
    assert tables.load().catalogue.read == set()


def test_every_frame_is_a_part_that_says_what_it_is_made_of(workbook):
    assert set(PARTS) == set(workbook.frames)


def test_a_part_that_is_taken_notes_its_tables_their_entries_and_which_of_the_kind_there_are(book):
    _ = book.kommuntal
    entries = book.catalogue.entries
    kinds = ("kommuntal", "lanstal")  # a 0 that is not listed follows from the länstal
    ids = [own for own, entry in entries.items() if entry.kind in kinds or own == "kommuner"]
    assert {"kommuntal_2018", "lanstal", "lanstal_press", "kommuner"} < set(ids)
    files = {f"published/{own}.csv" for own in ids}
    entries = {f"sources.toml#{own}" for own in ids}
    lists = {f"sources.toml#kind={kind}" for kind in kinds}
    assert book.catalogue.read == files | entries | lists


def test_a_kind_of_which_there_is_no_table_is_noted_too(book):
    _ = book.manader
    assert book.catalogue.read == {"sources.toml#kind=kommunmottagna_manad"}


def test_of_the_published_tables_the_one_that_is_taken_is_noted(book):
    _ = book.published["lanstal"]
    assert book.catalogue.read == {"published/lanstal.csv", "sources.toml#lanstal"}


def test_who_goes_through_all_published_tables_or_asks_for_one_that_is_not_there_has_seen_which_there_are(
    book,
):
    assert "finns_inte" not in book.published
    assert book.catalogue.read == ANYWHERE
    assert len(dict(book.published)) == len(EDITS) + len(OWN_WORDS)
    assert {f"published/{own}.csv" for own in EDITS} <= book.catalogue.read


def test_an_entry_that_is_looked_up_is_noted_without_its_table(book):
    assert book.catalogue["lan"].trust == "high"
    assert book.document_titles
    assert book.catalogue.read == {"sources.toml#lan", "sources.toml#dokumentuppgifter"}


def test_who_goes_through_the_catalogue_has_read_all_of_it(book):
    assert [entry.id for entry in book.catalogue.tables.values() if entry.kind == KIND] == []
    assert book.catalogue.read == ANYWHERE | {f"sources.toml#{own}" for own in (*EDITS, *OWN_WORDS)}


def test_a_scenario_that_is_read_is_noted(book):
    load_scenario(book, "vasterbotten-2018")
    assert "scenarios/vasterbotten-2018.yaml" in book.catalogue.read


def test_places_rest_on_counties_and_municipalities(book):
    book.county("AC")
    assert {one for one in book.catalogue.read if "#" not in one} == {
        "published/lan.csv",
        "published/kommuner.csv",
    }


def test_what_is_taken_of_a_view_with_its_own_record_is_noted_there_alone(book):
    own = book.with_own_record()
    assert own.anvisningar is book.frames["anvisningar"]
    assert own.catalogue.read == {
        "published/anvisningar_riket.csv",
        "sources.toml#anvisningar_riket",
    }
    assert book.catalogue.read == set()


def test_a_part_that_is_not_to_be_noted_leaves_the_others_noted_in_the_same_record(book):
    view = book.without_noting("folkmangd")
    assert view.folkmangd is book.frames["folkmangd"]
    _ = view.anvisningar
    assert book.catalogue.read == {
        "published/anvisningar_riket.csv",
        "sources.toml#anvisningar_riket",
    }


def test_an_answer_is_noted_and_nothing_of_what_it_took_to_find_it(book):
    ask(book, "rates_of", "24", 2018)
    assert book.catalogue.read == set()
    assert set(book.catalogue.values) == {"rates_of(24; 2018)"}


def test_what_is_computed_once_notes_what_it_rests_on_each_time(workbook):
    records = []
    for _ in range(2):
        book = workbook.with_own_record()
        ratios_of(book)
        population_for(book, 2018)
        records.append(book.catalogue.read)
    assert records[0] == records[1]
    files = ("prognoser_officiella", "asylsokande_riket", "folkmangd", "kommuner")
    assert {f"sources.toml#{own}" for own in files} <= records[0]


@pytest.mark.parametrize("table_id", EDITS)
def test_a_changed_figure_reaches_no_part_that_does_not_note_its_table(
    table_id, workbook, data_copy
):
    path = edit(data_copy, table_id)
    other = read_and_check(load_catalogue(data_copy))
    for name in [*PARTS, "published"]:
        book = workbook.with_own_record()
        before, after = getattr(book, name), getattr(other, name)
        if name == "published":
            assert [own for own in before if not before[own].equals(after[own])] == [table_id]
        elif not before.equals(after):
            assert path in book.catalogue.read, name


def test_a_changed_figure_reaches_the_part_that_its_table_is_for(workbook, data_copy):
    edit(data_copy, "kommuntal_2018")
    assert not read_and_check(load_catalogue(data_copy)).kommuntal.equals(workbook.kommuntal)


def test_a_row_is_numbered_by_the_line_it_begins_on_whatever_stands_above(data_copy):
    path = data_copy / "published" / "lan.csv"
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head, "", rows[0], "", "", rows[1], *rows[2:]]) + "\n", "utf-8")
    assert list(read_published(load_catalogue(data_copy), "lan").index[:3]) == [3, 6, 7]
    wrapped = ",".join(
        '"' + cell + "\n" + '"' if at == 2 else cell for at, cell in enumerate(rows[0].split(","))
    )
    path.write_text("\n".join([head, wrapped, *rows[1:]]) + "\n", "utf-8")
    assert list(read_published(load_catalogue(data_copy), "lan").index[:3]) == [2, 4, 5]
