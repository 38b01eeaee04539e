"""Numbers written by hand: one reader and one table of limits for calls, YAML, scenario files and
widgets.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
import yaml
from typer.main import get_command

from helpers import cli
from helpers.cases.scenario_file import Flytt, Kapacitet, ScenarioFile
from helpers.cli.options import contract_values
from helpers.contracts.numbers import LIMITS, SPACES, Limit, Unread, read_number, read_numbers
from helpers.contracts.reading import read, read_yaml
from helpers.editions.edition import Edition
from helpers.editions.parameters import CONTRACTS, LansrapportParameters
from helpers.errors import ParameterError
from helpers.present.language import Language
from helpers.present.widgets import NumberField

FORECAST, SHARE, MANY = LIMITS["forecast"], LIMITS["share"], LIMITS["forecasts"]
GRID = (50, 99, 100, 999, 1000, 1500, 2300, 9050, 12_345, 40_000)
SCENARIO = {"namn": "Prov", "lan": "AC", "ar": 2019, "prognos_ekb": 2300}
EDITION = {"title": "Prov", "ar": 2018, "prognoser_ekb": [1500]}


def right(number: int) -> list[str]:
    """A whole number as Swedish writes it."""
    grouped = f"{number:,}"
    return [str(number), f" {number} ", *(grouped.replace(",", space) for space in SPACES)]


def wrong(number: int) -> list[str]:
    """A whole number as it is not written, though other programmes may read it, some of them as
    another number.
    """
    text, grouped = str(number), f"{number:,}"
    odd = [
        f"0{text}",
        f"+{text}",
        f"{text[0]}_{text[1:]}",
        f"{text}.0",
        f"{text},5",
        f"0x{number:x}",
        f"{number:.1e}",
    ]
    odd += [
        f"{text}:00",
        f"{text[0]} {text[1:]}",
        text.translate({48 + digit: 0xFF10 + digit for digit in range(10)}),
    ]
    odd += (
        [grouped.replace(",", mark) for mark in (",", ".", "'", "\u2009", "\t")]
        if number >= 1000
        else []
    )
    return [one for one in odd if one not in right(number)]


@pytest.mark.parametrize("number", GRID)
def test_a_number_is_read_as_it_is_written_or_not_at_all(number):
    assert {read_number(text, FORECAST) for text in right(number)} == {number}
    misread = {
        text: read
        for text in wrong(number)
        if not isinstance(read := read_number(text, FORECAST), Unread)
    }
    assert misread == {}


def misread(load: Callable[[str], object]) -> dict[str, object]:
    """What a YAML reader makes another number of than is written, of every writing of the grid."""
    found = {}
    for number in GRID:
        for text in (*right(number), *wrong(number)):
            value = load(f"prognos_ekb: {text}")
            if not isinstance(value, Unread) and value != number:
                found[text] = value
    return found


@pytest.fixture
def from_yaml(tmp_path):
    """Read a forecast out of a parameter file; what is refused is told as unread."""

    def load(text: str) -> object:
        path = tmp_path / "prov.yaml"
        path.write_text(text, "utf-8")
        try:
            return read(LansrapportParameters, read_yaml(path), "prov.yaml").prognos_ekb
        except ParameterError as error:
            return Unread("no_number", str(error), FORECAST)

    return load


def test_yaml_reads_no_other_number_than_is_written(from_yaml):
    assert misread(from_yaml) == {}


def test_a_yaml_reader_that_takes_octal_and_sexagesimal_numbers_is_found_out():
    found = misread(
        lambda text: (
            yaml.safe_load(text)["prognos_ekb"] if "\t" not in text else Unread("blank", "", MANY)
        )
    )
    assert {"02300": found["02300"], "1500:00": found["1500:00"]} == {
        "02300": 1216,
        "1500:00": 90_000,
    }


@pytest.mark.parametrize(
    "text", ["[1,500]", "[12,500]", "[900,1500,500,900]", "1,500", '"1,500"', "2.3", "[2.3]"]
)
def test_a_list_in_yaml_that_may_be_one_number_is_refused(tmp_path, text):
    path = tmp_path / "prov.yaml"
    path.write_text(f"title: Prov\nar: 2018\nprognoser_ekb: {text}\n", "utf-8")
    with pytest.raises(ParameterError, match="prognoser_ekb"):
        read(Edition, read_yaml(path), "prov.yaml")


@pytest.mark.parametrize(
    "text", ["[1500, 2300]", "[1500,2300]", "1 500; 2 300", "[1 500, 2 300]", "1500, 2300"]
)
def test_a_list_in_yaml_may_be_written_as_swedish_writes_it(tmp_path, text):
    path = tmp_path / "prov.yaml"
    path.write_text(f"title: Prov\nar: 2018\nprognoser_ekb: {text}\n", "utf-8")
    assert read(Edition, read_yaml(path), "prov.yaml").prognoser_ekb == [1500, 2300]


@pytest.mark.parametrize("first", [1, 12, 500, 1500])
@pytest.mark.parametrize("second", ["005", "500", "999"])
def test_a_comma_that_may_part_thousands_never_parts_a_list(first, second):
    numbers, refused = read_numbers(f"{first},{second}", Limit(0, 10**9, "children"), MANY)
    assert refused, numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [("31,26", 31.26), ("31.26", 31.26), ("−0,5", -0.5), ("1\u00a0000", 1000), ("0,975", None)],
)
def test_a_share_has_a_decimal_comma_or_point_and_two_decimals(text, number):
    read = read_number(text, SHARE._replace(least=-1))
    assert read == number if number is not None else isinstance(read, Unread)


def _from_call(number: int) -> object:
    return read(
        LansrapportParameters, contract_values({"lan": "AC", "prognos_ekb": str(number)}), "report"
    )


def _from_list(number: int) -> object:
    return read(
        LansrapportParameters,
        contract_values({"lan": "AC", "prognoser_ekb": [str(number)]}),
        "report",
    )


def _from_edition(number: int) -> object:
    return read(Edition, {**EDITION, "prognoser_ekb": [number], "prognos_ekb": number}, "prov.yaml")


def _from_scenario(number: int) -> object:
    return read(ScenarioFile, {**SCENARIO, "prognos_ekb": number}, "prov.yaml")


def _from_widget(number: int) -> object:
    field = NumberField(Language("sv"), "Prognos", "forecast", lambda: None)
    field.text.value = str(number)
    if field.read() is None:
        raise ParameterError(field.said.value)
    return field


@pytest.mark.parametrize(
    "give", [_from_call, _from_list, _from_edition, _from_scenario, _from_widget]
)
def test_a_forecast_has_the_same_limits_wherever_it_is_written(give):
    for number in (int(FORECAST.least), int(FORECAST.most)):
        give(number)
    for number in (int(FORECAST.least) - 1, int(FORECAST.most) + 1, 20_000_000, 10**20):
        with pytest.raises(ParameterError):
            give(number)


@pytest.mark.parametrize("model", [*CONTRACTS.values(), Edition, ScenarioFile, Flytt, Kapacitet])
def test_every_number_of_a_contract_has_limits(model):
    for name, field in model.model_fields.items():
        if "int" in str(field.annotation) or "float" in str(field.annotation):
            for value in (10**12, [10**12], {"2480": 10**12}):
                with pytest.raises(ParameterError) as error:
                    read(model, {name: value}, "prov")
                assert any(f"prov: {name}" in problem for problem in error.value.problems)


def _options(command: Any) -> Iterator[Any]:
    yield from command.params
    for inner in getattr(command, "commands", {}).values():
        yield from _options(inner)


def test_no_option_reads_its_numbers_in_a_way_of_its_own():
    described = [
        (one.name, one.type_descriptor)
        for one in _options(get_command(import_module("helpers.cli.app").app))
    ]
    numbers = {
        name: kind.parameter_info.parser
        for name, kind in described
        if kind.annotation in (int, float)
    }
    assert {"keep", "last", "time_limit", "more_than", "ar"} <= set(numbers)
    assert [name for name, parser in numbers.items() if parser is None] == []


REFUSED = {
    "thousands or two": (
        ["--prognoser-ekb", "1,500"],
        "is it one number or several? Write 1500 or 1; 500",
    ),
    "seven forecasts": (
        ["--prognoser-ekb", "1000;1100;1200;1300;1400;1500;1600"],
        "found 7 forecasts; give 1 to 6",
    ),
    "more than all": (
        ["--prognoser-ekb", "20 000 000"],
        "found 20 000 000; write 50 to 40 000 (children)",
    ),
    "octal": (["--prognos-ekb", "02300"], "a number does not begin with 0: 2300"),
    "no list": (["--prognoser-ekb", "1500,-2"], "set numbers apart by a semicolon"),
    "a cell's time": (["--timeout", "0"], "--timeout: found 0; write 1 to 86 400 (seconds)"),
}


@pytest.mark.parametrize(("options", "says"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_number_is_refused_before_anything_runs(tmp_path, capsys, options, says):
    with pytest.raises(SystemExit) as ended:
        cli.main(["report", "--lan", "AC", *options, "--out", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert says in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "out").exists()


def test_all_wrong_numbers_of_a_call_are_told_at_once(tmp_path, capsys):
    call = [
        "report",
        "--lan",
        "AC",
        "--ar",
        "18",
        "--prognos-ekb",
        "2.3",
        "--prognoser-ekb",
        "x",
        "--timeout",
        "soon",
    ]
    with pytest.raises(SystemExit) as ended:
        cli.main([*call, "--out", str(tmp_path / "out")])
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert [word in told for word in ("ar: ", "2.3", "'x'", "--timeout")] == [True] * 4


def test_all_wrong_numbers_of_a_run_are_told_at_once(tmp_path, capsys):
    edition = tmp_path / "prov.yaml"
    edition.write_text("title: Prov\nar: 2018\nprognoser_ekb: [1,500]\nlan: [AC]\n", "utf-8")
    call = [
        "reports",
        "--edition",
        str(edition),
        "--workers",
        "two",
        "--keep",
        "1",
        "--out",
        str(tmp_path / "out"),
    ]
    with pytest.raises(SystemExit) as ended:
        cli.main(call)
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert [word in told for word in ("--workers", "--keep", "prognoser_ekb")] == [True] * 3
    assert not (tmp_path / "out").exists()
