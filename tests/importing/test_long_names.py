"""A name of a million characters is cut wherever it is told, and ends no command otherwise."""

import warnings

import pytest

from helpers.cli import main
from helpers.contracts.text import LONGEST
from tests.importing.layouts import as_csv, as_xlsx

LONG = "x" * 100_000  # a longer cell is refused by the reader of CSV, which has a limit
LONGER = "x" * 1_000_000


@pytest.fixture
def data(data_copy, monkeypatch):
    monkeypatch.setenv("MOTTAGNING_DATA", str(data_copy))
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.chdir(data_copy.parent)
    return data_copy


def ended(capsys, *call: str) -> tuple[int, str]:
    """The command's exit code, and what it said, which must be short."""
    with pytest.raises(SystemExit) as end:
        main(list(call))
    said = capsys.readouterr()
    text = said.out + said.err
    assert "Traceback" not in text
    assert max(map(len, text.splitlines()), default=0) < LONGEST + 200
    return int(end.value.code or 0), text


@pytest.mark.parametrize("long", [LONG, LONGER], ids=["long", "longer"])
@pytest.mark.parametrize(
    ("row", "column"),
    [(0, 0), (-1, 0), (-1, 1), (-1, 2)],
    ids=["title", "last", "name", "figure"],
)
@pytest.mark.parametrize("layout", ["mottagna", "kommuntal", "andelstal", "manad"])
def test_in_a_file(layout, row, column, long, sound, data, capsys):
    rows = [list(cells) for cells in getattr(sound, layout)]
    rows[row][column if column < len(rows[row]) else 0] = long
    (data.parent / "fil.csv").write_bytes(as_csv(rows))
    asked = ["--lan", "AC", "--ar", "2018"] if layout == "andelstal" else []
    code, said = ended(capsys, "data", "import", "fil.csv", "--dry-run", *asked)
    assert (code in (0, 5), "fil.csv: " in said) == (True, True), said
    assert len(said) < 100_000


@pytest.mark.parametrize("layout", ["mottagna", "kommuntal", "andelstal", "manad"])
def test_in_a_heading_of_a_column(layout, sound, data, capsys):
    for place in range(2):
        rows = [list(cells) for cells in getattr(sound, layout)]
        header = next(number for number, cells in enumerate(rows) if sum(map(bool, cells)) > 3)
        rows[header][place] += LONG
        (data.parent / "fil.csv").write_bytes(as_csv(rows))
        code, said = ended(capsys, "data", "import", "fil.csv", "--dry-run")
        assert (code in (0, 5), "fil.csv: " in said) == (True, True), said


@pytest.mark.parametrize("state", ["hidden", "visible"])
def test_of_a_sheet(state, sound, data, capsys):
    book = as_xlsx(sound.manad)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        more = book.create_sheet(LONGER)
    more["A1"], more.sheet_state = "något", state
    more.row_dimensions[1].hidden = True
    book.save(data.parent / "fil.xlsx")
    code, said = ended(capsys, "data", "import", "fil.xlsx", "--dry-run")
    assert (code, "fil.xlsx: " in said) == (5 if state == "hidden" else 0, True), said


def test_in_a_detailed_table(data, capsys):
    text = f"kommunkod;år;månad;åldersgrupp;kön;medborgarskap;antal\n0114;2019;1;{LONGER};k;x;1\n"
    (data.parent / "fil.csv").write_text(text, "utf-8")
    code, said = ended(capsys, "data", "import", "fil.csv", "--dry-run")
    assert (code, "längre än 100 tecken" in said) == (5, True), said


@pytest.mark.parametrize("field", ["title", "producer", "published", "notes"])
def test_in_sources_toml(field, data, capsys):
    catalogue = data / "sources.toml"
    text = catalogue.read_text("utf-8")
    begins = text.partition(f'\n{field} = "')
    assert begins[1]
    catalogue.write_text(f"{begins[0]}{begins[1]}{LONGER}{begins[2]}", "utf-8")
    for call in (["sources"], ["sources", "--json"], ["check"]):
        code, said = ended(capsys, *call)
        assert (code, f"], {field}: " in said) == (5, True), said


def test_in_a_cell_of_a_published_table(data, capsys):
    path = data / "published/kommuner.csv"
    path.write_text(path.read_text("utf-8").replace("Upplands Väsby", LONGER, 1), "utf-8")
    code, said = ended(capsys, "check")
    assert (code, "data/published/kommuner.csv" in said) == (5, True), said


def test_of_a_scenario_or_an_edition(data, capsys):
    (data / "scenarios/prov.yaml").write_text(f"namn: {LONGER}\nlan: AC\nar: 2019\n", "utf-8")
    (data.parent / "utgåva.yaml").write_text(f"title: {LONGER}\nar: 2018\n", "utf-8")
    for call, field in (
        (["scenario", "run", "prov"], "namn"),
        (["scenario", "list"], "namn"),
        (["reports", "--edition", "utgåva.yaml", "--out", "out"], "title"),
    ):
        code, said = ended(capsys, *call)
        assert (code in (0, 2), field in said) == (True, True), said
