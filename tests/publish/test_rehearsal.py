"""What an executed notebook has shown, as checksums; and where that is not known."""

import copy

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from helpers.publish.evidence import MIME, prove
from helpers.publish.rehearsal import END as ENDED
from helpers.publish.rehearsal import HEAD as HEADED
from helpers.publish.rehearsal import REST, digests
from tests.publish.samples import ANSWER, END, FIGURE, HEAD

SAID = {**ANSWER, "digests": {"svar": "a" * 64}}
DRAWN = {**FIGURE, "digests": {"bild": "b" * 64}}


def shown(mark: dict) -> list:
    return [new_output("display_data", {"text/plain": "", MIME: copy.deepcopy(mark)})]


def executed(*outputs: list):
    """A notebook whose cells, all run in order, gave these outputs."""
    cells = [new_code_cell("x", outputs=out, execution_count=number) for number, out in enumerate(outputs, start=1)]
    return new_notebook(cells=cells)


def whole(said: dict = SAID, drawn: dict = DRAWN, head: dict = HEAD, end: dict = END, printed: str = ""):
    prints = [new_output("stream", name="stdout", text=printed)] if printed else []
    return executed(shown(head), [*shown(said), *prints], shown(drawn), shown(end))


def told(notebook) -> dict[str, str] | None:
    return digests(notebook, prove(notebook))


def differing(one, other) -> set[str]:
    before, after = told(one), told(other)
    assert before is not None
    assert after is not None
    return {name for name in {**before, **after} if before.get(name) != after.get(name)}


def test_each_view_is_told_in_order_between_the_head_and_the_end():
    assert list(told(whole())) == [HEADED, "svar", "bild", ENDED, REST]
    assert told(whole())["svar"] == "a" * 64


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (whole(), set()),
        (whole(said={**SAID, "facts": []}), set()),
        (whole(end={**END, "read": ["published/lan.csv"]}), set()),
        (whole(drawn={**DRAWN, "digests": {"bild": "c" * 64}}), {"bild"}),
        (whole(head={**HEAD, "status": {"andelstal": False}}), {HEADED}),
        (whole(end={**END, "answer": "Länet tog emot 38 barn."}), {ENDED}),
        (whole(end={**END, "sources": []}), {ENDED}),
        (whole(printed="varning"), {REST}),
        (executed(shown(HEAD), shown(DRAWN), shown(SAID), shown(END)), {ENDED}),
        (executed(shown(HEAD), shown(SAID) + shown(DRAWN), shown(END)), {REST}),
    ],
)
def test_what_is_other_is_told_and_nothing_else(other, differs):
    assert differing(whole(), other) == differs


@pytest.mark.parametrize(
    "unknown",
    [
        whole(drawn={**DRAWN, "digests": {"bild": ""}}),
        whole(drawn=FIGURE),
        whole(said={**SAID, "digests": {"svar": "a" * 64, "bild": "b" * 64}}),
    ],
)
def test_of_a_report_that_shows_what_is_not_known_nothing_is_told(unknown):
    assert told(unknown) is None
