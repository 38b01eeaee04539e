"""Kolada's answers over a real connection: patience with what passes, refusal of what does not,
nothing half-kept.
"""

import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Event

import pytest
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from helpers.errors import DataError, ParameterError, SetupError
from helpers.imports.answers import revisions
from helpers.imports.kolada import drafts, read_answer
from helpers.sources.services import KOLADA_URL, Kolada
from helpers.sources.snapshot import (
    AnotherFetchError,
    Page,
    Snapshot,
    open_snapshot,
    snapshots,
    write_whole,
)
from helpers.sources.web import Patience, checked_base, fill
from tests.patience import MOMENT, PATIENCE
from tests.sources.kolada_server import running

QUICK = Patience(
    wait_initial=0.001, wait_max=0.01, retry_after_max=0.05, connect_timeout=PATIENCE, read_timeout=PATIENCE,
    whole_timeout=PATIENCE, pause=0,
)  # fmt: skip
ASKED = ("N01986", 2015)
DAY = datetime.date(2026, 11, 22)
TOO_MANY = {"Retry-After": "3600"}


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """Loopback is asked directly, whatever the machine's proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server():
    """Three units in pages of two, one of them without a value."""
    with running(page_size=2) as server:
        server.put(*ASKED, "2480", 166, K=80, M=86)
        server.put(*ASKED, "0024", 900.0)
        server.put(*ASKED, "2481", None, "Missing")
        yield server


def _pages(server, patience=QUICK):
    return Kolada(server.base_url, patience).pages(ASKED)


def test_all_pages_are_read_to_the_last_and_kept_as_received(server):
    first, second = _pages(server)
    assert json.loads(first.content) == server.page(*ASKED, 1)
    assert json.loads(second.content)["next_url"] is None
    assert "page=2" in second.url


@pytest.mark.parametrize(
    "troubles",
    [
        [("status", 429, TOO_MANY)],
        [("status", 429)],
        [("status", 500), ("status", 503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"})],
        [("cut",)],
        [("torn",)],
        [("cut",), ("status", 502)],
        [("body", b"<html>busy</html>")],
    ],
    ids=str,
)
def test_what_passes_is_waited_out(troubles, server):
    server.trouble(*ASKED, *troubles)
    assert [json.loads(page.content)["count"] for page in _pages(server)] == [2, 1]
    assert len(server.asked) == 2 + len(troubles)


def test_a_first_answer_that_does_not_come_is_asked_for_again(server):
    seen = Event()
    server.trouble(*ASKED, ("held", seen))
    # on a slow machine the next may be too late as well
    often = {"attempts": 9999, "first_attempts": 9999}
    try:
        assert len(_pages(server, replace(QUICK, read_timeout=MOMENT / 5, **often))) == 2
    finally:
        seen.set()
    assert len(server.asked) >= 3


def test_a_long_retry_after_is_capped_and_a_short_one_is_honoured(server):
    server.trouble(*ASKED, ("status", 429, {"Retry-After": "1"}))
    waits: list[RetryDetails] = []
    set_on_retry_hooks([waits.append])
    try:
        _pages(server, replace(QUICK, retry_after_max=0.3))
        server.trouble(*ASKED, ("status", 429, {"Retry-After": "1"}))
        _pages(server, replace(QUICK, retry_after_max=2))
    finally:
        set_on_retry_hooks(None)
    assert [wait.wait_for for wait in waits] == [0.3, 1]


def test_patience_ends_and_the_message_names_address_tries_and_reason(server):
    server.trouble(*ASKED, *[("status", 500)] * 9)
    with pytest.raises(
        SetupError, match=r"N01986/year/2015.*no usable answer after 6 attempts \(HTTP 500\)"
    ):
        _pages(server)


def test_no_network_is_told_after_few_tries():
    with running() as server:
        gone = server.base_url
    with pytest.raises(SetupError, match=r"after 3 attempts \(the connection was refused\)"):
        Kolada(gone, QUICK).pages(ASKED)


@pytest.mark.parametrize("code", [404, 410, 401, 400])
def test_an_address_that_is_gone_is_named_and_not_asked_again(code, server):
    server.trouble(*ASKED, ("status", code))
    with pytest.raises(SetupError, match=rf"/v3/data/kpi/N01986/year/2015\S* HTTP {code}"):
        _pages(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (
            b'{"detail": [{"loc": ["query", "per_page"], "msg": "too large"}]}',
            " It says 'too large'.",
        ),
        (b'{"detail": "Not Found"}', " It says 'Not Found'."),
        (b'{"error": "Parameter error"}', " It says 'Parameter error'."),
        (b'{"title": "Missing selection", "status": 400}', " It says 'Missing selection'."),
        (b"<html>Bad Request</html>", ""),
        (b"[" * 5000 + b"]" * 5000, ""),
        (b"", ""),
    ],
)
def test_what_a_service_says_of_its_refusal_is_told(body, says, server):
    server.trouble(*ASKED, ("refused", 422, body))
    with pytest.raises(SetupError) as refused:
        _pages(server)
    assert str(refused.value).endswith(
        f"HTTP 422, the question was not understood. Has the API a new version?{says}"
    )


def test_pages_that_go_on_as_in_version_2_are_refused_and_not_taken_for_all(server):
    body = json.dumps({"values": [], "count": 0, "next_page": server.base_url}).encode()
    server.trouble(*ASKED, ("body", body))
    with pytest.raises(SetupError, match="as in Kolada's API, version 2"):
        _pages(server)


FOREIGN = [
    "https://evil.example/v3/",
    "http://api.kolada.se.evil.example/v3/",
    "http://127.0.0.1:1/v3/",
    "//evil.example/v3/",
    "http://user@127.0.0.1:{port}/v3/",
    "file:///v3/",
    "http://[::1/v3/",
    "http://evil…/v3/",
    "../../../../../",
    "/v3/../admin/",
    "/v3/%2e%2e/admin/",
    "/v3/..%2Fadmin/",
    "/v3/%2E%2e%5Cadmin/",
    "/v3/..\\admin/",
    "//127.0.0.1:1/v3/../v3/",
    "http://127.0.0.1:{port}/v3/../../admin/",
    "http://127.0.0.1:{port}/v30/",
    "javascript:",
]


@pytest.mark.parametrize("base", FOREIGN)
def test_a_next_page_on_another_host_is_refused_and_not_asked(base, server):
    server.next_base = base.replace("{port}", str(server.server_address[1]))
    with pytest.raises(SetupError, match="which is not under http://127"):
        _pages(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize("base", [KOLADA_URL, "http://api.kolada.se/v3/", "/v3/"])
def test_a_mirror_that_serves_koladas_own_pages_is_asked_for_the_next_one(base, server):
    server.next_base = base
    assert len(_pages(server)) == 2
    assert len(server.asked) == 2


def test_a_redirect_is_followed_within_the_host_only(server):
    server.trouble(*ASKED, ("status", 307, {"Location": "/v3/data/kpi/N01986/year/2015?moved=1"}))
    assert len(_pages(server)) == 2


@pytest.mark.parametrize("base", FOREIGN)
def test_a_redirect_elsewhere_is_refused_and_not_asked(base, server):
    leads = base.replace("{port}", str(server.server_address[1])).encode("utf-8").decode("latin-1")
    server.trouble(*ASKED, ("status", 302, {"Location": leads}))
    with pytest.raises(SetupError, match="which is not under http://127"):
        _pages(server)
    assert len(server.asked) == 1


def test_pages_that_go_in_a_circle_are_refused(server):
    page = {"values": [], "next_url": f"{server.base_url}data/kpi/N01986/year/2015?page=2"}
    for number in (1, 2):
        server.trouble(*ASKED, ("body", json.dumps(page).encode()), page=number)
    with pytest.raises(SetupError, match="never end"):
        _pages(server)


BEGUN = {
    "its first line": b"HTTP/1.1 2",
    "its headers": b"HTTP/1.1 200 OK\r\nX-Long: ",
    "its body": b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n",
    "a part of its body": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
    "where it has moved": b"HTTP/1.1 307 Moved\r\nLocation: /v3/",
    "what lies beneath": b"HTTP/1.1 307 Moved\r\nLocation: http://evil.example/\r\nContent-Length: 1000000\r\n\r\n",
}


@pytest.mark.parametrize("begins", BEGUN.values(), ids=BEGUN)
def test_a_server_that_drips_its_answer_is_left_within_the_whole_time(begins, server):
    enough = Event()
    server.trouble(*ASKED, ("dripped", begins, enough))
    try:
        with pytest.raises(SetupError, match=r"no whole answer within 1 seconds|evil\.example"):
            _pages(server, replace(QUICK, whole_timeout=MOMENT))
    finally:
        enough.set()
    assert len(server.asked) == 1


def test_an_answer_beyond_all_size_is_refused(server):
    server.trouble(*ASKED, ("body", b'{"values": []}' + b" " * 100_000))
    with pytest.raises(SetupError, match="exceeds 50000 bytes"):
        _pages(server, Patience(**{**vars(QUICK), "max_bytes": 50_000}))


@pytest.mark.parametrize(
    "body", [b'{"detail": "v2"}', b"[]", b'{"values": 3}', b'{"values": [], "next_url": 7}']
)
def test_an_answer_that_is_no_page_is_refused(body, server):
    server.trouble(*ASKED, ("body", body))
    with pytest.raises(SetupError, match="N01986/year/2015"):
        _pages(server)


@pytest.mark.parametrize("body", [b"", b"<html>log in</html>", b"\xff\xfe", b"[" * 100_000])
def test_an_answer_that_stays_unreadable_is_named(body, server):
    server.trouble(*ASKED, *[("body", body)] * 6)
    with pytest.raises(SetupError, match="not JSON"):
        _pages(server)


NO_BASE = (
    "api.kolada.se",
    "ftp://a.se/",
    "http://",
    "http://a.se/?x=1",
    "http://a:b@c.se/",
    "http://a:x/",
)


@pytest.mark.parametrize("base", NO_BASE)
def test_a_base_address_that_is_none_is_refused(base):
    with pytest.raises(ParameterError, match="--base-url"):
        checked_base(base, KOLADA_URL, "--base-url")


def _fetch(server, folder, day=DAY):
    heard = []
    with open_snapshot(folder, "kolada", day) as snapshot:
        service = Kolada(server.base_url, QUICK)
        asked = fill(
            snapshot,
            service.base_url,
            service.pages,
            [ASKED, ("N01986", 2016)],
            lambda question, new: heard.append((question[1], new)),
        )
    return asked, heard


def test_a_run_that_was_cut_off_leaves_whole_answers_and_continues_there(server, tmp_path):
    server.trouble("N01986", 2016, *[("cut",)] * 9)
    with pytest.raises(SetupError, match="2016"):
        _fetch(server, tmp_path)
    (snapshot,) = snapshots(tmp_path, "kolada")
    assert snapshot.questions() == [ASKED]
    assert sorted(path.name for path in snapshot.folder.iterdir()) == [
        ".mottagningsboken",
        "N01986_2015_1.json",
        "N01986_2015_2.json",
        "index.json",
    ]
    server.troubles.clear()
    server.asked.clear()
    assert _fetch(server, tmp_path) == (1, [(2015, False), (2016, True)])
    assert not [path for path in server.asked if "2015" in path]
    assert _fetch(server, tmp_path)[0] == 0


def test_a_kept_page_that_was_altered_is_fetched_again(server, tmp_path):
    _fetch(server, tmp_path)
    folder = snapshots(tmp_path, "kolada")[0].folder
    (folder / "N01986_2015_2.json").write_text("{}", "utf-8")
    assert _fetch(server, tmp_path) == (1, [(2015, True), (2016, False)])
    (folder / "index.json").write_text("{torn", "utf-8")
    assert _fetch(server, tmp_path)[0] == 2


def test_answers_from_another_address_are_not_taken_for_this_ones(server, tmp_path):
    _fetch(server, tmp_path)
    with running() as other:
        assert _fetch(other, tmp_path)[0] == 2


def test_two_fetches_at_once_are_refused(tmp_path):
    def another() -> None:
        with open_snapshot(tmp_path, "kolada", DAY):
            pass

    with open_snapshot(tmp_path, "kolada", DAY), ThreadPoolExecutor() as pool:
        assert isinstance(pool.submit(another).exception(), AnotherFetchError)
    another()


def test_what_a_killed_run_left_aside_is_swept(server, tmp_path):
    _fetch(server, tmp_path)
    aside = snapshots(tmp_path, "kolada")[0].folder / ".index.json.new"
    aside.write_text("half", "utf-8")
    _fetch(server, tmp_path)
    assert not aside.exists()


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "page.json"
    write_whole(path, b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.sources.snapshot.os.fsync", full)
    with pytest.raises(SetupError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_day_without_an_answer_leaves_no_folder(tmp_path):
    with open_snapshot(tmp_path, "kolada", DAY):
        pass
    assert snapshots(tmp_path, "kolada") == []
    assert Snapshot(tmp_path / "2026-01-01").pages(ASKED) is None


def _page(*observations):
    return [Page("http://x/", json.dumps({"values": list(observations)}).encode())]


def _seen(unit="2480", value=5, gender="T", **other):
    entry = {"gender": gender, "count": 1, "status": "", "value": value, "isdeleted": False}
    return {"kpi": "N01986", "municipality": unit, "period": 2015, "values": [entry | other]}


def _drafts(values, kpi="N01986"):
    answers = {
        (kpi, 2015): {
            (unit, "T"): None if value is None else Decimal(value) for unit, value in values.items()
        }
    }
    found, warnings = drafts(answers, {"2480", "2481"}, {"24"})
    return {draft.table_id: draft.csv.splitlines()[1:] for draft in found}, warnings


def test_a_null_value_is_blank_and_never_zero(server):
    answer = read_answer(ASKED, _pages(server))
    assert answer["2481", "T"] is None
    assert answer["2480", "K"] == 80
    found, warnings = drafts({ASKED: answer}, {"2480", "2481"}, {"24"})
    assert [draft.rows for draft in found] == [
        (("2480", "2015", "totalt", "166", ""), ("2481", "2015", "totalt", "", "")),
        (("24", "2015", "totalt", "900", ""),),
    ]
    assert warnings == []


def test_a_deleted_value_is_unknown():
    assert read_answer(ASKED, _page(_seen(isdeleted=True))) == {("2480", "T"): None}


@pytest.mark.parametrize(
    ("observation", "says"),
    [
        (_seen(value="5"), "not a number"),
        (_seen(value=True), "not a number"),
        (_seen(value=float("nan")), "NaN"),
        (_seen(gender="X"), "gender is 'X'"),
        (_seen(unit=2480), "not text"),
        (_seen() | {"period": 2016}, "asked for N01986 2015"),
        (_seen() | {"kpi": "N1"}, "asked for N01986 2015"),
        ({"kpi": "N01986", "period": 2015}, "municipality"),
        (7, "cannot be read"),
    ],
)
def test_an_observation_that_cannot_be_is_named(observation, says):
    with pytest.raises(DataError, match=f"N01986 2015.*{says}"):
        read_answer(ASKED, _page(observation))


def test_a_value_that_stands_twice_is_refused_only_if_the_two_disagree():
    assert read_answer(ASKED, _page(_seen(), _seen(value=5.0))) == {("2480", "T"): 5}
    with pytest.raises(DataError, match="unit 2480, T: stands twice, 5 and 6"):
        read_answer(ASKED, _page(_seen(), _seen(value=6)))


def test_a_number_that_no_figure_is_is_refused_with_its_year_and_value():
    (page,) = _page(_seen(value=0))
    content = page.content.replace(b'"value": 0', b'"value": 1e999999')
    with pytest.raises(DataError, match=r"N01986 2015: .*1E\+999999, which no figure is"):
        read_answer(ASKED, [Page(page.url, content)])


@pytest.mark.parametrize("value", ["5.5", "-1", "20000001"])
def test_a_count_that_is_not_whole_or_not_possible_is_refused_with_unit_year_and_value(value):
    (page,) = _page(_seen(value=0))
    content = page.content.replace(b'"value": 0', f'"value": {value}'.encode())
    answer = read_answer(ASKED, [Page(page.url, content)])
    with pytest.raises(DataError, match=rf"N01986 2015, unit 2480: found (?i:{value[:2]})"):
        drafts({ASKED: answer}, {"2480"}, {"24"})


def test_a_total_that_is_no_whole_number_is_left_out_and_named():
    tables, warnings = _drafts({"2480": 4, "0000": "4.5"})
    assert list(tables) == ["kommunmottagna_kolada"]
    assert "unit 0000: found 4.5" in warnings[0]


def test_an_unknown_unit_is_left_out_and_named():
    tables, warnings = _drafts({"2480": 4, "9999": 7, "G35708": 8, "0099": 1, "0000": 4})
    assert tables == {
        "kommunmottagna_kolada": ["2480,2015,totalt,4,", "2481,2015,totalt,,"],
        "kommunmottagna_summor_kolada": ["00,2015,totalt,4,"],
    }
    assert len(warnings) == 1
    assert all(code in warnings[0] for code in ("9999", "0099", "N01986 2015"))
    assert "G35708" not in warnings[0]  # a group of municipalities is known to be none of them


def test_a_municipality_that_is_not_answered_is_blank_and_a_year_without_figures_has_no_row():
    assert _drafts({"2480": 4})[0] == {
        "kommunmottagna_kolada": ["2480,2015,totalt,4,", "2481,2015,totalt,,"]
    }
    assert _drafts({}) == ({}, [])


def test_a_population_that_is_unknown_has_no_row_and_none_can_be_zero():
    assert _drafts({"2480": 100, "2481": None, "0024": 100}, "N01951")[0] == {
        "folkmangd_kolada": ["2480,2015,100"]
    }
    with pytest.raises(DataError, match="N01951 2015, unit 2480: found 0"):
        _drafts({"2480": 0}, "N01951")


@pytest.mark.parametrize("kpi", ["N01987", "N02002", "N00732"])
def test_no_table_is_invented_from_the_other_kpis(kpi):
    assert _drafts({"2480": 4}, kpi) == ({}, [])


def test_revised_new_and_withdrawn_values_are_told_and_equal_ones_are_not():
    old = {("2480", "T"): 5, ("2481", "T"): 1, ("2482", "T"): None, ("0000", "T"): 6}
    new = {("2480", "T"): 7, ("2481", "T"): None, ("2482", "T"): 3, ("0000", "T"): 6}
    assert [(found.unit, found.old, found.new) for found in revisions(ASKED, old, new)] == [
        ("2480", 5, 7),
        ("2481", 1, None),
        ("2482", None, 3),
    ]
