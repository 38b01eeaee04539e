"""The sound files that the import's tests spoil."""

import pytest

from helpers.sources.files import child

from . import layouts


@pytest.fixture(scope="session")
def sound(workbook) -> layouts.Sound:
    """The layouts filled with the published figures of 2018, or made from them."""
    return layouts.sound(workbook)


@pytest.fixture
def stand_in(tmp_path, monkeypatch):
    """Let another programme stand in for the child that reads a file."""

    def stand_in(code: str) -> None:
        (tmp_path / "standin.py").write_text(code, "utf-8")
        monkeypatch.setattr(child, "MODULE", "standin")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    return stand_in
