"""Scenario files: what they may say, what is refused, how they are saved, and what the shipped ones
give.
"""

import datetime
import shutil
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
import yaml

from helpers.cases import scenarios as files
from helpers.cases.scenario_file import Kapacitet, ScenarioFile
from helpers.errors import ParameterError, SetupError
from helpers.model.proposals import propose
from helpers.model.scenario import KINDS

SHIPPED = (
    "vasterbotten-2018",
    "vasterbotten-2019-grund",
    "vasterbotten-2019-nollning",
    "vasternorrland-2022-ange",
)
SOUND = "namn: Prov\nlan: AC\nar: 2019\nprognos_ekb: 2300\n"
ROOM = (
    "kapacitet: [{{kommunkod: {kod}, slag: {slag}, antal: {antal}, datum: {datum}, kalla: prov}}]"
)
PLACES = """kapacitet:
- {kommunkod: "2480", slag: platser_hem, antal: 20, datum: 2019-01-01, kalla: prov}
- {kommunkod: "2480", slag: platser_familjehem, antal: 0, datum: 2019-01-01, kalla: prov}
- {kommunkod: "2482", slag: platser_hem, antal: 20, datum: 2019-01-01, kalla: prov}
- {kommunkod: "2482", slag: platser_familjehem, antal: 10, datum: 2019-01-01, kalla: prov}
- {kommunkod: "2481", slag: platser_hem, antal: 4, datum: 2019-01-01, kalla: prov}
- {kommunkod: "2481", slag: platser_familjehem, antal: null, datum: 2019-01-01, kalla: prov}
"""


def room(kod='"2480"', slag="platser_hem", antal="4", datum="2019-01-01") -> str:
    return ROOM.format(kod=kod, slag=slag, antal=antal, datum=datum)


FAULTS = [
    ("placerade_fore: {0114: 3}", 'placerade_fore.0114: found 0114 without quotes, which YAML reads as a number'),
    ("godkant: [2480]", 'found the number 2480, but a code is text; write "2480" in quotes'),
    ('flytt: [{fran: 2480, till: "2482"}]', 'flytt.0.fran: found the number 2480, but a code is text; write fran'),
    (room(kod="0114"), 'found 0114 without quotes, which YAML reads as a number; write kommunkod: "0114"'),
    ('godkant: ["248"]', "godkant.0: found '248'; a municipality's code is four digits in quotes"),
    ('godkant: ["2489"]', "godkant: there is no municipality '2489'. Nearest known: 2"),
    ('flytt: [{fran: "2480", till: "2260"}]', "flytt.0.till: Ånge (2260) is not in county AC, whose codes are 2401"),
    ('andelstal: {"2260": 21.43}', "andelstal: Ånge (2260) is not in county AC"),
    ("prognos: 1500", "'prognos' is no parameter here. Did you mean prognos_ekb?"),
    ('flytt: [{fram: "2480", till: "2482"}]', "flytt.0: 'fram' is no parameter here. Did you mean fran?"),
    ("kapacitet: [{kod: x}]", "kapacitet.0.kalla: is missing; write it"),
    ("fordelning: [400, 900]", "give at least 3 numbers of children"),
    ("fordelning: [400, 900, -1]", "fordelning.2: found -1; write 0 to 40 000 (children)"),
    ("prognos_gjord: i_fjol", "found 'i_fjol'; write 'samma_ar' or 'aret_fore'"),
    ("ovriga_landet: block", "write 'folkmangd', 'lika' or 'ett_block'"),
    ("anknytning: 1.5", "anknytning: found 1.5; write 0 to 1 (a part of one)"),
    ("anknytning: .nan", "anknytning: found '.nan'; write a number"),
    ('andelstal: {"2480": 1001}', "found 1001; write 0 to 1000 (‰)"),
    ('andelstal: {"2480": -0.1}', "found -0.1; write 0 to 1000 (‰)"),
    ('andelstal: {"2480": .inf}', "found '.inf'; write a number"),
    ('andelstal: {"2480": 11.975}', "by a space or by nothing; write 2 decimals at most"),
    ('andelstal: {"2480": 0.975}', "found 0.975; write 2 decimals at most"),
    ('andelstal: {"2480": "elva"}', "found 'elva'; write a number with a decimal comma or point, such as 31.26"),
    ('andelstal: {"2480": null}', "found nothing; write a number"),
    ('flytt: [{fran: "2480", till: "2482", andelstal: 0}]', "found 0; input should be greater than 0"),
    ('placerade_fore: {"2480": 1.5}', "found '1.5'; write a whole number (children, never thousands): 1500"),
    ('placerade_fore: {"2480": 11}\nplacerade_riket: 10', "11 children, but placerade_riket says 10"),
    (room(slag="sangar"), "found 'sangar'; write 'platser_hem'"),
    (room(antal="-1"), "found -1"),
    (room(antal="1000001"), "found 1000001; write 0 to 1 000 000"),
    (room(datum='"2019-01-01"'), "found '2019-01-01'; write a date without quotes"),
    (room(datum="2019-02-30"), "is not valid YAML: day"),
    (room()[:-1] + ", " + room()[len("kapacitet: [") :], "kapacitet: 2480 platser_hem stands more than once"),
    ("godkant: []\ngodkant: []", "godkant stands more than once"),
    ('andelstal: {"2480": 1, "2480": 2}', "2480 stands more than once"),
    ("datum: i dag", "datum: found 'i dag'; write a date"),
    ("[" * 5000, "is not valid YAML"),
]  # fmt: skip
WRONG = [
    ("namn: Prov", "namn: …", "the name must hold a letter or a digit"),
    ("namn: Prov", "namn: 2019", "found 2019, but this is text; write it in quotes"),
    ("namn: Prov", "forfattare: X", "namn: is missing; write it"),
    ("lan: AC", "lan: XX", "lan: there is no county 'XX'. Nearest known"),
    ("lan: AC", "lan: 24", 'write lan: "24" in quotes'),
    ("ar: 2019", "ar: 2015", "ar: found 2015; write 2016 to 2030"),
    (
        "2300",
        "2.3",
        "prognos_ekb: found '2.3'; write a whole number (children, never thousands): 2300",
    ),
    ("2300", "0", "prognos_ekb: found 0; write 50 to 40 000 (children)"),
]


@pytest.fixture
def book(workbook, tmp_path):
    """The published tables and rules, with a folder of its own for scenarios."""
    shutil.copy(workbook.catalogue.root / "rules.toml", tmp_path)
    return replace(workbook, catalogue=replace(workbook.catalogue, root=tmp_path))


def read(book, text: str) -> ScenarioFile:
    path = Path(book.catalogue.root) / "prov.yaml"
    path.write_text(text, "utf-8")
    return files.load_scenario(book, path)


def refused(book, text: str) -> tuple[str, ...]:
    with pytest.raises(ParameterError) as error:
        read(book, text)
    return error.value.problems


@pytest.mark.parametrize(("text", "says"), FAULTS, ids=[text[:50] for text, _ in FAULTS])
def test_a_fault_is_named_with_its_place_and_what_to_write(book, text, says):
    problems = refused(book, SOUND + text)
    assert any(says in problem for problem in problems), problems
    assert all(problem.startswith("prov.yaml: ") for problem in problems)


@pytest.mark.parametrize(("before", "after", "says"), WRONG)
def test_what_every_scenario_needs_is_checked(book, before, after, says):
    assert any(says in problem for problem in refused(book, SOUND.replace(before, after)))


@pytest.mark.parametrize("text", ["", "- namn", "namn: [", "\x00"])
def test_a_file_that_is_no_list_of_names_is_refused(book, text):
    assert refused(book, text)[0].startswith("prov.yaml: ")


def test_all_faults_of_a_file_are_told_at_once(book):
    wrong = SOUND.replace("AC", "XX") + 'anknytning: 2\ngodkant: ["9999"]\nflytt: [{fran: 2480}]\n'
    told = "\n".join(refused(book, wrong))
    for part in (
        "county 'XX'",
        "anknytning",
        "municipality '9999'",
        "flytt.0.fran",
        "flytt.0.till",
    ):
        assert part in told


def test_no_fault_is_told_twice(book):
    problems = refused(book, SOUND + 'godkant: ["../x"]\n')
    assert len(problems) == 1


def test_a_missing_file_and_an_unknown_name_are_told_with_the_next_step(book, workbook):
    with pytest.raises(ParameterError, match=r"ingen\.yaml: cannot be read"):
        files.load_scenario(book, "ingen.yaml")
    with pytest.raises(ParameterError, match="There is none in data/scenarios/ yet"):
        files.load_scenario(book, "vasterbotten")
    with pytest.raises(ParameterError, match=r"Did you mean vasterbotten-2018\?"):
        files.load_scenario(workbook, "vasterbotten-2108")


def test_a_code_with_a_leading_zero_keeps_it(book):
    text = SOUND.replace("AC", "AB") + 'andelstal: {"0114": 1.5}\ngodkant: ["0180"]\n'
    scenario = read(book, text)
    kept = files.load_scenario(book, files.save(book, scenario))
    assert (list(kept.andelstal), kept.godkant) == (["0114"], ["0180"])


def test_the_kinds_of_capacity_are_the_models():
    assert get_args(Kapacitet.model_fields["slag"].annotation) == KINDS


@pytest.mark.parametrize("name", SHIPPED)
def test_a_saved_scenario_is_read_back_as_it_was(book, workbook, name):
    scenario = files.load_scenario(workbook, name)
    path = files.save(book, scenario)
    assert path == Path(book.catalogue.root) / "scenarios" / f"{name}.yaml"
    assert files.load_scenario(book, name) == scenario


def test_everything_a_scenario_can_say_survives_saving(book):
    whole = PLACES + (
        "fordelning: [400, 900, 900]\nprognos_gjord: aret_fore\nanknytning: 0.25\novriga_landet: ett_block\n"
        'placerade_fore: {"2480": 40}\nplacerade_riket: 9000\nandelstal: {"2480": 12.5}\nminsta_andelstal: 0.5\n'
        'flytt: [{fran: "2401", till: "2480", andelstal: 0.6}, {fran: "2403", till: "2480"}]\ngodkant: ["2480"]\n'
        "anteckning: 'Rad ett: \"x\"'\nforfattare: Åsa Öberg\ndatum: 2019-02-23\n"
    )
    scenario = read(book, SOUND + whole)
    assert set(scenario.model_dump(exclude_defaults=True)) == set(ScenarioFile.model_fields)
    assert files.load_scenario(book, files.save(book, scenario)) == scenario


def test_a_scenario_is_not_saved_over_another_unless_asked(book):
    first, second = read(book, SOUND), read(book, SOUND.replace("2300", "1500"))
    path = files.save(book, first)
    with pytest.raises(ParameterError, match=r"data/scenarios/prov\.yaml: is there already"):
        files.save(book, second)
    assert files.load_scenario(book, "prov") == first
    assert files.save(book, second, overwrite=True) == path
    assert files.load_scenario(book, "prov") == second


def test_a_save_that_fails_leaves_the_old_file_and_nothing_else(book, monkeypatch):
    path = files.save(book, read(book, SOUND))
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("helpers.sources.snapshot.os.fsync", full)
    with pytest.raises(SetupError, match="What was there before is untouched"):
        files.save(book, read(book, SOUND.replace("2300", "1500")), overwrite=True)
    assert (path.read_bytes(), list(path.parent.iterdir())) == (before, [path])


def test_a_scenario_that_does_not_hold_is_not_saved(book):
    scenario = read(book, SOUND).model_copy(update={"godkant": ["2260"]})
    with pytest.raises(ParameterError, match="Ånge"):
        files.save(book, scenario)
    assert not (Path(book.catalogue.root) / "scenarios").exists()


def test_the_folder_lists_faulty_files_with_their_faults(book):
    files.save(book, read(book, SOUND))
    (Path(book.catalogue.root) / "scenarios" / "fel.yaml").write_text("lan: AC\n", "utf-8")
    faulty, sound = files.scenarios_in(book)
    assert (faulty.name, faulty.scenario, len(faulty.problems)) == ("fel", None, 3)
    assert (sound.name, sound.problems) == ("prov", ())


def test_every_shipped_scenario_is_listed_holds_and_says_where_it_comes_from(workbook):
    listed = {one.name: one for one in files.scenarios_in(workbook)}
    assert set(SHIPPED) <= set(listed)
    for name in SHIPPED:
        scenario = listed[name].scenario
        assert scenario
        assert files.refusals_of(workbook, scenario) == ()
        assert "Länsstyrelsen" in scenario.anteckning
        assert "nta" in scenario.anteckning  # antaget, Antagande: what is supposed is said
        assert not scenario.kapacitet
        assert isinstance(scenario.datum, datetime.date)


def result_of(book, name: str):
    return files.run_scenario(book, files.load_scenario(book, name))


def test_2018_gives_the_slides_46_89_and_a_range_by_the_rule(workbook):
    result = result_of(workbook, "vasterbotten-2018")
    table = result.table
    assert table["expected"].sum() == pytest.approx(46.89)
    assert (result.placed, result.since, result.starts) == ((38, 54), (42, 42), (1768, 7070))
    assert (table["expected_low"].sum(), table["expected_high"].sum()) == (40, 53)


def test_2019_gives_the_slides_71_898_with_and_without_the_plan(workbook):
    for name in ("vasterbotten-2019-grund", "vasterbotten-2019-nollning"):
        assert result_of(workbook, name).table["expected"].sum() == pytest.approx(71.898)


def test_the_plan_keeps_31_26_and_leaves_thirteen_at_0(workbook):
    table = result_of(workbook, "vasterbotten-2019-nollning").table.set_index("kommun")
    assert table["andelstal_before"].sum() == pytest.approx(31.26)
    assert table["andelstal"].sum() == pytest.approx(31.26)
    assert set(table.index[table["andelstal"] > 0]) == {"Umeå", "Skellefteå"}
    assert (table.loc[table["andelstal"] == 0, "placed_high"] == 0).all()


def test_ange_alone_gives_the_countys_15_of_700_and_is_marked_as_supposed(workbook):
    result = result_of(workbook, "vasternorrland-2022-ange")
    table = result.table.set_index("kommun")
    assert table.loc["Ånge", "expected"] == pytest.approx(15, abs=0.01)
    assert table["expected"].sum() == pytest.approx(15, abs=0.01)
    assert table["supposed"].all()


def test_an_interval_is_of_forecasts_made_when_the_scenarios_own_was(workbook):
    for name in ("vasterbotten-2019-grund", "vasterbotten-2018"):
        result = result_of(workbook, name)
        assert set(result.ratios["horizon"]) == {result.scenario.horizon}
        assert result.scenario.ar not in set(result.ratios["ar"])


def test_outcomes_of_the_analysts_own_give_an_interval(book):
    scenario = read(book, SOUND + "prognos_gjord: aret_fore\nfordelning: [1000, 1000, 1000]\n")
    low, high, first, last = files.run_scenario(book, scenario).total
    assert 19 <= low <= first <= last <= high <= 45  # around 31,26 ‰ of 1 000 children


def test_the_files_words_become_the_models(book):
    text = (
        SOUND
        + 'prognos_gjord: aret_fore\novriga_landet: lika\nanknytning: 0.5\nplacerade_fore: {"2480": 4}\n'
    )
    found = files.as_model(book, read(book, text + "placerade_riket: 900\n" + PLACES))
    assert (found.lanskod, found.horizon, found.rest, found.attachment) == (
        "24",
        "year_ahead",
        "equal",
        0.5,
    )
    assert (found.placed, found.placed_nation, len(found.capacity)) == ({"2480": 4}, 900, 6)
    assert found.capacity["antal"].isna().sum() == 1


def test_a_supposed_share_stands_over_the_published_one_and_is_marked(book):
    shares = files.shares_for(book, read(book, SOUND + 'andelstal: {"2480": 12.5}\n')).set_index(
        "kommunkod"
    )
    assert shares.loc["2480", ["andelstal", "supposed", "andelstal_ar"]].tolist() == [
        12.5,
        True,
        2019,
    ]
    assert shares.loc["2482", ["andelstal", "supposed", "andelstal_ar"]].tolist() == [
        5.99,
        False,
        2018,
    ]
    assert shares.index.is_monotonic_increasing


def test_a_county_without_shares_is_told_to_suppose_some(book):
    with pytest.raises(
        ParameterError, match=r"known for county Y in 2019 or before, and none is estimated\. Write"
    ):
        files.run_scenario(book, read(book, SOUND.replace("AC", "Y")), estimate=False)
    with pytest.raises(ParameterError, match="county AC in 2017"):
        files.run_scenario(book, read(book, SOUND.replace("2019", "2017")), estimate=False)


def test_shares_that_nobody_has_published_are_estimated_and_the_files_own_stand_over_them(book):
    text = SOUND.replace("AC", "Y") + 'andelstal: {"2281": 9.5}\n'
    table = files.run_scenario(book, read(book, text)).table.set_index("kommunkod")
    assert table["supposed"].sum() == 1
    assert table["estimated"].sum() == len(table) - 1
    assert table.loc["2281", ["andelstal", "supposed", "estimated"]].tolist() == [9.5, True, False]


def test_shares_of_more_than_the_nation_are_refused(book):
    with pytest.raises(ParameterError, match="all of Sweden is 1000"):
        files.run_scenario(book, read(book, SOUND + 'andelstal: {"2480": 990}\n'))


def test_the_population_is_of_the_nearest_year_that_is_whole(book):
    assert files.population_for(book, 2018)[0] == 2018
    assert files.population_for(book, 2022)[0] == 2019
    torn = book.folkmangd[
        ~((book.folkmangd["ar"] == 2018) & (book.folkmangd["kommunkod"] == "0114"))
    ]
    without = replace(book, frames={**book.frames, "folkmangd": torn}, found={})
    year, people = files.population_for(without, 2018)
    assert (year, len(people)) == (2017, 290)
    with pytest.raises(ParameterError, match="not known for every municipality"):
        files.population_for(book, 2007)


def test_every_way_to_represent_the_rest_is_shown_and_the_chosen_one_is_the_results(workbook):
    result = result_of(workbook, "vasterbotten-2018")
    hangs = files.hangs_on_rest(workbook, result)
    assert hangs["placed_population_high"].tolist()[:-1] == result.table["placed_high"].tolist()
    assert (
        tuple(hangs.iloc[-1][["placed_population_low", "placed_population_high"]]) == result.placed
    )
    assert tuple(hangs.iloc[-1][["placed_block_low", "placed_block_high"]]) == (40, 53)


def test_scenarios_are_set_against_the_first(workbook):
    table = files.against_first([result_of(workbook, name) for name in SHIPPED[1:3]]).set_index(
        "kommun"
    )
    first, second = (table[table["scenario"] == name] for name in table["scenario"].unique())
    assert (first[["andelstal_difference", "expected_difference"]] == 0).all(axis=None)
    assert second.loc["Nordmaling", "andelstal_difference"] == pytest.approx(-1.14)
    assert second["andelstal_difference"].sum() == pytest.approx(0)


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ('flytt: [{fran: "2401", till: "2480"}]', "not_agreed"),
        ('flytt: [{fran: "2401", till: "2480", andelstal: 2}]\ngodkant: ["2480"]', "too_much"),
        ('flytt: [{fran: "2401", till: "2401"}]\ngodkant: ["2401"]', "to_itself"),
        ('flytt: [{fran: "2401", till: "2480", andelstal: 1}]\ngodkant: ["2480"]\nminsta_andelstal: 1', "below_least"),
    ],
)  # fmt: skip
def test_a_plan_against_the_rules_is_refused_by_its_code(book, plan, code):
    assert [refusal.code for refusal in files.refusals_of(book, read(book, SOUND + plan))] == [code]


def test_a_plan_for_2018_is_refused(book):
    text = (
        SOUND.replace("2019", "2018") + 'flytt: [{fran: "2401", till: "2480"}]\ngodkant: ["2480"]\n'
    )
    assert "too_early" in [refusal.code for refusal in files.refusals_of(book, read(book, text))]


def test_a_proposal_rests_on_known_places_only(book):
    problem = files.problem_for(book, read(book, SOUND + PLACES + 'godkant: ["2482", "2481"]\n'))
    assert problem.places == {"2480": 20, "2482": 30}  # 2481 has one kind unknown: unknown, not 4


def test_a_proposal_without_places_tells_what_is_missing(book):
    text = SOUND + room(antal="null")
    with pytest.raises(ParameterError) as error:
        files.problem_for(book, read(book, text))
    first, home, family = error.value.problems
    assert "no municipality's places are known" in first
    assert "kapacitet: platser_hem is not known for 2401" in home
    assert "platser_familjehem is not known for 2401" in family


def test_a_proposal_becomes_a_scenario_that_holds(book):
    scenario = read(book, SOUND + PLACES + 'godkant: ["2482"]\nforfattare: Åsa\n')
    found = propose(files.problem_for(book, scenario))
    proposed = files.with_moves(scenario, found, "Förslag 1", "Inget beslut.")
    kept = files.load_scenario(book, files.save(book, proposed))
    table = files.run_scenario(book, kept).table.set_index("kommunkod")
    assert table.loc["2480", "expected"] <= 20
    assert table["andelstal"].sum() == pytest.approx(31.26)
    assert (kept.namn, kept.forfattare, kept.datum) == ("Förslag 1", "", None)


def test_who_would_have_to_agree_is_named(book):
    problem = files.problem_for(book, read(book, SOUND + PLACES))
    assert propose(problem).blame == ("agreements",)
    assert files.would_have_to_agree(problem, "fewest") == ("2482",)


def test_a_written_file_quotes_its_codes(book):
    path = files.save(book, read(book, SOUND + 'godkant: ["2480"]\n'))
    assert 'godkant:\n- "2480"\n' in path.read_text("utf-8")
    assert yaml.safe_load(path.read_text("utf-8"))["ar"] == 2019


def test_unknown_places_give_unknown_answers_and_never_zero(book):
    table = files.run_scenario(book, read(book, SOUND + PLACES)).table.set_index("kommunkod")
    assert pd.isna(table.loc["2481", "places"])
    assert pd.isna(table.loc["2401", "shortfall"])
    assert table.loc["2480", "places"] == 20


def test_who_came_since_2016_is_added_up_from_the_published_years(workbook):
    assert files.arrived_before(workbook, 2016) == (0, True)
    assert files.arrived_before(workbook, 2018) == (2_199 + 1_336, True)
    assert files.arrived_before(workbook, 2024) == (7_018, False)  # 2023 is not known


def test_earlier_placements_without_the_nations_need_the_years_to_be_known(book):
    scenario = read(book, SOUND.replace("2019", "2024") + 'placerade_fore: {"2480": 4}\n')
    with pytest.raises(ParameterError, match="Write it as placerade_riket"):
        files.as_model(book, scenario)
    assert files.as_model(book, read(book, SOUND + 'placerade_fore: {"2480": 4}\n')).placed == {
        "2480": 4
    }
