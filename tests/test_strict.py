"""A call is taken as it is meant: whatever option stands twice or empty is refused before anything
runs.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from helpers import cli
from helpers.cli.app import app


def _commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = getattr(command, "commands", {})
    if not inner:
        yield words, command
    for name, one in inner.items():
        yield from _commands(one, (*words, name))


COMMANDS = dict(_commands(get_command(app)))


def refused(capsys, call: list[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        cli.main(call)
    assert ended.value.code == 2
    return str(capsys.readouterr().err)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_an_option_given_twice_or_empty_is_refused_by_every_command(words, capsys):
    options = [one for one in COMMANDS[words].params if one.param_type_name == "option"]
    assert options or not COMMANDS[words].params
    for one in options:
        name = one.opts[0]
        value = [] if one.is_flag else ["x"]
        twice = [*words, name, *value, name, *value]
        assert one.multiple or f"{name}: is given 2 times" in refused(capsys, twice)
        for blank in [] if one.is_flag else ["", " ", "\t"]:
            assert f"{name}: is empty" in refused(capsys, [*words, name, blank])


@pytest.mark.parametrize(
    "words",
    [
        words
        for words, one in COMMANDS.items()
        if [p for p in one.params[:1] if p.param_type_name != "option"]
    ],
)
def test_an_empty_argument_is_refused(words, capsys):
    assert "is empty" in refused(capsys, [*words, ""])


def test_all_that_stands_twice_or_empty_is_told_at_once(capsys):
    told = refused(capsys, ["reports", "--only", "", "--keep", "2", "--keep", "3"])
    assert ("--only: is empty" in told, "--keep: is given 2 times" in told) == (True, True)


def test_what_may_be_given_again_is(capsys):
    told = refused(capsys, ["report", "--prognoser-ekb", "1500", "--prognoser-ekb", "2300"])
    assert "names neither lan nor kommunkod" in told
