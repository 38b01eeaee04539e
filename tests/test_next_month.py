"""Next month: a file is dropped, two commands are run, and what changed is told; nothing else
differs.
"""

import json
import os
import shutil
from pathlib import Path

import pytest

from helpers import cli
from tests.importing.layouts import as_csv, by_month
from tests.publish.samples import contents

pytestmark = pytest.mark.xdist_group("next_month")

EDITION = """title: Liten utgåva
ar: 2018
prognos_ekb: 1500
prognoser_ekb: [1500, 2300]
lan: [AC, E]
kommuner: ["2480"]
"""
LINKOPING, RAISED_BY = "0580", 2
ALWAYS = {"html/andringar.html", "html/andringar.json"}
WITH_NEW_INPUTS = {"html/index.html", "html/manifest.json"}  # the edition's own list of inputs
OSTERGOTLAND = {"html/lan/05.html", "html/lan/05/metod.html", "html/lan/05/kort.html"}
OSTERGOTLAND |= {"html/lan/05.json", "executed/lan/05.ipynb"}


def _kommuntal(workbook, raised_by: int) -> bytes:
    """Östergötland's kommuntal for 2019 in the agency's layout, Linköping's raised, the county's
    sum with it.
    """
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    own = workbook.kommuntal[
        (workbook.kommuntal["ar"] == 2019) & workbook.kommuntal["kommunkod"].str.startswith("05")
    ]
    tal = dict(zip(own["kommunkod"], own["kommuntal"].astype(int), strict=True))
    tal[LINKOPING] += raised_by
    county = "ÖSTERGÖTLANDS LÄN"
    rows = [[county, names[kod].upper(), "5", kod, str(number), ""] for kod, number in tal.items()]
    header = ["Län", "Kommun", "Länskod", "Kommunkod", "Tal", "Mottagna"]
    return as_csv([header, *rows, [county, "", "5", "", str(sum(tal.values())), ""]], ",")


def _by_month(workbook, months: int) -> bytes:
    """The SYNTHETIC table by month for 2019, told to the month of that number."""
    return as_csv(by_month(workbook, 2019, months))


def _steps(workbook, koder: tuple[str, ...], months: int) -> tuple[int, int, int]:
    """What the synthetic table gives municipalities before its last month, with it, and in it."""
    names = set(workbook.kommuner.loc[workbook.kommuner["kommunkod"].isin(koder), "kommun"])
    rows = [row for row in by_month(workbook, 2019, months) if row[1] in names]
    so_far, last = (sum(int(row[place]) for row in rows) for place in (-1, 1 + months))
    return so_far - last, so_far, last


@pytest.fixture(scope="module")
def months(workbook, tmp_path_factory):
    """The edition before, after nothing, after each new file, and what each command said."""
    folder = tmp_path_factory.mktemp("months")
    data = Path(shutil.copytree(Path(__file__).parents[1] / "data", folder / "data"))
    (folder / "liten.yaml").write_text(EDITION, "utf-8")
    out, editions, said = folder / "reports", {}, {}

    def make(name: str, *imports: str) -> None:
        said[name] = [_run("data", "import", *arguments) for arguments in imports]
        said[name].append(
            _run("reports", "--edition", str(folder / "liten.yaml"), "--out", str(out))
        )
        editions[name] = contents(out)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTTAGNING_DATA", str(data))
        make("first")
        make("again")
        (data / "raw").mkdir(exist_ok=True)
        (data / "raw" / "kommuntal-2019.csv").write_bytes(_kommuntal(workbook, RAISED_BY))
        make("next", ("--ar", "2019"), ())
        for name, number in (("august", 8), ("september", 9)):
            (data / "raw" / f"{name}.csv").write_bytes(_by_month(workbook, number))
            make(name, ())
    return editions, said


def _run(*arguments: str) -> tuple[int, str]:
    """Run one command in this process: its exit code and what it said."""
    from contextlib import redirect_stdout
    from io import StringIO

    said = StringIO()
    with redirect_stdout(said), pytest.raises(SystemExit) as end:
        cli.main(arguments)
    return end.value.code or 0, said.getvalue()


def _differing(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def test_the_same_again_makes_nothing_and_changes_nothing(months):
    editions, said = months
    assert _differing(editions["first"], editions["again"]) == set()
    assert "Nothing has changed since release" in said["again"][-1][1]
    assert "Det finns ingen tidigare utgåva" in editions["first"]["html/andringar.html"].decode()


def test_a_dropped_file_changes_exactly_its_figures(months):
    editions, _ = months
    found = json.loads(editions["next"]["html/andringar.json"])
    changed = {report["id"]: report["facts"] for report in found["reports"] if report["facts"]}
    assert list(changed) == ["lan/05"]
    figures = [one for one in changed["lan/05"] if one["kind"] == "changed"]
    assert [(one["key"], one["old"], one["new"]) for one in figures] == [
        # in the table of municipalities, in the words of the next year, and in the method's table
        ({"kommunkod": LINKOPING}, 213, 213 + RAISED_BY),
        ({"row": "total"}, 366, 366 + RAISED_BY),
        ({}, 366, 366 + RAISED_BY),
        ({"kommunkod": LINKOPING}, 213, 213 + RAISED_BY),
    ]
    told = {
        (one["name"], one["key"]["subject"]): one["new"]
        for one in changed["lan/05"]
        if one["kind"] == "added"
    }
    # the file disagrees with the county's länstal and with our transcription, and the report says
    # so
    assert told == {
        **{("motsagelser.published", "05"): 366, ("motsagelser.published_top", "05"): 366},
        **{("motsagelser.recomputed", "05"): 368, ("motsagelser.difference", "05"): 2},
        **{
            ("motsagelser.published", LINKOPING): 215,
            ("motsagelser.published_top", LINKOPING): 215,
        },
        **{("motsagelser.recomputed", LINKOPING): 213, ("motsagelser.difference", LINKOPING): -2},
    }
    assert [(one["id"], one["kind"]) for one in found["inputs"]] == [
        ("kommuntal_2019_fil", "added")
    ]
    assert not found["code_changed"]


def test_places_that_are_not_concerned_keep_every_byte(months):
    editions, _ = months
    differing = _differing(editions["again"], editions["next"])
    assert differing == ALWAYS | WITH_NEW_INPUTS | OSTERGOTLAND


def test_what_changed_is_told_on_the_terminal_and_on_the_page(months):
    editions, said = months
    (_, taken), (_, again), (code, made) = said["next"]
    assert code == 0
    assert "kommuntal-2019.csv: Godtas" in taken
    assert "Already imported: kommuntal-2019.csv." in again
    assert "Nothing new in" in again
    assert (
        "1 table changed (kommuntal_2019_fil added); 12 figures in 1 report changed; 2 reports are the same"
        in made
    )
    page = editions["next"]["html/andringar.html"].decode()
    for shown in ("Östergötlands län 2018", "Linköping", ">213<", ">215<", ">+2<"):
        assert shown in page


def test_the_next_months_file_changes_that_months_figures_and_no_other(months, workbook):
    editions, said = months
    found = json.loads(editions["september"]["html/andringar.json"])
    steps = {
        (report["id"], one["name"], one["key"].get("manad")): (one["old"], one["new"])
        for report in found["reports"]
        for one in report["facts"]
    }
    expected = {}
    for report, koder in (
        ("kommun/2480", ("2480",)),
        *((f"lan/{kod}", _county(workbook, kod)) for kod in ("05", "24")),
    ):
        before, so_far, last = _steps(workbook, koder, 9)
        expected[report, "manader_hittills.antal", None] = (before, so_far)
        expected[report, "manader_okand_kommun.antal", None] = (sum(range(1, 9)), sum(range(1, 10)))
        expected[report, "manader.antal", "9"] = (None, last)
        if report != "kommun/2480":
            expected[report, "manader.high", "9"] = (None, last)
    assert steps == expected
    assert {table["kind"] for table in found["inputs"]} == {"changed"}
    assert (
        f"{len(expected)} figures in 3 reports changed; 0 reports are the same"
        in said["september"][-1][1]
    )
    assert "Already imported: august.csv, kommuntal-2019.csv." in said["september"][0][1]


def _county(workbook, kod: str) -> tuple[str, ...]:
    return tuple(workbook.kommuner.loc[workbook.kommuner["lanskod"] == kod, "kommunkod"])


def test_a_file_that_a_later_one_replaced_does_not_come_back(workbook, data_copy, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    raw = data_copy / "raw"
    raw.mkdir()
    for name, raised_by in (("a.csv", RAISED_BY), ("b.csv", RAISED_BY + 1)):
        (raw / name).write_bytes(_kommuntal(workbook, raised_by))
        assert _run("data", "import", "--ar", "2019")[0] == 0
    entries = (data_copy / "imported" / "entries.toml").read_bytes()
    code, said = _run("data", "import", "--ar", "2019")
    assert (code, (data_copy / "imported" / "entries.toml").read_bytes()) == (0, entries)
    assert "Already imported: a.csv, b.csv." in said
    assert tables_made(data_copy) == ["b.csv"]


def tables_made(data: Path) -> list[str]:
    """The files that the imported tables were made from."""
    from helpers.sources import load_catalogue

    return [table.original for table in load_catalogue(data).tables.values() if table.original]


@pytest.mark.parametrize(
    "name", [".gitkeep", ".hidden.csv", "README.txt", "~$bok.xlsx", "kolada/2026-01-01/svar.csv"]
)
def test_what_is_no_dropped_file_is_left_alone(name, data_copy, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    file = data_copy / "raw" / name
    file.parent.mkdir(parents=True)
    file.write_text("x", "utf-8")
    code, said = _run("data", "import")
    assert code == 0
    assert said.startswith("Nothing new in")
    assert not (data_copy / "imported").exists()


def test_nothing_to_import_is_json_too_when_json_is_asked_for(data_copy, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    code, said = _run("data", "import", "--json")
    assert (code, json.loads(said)["files"]) == (0, [])


def test_a_dropped_file_that_is_refused_changes_nothing(workbook, data_copy, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    (data_copy / "raw").mkdir()
    spoilt = _kommuntal(workbook, RAISED_BY).replace(b",368,", b",366,")
    (data_copy / "raw" / "tal.csv").write_bytes(spoilt)
    code, said = _run("data", "import", "--ar", "2019")
    assert code == 5
    assert "Avvisas" in said
    assert not (data_copy / "imported").exists()
    assert os.listdir(data_copy / "raw") == ["tal.csv"]
