"""`mottagning scenario` as an analyst meets it: what it says, how it ends, what it writes and
leaves alone.
"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from rich.text import Text

from helpers import cli
from helpers.present.language import Language
from helpers.present.topics.plans import BLAMES, REASONS

COMMANDS = ("run", "compare", "propose")
SOUND = "namn: Prov\nlan: AC\nar: 2019\nprognos_ekb: 2300\n"
PLACES = """kapacitet:
- {kommunkod: "2480", slag: platser_hem, antal: 15, datum: 2019-01-01, kalla: prov}
- {kommunkod: "2480", slag: platser_familjehem, antal: 5, datum: 2019-01-01, kalla: prov}
- {kommunkod: "2482", slag: platser_hem, antal: 20, datum: 2019-01-01, kalla: prov}
- {kommunkod: "2482", slag: platser_familjehem, antal: 10, datum: 2019-01-01, kalla: prov}
"""
AGREED = 'godkant: ["2482"]\n'
PLAN = 'flytt: [{fran: "2401", till: "2480"}]\n'


@pytest.fixture(autouse=True)
def _calm(monkeypatch):
    """No setting of the machine's, and none that outlives a test."""
    monkeypatch.setenv("MOTTAGNING_DATA", str(Path(__file__).parents[1] / "data"))
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture
def book(workbook, tmp_path, monkeypatch):
    """The published tables, loaded once, and the rules, with a scenario folder of the test's
    own.
    """
    shutil.copy(workbook.catalogue.root / "rules.toml", tmp_path)
    book = replace(workbook, catalogue=replace(workbook.catalogue, root=tmp_path))
    for name in COMMANDS:
        monkeypatch.setattr(f"helpers.cli.scenario_{name}.load", lambda: book)
    return book


@pytest.fixture
def shipped(book, workbook, monkeypatch):
    """The same commands on the project's own scenario files."""
    for name in COMMANDS:
        monkeypatch.setattr(f"helpers.cli.scenario_{name}.load", lambda: workbook)


def put(book, text: str, name: str = "prov") -> Path:
    path = Path(book.catalogue.root) / "scenarios" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def call(capsys, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and messages of one call."""
    with pytest.raises(SystemExit) as end:
        cli.main(("scenario", *arguments))
    said = capsys.readouterr()
    return end.value.code or 0, said.out, Text.from_ansi(said.err).plain


def told(capsys, *arguments: str):
    """What a call answers as JSON."""
    code, out, err = call(capsys, *arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_the_list_names_every_file_and_whether_it_holds(book, capsys):
    put(book, SOUND)
    put(book, SOUND.replace("AC", "XX"), "fel")
    put(book, SOUND + PLAN, "okand")
    put(book, SOUND.replace("AC", "Y"), "tom")
    rows = {row["name"]: row for row in told(capsys, "list")["scenarios"]}
    assert {name: row["holds"] for name, row in rows.items()} == {
        "fel": False,
        "okand": False,
        "prov": True,
        "tom": True,
    }
    assert (rows["prov"]["lan"], rows["prov"]["ar"], rows["prov"]["prognos_ekb"]) == (
        "AC",
        2019,
        2300,
    )
    assert rows["fel"]["namn"] is None
    _, out, _ = call(capsys, "list")
    for says in ("there is no county 'XX'", "Umeå has not agreed to receive"):
        assert says in out


def test_a_county_without_published_shares_is_computed_by_estimated_ones_and_says_so(book, capsys):
    put(book, SOUND.replace("AC", "E"))
    found = told(capsys, "run", "prov")["scenarios"][0]["municipalities"]
    assert {row["estimated"] for row in found} == {True}
    assert "Shares estimated, published by nobody: Ödeshög" in call(capsys, "run", "prov")[1]


def test_an_empty_folder_is_listed_as_empty(book, capsys):
    assert call(capsys, "list")[:2] == (0, "Scenarios: none.\n")


def test_a_run_gives_the_slides_figures_and_what_they_rest_on(shipped, capsys):
    _, out, _ = call(capsys, "run", "vasterbotten-2018")
    text = " ".join(out.split())
    for says in (
        "46.9",
        "40–53",
        "38–54 against 46.9, over every start from 1,768 to 7,070",
        "42 if those who came since 2016",
        "Not a probability",
        "2015, 2016",
        "ett_block",
    ):
        assert says in text
    assert "evening out" not in text  # no start is supposed, so nothing is evened out


def test_a_run_is_told_as_json(shipped, capsys):
    (one,) = told(capsys, "run", "vasterbotten-2019-nollning")["scenarios"]
    assert one["total"]["expected"] == 71.898
    assert one["total"]["andelstal"] == one["total"]["andelstal_before"] == 31.26
    assert one["total"]["low"] <= one["total"]["half_low"] <= one["total"]["high"]
    assert one["interval"] == {
        "from": "record", "forecasts": 13,
        "years": [2010, 2011, 2013, 2014, 2015, 2016, 2017, 2018, 2020, 2021],
        "of_asylum_seekers": 10, "cases": 10, "above_forecast": 5, "below_forecast": 5,
    }  # fmt: skip
    assert one["rest"]["total"]["folkmangd_low"] == one["total"]["placed_low"]
    assert one["starts"] == {"low": 2240, "high": 8958}  # half to twice 2 199 + 1 336 + 944
    umea = next(row for row in one["municipalities"] if row["kommunkod"] == "2480")
    assert (umea["kommun"], umea["supposed"], umea["places"]) == ("Umeå", False, None)
    assert one["scenario"]["flytt"][0] == {"fran": "2401", "till": "2480", "andelstal": None}


def test_a_run_says_in_how_many_years_more_than_a_number_come(shipped, capsys):
    (one,) = told(capsys, "run", "vasterbotten-2018", "--more-than", "18")["scenarios"]
    umea = next(row for row in one["municipalities"] if row["kommunkod"] == "2480")
    assert one["more_than"] == umea["expected_high"] == 18
    assert (umea["more_surely"], umea["more_possibly"]) == (2, 5)
    _, out, _ = call(capsys, "run", "vasterbotten-2018", "--more-than", "18")
    assert "in how many of the 10 cases more than 18 children come" in " ".join(out.split())
    (one,) = told(capsys, "run", "vasterbotten-2018")["scenarios"]
    assert (one["more_than"], one["municipalities"][0]["more_surely"]) == (None, None)
    assert call(capsys, "run", "vasterbotten-2018", "--more-than", "-1")[0] == 2


def test_several_scenarios_are_run_in_the_order_given(shipped, capsys):
    names = ["vasternorrland-2022-ange", "vasterbotten-2018"]
    assert [one["file"] for one in told(capsys, "run", *names)["scenarios"]] == names


def test_a_supposed_share_is_marked_wherever_it_stands(shipped, capsys):
    _, out, _ = call(capsys, "run", "vasternorrland-2022-ange")
    assert out.count("yes") == 7
    assert "Shares supposed in the file, by no source: Ånge, Timrå" in out
    assert "The population is that of 2019" in out


def test_a_run_sets_places_against_the_children(book, capsys):
    put(book, SOUND + PLACES)
    (one,) = told(capsys, "run", "prov")["scenarios"]
    umea = next(row for row in one["municipalities"] if row["kommunkod"] == "2480")
    assert (umea["places"], umea["shortfall"], umea["slack"]) == (20, umea["placed_high"] - 20, 0)
    assert 0 < umea["over_surely"] <= umea["over_possibly"] < 9
    _, out, _ = call(capsys, "run", "prov")
    assert "Short and spare are places against the most that the rule can give" in out


def test_a_run_sets_school_places_against_the_children_and_the_rest_against_nothing(book, capsys):
    kinds = "".join(
        f'- {{kommunkod: "2480", slag: {slag}, antal: 20, datum: 2019-01-01, kalla: prov}}\n'
        for slag in ("skolplatser", "personal")
    )
    put(book, SOUND + PLACES + kinds)
    (one,) = told(capsys, "run", "prov")["scenarios"]
    umea = next(row for row in one["municipalities"] if row["kommunkod"] == "2480")
    assert (umea["school_places"], umea["school_shortfall"]) == (20, umea["placed_high"] - 20)
    _, out, _ = call(capsys, "run", "prov")
    assert "every child needs one" in " ".join(out.split())
    assert "set against nothing: personal." in " ".join(out.split())


def test_a_comparison_says_what_differs_from_the_first(shipped, capsys):
    names = ("vasterbotten-2019-grund", "vasterbotten-2019-nollning")
    _, out, _ = call(capsys, "compare", *names)
    assert "the county's estimate goes from 71.9 to 71.9 children" in out
    assert "−2.6" in out
    found = told(capsys, "compare", *names)
    rows = [row for row in found["compared"] if row["scenario"] == "Västerbotten 2019, nollning"]
    assert (len(found["scenarios"]), len(rows)) == (2, 15)
    assert sum(row["expected_difference"] for row in rows) == pytest.approx(0)


def test_a_comparison_is_drawn_the_same_every_time_and_replaces_the_file_whole(
    shipped, capsys, tmp_path
):
    file = tmp_path / "new" / "bild.svg"
    names = ("vasterbotten-2019-grund", "vasterbotten-2019-nollning", "--svg", str(file))
    _, out, _ = call(capsys, "compare", *names)
    assert f"Drawn: {file}" in " ".join(out.split())
    first = file.read_bytes()
    assert first.startswith(b"<svg xmlns=")
    file.write_text("old", "utf-8")
    code, out, err = call(capsys, "compare", *names)
    assert (code, out, file.read_text("utf-8")) == (2, "", "old")
    assert "is there already. Give another name, or --overwrite to replace it." in " ".join(
        err.split()
    )
    told(capsys, "compare", *names, "--overwrite")
    assert (file.read_bytes(), list(file.parent.iterdir())) == (first, [file])


def test_what_cannot_be_drawn_is_refused_and_leaves_what_was_there(shipped, capsys, tmp_path):
    kept = tmp_path / "bild.png"
    kept.write_text("kept", "utf-8")
    code, out, err = call(capsys, "compare", *["vasterbotten-2018"] * 7, "--svg", str(kept))
    assert (code, out, kept.read_text("utf-8")) == (2, "", "kept")
    assert "found the ending '.png'. Give a file that ends with .svg." in err
    assert "found 7 scenarios; name at most 6" in err


def test_a_drawing_that_cannot_be_written_ends_with_4_and_prints_nothing(shipped, capsys, tmp_path):
    (tmp_path / "file").write_text("no folder", "utf-8")
    names = ("vasterbotten-2019-grund", "vasterbotten-2019-nollning")
    code, out, err = call(capsys, "compare", *names, "--svg", str(tmp_path / "file" / "bild.svg"))
    assert (code, out) == (4, "")
    assert "cannot be written" in " ".join(err.split())


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (["vasterbotten-2018"], "found one scenario, vasterbotten-2018; name two or more"),
        (
            ["vasterbotten-2018", "vasternorrland-2022-ange"],
            "counties 22 and 24 cannot stand side by side",
        ),
        (["vasterbotten-2018", "vasterbotten-2018"], "'Västerbotten 2018' is named twice"),
    ],
)
def test_what_cannot_be_compared_is_refused(shipped, capsys, names, says):
    code, out, err = call(capsys, "compare", *names)
    assert (code, out) == (2, "")
    assert says in err


def test_a_wrong_plan_ends_with_2_every_reason_and_nothing_printed_or_written(book, capsys):
    path = put(
        book,
        SOUND
        + 'flytt: [{fran: "2401", till: "2480"}, {fran: "2403", till: "2403", andelstal: 1}]\n',
    )
    before = path.read_bytes()
    for command in (["run", "prov"], ["run", "prov", "--json"]):
        code, out, err = call(capsys, *command)
        assert (code, out) == (2, "")
        assert "prov: Umeå has not agreed to receive. Count on it only when it has." in err
        assert "prov: Bjurholm cannot hand over to itself. Choose another receiver." in err
        assert "Traceback" not in err
    assert (path.read_bytes(), list(path.parent.iterdir())) == (before, [path])


def test_a_faulty_file_ends_with_2_and_all_its_faults(book, capsys):
    put(book, SOUND.replace("AC", "XX") + "prognos: 1500\ngodkant: [2480]\n")
    for command in (["run"], ["compare", "prov"], ["propose"]):
        code, out, err = call(capsys, *command, "prov")
        assert (code, out) == (2, "")
        for says in (
            "there is no county 'XX'",
            "Did you mean prognos_ekb?",
            'write "2480" in quotes',
        ):
            assert says in err


def test_an_unknown_scenario_is_told_with_the_nearest(shipped, capsys):
    code, _, err = call(capsys, "run", "vasterboten-2018")
    assert code == 2
    assert "Did you mean vasterbotten-2018?" in err


def test_a_proposal_says_who_is_overfull_what_moves_and_who_must_agree(book, capsys):
    put(book, SOUND + AGREED + PLACES)
    found = told(capsys, "propose", "prov")
    assert (found["found"], found["must_agree"], found["written"]) == (True, ["2482"], None)
    assert found["overfull"] == [{"kommunkod": "2480", "children": 27.531, "places": 20}]
    assert [(move["fran"], move["till"]) for move in found["moves"]] == [("2480", "2482")]
    assert sum(found["shares"].values()) == pytest.approx(31.26)
    _, out, _ = call(capsys, "propose", "prov")
    assert "Umeå is overfull: 7.5 children more than its 20 places." in out
    assert "Must agree, and have according to the file (godkant): Skellefteå." in out
    assert "platser_hem is not known for 2401" in out
    assert len(list((Path(book.catalogue.root) / "scenarios").iterdir())) == 1


def test_the_evenest_proposal_uses_the_fullest_less(book, capsys):
    put(book, SOUND + AGREED + PLACES)
    evenest = told(capsys, "propose", "prov", "--goal", "evenest")
    assert evenest["fullest"] < told(capsys, "propose", "prov")["fullest"] <= 1


def test_a_proposal_is_saved_as_a_scenario_that_runs(book, capsys):
    put(book, SOUND + AGREED + PLACES)
    code, out, _ = call(capsys, "propose", "prov", "--write", "Förslag A")
    assert code == 0
    assert "forslag-a.yaml" in out
    (one,) = told(capsys, "run", "forslag-a")["scenarios"]
    umea = next(row for row in one["municipalities"] if row["kommunkod"] == "2480")
    assert umea["expected"] <= 20
    assert (
        one["scenario"]["anteckning"]
        == "Förslag (minsta antal berörda kommuner) beräknat ur Prov. Inget beslut."
    )
    code, _, err = call(capsys, "propose", "prov", "--write", "Förslag A")
    assert (code, "forslag-a.yaml: is there already" in err) == (2, True)
    assert call(capsys, "propose", "prov", "--write", "Förslag A", "--overwrite")[0] == 0


def test_without_a_proposal_the_constraint_in_the_way_is_named_and_nothing_saved(book, capsys):
    path = put(book, SOUND + PLACES)
    found = told(capsys, "propose", "prov")
    assert (found["found"], found["obstacles"], found["would_have_to_agree"]) == (
        False,
        ["agreements"],
        ["2482"],
    )
    code, out, err = call(capsys, "propose", "prov", "--write", "Förslag A")
    assert code == 2
    assert "Too few municipalities have agreed to receive." in out
    assert "There would be one if these agreed too: Skellefteå." in out
    assert "nothing was written" in err
    assert list(path.parent.iterdir()) == [path]


def test_too_few_places_are_named_as_what_stands_in_the_way(book, capsys):
    everyone = [
        f"24{kod}"
        for kod in (
            "01",
            "03",
            "04",
            "09",
            "17",
            "18",
            "21",
            "22",
            "25",
            "60",
            "62",
            "63",
            "80",
            "81",
            "82",
        )
    ]
    rows = [
        f'- {{kommunkod: "{kod}", slag: {slag}, antal: 1, datum: 2019-01-01, kalla: prov}}\n'
        for kod in everyone
        for slag in ("platser_hem", "platser_familjehem")
    ]
    put(book, f"{SOUND}godkant: {json.dumps(everyone)}\nkapacitet:\n{''.join(rows)}")
    assert told(capsys, "propose", "prov")["obstacles"] == ["capacity"]


def test_a_proposal_needs_places_and_says_exactly_which(book, capsys):
    put(book, SOUND)
    code, out, err = call(capsys, "propose", "prov")
    assert (code, out) == (2, "")
    assert "kapacitet: platser_hem is not known for 2401, 2403" in err
    assert "kapacitet: platser_familjehem is not known for 2401, 2403" in err


def test_nothing_is_proposed_before_2019(book, capsys):
    path = put(book, SOUND.replace("2019", "2018", 1) + AGREED + PLACES.replace("2019", "2018"))
    code, out, err = call(capsys, "propose", "prov", "--write", "Förslag A")
    assert (code, out) == (2, "")
    assert "Shares can be handed over from 2019 on; the plan is for 2018." in err
    assert list(path.parent.iterdir()) == [path]


def test_places_that_suffice_need_no_move(book, capsys):
    put(book, SOUND + PLACES.replace("antal: 15", "antal: 90"))
    _, out, _ = call(capsys, "propose", "prov")
    assert "Nothing needs to move" in out


def test_an_unknown_goal_is_refused(book, capsys):
    put(book, SOUND)
    assert call(capsys, "propose", "prov", "--goal", "billigast")[0] == 2


def test_the_commands_read_and_write_the_data_folder_they_are_given(data_copy, capsys):
    (data_copy / "scenarios" / "prov.yaml").write_text(SOUND + AGREED + PLACES, "utf-8")
    found = told(capsys, "propose", "prov", "--write", "Ny", "--data", str(data_copy))
    assert found["written"] == str(data_copy / "scenarios" / "ny.yaml")
    assert (data_copy / "scenarios" / "ny.yaml").is_file()


def test_every_reason_and_obstacle_is_said_in_english_too():
    english = Language("en")
    texts = [*REASONS.values(), *BLAMES.values()]
    assert all(english.t(text) != text for text in texts)
