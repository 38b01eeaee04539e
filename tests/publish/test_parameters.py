"""The contract: what a notebook takes, and what is said of what it does not take."""

import pytest
import yaml

from helpers.editions.parameters import (
    CONTRACTS,
    KommunrapportParameters,
    LansrapportParameters,
    check_parameters,
    declarations,
)
from helpers.errors import ParameterError
from tests.publish.samples import Atlas


def refused(contract, text: str) -> tuple[str, ...]:
    with pytest.raises(ParameterError) as error:
        check_parameters(contract, yaml.safe_load(text), Atlas(), "fil.yaml")
    assert error.value.exit_code == 2
    return error.value.problems


def test_a_code_that_lost_its_quotes_is_shown_as_it_was_written():
    (problem,) = refused(KommunrapportParameters, "kommunkod: 0114")
    assert problem == (
        'fil.yaml: kommunkod: found the number 76, but a code is text; write kommunkod: "0114" in quotes.'
    )


@pytest.mark.parametrize(("written", "quoted"), [("2480", '"2480"'), ("0162", '"0162"')])
def test_an_unquoted_code_is_refused_with_the_same_digits_in_quotes(written, quoted):
    (problem,) = refused(KommunrapportParameters, f"kommunkod: {written}")
    assert f"write kommunkod: {quoted}" in problem


def test_an_unknown_name_is_refused_with_the_nearest_known_one():
    (problem,) = refused(LansrapportParameters, "prognos_ekbb: 1500")
    assert problem == "fil.yaml: 'prognos_ekbb' is no parameter here. Did you mean prognos_ekb?"


def test_code_in_a_parameter_name_is_only_an_unknown_name():
    (problem,) = refused(LansrapportParameters, '"lan=1; import os": AC')
    assert "is no parameter here" in problem


def test_all_problems_of_a_call_are_told_at_once():
    problems = refused(
        LansrapportParameters,
        "lan: ../x\nar: 1999\nprognoser_ekb: [1500, -1, 2.5]\nsprak: fi\nx: 1",
    )
    assert len(problems) == 6
    assert {problem.split(": ")[1].split(".")[0] for problem in problems[:5]} == {
        "lan",
        "ar",
        "prognoser_ekb",
        "sprak",
    }


@pytest.mark.parametrize("code", ["XX", "99"])
def test_a_county_that_does_not_exist_is_refused_with_a_suggestion(code):
    (problem,) = refused(LansrapportParameters, f'lan: "{code}"')
    assert problem == f"fil.yaml: lan: there is no county {code!r}. Nearest known: AC."


def test_an_unknown_code_is_told_together_with_the_other_problems():
    problems = refused(KommunrapportParameters, 'kommunkod: "9999"\nar: 2031')
    assert ["ar" in problems[0], "9999" in problems[1]] == [True, True]


@pytest.mark.parametrize(
    "text", ["ar: två", "ar: 2018.0", "ar: true", "prognos_ekb: 1.5", "prognos_ekb: 0"]
)
def test_what_is_no_number_is_not_made_one(text):
    assert len(refused(LansrapportParameters, text)) == 1


def test_two_identical_forecasts_are_refused():
    (problem,) = refused(LansrapportParameters, "prognoser_ekb: [1500, 1500]")
    assert "each may stand once" in problem


def test_a_sound_call_comes_back_with_its_defaults():
    checked = check_parameters(KommunrapportParameters, {"kommunkod": "0114"}, Atlas(), "fil.yaml")
    assert checked.model_dump() == {
        "kommunkod": "0114",
        "ar": 2018,
        "prognos_ekb": None,
        "prognoser_ekb": [1500, 2300],
        "scenario": None,
        "uppskattade_andelstal": "ja",
        "sprak": "sv",
    }


def test_every_parameter_has_a_type_a_default_and_a_help_text():
    lines = {
        name: [str(line) for line in declarations(contract)] for name, contract in CONTRACTS.items()
    }
    assert lines["10_lansrapport"] == [
        'lan: str = "AC"  # Länets bokstav eller kod, t.ex. AC eller 24',
        "ar: int = 2018  # Året rapporten gäller",
        'prognos_ekb: "Optional[int]" = None  # '
        "Antal ensamkommande barn i prognosen; None ger årets senast kända prognos",
        "prognoser_ekb: list[int] = [1500, 2300]  # Prognoser att jämföra, antal ensamkommande barn",
        'scenario: "Optional[str]" = None  # Scenariofil i data/scenarios, namn utan .yaml; '
        "None räknar på årets prognos",
        'uppskattade_andelstal: str = "ja"  # '
        "Uppskatta andelstal som inte är publicerade, ja eller nej",
        'datum: "Optional[str]" = None  # '
        "Dag som länets egna ord ses från, t.ex. 2022-02-23; None ger deras senaste",
        'sprak: str = "sv"  # Rapportens språk, sv eller en',
    ]
    assert all(
        line.count("  # ") == 1 and line[-1] != " " for found in lines.values() for line in found
    )
