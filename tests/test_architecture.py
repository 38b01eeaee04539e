"""The rooms, their imports and their manners, for the whole of src/helpers; each rule also shown to
bite.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house import architecture as house
from tests.house import columns, rooms, rounding, words, years

pytestmark = pytest.mark.xdist_group("house")  # every module is parsed once
HELPERS = Path(__file__).parents[1] / "src" / "helpers"
WORDS = "    And more of it.\n" * 45
LONG = "def f():\n    '''Say.'''\n" + "    x = 1\n" * 45


RULES = [*columns.RULES, *house.RULES, *rounding.RULES, *words.RULES, *years.RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_the_rule(rule):
    assert rule(HELPERS) == []


def test_every_room_of_the_house_stands():
    rooms = {module.room for module in house.modules(HELPERS)}
    assert rooms == set(house.ROOMS)


def test_every_room_says_what_goes_in_what_comes_out_and_what_never_does_and_the_documentation_says_the_same():
    assert rooms.untold(HELPERS) == []
    for document in (HELPERS.parents[1] / "docs" / "architecture.md", HELPERS / "README.md"):
        assert rooms.stale(HELPERS, document) == []


def test_a_room_that_says_less_and_a_table_that_is_out_of_date_are_found(tmp_path):
    for room in house.ROOMS:
        (tmp_path / f"{room}.py").write_text(
            '"""A room.\n\nTakes this, gives that; never more.\n"""\n', "utf-8"
        )
    document = tmp_path / "rooms.md"
    document.write_text(f"before {rooms.BEGIN} {rooms.END} after", "utf-8")
    assert rooms.untold(tmp_path) == []
    assert rooms.stale(tmp_path, document)
    rooms.write(tmp_path, document)
    assert rooms.stale(tmp_path, document) == []
    (tmp_path / "model.py").write_text('"""A room."""\n', "utf-8")
    assert rooms.stale(tmp_path, document)
    assert rooms.untold(tmp_path) == [
        "model: its docstring has no sentence that begins with Takes and says never"
    ]


TOPICS = "present/topics/any.py"
TOPIC = '''"A topic."
def sums(place: str, rows: pd.DataFrame) -> int:
    """Return a sum.

    Args:
        place: Of `utfall`.
        rows: `kommun`, `antal` (persons).
    """
    return _sum(rows[["kommun", "antal"]], rows)
def _sum(shown: pd.DataFrame, rows: pd.DataFrame) -> int:
    return rows["antal"].sum() + shown["utfall"].sum()
'''

SEEDED = [
    (house.wrong_imports, "model/bad.py", "import helpers.tables as t"),
    (house.wrong_imports, "model/bad.py", "from helpers import present"),
    (house.wrong_imports, "model/bad.py", "from ..tables.places import Place"),
    (house.wrong_imports, "model/deep/bad.py", "from ... import tables"),
    (house.wrong_imports, "present/bad.py", "def f():\n    from helpers.tables import load"),
    (
        house.wrong_imports,
        "present/bad.py",
        "import importlib\nimportlib.import_module('helpers.make.run')",
    ),
    (house.wrong_imports, "make/bad.py", "from helpers.model.shares import expected_children"),
    (house.wrong_imports, "sources/bad.py", "from helpers.tables import load"),
    (house.wrong_imports, "tables/bad.py", "from helpers.present import page"),
    (house.wrong_imports, "errors.py", "from helpers.cli import main"),
    (house.wrong_imports, "__init__.py", "from helpers.tables import load"),
    (house.wrong_imports, "cellar/bad.py", "x = 1"),
    (house.wrong_imports, "warm/bad.py", "from ..errors import SetupError"),
    (house.wrong_imports, "warm/bad.py", "from helpers.contracts import marks"),
    (house.tied_to_the_house, "warm/bad.py", "from helpers.warm import slot"),
    (house.tied_to_the_house, "warm/bad.py", "program = '-m', 'helpers.warm.parent'"),
    (house.foreign_imports, "model/bad.py", "from pathlib import Path"),
    (house.foreign_imports, "model/bad.py", "import matplotlib.pyplot as plt"),
    (house.foreign_imports, "model/bad.py", "def f():\n    import os.path"),
    (house.foreign_imports, "present/bad.py", "import papermill"),
    (house.foreign_imports, "present/bad.py", "from urllib import request"),
    (house.foreign_imports, "present/bad.py", "from os import listdir"),
    (house.foreign_imports, "model/bad.py", "from os import environ"),
    (house.foreign_imports, "tables/bad.py", "import seaborn as sns"),
    (house.reading_where_none_may, "present/bad.py", "text = open('x.csv')"),
    (
        house.reading_where_none_may,
        "present/bad.py",
        "import io\nwith io.open('x.csv') as file: pass",
    ),
    (
        house.reading_where_none_may,
        "model/bad.py",
        "import pandas as pd\nframe = pd.read_csv('x.csv')",
    ),
    (house.printing, "tables/bad.py", "print(1)"),
    (house.long_files, "sources/bad.py", "x = 1\n" * 401),
    (house.long_functions, "sources/bad.py", LONG),
    (
        house.long_functions,
        "sources/bad.py",
        "class C:\n    async " + LONG.replace("\n ", "\n     "),
    ),
    (house.long_median, "sources/bad.py", "def f():\n" + "    x = 1\n" * 16),
    (house.undocumented, "sources/bad.py", "'''Doc.'''\ndef f(): ..."),
    (
        house.undocumented,
        "sources/bad.py",
        "'''Doc.'''\nclass C:\n    '''Doc.'''\n    def f(self): return 1",
    ),
    (house.undocumented, "sources/bad.py", "x = 1"),
    (house.unitless, "model/bad.py", "def f():\n    '''Compute it.'''"),
    (house.unitless, "model/bad.py", "def f():\n    '''Throw it; no peoples' numbered codes.'''"),
    (words.domain_words, "make/bad.py", "PARTING = 'scenario'"),
    (words.domain_words, "pages/bad.py", "known = status.get('andelstal')"),
    (words.domain_words, "releases/bad.py", "'Of a county.'"),
    (words.domain_words, "sending/bad.py", "def f(kommunkod): ..."),
    (words.domain_words, "clock/bad.py", "said = f'{n} ensamkommande'"),
    (words.domain_words, "report/bad.py", "share = total / 1000"),
    (words.domain_words, "make/bad.py", "from helpers.report.job import newForecast"),
    (words.domain_words, "pages/html/bad.html.j2", "<p>{{ n }} kommuner</p>"),
    (words.idle_exceptions, "report/facts.py", "x = 1"),
    (words.readers_sentences, "model/bad.py", "NOTE = 'Talet är inte känt.'"),
    (words.readers_sentences, "model/bad.py", "raise ValueError(f'{year}: talet är inte känt')"),
    (columns.unnamed_columns, TOPICS, TOPIC.replace("rows: `kommun`", "those: `kommun`")),
    (columns.unnamed_columns, TOPICS, TOPIC.replace("`antal` (persons)", "how many")),
    (columns.unnamed_columns, TOPICS, TOPIC.replace("`kommun`, `antal` (persons)", "The rows")),
    (columns.unnamed_columns, TOPICS, TOPIC.replace('return rows["antal"]', 'return rows["kod"]')),
    (columns.unknown_columns, TOPICS, TOPIC.replace("rows: `kommun`", "rows: `kommune`")),
    (rounding.second_roundings, "present/bad.py", "shown = round(split.difference, 1)"),
    (rounding.second_roundings, "present/figures/bad.py", "text = f'{value:.1f}'"),
    (rounding.second_roundings, "cli/bad.py", "told = f'{share:.0%}'"),
    (rounding.second_roundings, "cli/bad.py", "told = '%.1f %%' % share"),
    (rounding.second_roundings, "make/bad.py", "told = '{0:,.2f}'.format(share)"),
    (rounding.second_roundings, "present/bad.py", "table = table.round(2)"),
    (rounding.second_roundings, "tables/bad.py", "import numpy as np\nx = np.rint(y)"),
    (
        rounding.second_roundings,
        "present/bad.py",
        "from babel.numbers import format_decimal as f\nx = y.quantize(z)",
    ),
    (years.bare_years, "model/bad.py", "SINCE = 2016"),
    (years.bare_years, "cases/bad.py", "def f(ar):\n    'Of 2018.'\n    return ar < 2035"),
    (years.bare_years, "present/bad.py", "TEXT = 'Räknat från 2016'"),
    (years.bare_years, "present/bad.py", "def f(ar):\n    return f'{ar}, först från 2019.'"),
    (rounding.loose_sums, "present/bad.py", "total = float(table['expected'].sum())"),
    (rounding.loose_sums, "cli/bad.py", "total = sum(table['andelstal'])"),
    (rounding.loose_sums, "model/bad.py", "expected = share.astype(float) * prognos / 1000"),
]


@pytest.mark.parametrize(("rule", "file", "code"), SEEDED)
def test_a_seeded_violation_is_found(rule, file, code, tmp_path):
    assert rule(_package(tmp_path, file, code))


PROTOCOL = """'A protocol.'
class P(Protocol):
    'Has a name and a way.'
    @property
    def name(self) -> str: return 'x'
    def way(self) -> str: ...
"""
ALLOWED = [
    (
        house.wrong_imports,
        "model/good.py",
        "from .shares import expected\nfrom helpers.errors import DataError",
    ),
    (
        house.wrong_imports,
        "tables/good.py",
        "from helpers.model import reconciliation\nimport helpers.sources",
    ),
    (
        house.foreign_imports,
        "present/good.py",
        "from importlib import resources\nfrom urllib.parse import quote",
    ),
    (house.foreign_imports, "present/good.py", "from os import environ"),
    (house.long_functions, "sources/good.py", LONG.replace("x = 1", "# long: a table of words", 1)),
    (
        house.long_functions,
        "sources/good.py",
        f"def f():\n    '''Say.\n{WORDS}    '''\n    x = 1\n",
    ),
    (house.printing, "cli.py", "print(1)"),
    (
        house.reading_where_none_may,
        "present/good.py",
        "with resources.files('x').open() as file: pass",
    ),
    (house.undocumented, "make/good.py", PROTOCOL),
    (columns.unnamed_columns, TOPICS, TOPIC),
    (columns.unnamed_columns, TOPICS, TOPIC.replace("def sums", "def _sums").replace("`", "")),
    (
        columns.unnamed_columns,
        TOPICS,
        'def f(rows: pd.DataFrame):\n    """Count.\n\n    Args:\n        rows: Of which nothing is read.\n    """ ',
    ),
    (columns.unknown_columns, TOPICS, TOPIC),
    (rounding.second_roundings, "present/good.py", "x = round(inches, 2)  # rounds: inches"),
    (rounding.second_roundings, "cli/good.py", "told = f'{seconds:.1f} s'"),
    (rounding.second_roundings, "cli/good.py", "told = f'{number:,} {name:>12}'"),
    (years.bare_years, "model/good.py", "FIRST = 2008  # year: a chart's first, by no rule"),
    (years.bare_years, "model/good.py", "def f():\n    'Of 2018.'\n    return 2000, 'lag_2016'"),
    (years.bare_years, "cli/good.py", "FIRST = 2008"),
    (words.domain_words, "make/good.py", "'They share what their children place.'"),
    (words.domain_words, "editions/good.py", "SAID = 'Antal kommuner'"),
    (words.domain_words, "report/facts.py", "origin: Literal['county']"),
    (words.readers_sentences, "model/good.py", "def f():\n    'Talet är inte känt.'"),
    (words.readers_sentences, "model/good.py", "note = 'the länstal is not known'"),
    (rounding.loose_sums, "present/good.py", "total = table['placed'].sum()"),
    (
        house.unitless,
        "model/good.py",
        "def f():\n    '''Return expected children, in ‰ of the nation.'''",
    ),
]


@pytest.mark.parametrize(("rule", "file", "code"), ALLOWED)
def test_what_the_house_allows_is_not_reported(rule, file, code, tmp_path):
    assert rule(_package(tmp_path, file, code)) == []


def test_a_name_of_two_meanings_is_found_and_a_subject_or_a_command_may_be_in_two_rooms(tmp_path):
    for file in ("model/spread.py", "present/figures/spread.py", "cli/check.py", "tables/check.py"):
        _package(tmp_path, file, "")
    assert house.shared_names(tmp_path / "helpers") == []
    for file in ("tables/rows.py", "present/figures/rows.py"):
        _package(tmp_path, file, "")
    assert len(house.shared_names(tmp_path / "helpers")) == 1


def _package(folder: Path, file: str, code: str) -> Path:
    path = folder / "helpers" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(code, "utf-8")
    return folder / "helpers"


def test_the_layers_hold_every_room_and_an_import_of_what_lies_above_is_found(tmp_path):
    copied = tmp_path / "helpers"
    shutil.copytree(HELPERS, copied, ignore=shutil.ignore_patterns("__pycache__"))
    assert _layers_kept(tmp_path)
    (copied / "model" / "bad.py").write_text("import helpers.cases", "utf-8")
    assert not _layers_kept(tmp_path)
    (copied / "model" / "bad.py").unlink()
    (copied / "attic.py").touch()  # a room that stands on no floor
    assert not _layers_kept(tmp_path)


def _layers_kept(folder: Path) -> bool:
    config = str(HELPERS.parents[1] / "pyproject.toml")
    command = [Path(sys.executable).with_name("lint-imports"), "--config", config, "--no-cache"]
    ended = subprocess.run(command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)})
    return ended.returncode == 0
