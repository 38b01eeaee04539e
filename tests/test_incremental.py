"""One figure of one municipality is changed: only what shows it is made again, and the whole is as if all had been."""

import json
import shutil
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from helpers import cli
from tests.publish.samples import contents

pytestmark = pytest.mark.xdist_group("incremental")

EDITION = """title: Liten utgåva
ar: 2018
prognos_ekb: 1500
prognoser_ekb: [1500, 2300]
lan: [AC, E]
kommuner: ["2480", "0580"]
"""
TABLE = "published/andelstal_2018_ac.csv"
SHOWING, OTHERS = ("lan/24", "kommun/2480"), ("lan/05", "kommun/0580")


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """What each command said, in order, and the folders of the two ways to the same edition."""
    folder = tmp_path_factory.mktemp("incremental")
    data = Path(shutil.copytree(Path(__file__).parents[1] / "data", folder / "data"))
    (folder / "liten.yaml").write_text(EDITION, "utf-8")
    edition = ("--edition", str(folder / "liten.yaml"), "--json")
    step, anew = ("--out", str(folder / "step")), ("--out", str(folder / "anew"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTTAGNING_DATA", str(data))
        said = {"first": _run("reports", *edition, *step)}
        said["before"] = _run("explain", "lan/24", *edition, *step)
        _raise_outcome_of_umea(data / TABLE)
        with redirect_stdout(StringIO()), pytest.raises(SystemExit):
            cli.main(("sources", "--record", "andelstal_2018_ac"))
        said |= {name: _run("explain", name, *edition, *step) for name in (SHOWING[0], OTHERS[0])}
        said["second"] = _run("reports", *edition, *step)
        said["third"] = _run("reports", *edition, *step)
        said["anew"] = _run("reports", *edition, *anew)
    return said, folder


def _raise_outcome_of_umea(table: Path) -> None:
    """One child more than the county printed: 12, not 11."""
    text = table.read_text("utf-8")
    changed = text.replace("Umeå;11,97;18;11;", "Umeå;11,97;18;12;")
    assert changed != text
    table.write_text(changed, "utf-8")


def _run(*arguments: str) -> dict:
    said = StringIO()
    with redirect_stdout(said), pytest.raises(SystemExit) as end:
        cli.main(arguments)
    assert not end.value.code, said.getvalue()
    return json.loads(said.getvalue())


def test_only_what_shows_the_figure_is_made_again(runs):
    said, _ = runs
    assert sorted(said["first"]["made"]) == sorted([*SHOWING, *OTHERS])
    assert sorted(said["second"]["made"]) == sorted(SHOWING)
    assert said["third"]["made"] == []


def test_the_edition_is_the_same_as_if_all_of_it_had_been_made(runs):
    said, folder = runs
    assert said["second"]["release"] == said["anew"]["release"]
    told = {"html/andringar.html", "html/andringar.json"}  # there was an edition before, or none
    step, anew = (
        {name: content for name, content in contents(folder / out).items() if name not in told}
        for out in ("step", "anew")
    )
    assert step == anew


def test_explain_says_beforehand_what_will_be_made_and_why(runs):
    said, _ = runs
    assert said["before"]["reasons"] == ["Nothing it rests on has changed."]
    shows, stays = said[SHOWING[0]], said[OTHERS[0]]
    assert shows["again"]
    assert shows["inputs"] == [TABLE]
    assert "utfall_figur" in shows["shows"]
    assert not stays["again"]
    assert stays["inputs"] in ([], [TABLE])


def test_what_changed_is_told_figure_for_figure(runs):
    said, folder = runs
    assert sorted(said["second"]["changes"]["reports"]["changed"]) == sorted(SHOWING)
    changes = json.loads((folder / "step/html/andringar.json").read_text("utf-8"))
    umea = next(report for report in changes["reports"] if report["id"] == "kommun/2480")
    assert {(fact["old"], fact["new"]) for fact in umea["facts"] if fact["name"] == "utfall.utfall"} == {(11, 12)}
