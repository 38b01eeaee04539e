"""Notebooks ask, call and show; each rule is also shown to bite."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.make.execute import load
from tests.house import notebooks as house
from tests.house.strip import strip

ROOT = Path(__file__).parents[1]
NAMES = (
    "01_kallor",
    "02_mottagande",
    "03_scenarier",
    "04_utfall",
    "10_lansrapport",
    "11_kommunrapport",
    "12_riket",
)


def _code(*lines: str, tags: tuple[str, ...] = ()) -> dict:
    metadata = {"tags": list(tags)} if tags else {}
    cell = {"cell_type": "code", "execution_count": None, "metadata": metadata, "outputs": []}
    return {**cell, "source": list(lines)}


def _prose(text: str, tags: tuple[str, ...] = ()) -> dict:
    metadata = {"tags": list(tags)} if tags else {}
    return {"cell_type": "markdown", "metadata": metadata, "source": [text]}


ANALYST = (house.ANALYST,)
ANSWERS, MAY = "**Vad sidan svarar på.** Läget.", "**Vad du kan ändra.** `lan` och `ar`."
GUIDE = _prose(f"{ANSWERS}\n\n{MAY}", tags=ANALYST)


GOOD = {
    "cells": [
        _prose("# Hur är läget i länet?\n\nMer om [antagandet A1](../docs/assumptions.md#a1)."),
        GUIDE,
        _code(
            'lan: str = "AC"  # Länets bokstav\n', "ar: int = 2018  # Året", tags=("parameters",)
        ),
        _code("from helpers import tables\n", "data = tables.load()"),
        _prose("## Vilka är länen?"),
        _code("page.show(data.lan)"),
        _code("data.lan", tags=ANALYST),
        _code("page.end()"),
    ],
    "metadata": {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
    },
    "nbformat": 4,
    "nbformat_minor": 4,
}
CONTRACT = {"lan": ("str", "AC", "Länets bokstav"), "ar": ("int", 2018, "Året")}


def _written(folder: Path, content: dict) -> house.Notebook:
    path = folder / "nb.ipynb"
    path.write_text(json.dumps(content), "utf-8")
    return house.Notebook(path)


def _with(number: int, cell: dict) -> dict:
    """GOOD with one more cell at a place."""
    content = copy.deepcopy(GOOD)
    content["cells"].insert(number, cell)
    return content


def _last(source: str) -> dict:
    return _with(4, _code(source))


def _instead(number: int, *cells: dict) -> dict:
    """GOOD with other cells in the place of one."""
    content = copy.deepcopy(GOOD)
    content["cells"][number : number + 1] = cells
    return content


def test_exactly_the_seven_notebooks_of_the_design_are_there():
    assert sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")) == sorted(NAMES)


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_keeps_the_rule(name, rule):
    assert rule(house.Notebook(ROOT / "notebooks" / f"{name}.ipynb")) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_run_makes_every_cell_but_those_for_analysts(name):
    path = ROOT / "notebooks" / f"{name}.ipynb"
    run, cells = load(path).cells, house.Notebook(path).cells
    own = [cell for cell in cells if house.ANALYST not in house.tags(cell)]
    assert [cell.source for cell in run] == [house.source(cell) for cell in own]
    assert len(run) < len(cells)


@pytest.mark.parametrize("name", NAMES)
def test_the_parameters_cell_is_the_contract(name):
    from helpers.editions.parameters import CONTRACTS, declarations

    contract = {
        line.name: (line.annotation, line.default, line.help)
        for line in declarations(CONTRACTS[name])
    }
    assert (
        house.contract_broken(house.Notebook(ROOT / "notebooks" / f"{name}.ipynb"), contract) == []
    )


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_breaks_no_rule(rule, tmp_path):
    assert rule(_written(tmp_path, GOOD)) == []


SEEDED = [
    (house.no_guide, _instead(1)),
    (house.no_guide, _instead(1, {**GUIDE, "metadata": {}})),
    (house.no_guide, _instead(1, _code("lan", tags=ANALYST))),
    (house.no_guide, _instead(1, _prose(ANSWERS, tags=ANALYST))),
    (house.no_guide, _instead(1, _prose(MAY, tags=ANALYST))),
    (house.no_guide, _instead(1, _prose(f"{ANSWERS}\n\n{MAY.replace('`ar`', 'året')}", tags=ANALYST))),
    (house.no_guide, {**GOOD, "cells": GOOD["cells"][:1]}),
    (house.frames_astray, _instead(6)),
    (house.frames_astray, _instead(6, _code("data.lan"))),
    (house.frames_astray, _instead(6, GOOD["cells"][6], GOOD["cells"][6])),
    (house.frames_astray, _instead(6, GOOD["cells"][6], GOOD["cells"][5])),
    (house.frames_astray, _instead(3, GOOD["cells"][3], GOOD["cells"][6])),
    (house.frames_astray, _instead(6, GOOD["cells"][6], _prose("## Prova", tags=ANALYST), _code("x = 1", tags=ANALYST))),
    *[
        (house.frames_astray, _instead(6, _code(source, tags=ANALYST)))
        for source in ("x = data.lan", "x = 1\ndata.lan", "page.show(data.lan)", "1", "%who", "")
    ],
    (house.documents_astray, _with(6, _code("page.show(data.kommuner)", tags=("metod",)))),
    (house.documents_astray, _with(5, _prose("## Vilka är kommunerna?", tags=("kort",)))),
    *[
        (house.proofs_astray, _with(7, _prose("## Vad vilar talen på?", tags=("metod", *named))))
        for named in ((), ("#underlag",), ("#underlag", "for:borta"))
    ],
    (house.no_question, _with(0, _prose("# Läget i länet"))),
    (house.no_question, _with(0, _code("x = 1"))),
    (house.no_question, {**GOOD, "cells": []}),
    (house.parameters_astray, _with(1, _code("x = 1"))),
    (house.parameters_astray, _with(2, _code("x: int = 1", tags=("parameters",)))),
    (house.parameters_astray, {**GOOD, "cells": GOOD["cells"][3:]}),
    (house.unread_parameters, _with(1, _code("x: int | None = None  # X", tags=("parameters",)))),
    (house.long_cells, _last("\n".join(f"x = {number}" for number in range(9)))),
    (house.many_cells, {**GOOD, "cells": GOOD["cells"] + 33 * [_code("x")]}),
    *[
        (house.logic, _last(source))
        for source in (
            "def f(): pass", "class C: pass", "if x: pass", "for x in y: pass", "while x: pass", "lambda: 1",
            "try:\n    x\nexcept ValueError:\n    y", "with x: pass", "[x for x in y]", "{x: 1 for x in y}",
            "x if y else z", "match x:\n    case 1: y", "x or y", "list(x for x in y)",
        )
    ],
    *[(house.magic, _last(source)) for source in ("%matplotlib inline", "!ls", "x?", "def f(")],
    (house.stored_output, _with(3, {**_code("x"), "execution_count": 1})),
    (house.stored_output, _with(3, {**_code("x"), "outputs": [{"output_type": "stream", "name": "stdout"}]})),
    (house.stray_metadata, {**GOOD, "metadata": {"papermill": {"duration": 1.0}}}),
    (house.stray_metadata, {**GOOD, "metadata": {"language_info": {"name": "python", "version": "3.11.7"}}}),
    (house.stray_metadata, _with(3, {**_code("x"), "metadata": {"jupyter": {"source_hidden": True}}})),
    (house.stray_metadata, _with(3, {"cell_type": "code", "metadata": {}, "source": []})),
    (house.typed_numbers, _with(3, _prose("Länet har 31,26 promille."))),
    (house.typed_numbers, _with(3, _prose("Antagande A1 gäller 2018."))),
    (house.no_end, {**GOOD, "cells": GOOD["cells"][:4]}),
    (house.no_end, _with(8, _code("page.head()"))),
    (house.strange_imports, _last("import pandas as pd")),
    (house.strange_imports, _last("from matplotlib import pyplot")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "content"), SEEDED)
def test_a_seeded_violation_is_found(rule, content, tmp_path):
    assert rule(_written(tmp_path, content))


def test_a_cell_that_says_what_the_contract_says_keeps_it(tmp_path):
    assert house.contract_broken(_written(tmp_path, GOOD), CONTRACT) == []


@pytest.mark.parametrize(
    "contract",
    [
        {**CONTRACT, "sprak": ("str", "sv", "Språk")},
        {"lan": CONTRACT["lan"]},
        dict(reversed(CONTRACT.items())),
        {**CONTRACT, "ar": ("str", 2018, "Året")},
        {**CONTRACT, "ar": ("int", 2019, "Året")},
        {**CONTRACT, "ar": ("int", 2018.0, "Året")},
        {**CONTRACT, "ar": ("int", 2018, "År")},
    ],
    ids=["a name too few", "a name too many", "order", "type", "default", "default's type", "help"],
)
def test_a_cell_that_departs_from_the_contract_is_found(contract, tmp_path):
    assert house.contract_broken(_written(tmp_path, GOOD), contract)


def test_stripping_mends_output_counts_and_metadata_and_then_rests(tmp_path):
    cell = {**_code("x"), "execution_count": 3, "metadata": {"scrolled": True, "tags": ["keep"]}}
    content = {
        **_with(3, cell),
        "metadata": {"widgets": {}, "language_info": {"name": "python", "file": "x"}},
    }
    notebook = _written(tmp_path, content)
    assert house.stray_metadata(notebook)
    assert house.stored_output(notebook)
    assert strip(notebook.path)
    mended = house.Notebook(notebook.path)
    assert [house.source(cell) for cell in mended.cells] == [
        house.source(cell) for cell in notebook.cells
    ]
    assert house.tags(mended.cells[3]) == ["keep"]
    assert house.stray_metadata(mended) == house.stored_output(mended) == []
    assert not strip(notebook.path)


def test_the_strip_command_names_what_it_changed(tmp_path):
    notebook = _written(tmp_path, _with(3, {**_code("x"), "execution_count": 1}))
    command = [sys.executable, "-m", "tests.house.strip", str(notebook.path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == f"stripped {notebook.path}\n"
