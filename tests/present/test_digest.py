"""Digests of views: equal for equal ones, in every process; another as soon as anything in them is."""

import datetime
import functools
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.present import open_page
from helpers.present.digest import digest
from helpers.present.page import REHEARSAL
from helpers.present.views import Column, Fact, Figure, Fold, Statement, Table, gap


class Side(Enum):
    UNDER = 1
    OVER = 2


@dataclass
class Pair:
    one: object
    other: object


def closure(value):
    return lambda *axes: (axes, value)


def default(value):
    def draw(axes, given=value):
        return axes, given

    return draw


def own_name(value):
    def draw(axes):
        inner = closure(value)
        return inner(axes)

    return draw


def frame(**columns) -> pd.DataFrame:
    return pd.DataFrame(columns)


EACH_ITS_OWN = [
    None, True, 1, 1.0, "1", b"1", np.int64(1), np.float64(1), [1], (1,), {1}, frozenset({1}), {1: None}, {"1": None},
    "nan", float("nan"), pd.NA, pd.NaT, -1, 0, -0.0, 0.0, "", [], [[]], [[], []], [1, 2], [2, 1], [12], ["1", "2"],
    ["1\0str '2'"], {"a": 1, "b": 2}, {"b": 2, "a": 1}, {1, 2}, datetime.date(2018, 1, 1),
    datetime.datetime(2018, 1, 1), Side.UNDER, Side.OVER, Side, Pair(1, 2), Pair(2, 1), range(3), slice(3), len, max,
    {"a": 1}.get, {"a": 2}.get, np.array([1, 2]), np.array([[1], [2]]), np.array([1.0, 2]), np.array(["1", "2"]),
    np.array([1, 2], dtype=object), frame(a=[1, 2]), frame(b=[1, 2]), frame(a=[1, 3]), frame(a=[1.0, 2.0]),
    frame(a=["1", "2"]), frame(a=[1, 2], b=[1, 2]), frame(b=[1, 2], a=[1, 2]), frame(a=[1, 2]).set_index("a"),
    frame(a=[1, 2]).iloc[::-1], frame(a=[1, None]), frame(a=["1", None]), frame(a=["1", "None"]),
    frame(a=["1", "nan"]), frame(a=pd.array([1, 2], "Int64")), frame(a=pd.array([1, None], "Int64")),
    frame(a=pd.Categorical(["1", "2"])), frame(a=pd.Categorical(["1", "2"], ["2", "1"])),
    frame(a=["1", "2"]).astype("string"), frame(a=["1", "2"]).astype(object), frame(a=[[1], [2]]),
    frame(a=[(1,), (2,)]), frame(a=[1, 2])["a"], frame(a=[1, 2])["a"].rename("b"), pd.Index([1, 2]),
    pd.Index([1, 2], name="a"), pd.MultiIndex.from_tuples([(1, 2)]), pd.RangeIndex(2), pd.RangeIndex(3),
    pd.array([1, 2]), closure(1), closure(2), closure(frame(a=[1])), closure(frame(a=[2])), default(1), default(2),
    own_name(1), own_name(2), closure(closure(1)), lambda axes: axes, lambda axes: axes.title,
    functools.partial(closure, 1), functools.partial(closure, value=1), functools.partial(closure, 2), Fact(1).shown,
    Fact(2).shown, frame(a=pd.Categorical([], ["1"])), frame(a=pd.Categorical([], ["2"])), frame(a=[]),
    frame(a=[None, 1]),
    frame(a=pd.Series([True, "True"], dtype=object)), frame(a=pd.Series(["True", True], dtype=object)),
]  # fmt: skip


def test_no_two_values_share_a_digest():
    found = [digest(value) for value in EACH_ITS_OWN]
    assert all(found), EACH_ITS_OWN[found.index("")]
    doubled = {one for one in found if found.count(one) > 1}
    assert [value for value, one in zip(EACH_ITS_OWN, found, strict=True) if one in doubled] == []


def test_several_values_are_not_taken_for_one():
    assert len({digest("ab"), digest("a", "b"), digest(["a", "b"]), digest("a b"), digest()}) == 5


@pytest.mark.parametrize("made", [closure, default, own_name, lambda value: Pair(value, [value])])
def test_what_is_made_anew_of_the_same_has_the_same_digest(made):
    assert digest(made(frame(a=[1, 2]))) == digest(made(frame(a=[1, 2])))


class Strange:
    """Of a kind that no digest knows."""


def _not_yet():
    def draw(axes):
        return axes, later

    found = digest(draw)
    later = 1
    return found, later


def _endless():
    def draw(axes):
        return draw(axes)

    return draw


@pytest.mark.parametrize(
    "value",
    [Strange(), closure(Strange()), [Strange()], {1: Strange()}, Pair(1, Strange()), frame(a=[Strange()]), iter([1]),
     np.array([Strange()]), Strange().__str__, _endless()],
)  # fmt: skip
def test_what_is_not_known_has_no_digest(value):
    assert digest(value) == ""


def test_what_is_not_set_yet_has_no_digest():
    assert _not_yet() == ("", 1)


def test_a_digest_is_the_same_in_every_process():
    code = "from tests.present.test_digest import EACH_ITS_OWN, digest; print(*map(digest, EACH_ITS_OWN))"
    env, root = {**os.environ, "PYTHONHASHSEED": "7"}, Path(__file__).parents[2]
    command = [sys.executable, "-c", code]
    there = subprocess.run(command, env=env, cwd=root, capture_output=True, text=True, check=True).stdout.split()
    assert there == [digest(value) for value in EACH_ITS_OWN]


TABLE = Table(
    "tabell",
    "Mottagna {ar}",
    frame(kommun=["Umeå", "Vännäs"], antal=[37, 5]),
    [Column("kommun", "Kommun"), Column("antal", "Mottagna", "barn", sources=("lan",))],
    ("kommunmottagna_2018",),
    {"ar": "2018"},
    ("kommun",),
)
FIGURE = Figure("figur", "Mottagna", "Två staplar.", closure(TABLE.frame), (4.0, 3.0), TABLE)
SAID = Statement("svar", "{antal} barn.", {"antal": Fact(37, "barn", ("kommuntal_2018",))}, "answer")
OTHERS = [
    (SAID, replace(SAID, text="{antal} barn!")),
    (SAID, replace(SAID, values={"antal": Fact(38, "barn", ("kommuntal_2018",))})),
    (SAID, replace(SAID, values={"antal": Fact(37, "barn", ("kommuntal_2018",), published=True)})),
    (SAID, replace(SAID, tone="plain")),
    (SAID, gap("svar", "Det är inte känt.")),
    (TABLE, replace(TABLE, caption="Mottagna")),
    (TABLE, replace(TABLE, frame=frame(kommun=["Umeå", "Vännäs"], antal=[37, 6]))),
    (TABLE, replace(TABLE, columns=[TABLE.columns[0], replace(TABLE.columns[1], decimals=1)])),
    (TABLE, replace(TABLE, sources=("lan",))),
    (TABLE, replace(TABLE, total={"kommun": "Länet", "antal": 42})),
    (TABLE, replace(TABLE, note="Utfallet är hämtat före årets slut.")),
    (FIGURE, replace(FIGURE, draw=closure(frame(kommun=["Umeå", "Vännäs"], antal=[37, 6])))),
    (FIGURE, replace(FIGURE, alt="Staplar.")),
    (FIGURE, replace(FIGURE, size=(4.0, 4.0))),
    (FIGURE, replace(FIGURE, table=replace(TABLE, note="Så här."))),
    (FIGURE, replace(FIGURE, reading="Högre är fler.")),
    (Fold("fack", "Så räknades det", [SAID]), Fold("fack", "Så blev det", [SAID])),
    (Fold("fack", "Så räknades det", [SAID, TABLE]), Fold("fack", "Så räknades det", [SAID])),
]


def page_of(workbook, sprak="sv", ar=2018, place=None):
    return open_page("prov", place, ar, sprak, workbook.catalogue)


def told(page, *views) -> dict[str, str]:
    page.rehearsal = True
    return page.show(*views).record["digests"]


@pytest.mark.parametrize(("view", "other"), OTHERS, ids=lambda view: type(view).__name__)
def test_whatever_changes_in_a_view_changes_its_digest(view, other, workbook):
    one, another = told(page_of(workbook), view), told(page_of(workbook), other)
    assert one[view.id]
    assert one[view.id] != another[view.id]


def test_language_year_place_and_number_count(workbook):
    place = workbook.municipality("2480")
    pages = [page_of(workbook), page_of(workbook, "en"), page_of(workbook, ar=2019), page_of(workbook, place=place)]
    later = page_of(workbook)
    later.show(replace(TABLE, id="forst"))
    assert len({told(page, TABLE)["tabell"] for page in [*pages, later]}) == 5


def test_what_the_catalogue_says_of_a_source_counts(workbook):
    entries = dict(workbook.catalogue.entries)
    for own, field in (("kommunmottagna_2018", "producer"), ("lan", "licence")):
        changed = {own: entries[own].model_copy(update={field: "Någon annan"})}
        other = replace(workbook.catalogue, entries=entries | changed)
        page = open_page("prov", None, 2018, "sv", other)
        assert told(page, TABLE)["tabell"] != told(page_of(workbook), TABLE)["tabell"]


def test_a_checksum_of_a_source_does_not_count(workbook):
    entries = dict(workbook.catalogue.entries)
    changed = {"kommunmottagna_2018": entries["kommunmottagna_2018"].model_copy(update={"sha256": "0" * 64})}
    page = open_page("prov", None, 2018, "sv", replace(workbook.catalogue, entries=entries | changed))
    assert told(page, TABLE) == told(page_of(workbook), TABLE)


def test_an_id_that_stands_twice_is_not_known(workbook):
    assert told(page_of(workbook), SAID, SAID) == {"svar": ""}


def test_in_a_rehearsal_nothing_is_drawn_and_all_is_told(workbook, monkeypatch):
    drawn = page_of(workbook)
    shown = drawn.show(SAID, TABLE, Fold("fack", "Mer", [replace(TABLE, id="mer")]))
    monkeypatch.setenv(REHEARSAL, "1")
    page = page_of(workbook)
    rehearsed = page.show(SAID, TABLE, Fold("fack", "Mer", [replace(TABLE, id="mer")]))
    assert rehearsed.record == {**shown.record, "facts": []}
    assert rehearsed.html == ""
    assert page.end().record == drawn.end().record
    refused = replace(FIGURE, draw=lambda axes, language: pytest.fail("it was drawn"))
    assert told(page, refused)["figur"]
