"""Which engine a command uses: the one asked for, else what this system can do."""

import pytest

from helpers.cli import options
from helpers.errors import SetupError
from helpers.publish.plan import Options


@pytest.mark.parametrize(
    ("asked", "able", "engine"),
    [(None, True, "warm"), (None, False, "kernel"), ("kernel", True, "kernel"), ("warm", True, "warm")],
)
def test_the_engine_is_the_one_asked_for_else_the_best_there_is(monkeypatch, asked, able, engine):
    monkeypatch.setattr(options, "can_fork", lambda: able)
    assert options.run_options(None, None, 120, asked).engine == engine


def test_the_warm_engine_is_refused_where_it_cannot_run(monkeypatch):
    monkeypatch.setattr(options, "can_fork", lambda: False)
    with pytest.raises(SetupError, match="cannot fork safely") as refused:
        options.run_options(None, None, 120, "warm")
    assert refused.value.exit_code == 4


def test_a_caller_that_says_nothing_gets_ordinary_kernels():
    assert Options().engine == "kernel"
