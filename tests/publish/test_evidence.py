"""What proves that a notebook was run to its end, told from what does not."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.report.facts import MIME, prove
from helpers.report.job import ReportError
from tests.publish.samples import ANSWER, END, FIGURE, HEAD


def shown(*marks: dict, counts: list[int | None] | None = None):
    """Return a notebook as if executed: one mark per cell."""
    numbers = counts or list(range(1, len(marks) + 1))
    cells = [
        new_code_cell(
            "page.show()",
            execution_count=number,
            outputs=[new_output("display_data", data={MIME: json.loads(json.dumps(mark))})],
        )
        for mark, number in zip(marks, numbers, strict=True)
    ]
    return new_notebook(cells=cells)


def failure(notebook) -> tuple[str, str]:
    with pytest.raises(ReportError) as error:
        prove(notebook)
    return error.value.failure.code, error.value.failure.found


def test_a_whole_notebook_is_proven_with_its_counts():
    evidence = prove(shown(HEAD, ANSWER, FIGURE, END))
    assert evidence.counts == {"statements": 1, "tables": 0, "figures": 1, "gaps": 0}
    assert evidence.head["title"] == "Provlän 2018"


@pytest.mark.parametrize("counts", [[1, 2, None, 3], [1, 2, 4, 5], [2, 3, 4, 5], [1, 3, 2, 4]])
def test_a_gap_in_the_execution_counts_is_incomplete(counts):
    assert failure(shown(HEAD, ANSWER, FIGURE, END, counts=counts))[0] == "INCOMPLETE"


def test_an_end_marker_that_is_not_last_proves_nothing():
    assert failure(shown(HEAD, ANSWER, END, FIGURE))[0] == "INCOMPLETE"


def test_two_end_markers_prove_nothing():
    assert failure(shown(HEAD, ANSWER, END, FIGURE, END))[0] == "INCOMPLETE"


def test_a_missing_head_is_incomplete():
    assert failure(shown(ANSWER, FIGURE, END)) == (
        "INCOMPLETE",
        "the page's head, page.head(), is shown 0 times, expected once",
    )


def test_a_missing_chart_is_told_with_both_numbers():
    assert failure(shown(HEAD, ANSWER, END)) == ("CHART_MISSING", "expected 1 figures, found 0")


def test_a_missing_statement_is_incomplete():
    assert failure(shown(HEAD, FIGURE, END)) == ("INCOMPLETE", "expected 1 statements, found 0")


@pytest.mark.parametrize(
    ("name", "code"), [("ValueError", "CELL_ERROR"), ("SystemExit", "INCOMPLETE")]
)
def test_an_error_output_is_an_error_but_an_early_exit_is_incomplete(name, code):
    notebook = shown(HEAD, ANSWER, FIGURE, END, counts=[1, 2, None, None])
    notebook.cells[1].outputs.append(new_output("error", ename=name, evalue="x", traceback=[]))
    assert failure(notebook)[0] == code


def test_an_empty_notebook_is_incomplete():
    assert failure(new_notebook())[0] == "INCOMPLETE"
