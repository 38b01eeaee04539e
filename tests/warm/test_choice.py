"""Which engine a command uses: the one asked for, else what this system can do."""

import errno
import os

import pytest

from helpers.cli import options
from helpers.errors import SetupError
from helpers.make.plan import Options
from helpers.warm import processes


@pytest.mark.parametrize(
    ("asked", "able", "engine"),
    [
        (None, True, "warm"),
        (None, False, "kernel"),
        ("kernel", True, "kernel"),
        ("warm", True, "warm"),
    ],
)
def test_the_engine_is_the_one_asked_for_else_the_best_there_is_with_a_word(
    monkeypatch, capsys, asked, able, engine
):
    monkeypatch.setattr(options, "lacking", lambda: "" if able else "this Linux has no pidfd_open")
    assert options.run_options(None, None, 120, asked).engine == engine
    assert ("takes longer: this Linux has no pidfd_open." in capsys.readouterr().err) is not able


def test_the_warm_engine_is_refused_where_it_cannot_run(monkeypatch):
    monkeypatch.setattr(
        options, "lacking", lambda: "this Linux has no pidfd_open (Function not implemented)"
    )
    with pytest.raises(
        SetupError, match=r"no pidfd_open .Function not implemented.. Leave out"
    ) as refused:
        options.run_options(None, None, 120, "warm")
    assert refused.value.exit_code == 4


@pytest.mark.parametrize("call", ["pidfd_open", "memfd_create"])
def test_the_kernel_is_asked_by_calling_it(monkeypatch, call):
    def refused(*_):
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(os, call, refused)
    processes.lacking.cache_clear()
    try:
        assert processes.lacking() == f"this Linux has no {call} (Function not implemented)"
        assert not processes.can_fork()
    finally:
        processes.lacking.cache_clear()


def test_a_caller_that_says_nothing_gets_ordinary_kernels():
    assert Options().engine == "kernel"
