"""The sound files that the import's tests spoil."""

import pytest

from . import layouts


@pytest.fixture(scope="session")
def sound(workbook) -> layouts.Sound:
    """The layouts filled with the published figures of 2018, or made from them."""
    return layouts.sound(workbook)
