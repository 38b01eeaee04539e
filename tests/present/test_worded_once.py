"""A table's cells are worded once for all who ask, and as they are on their own."""

import pandas as pd
import pytest

from helpers.present import rendering
from helpers.present.language import Language
from helpers.present.rendering import cell_of, cell_text, table_facts
from helpers.present.tabular import table_html, table_text
from helpers.present.views import Column, Table, is_unknown

SV, EN = Language("sv"), Language("en")


@pytest.fixture
def view():
    frame = pd.DataFrame(
        {
            "kommun": ["Umeå", "Malå"],
            "low": pd.array([27, pd.NA], dtype="Int64"),
            "high": pd.array([28, pd.NA], dtype="Int64"),
        }
    )
    columns = (Column("kommun", "Kommun"), Column("low", "Väntat", "barn", high="high"))
    return Table("prov", "Prov", frame, columns, ("kommuner",), key=("kommun",))


def test_a_cell_is_worded_once_for_the_page_its_measure_and_the_facts(view, workbook, monkeypatch):
    asked: list = []

    def counted(column, row, language):
        asked.append((column.name, row["kommun"], language.code))
        return cell_text(column, row, language)

    monkeypatch.setattr(rendering, "cell_text", counted)
    for language in (SV, EN):
        table_html(view, language, "Prov", "")
        table_text(view, language)
        table_facts(view, workbook.catalogue, language)
    assert len(asked) == len(set(asked)) == 2 * 2 * 2  # cells by languages


def test_what_is_kept_of_a_cell_is_what_it_says_on_its_own(view):
    for language in (SV, EN, SV):
        for row in view.rows:
            for column in view.columns:
                assert cell_of(view, column, row, language) == cell_text(column, row, language)


def test_a_tables_plain_text_says_what_the_page_says(view):
    lines = table_text(view, SV).splitlines()
    assert lines == ["Kommun\tVäntat", "Umeå\t27–28", f"Malå\t{SV.missing}"]


@pytest.mark.parametrize("value", [None, pd.NA, pd.NaT, float("nan")])
def test_what_is_not_known_is_seen_whatever_stands_for_it(value):
    assert is_unknown(value)


@pytest.mark.parametrize("value", [0, 0.0, "", False, "nan", 1.5, pd.Timestamp(0)])
def test_what_is_known_is_never_taken_for_unknown(value):
    assert not is_unknown(value)
