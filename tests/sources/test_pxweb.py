"""SCB's answers over a real connection: patience as with Kolada, and a cube that must be what was
asked for.
"""

import copy
import datetime
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.errors import DataError, SetupError
from helpers.imports.pxweb import drafts, read_answer
from helpers.sources import web
from helpers.sources.services import PxWeb
from helpers.sources.snapshot import Page, open_snapshot, snapshots
from helpers.sources.web import Patience
from tests.patience import PATIENCE
from tests.sources.pxweb_server import PxWebServer, running
from tests.sources.serving import people

QUICK = Patience(
    wait_initial=0.001, wait_max=0.01, retry_after_max=0.05, connect_timeout=PATIENCE, read_timeout=PATIENCE,
    whole_timeout=PATIENCE, pause=0,
)  # fmt: skip
ASKED = ("BE0101N1", 2018)
DAY = datetime.date(2026, 11, 22)
KNOWN = {kod: value for (kod, ar), value in people().items() if ar == 2018}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """Loopback is asked directly, whatever the machine's proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(scope="module")
def filled():
    """One server with the project's own population."""
    with running() as server:
        yield server


@pytest.fixture
def server(filled):
    """The server, its troubles and log emptied and its ways as at first."""
    fresh = copy.copy(vars(filled))
    filled.troubles.clear()
    filled.asked.clear()
    yield filled
    vars(filled).update(fresh)


def _pages(server, patience=QUICK, regions=KNOWN):
    return PxWeb(server.base_url, patience).pages(ASKED, regions)


def _description(server, folder):
    with open_snapshot(folder, "scb", DAY) as snapshot:
        return PxWeb(server.base_url, QUICK).description(snapshot)


@pytest.mark.parametrize("sparse", [False, True])
def test_one_query_gives_a_years_population_of_all_municipalities_as_scb_sums_it(sparse, server):
    server.sparse = sparse
    assert read_answer(ASKED, _pages(server)) == {(kod, "T"): value for kod, value in KNOWN.items()}
    assert server.asked == ["POST 2018"]


def test_the_answer_is_kept_as_received(server):
    (page,) = _pages(server, regions=["2480"])
    wanted = {"Region": ["2480"], "ContentsCode": ["BE0101N1"], "Tid": ["2018"]}
    assert json.loads(page.content) == server.cube(wanted)
    assert page.url.endswith("/BE/BE0101/BE0101A/BefolkningNy")


@pytest.mark.parametrize(
    "troubles",
    [
        [("status", 429, {"Retry-After": "3600"})],
        [("status", 429)],
        [("status", 500), ("status", 503)],
        [("cut",), ("torn",)],
        [("body", b"<html>busy</html>")],
    ],
    ids=str,
)
def test_what_passes_is_waited_out(troubles, server):
    server.trouble(2018, *troubles)
    assert len(read_answer(ASKED, _pages(server))) == 290
    assert server.asked == ["POST 2018"] * (1 + len(troubles))


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (("status", 500), r"no usable answer after 6 attempts \(HTTP 500\)"),
        (("body", b"<html>log in</html>"), "not JSON, it begins '<html>"),
        (("cut",), "the connection was cut"),
    ],
    ids=str,
)
def test_patience_ends_and_the_message_names_address_and_reason(trouble, says, server):
    server.trouble(2018, *[trouble] * 6)
    with pytest.raises(SetupError, match=f"BefolkningNy: .*{says}"):
        _pages(server)


def test_a_query_that_is_too_large_is_refused_and_not_asked_again(server):
    server.max_cells = 289
    with pytest.raises(SetupError, match="HTTP 403, the query is not allowed, or too large"):
        _pages(server)
    assert server.asked == ["POST, too large"]


@pytest.mark.parametrize(
    ("code", "says"),
    [(413, "too large"), (404, "new version"), (400, "new version"), (409, "not answered")],
)
def test_an_answer_that_is_none_is_named_and_not_asked_again(code, says, server):
    server.trouble(2018, ("status", code))
    with pytest.raises(SetupError, match=f"HTTP {code}, .*{says}"):
        _pages(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"[]", b'{"error": "x"}', b'{"class": "collection"}', b"7"])
def test_an_answer_that_is_no_dataset_is_refused(body, server):
    server.trouble(2018, ("body", body))
    with pytest.raises(SetupError, match="no JSON-stat dataset"):
        _pages(server)


def test_a_redirect_repeats_the_query_and_never_leaves_the_host(server):
    server.trouble(
        2018, ("status", 307, {"Location": server.base_url + "BE/BE0101/BE0101A/BefolkningNy"})
    )
    assert len(read_answer(ASKED, _pages(server))) == 290
    server.trouble(2018, ("status", 308, {"Location": "http://evil.example/"}))
    with pytest.raises(SetupError, match=r"evil.*--scb-url"):
        _pages(server)


def test_requests_keep_their_distance(server, monkeypatch):
    service, pauses = PxWeb(server.base_url, Patience(**{**vars(QUICK), "pause": 0.1})), []
    monkeypatch.setattr(web.time, "sleep", pauses.append)
    for _ in range(3):
        service.pages(ASKED, ["2480"])
    assert pauses == [0.1] * 3


def test_the_table_is_described_once_a_day_and_the_answer_kept(server, tmp_path):
    described = _description(server, tmp_path)
    assert described.years == set(range(2008, 2020))
    assert described.regions >= KNOWN.keys() | {"00", "24"}
    assert _description(server, tmp_path) == described
    assert server.asked == ["GET"]
    (snapshot,) = snapshots(tmp_path, "scb")
    assert (
        json.loads((snapshot.folder / "BefolkningNy_0_1.json").read_text("utf-8"))
        == server.description()
    )


def _renamed(server: PxWebServer) -> None:
    server.contents = ["BE0101N9"]


def _unsummed(server: PxWebServer) -> None:
    server.summed = {**server.summed, "Fodelseland": ["SE"]}


@pytest.mark.parametrize(
    ("change", "says"),
    [(_renamed, "the table has BE0101N9, not BE0101N1"), (_unsummed, "Fodelseland cannot be left")],
)
def test_a_table_that_is_not_the_one_relied_on_is_refused(change, says, server, tmp_path):
    change(server)
    with pytest.raises(SetupError, match=says):
        _description(server, tmp_path)
    assert snapshots(tmp_path, "scb") == []


@pytest.mark.parametrize(
    "body", [b"[]", b"{}", b'{"variables": [{"code": "Tid", "values": ["x"]}]}', b"null"]
)
def test_a_description_that_is_none_is_refused(body, server, tmp_path):
    server.trouble("", ("body", body))
    with pytest.raises(
        SetupError, match="does not describe a table by Region, ContentsCode and Tid"
    ):
        _description(server, tmp_path)


def _cube(values, regions=("2480", "2481"), **other):
    """An answer for these regions, some of its parts replaced."""

    def category(codes):
        return {"category": {"index": {code: place for place, code in enumerate(codes)}}}

    codes = {"Region": regions, "ContentsCode": ["BE0101N1"], "Tid": ["2018"]}
    cube = {
        "class": "dataset",
        "id": list(codes),
        "size": [len(own) for own in codes.values()],
        "value": values,
    }
    dimension = {name: category(own) for name, own in codes.items()}
    return [Page("http://x/", json.dumps({**cube, "dimension": dimension, **other}).encode())]


def test_a_null_value_is_unknown_and_never_zero():
    expected = {("2480", "T"): 5, ("2481", "T"): None}
    assert read_answer(ASKED, _cube([5, None], status={"1": ".."})) == expected
    assert read_answer(ASKED, _cube({"0": 5}, status={"1": ".."})) == expected


@pytest.mark.parametrize("mark", [".", "..", "...", ":"])
def test_a_value_that_its_status_marks_as_none_is_unknown_whatever_stands_there(mark):
    expected = {("2480", "T"): 5, ("2481", "T"): None}
    for status in ({"1": mark}, [None, mark]):
        assert read_answer(ASKED, _cube([5, 0], status=status)) == expected
    assert set(read_answer(ASKED, _cube([5, 0], status=mark)).values()) == {None}


def test_a_status_that_only_comments_on_a_value_leaves_it():
    assert read_answer(ASKED, _cube([5, 6], status={"1": "p"}))["2481", "T"] == 6


def test_an_answer_that_begins_with_a_byte_order_mark_as_scbs_have_is_read(server):
    server.trouble(2018, ("body", b"\xef\xbb\xbf" + json.dumps(_whole(server)).encode()))
    assert read_answer(ASKED, _pages(server))["2480", "T"] == server.values["2480", "2018"]


def _whole(server):
    wanted = {"Region": ["2480"], "ContentsCode": ["BE0101N1"], "Tid": ["2018"]}
    return server.cube(wanted)


def test_the_order_of_dimensions_and_of_codes_does_not_matter():
    index = {"category": {"index": {"2481": 1, "2480": 0}}}
    one = {"category": {"label": {"BE0101N1": "Folkmängd"}}}
    dimension = {"Region": index, "ContentsCode": one, "Tid": {"category": {"index": ["2018"]}}}
    ids = {"id": ["Tid", "Region", "ContentsCode"], "size": [1, 2, 1]}
    assert read_answer(ASKED, _cube([5, 6], dimension=dimension, **ids)) == {
        ("2480", "T"): 5,
        ("2481", "T"): 6,
    }


def _with(name, index):
    return {
        "dimension": json.loads(_cube([1, 2])[0].content)["dimension"]
        | {name: {"category": {"index": index}}}
    }


IMPOSSIBLE = [
    (_cube([1]), "there are 1 values, its sizes give 2"),
    (_cube([1, 2, 3]), "there are 3 values"),
    (_cube({"2": 1}), "has the places 2 and more"),
    (_cube([1, 2], size=[3, 1, 1]), "size is"),
    (
        _cube([1, 2], **_with("ContentsCode", ["BE0101N2"])),
        "asked for ContentsCode BE0101N1, found BE0101N2",
    ),
    (_cube([1, 2], **_with("Tid", ["2017"])), "asked for Tid 2018, found 2017"),
    (_cube([1, 2], **_with("Region", {"2480": 0, "2481": 0})), "once each"),
    (_cube([1, 2], **_with("Region", {"2480": 0, "2481": 2})), "once each"),
    (_cube([1, 2], **_with("Region", ["2480", "2480"])), "once each"),
    (_cube([1, 2], **_with("Region", [2480, 2481])), "once each"),
    (_cube([1, 2], id=["Region", "ContentsCode", "Tid", "Kon"]), "dimensions are .*Kon"),
    (_cube([1, 2], id=["Region", "Tid"]), "dimensions are"),
    (_cube(["1", 2]), "not a number"),
    (_cube([True, 2]), "not a number"),
    (_cube([float("nan"), 2]), "NaN"),
    (_cube(None), "cannot be read"),
    (_cube([1, 2], dimension={}), "Region"),
    ([*_cube([1, 2]), *_cube([1, 2])], "too many values"),
]


@pytest.mark.parametrize(("pages", "says"), IMPOSSIBLE)
def test_a_cube_that_is_not_what_was_asked_for_is_refused_and_named(pages, says):
    with pytest.raises(DataError, match=f"BE0101N1 2018: .*{says}"):
        read_answer(ASKED, pages)


def _drafts(values, kommunkoder=("2480", "2481")):
    answer = {
        (unit, "T"): None if value is None else Decimal(value) for unit, value in values.items()
    }
    found, warnings = drafts({ASKED: answer}, set(kommunkoder), {"24"})
    return [row for draft in found for row in draft.rows], warnings


def test_a_region_without_a_figure_has_no_row_and_is_named():
    rows, warnings = _drafts({"2480": "1E+2"}, ["2480", "2481", "2482"])
    assert rows == [("2480", "2018", "100")]
    assert warnings == ["BE0101N1 2018: SCB has no figure for 2481, 2482; left out, not guessed."]
    assert _drafts({"2480": 5, "2481": 0})[1] == [
        "BE0101N1 2018: SCB has no figure for 2481; left out, not guessed."
    ]


def test_an_unknown_region_is_left_out_and_named():
    rows, warnings = _drafts({"2480": 5, "2481": 6, "9999": 7, "00": 8})
    assert [row[0] for row in rows] == ["2480", "2481"]
    assert warnings == [
        "BE0101N1 2018: no municipality has the code 00, 9999; left out, not guessed."
    ]


@pytest.mark.parametrize("value", ["5.5", "-1", "1e999999", "20000001"])
def test_a_population_that_is_not_whole_or_not_possible_is_refused(value):
    with pytest.raises(DataError, match="BE0101N1 2018, unit 2481: found"):
        _drafts({"2480": 5, "2481": value})


def test_an_answer_without_any_figure_gives_no_table():
    assert _drafts({"2480": None})[0] == []


@given(st.dictionaries(st.sampled_from(sorted(KNOWN)), st.sampled_from([True, False]), min_size=1))
def test_whatever_is_known_is_kept_to_the_person_and_nothing_else(known):
    answer = read_answer(
        ASKED, _cube([KNOWN[kod] if told else None for kod, told in known.items()], list(known))
    )
    (draft, *_), _ = (
        drafts({ASKED: answer}, KNOWN, {"24"}) if any(known.values()) else ((None,), [])
    )
    rows = {row[0]: int(row[2]) for row in draft.rows} if draft else {}
    assert rows == {kod: KNOWN[kod] for kod, told in known.items() if told}
