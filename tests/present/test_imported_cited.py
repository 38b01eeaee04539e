"""What is shown is cited by the table it came from: with every table displaced by an imported one,
none of ours is.
"""

import shutil
from importlib import import_module
from pathlib import Path

import pytest

from helpers.model.forecasts import latest_forecast
from helpers.present import page
from helpers.present.views import Fact, Figure, Fold, Statement, Table
from helpers.sources import load_catalogue
from helpers.sources.imported import write_tables
from helpers.tables import load
from helpers.tables.schemas import KINDS, SCHEMAS
from tests.present.collecting import NOTEBOOKS, Met, noting, run

# what a file may displace
OURS = [own for own in KINDS.values() if own in SCHEMAS and "summor" not in own]


@pytest.fixture(scope="module")
def displaced(tmp_path_factory):
    """The project's data with a higher table for each of ours that can be displaced: the same
    figures, another id.
    """
    root = tmp_path_factory.mktemp("imported") / "data"
    shutil.copytree(Path(__file__).parents[2] / "data", root)
    catalogue = load_catalogue(root)
    ours = [catalogue[own] for own in OURS]
    higher = [
        {
            "id": f"{entry.id}_fil",
            "path": f"imported/{entry.id}_fil.csv",
            "precedence": 10,
            "discrepancies": (),
        }
        for entry in ours
    ]
    told = [
        (entry.model_copy(update=new), catalogue.file(entry.id).read_text("utf-8"))
        for entry, new in zip(ours, higher, strict=True)
    ]
    write_tables(root, told)
    return load(root), {entry.id for entry in ours}


def cited(view) -> set[str]:
    """Every table that a view names, for itself, a column, a figure in its words, or the foot of a
    table.
    """
    if isinstance(view, Fold):
        return set().union(*map(cited, view.views))
    own = {
        name for value in view.values.values() if isinstance(value, Fact) for name in value.sources
    }
    if isinstance(view, Figure):
        return own | cited(view.table)
    if isinstance(view, Table):
        return (
            own | set(view.sources) | {name for column in view.columns for name in column.sources}
        )
    assert isinstance(view, Statement)
    return own


CHOSEN = {
    "lan": "AC",
    "kommunkod": "2480",
    "ar": 2018,
    "prognos_ekb": None,
    "prognoser_ekb": [1500, 2300],
}
CASES = [(path, CHOSEN) for path in NOTEBOOKS]


@pytest.mark.parametrize(
    ("path", "chosen"), CASES, ids=lambda part: getattr(part, "stem", None) or ""
)
def test_no_view_cites_a_table_whose_figures_an_imported_one_displaced(
    path, chosen, displaced, monkeypatch
):
    workbook, ours = displaced
    shown = {}
    show = page.Page.show

    def noted(self, *views, **how):
        shown.update({view.id: cited(view) for view in views})
        return show(self, *views, **how)

    with noting(Met(), workbook):
        monkeypatch.setattr(page.Page, "show", noted)
        run(path, chosen, Met())
    wrong = {own: names & ours for own, names in shown.items() if names & ours}
    assert shown
    assert wrong == {}
    if "rapport" in path.stem:
        assert any(name.endswith("_fil") for names in shown.values() for name in names)


def test_a_constant_in_place_of_the_frame_would_be_found():
    fact = Fact(1, "personer", ("folkmangd",))
    assert cited(Fold("x", "x", (Statement("y", "{a}", {"a": fact}),))) == {"folkmangd"}


def test_the_latest_forecast_does_not_depend_on_the_order_of_rows(workbook):
    several = workbook.prognoser.copy()
    twice = several[several["matt"] == "ensamkommande"].assign(kalla="Ö", varde=1)
    whole = import_module("pandas").concat([several, twice], ignore_index=True)
    for ar in sorted(whole["avser_ar"].unique()):
        found = {
            latest_forecast(whole.sample(frac=1, random_state=seed), int(ar)) for seed in range(5)
        }
        assert len(found) == 1, ar
