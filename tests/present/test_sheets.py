"""A drawing is the same bytes whatever sheet it is drawn on: new, made beforehand, used before."""

import pytest

from helpers.present.figures import canvas
from helpers.present.figures.lettering import NARROW, WIDTH
from tests.present.test_figures import GALLERY, rendered


def test_sheets_made_beforehand_are_as_many_as_asked_for_and_none_is_made_after(monkeypatch):
    kept: dict = {}
    monkeypatch.setattr(canvas, "_KEPT", kept)
    canvas.make_sheets(3)
    assert sorted(kept) == [1, 2, 3]
    monkeypatch.setattr(canvas, "Figure", None)
    for name in ("placement", "reception"):
        assert rendered(name).startswith("<svg")


@pytest.mark.parametrize("width", [WIDTH, NARROW])
@pytest.mark.parametrize("name", GALLERY)
def test_a_drawing_is_the_same_bytes_on_a_new_sheet_one_made_beforehand_and_a_used_one(
    name, width, monkeypatch
):
    monkeypatch.setattr(canvas, "_KEPT", {})
    new = rendered(name, width=width)
    monkeypatch.setattr(canvas, "_KEPT", {})
    canvas.make_sheets(2)
    beforehand = rendered(name, width=width)
    for before in ("placement", "reception"):
        rendered(before, width=WIDTH)
    assert beforehand == new
    assert rendered(name, width=width) == new
