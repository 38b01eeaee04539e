"""What a service answers is a stranger's: a message ends the fetch, and all that was there is as it
was.
"""

import datetime
import json
import os
from pathlib import Path

import pytest

from helpers.cli import data_fetch, main
from helpers.contracts.text import HIDDEN, LONGEST
from helpers.errors import DataError, SetupError, WorkbookError
from helpers.imports import kolada, pxweb
from helpers.sources.services import read_description
from helpers.sources.snapshot import Page, open_snapshot
from tests.sources import kolada_server, pxweb_server
from tests.test_fetch import QUICK, _on_day, _state

pytestmark = pytest.mark.xdist_group("fetch")

QUESTION, CUBE = ("N01986", 2016), ("BE0101N1", 2018)
NAMES = {
    "a way out of the folder": "../../utanför",
    "a path": "/etc/0114",
    "NUL": "0114\0",
    "a line break": "0114\nmottagning: allt är bra",
    "ESC": "\x1b[2J\x1b]0;x\x07",
    "marks of direction": "\u202e4110",
    "half a letter": "\ud800",
    "a megabyte": "0" * 1_000_000,
    "other digits": "٠١١٤",
    "nothing": "",
    "spaces": "0114 ",
    "a number": 114,
    "a list": [["0114"]],
    "an object": {"0114": 1},
    "a yes": True,
}
DEEP = ["[" * depth + "]" * depth for depth in (3, 600, 900, 100_000)]
VALUES = [
    *("1e999999999", "-1e999999999", "1e-999999999", "1" * 4000, '"12"', "true", "{}"),
    *DEEP,
]


def observed(unit: object = "2480", value: str = "1", kpi: object = "N01986") -> bytes:
    entry = f'{{"gender": "T", "value": {value}}}'
    head = f'"kpi": {json.dumps(kpi)}, "period": 2016, "municipality": {json.dumps(unit)}'
    return f'{{"values": [{{{head}, "values": [{entry}]}}]}}'.encode()


def told_well(error: WorkbookError) -> bool:
    """Whether a message is short, and every line of it begins as ours do."""
    return all(len(one) <= LONGEST and not HIDDEN.search(one) for one in error.problems)


@pytest.mark.parametrize("name", NAMES)
def test_a_code_that_is_none_is_told_and_gives_no_figure(name):
    with pytest.raises(DataError, match="municipality is") as unit:
        kolada.read_answer(QUESTION, [Page("", observed(NAMES[name]))])
    with pytest.raises(DataError, match="asked for N01986 2016") as kpi:
        kolada.read_answer(QUESTION, [Page("", observed(kpi=NAMES[name]))])
    assert told_well(unit.value)
    assert told_well(kpi.value)


@pytest.mark.parametrize("value", VALUES, ids=lambda text: text[:12])
def test_a_value_that_no_figure_is_is_told(value):
    with pytest.raises(DataError, match="N01986 2016") as error:
        kolada.read_answer(QUESTION, [Page("", observed(value=value))])
    assert told_well(error.value)


def cube(regions: object, **more: object) -> bytes:
    codes = {"Region": regions, "ContentsCode": ["BE0101N1"], "Tid": ["2018"]}
    size = [len(regions) if isinstance(regions, list) else 1, 1, 1]
    dimension = {name: {"category": {"index": index}} for name, index in codes.items()}
    whole = {"class": "dataset", "id": list(codes), "size": size, "dimension": dimension}
    return json.dumps(whole | {"value": [1] * size[0]} | more).encode()


@pytest.mark.parametrize("name", NAMES)
def test_a_region_that_is_none_is_told_and_gives_no_figure(name):
    bad = NAMES[name]
    answers = [
        cube(["2480", bad]),
        cube(bad),
        cube(["2480"], id=[bad]),
        cube(["2480"], size=bad),
        cube(["2480"], value={str(bad): 1}),
        cube(["2480", "2480"]),
        cube(["2480"], value=[bad]) if bad != 114 else cube(["2480"], value=[]),
    ]
    for answer in answers:
        with pytest.raises(DataError, match="BE0101N1 2018") as error:
            pxweb.read_answer(CUBE, [Page("", answer)])
        assert told_well(error.value)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", ["code", "region", "year", "content", "values", "variables"])
def test_a_description_of_what_is_none_is_told(name, place):
    bad = NAMES[name]
    own = {"Region": ["2480"], "ContentsCode": ["BE0101N1"], "Tid": ["2018"]}
    own |= {
        "region": {"Region": [bad]},
        "year": {"Tid": ["2018", bad]},
        "content": {"ContentsCode": [bad]},
        "values": {"Tid": bad},
    }.get(place, {})
    variables = [{"code": code, "values": values} for code, values in own.items()]
    variables += [{"code": bad, "values": []}, {"code": 7, "values": []}] * (place == "code")
    described = {"variables": bad if place == "variables" else variables}
    if place == "region" and isinstance(bad, str):  # none of ours, so that nobody asks for it
        assert bad in read_description(described, "http://x/").regions
        return
    with pytest.raises(SetupError, match="http://x/") as error:
        read_description(described, "http://x/")
    assert told_well(error.value)


@pytest.fixture
def data(data_copy, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(data_fetch, "PATIENCE", QUICK)
    monkeypatch.setattr(data_fetch, "SCB_PATIENCE", QUICK)
    _on_day(monkeypatch, "2026-11-20")
    return data_copy


def fetched(capsys, *options: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(["data", "fetch", "--years", "2016", *options])
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    text = said.out + said.err
    assert not HIDDEN.search(text.replace("\n", "")), text[:500]
    assert max(map(len, text.split("\n"))) <= LONGEST
    assert "\nmottagning: allt är bra" not in text
    return int(ended.value.code or 0), said.err


def test_a_fetch_from_a_hostile_kolada_ends_with_a_message_and_changes_nothing_else(
    data, tmp_path, capsys
):
    """One server for all of it: the answers are asked anew, as each is of another size."""
    before = _state(data)
    with kolada_server.running() as server:
        call = ["--source", "kolada", "--kpi", "N01986", "--base-url", server.base_url]
        bodies = [observed(bad) for bad in NAMES.values()]
        bodies += [observed(value=value) for value in VALUES]
        bodies += [
            json.dumps({"values": [], "next_url": bad}).encode() for bad in NAMES.values() if bad
        ]
        for body in bodies:
            server.troubles.clear()
            server.trouble("N01986", 2016, *[("body", body)] * 9)
            code, said = fetched(capsys, *call)
            assert code in (4, 5), said
            assert "No table from Kolada was changed" in said
            after = _state(data)
            new = after.keys() - before.keys()
            assert {name: after[name] for name in before} == before
            assert {Path(name).parts[:3] for name in new} <= {("raw", "kolada", "2026-11-20")}
            assert not [name for name in new if name.endswith(".new")]
            for name in new:
                os.unlink(data / name)
    assert {path.name for path in tmp_path.iterdir()} <= {data.name, "home"}


def test_a_fetch_from_a_hostile_scb_ends_with_a_message(data, capsys):
    before = _state(data)
    with pxweb_server.running() as server:
        call = ["--source", "scb", "--scb-url", server.base_url]
        for bad in NAMES.values():
            server.troubles.clear()
            server.trouble(2016, *[("body", cube(["2480", bad], id=[bad, 5]))] * 9)
            code, said = fetched(capsys, *call)
            assert code in (4, 5), said
            for name in _state(data).keys() - before.keys():
                os.unlink(data / name)
    assert _state(data) == before


FOREIGN = "mitt eget\n"


@pytest.mark.parametrize("name", ["index.json", "N01986_2016_1.json", "anteckning.txt"])
def test_a_folder_of_a_strangers_in_the_days_place_is_left_as_it_is_and_named(name, data, capsys):
    folder = data / "raw/kolada/2026-11-20"
    folder.mkdir(parents=True)
    (folder / name).write_text(FOREIGN, "utf-8")
    before = _state(data)
    with kolada_server.running() as server:
        kolada_server.fill(server)
        code, said = fetched(
            capsys, "--source", "kolada", "--kpi", "N01986", "--base-url", server.base_url
        )
    assert (code, name in said, "Move it elsewhere" in said) == (4, True, True)
    assert server.asked == []
    assert _state(data) == before


def test_a_strangers_file_under_the_name_of_an_answer_in_a_folder_of_ours_stays_and_is_named(
    tmp_path, monkeypatch
):
    day = datetime.date(2026, 11, 20)
    with open_snapshot(tmp_path, "kolada", day) as snapshot:
        snapshot.add(QUESTION, "http://x/", [Page("http://x/", b"1")])
    theirs = snapshot.folder / "N01986_2017_1.json"
    theirs.write_text(FOREIGN, "utf-8")
    with (
        pytest.raises(SetupError, match=r"N01986_2017_1\.json: no fetch has put that there"),
        open_snapshot(tmp_path, "kolada", day) as again,
    ):
        again.add(("N01986", 2017), "http://x/", [Page("http://x/", b"2")])
    assert theirs.read_text("utf-8") == FOREIGN
    assert again.questions() == [QUESTION]


def test_a_folder_that_an_earlier_version_filled_is_known_by_its_index(tmp_path):
    day = datetime.date(2026, 11, 20)
    with open_snapshot(tmp_path, "kolada", day) as snapshot:
        snapshot.add(QUESTION, "http://x/", [Page("http://x/", b"1")])
    (snapshot.folder / ".mottagningsboken").unlink()
    with open_snapshot(tmp_path, "kolada", day) as again:
        assert again.in_hand(QUESTION, "http://x/")
        again.add(QUESTION, "http://x/", [Page("http://x/", b"2")])
    assert (snapshot.folder / ".mottagningsboken").is_file()
