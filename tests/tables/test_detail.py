"""Detailed tables: every row right or none taken, unknown never zero, and only what is asked for
read.
"""

import json
import os
import shutil
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import large_tables
from helpers import cli, tables
from helpers.errors import DataError, ParameterError
from helpers.imports import detailed as importing
from helpers.imports.detailed_child import month_sums, years
from helpers.imports.detailed_rows import BITS, TOLD, Coder, check, shift, unpack
from helpers.sources import imported, load_catalogue, stream
from helpers.tables import detailed as reading
from tests.patience import MOMENT

HEADER = "kommunkod;ar;manad;aldersgrupp;kon;medborgarskap;antal"
NAMES = HEADER.split(";")
SOUND = [
    "2480;2019;1;18–24;kvinna;Syrien;7",
    "2480;2019;1;18–24;man;Syrien;..",
    "0114;2019;12;65–;okänt;Irak;0",
]


def _file(folder: Path, *rows: str, header: str = HEADER, name: str = "uttag.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


def _check(path: Path, delimiter: str = ";", columns: list[str] = NAMES):
    return check(path, delimiter, columns, Coder(["0114", "2480"], (2000, 2030)))


def _import(capsys, data: Path, *arguments: str) -> tuple[int, dict]:
    """One import; its exit code, and what it told in JSON."""
    with pytest.raises(SystemExit) as end:
        cli.main(["data", "import", *arguments, "--data", str(data), "--json"])
    return end.value.code or 0, json.loads(capsys.readouterr().out)


@pytest.fixture
def synthetic(tmp_path) -> Path:
    """20 000 rows of the benchmark's synthetic table."""
    return large_tables.make(tmp_path / "syntetisk_mottagna.csv", 20_000)


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch):
    """The commands name their folder in the environment; give it back."""
    monkeypatch.setenv("MOTTAGNING_DATA", os.environ.get("MOTTAGNING_DATA", ""))


def test_every_row_and_every_sum_is_what_plain_pandas_reads(synthetic, data_copy, capsys):
    code, told = _import(capsys, data_copy, str(synthetic))
    assert (code, told["files"][0]["verdict"]) == (0, "Godtas med varning")
    workbook = tables.load(data_copy)
    ours = tables.detail(workbook)
    plain = pd.read_csv(synthetic, sep=";", dtype=str, keep_default_na=False)
    plain["sekretess"] = plain["antal"] == ".."
    plain["antal"] = pd.to_numeric(plain["antal"].mask(plain["antal"].isin(["..", ""]))).astype(
        "Int32"
    )
    key = list(large_tables.KEY)
    both = [
        frame.astype(dict.fromkeys(key, "str")).sort_values(key, ignore_index=True)
        for frame in (ours, plain)
    ]
    pd.testing.assert_frame_equal(
        both[0][[*key, "antal", "sekretess"]], both[1][[*key, "antal", "sekretess"]]
    )
    sums = plain.groupby(["kommunkod", "ar", "manad"])["antal"].agg(
        lambda part: part.sum(skipna=False)
    )
    months = workbook.manader.astype({"ar": "str", "manad": "str"}).set_index(
        ["kommunkod", "ar", "manad"]
    )["antal"]
    assert len(months) == len(sums)
    assert all(months[key] is value or months[key] == value for key, value in sums.items())
    assert sums.isna().any()


def test_a_detailed_table_shows_where_its_months_do_and_says_that_it_is_synthetic(
    synthetic, data_copy, capsys
):
    _import(capsys, data_copy, str(synthetic))
    entries = [
        entry
        for entry in load_catalogue(data_copy).tables.values()
        if entry.original == synthetic.name
    ]
    assert {entry.kind for entry in entries} == {"kommunmottagna_detalj", "kommunmottagna_manad"}
    assert all(
        entry.producer == "Syntetiska uppgifter" and entry.trust == "low" for entry in entries
    )
    detailed = [entry for entry in entries if entry.detailed]
    assert sum(entry.rows for entry in detailed) == 20_000
    about = json.loads(pq.read_schema(data_copy / detailed[0].path).metadata[b"mottagning"])
    assert about["original"] == synthetic.name
    assert all(
        ids.startswith("kommunmottagna_manad")
        for ids in tables.load(data_copy).manader["tabell"].unique()
    )


def test_a_shorter_file_of_the_same_year_takes_no_month_away(tmp_path, data_copy, capsys):
    later = [row.replace(";1;", ";2;") for row in SOUND[:2]]
    assert _import(capsys, data_copy, str(_file(tmp_path, *SOUND[:2], *later)))[0] == 0
    code, told = _import(capsys, data_copy, str(_file(tmp_path, *SOUND[:2], name="kortare.csv")))
    codes = [one["code"] for one in told["files"][0]["findings"]]
    assert (code, "manader_forsvinner" in codes) == (5, True)
    assert len(tables.detail(tables.load(data_copy))) == 4


FAULTS = [
    ("okand_kommun", "9999;2019;1;18–24;man;Irak;1", "A"),
    ("okand_kommun", "114;2019;1;18–24;man;Irak;1", "A"),
    ("okand_kommun", ";2019;1;18–24;man;Irak;1", "A"),
    ("ar", "2480;1999;1;18–24;man;Irak;1", "B"),
    ("ar", "2480;19;1;18–24;man;Irak;1", "B"),
    ("manad", "2480;2019;13;18–24;man;Irak;1", "C"),
    ("manad", "2480;2019;mars;18–24;man;Irak;1", "C"),
    ("tom_cell", "2480;2019;1;;man;Irak;1", "D"),
    ("tom_cell", "2480;2019;1;18–24;man; ;1", "F"),
    ("summa_bland_delar", "2480;2019;1;Totalt;man;Irak;1", "D"),
    ("summa_bland_delar", "2480;2019;1;18–24;man;Samtliga;1", "F"),
    ("kon", "2480;2019;1;18–24;båda;Irak;1", "E"),
    ("teckenfel", "2480;2019;1;18–24;man;TurkiÃ«t;1", "F"),
    ("ej_antal", "2480;2019;1;18–24;man;Irak;-1", "G"),
    ("ej_antal", "2480;2019;1;18–24;man;Irak;1,5", "G"),
    ("ej_antal", "2480;2019;1;18–24;man;Irak;NaN", "G"),
    ("orimligt", "2480;2019;1;18–24;man;Irak;1000001", "G"),
    ("kort_rad", "2480;2019;1;18–24;man;1", None),
    ("lang_rad", "2480;2019;1;18–24;man;Irak;1;2", None),
]


@pytest.mark.parametrize(
    ("code", "row", "column"), FAULTS, ids=[f"{code}: {row}" for code, row, _ in FAULTS]
)
def test_a_fault_is_told_at_its_row_and_column_and_nothing_is_taken(code, row, column, tmp_path):
    checked = _check(_file(tmp_path, SOUND[0], "", row, *SOUND[1:]))
    assert [(one.code, one.rad, one.kolumn) for one in checked.findings] == [(code, 4, column)]
    assert not len(checked.packed)


def test_all_faults_come_out_in_one_pass_in_the_order_of_the_rows(tmp_path):
    rows = [row for _, row, _ in FAULTS]
    checked = _check(_file(tmp_path, *rows, SOUND[0], SOUND[0]))
    assert [(one.code, one.rad) for one in checked.findings] == [
        *((code, line) for line, (code, _, _) in enumerate(FAULTS, 2)),
        ("dubblett", len(FAULTS) + 3),
    ]


def test_a_flood_of_faults_is_cut_off_with_how_many_more(tmp_path):
    checked = _check(_file(tmp_path, *["9999;2019;1;18–24;man;Irak;1"] * 1000))
    assert [one.rad for one in checked.findings[:-1]] == list(range(2, TOLD + 2))
    assert checked.findings[-1].says == f"… och {1000 - TOLD} fel till."


def test_a_key_that_stands_twice_is_found_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(stream, "BLOCK", 512)
    rows = [f"2480;2019;1;{age};man;Irak;1" for age in range(200)]
    checked = _check(
        _file(tmp_path, *rows, "", rows[3].replace(";man;", ";M;").replace(";1;3", ";01;3"))
    )
    assert [(one.code, one.rad) for one in checked.findings] == [("dubblett", 203)]
    assert "rad 5" in checked.findings[0].says


def test_the_block_size_changes_nothing(tmp_path, monkeypatch):
    path = _file(tmp_path, *[f"0114;2019;{1 + age % 12};{age};k;Irak;{age}" for age in range(300)])
    whole = _check(path).packed
    monkeypatch.setattr(stream, "BLOCK", 400)
    assert (_check(path).packed == whole).all()
    assert (len(whole), whole.nbytes) == (300, 300 * 8)  # no object is made for a value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (HEADER + "\n", "utan_rader"),
        (HEADER, "utan_rader"),
        (HEADER + "\n\n\n", "utan_rader"),
        (HEADER + "\n" + "1;2\n" * 5000, "radbredd"),
        (HEADER + "\n" + "x" * (17 << 20) + "\n", "olaslig"),
    ],
    ids=["header", "no line break", "blank lines", "another file", "one endless line"],
)
def test_a_file_without_sound_rows_is_refused_with_a_word(content, code, tmp_path):
    (tmp_path / "x.csv").write_text(content, "utf-8")
    findings = _check(tmp_path / "x.csv").findings
    assert findings[-1].code == code


def test_another_encoding_is_told_at_its_row(tmp_path):
    (tmp_path / "x.csv").write_bytes("\n".join([HEADER, *SOUND]).encode("cp1252"))
    assert [(one.code, one.rad) for one in _check(tmp_path / "x.csv").findings] == [
        ("teckenkodning", 2)
    ]


def test_a_suppressed_or_a_blank_count_is_unknown_and_not_zero(tmp_path):
    checked = _check(
        _file(tmp_path, *SOUND, "2480;2019;2;65–;man;Irak;", "2480;2019;3;65–;man;Irak;0")
    )
    assert [one.code for one in checked.findings] == ["ej_redovisat", "tomt_antal"]
    assert month_sums(years(checked.packed, checked.coder)[2019], checked.coder).splitlines() == [
        "kommunkod,ar,manad,antal,sekretess",
        "0114,2019,12,0,",
        "2480,2019,1,,",
        "2480,2019,2,,",
        "2480,2019,3,0,",
    ]


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        "\ufeffKommunkod;År;Månad;Åldersgrupp;Kön;Medborgarskap;Antal",
        unicodedata.normalize("NFD", "kommunkod;år;månad;åldersgrupp;kön;medborgarskap;antal"),
        '"kommunkod","ar","manad","aldersgrupp","kon","medborgarskap","antal"',
        "antal;kon;ar;manad;medborgarskap;aldersgrupp;kommunkod",
    ],
)
def test_the_layout_is_known_by_its_first_line_in_any_order_and_spelling(header, tmp_path):
    delimiter, names = importing.columns_of(_file(tmp_path, header=header)) or ("", [])
    assert delimiter in header
    assert sorted(names) == sorted(NAMES)
    assert names[0] in header.casefold()


@pytest.mark.parametrize(
    "header", ["", "a;b", HEADER + ";namn", HEADER.removesuffix(";antal"), "x" * 9000]
)
def test_another_header_is_not_taken_for_it(header, tmp_path):
    assert importing.columns_of(_file(tmp_path, header=header)) is None


def test_names_are_composed_and_sexes_written_in_full(tmp_path):
    rows = [
        f"2480;2019;1;18–24;K;{unicodedata.normalize('NFD', 'Österrike')};1",
        "2480;2019;2;18–24;Man;Österrike ;1",
    ]
    checked = _check(_file(tmp_path, *rows))
    assert checked.coder.words("medborgarskap") == ["Österrike"]
    assert [checked.coder.words("kon")[code] for code in unpack(checked.packed, "kon")] == [
        "kvinna",
        "man",
    ]


@given(
    st.lists(st.tuples(*(st.integers(0, (1 << bits) - 1) for bits in BITS.values())), min_size=1)
)
def test_what_is_packed_comes_out_again_and_sorts_by_its_key(rows):
    packed = np.array(
        [sum(code << shift(name) for name, code in zip(BITS, row, strict=True)) for row in rows]
    )
    assert (packed >= 0).all()
    packed.sort()
    assert list(zip(*(unpack(packed, name).tolist() for name in BITS), strict=True)) == sorted(rows)


def test_a_refused_file_leaves_nothing_and_the_earlier_one_in_force(data_copy, tmp_path, capsys):
    _import(capsys, data_copy, str(_file(tmp_path, *SOUND)))
    before = {path: path.read_bytes() for path in (data_copy / "imported").iterdir()}
    code, told = _import(
        capsys, data_copy, str(_file(tmp_path, *SOUND, SOUND[0], name="samma.csv"))
    )
    assert (code, told["files"][0]["verdict"], told["files"][0]["findings"][0]["rad"]) == (
        5,
        "Avvisas",
        5,
    )
    assert {path: path.read_bytes() for path in (data_copy / "imported").iterdir()} == before


def test_a_dry_run_writes_nothing(data_copy, tmp_path, capsys):
    code, told = _import(capsys, data_copy, str(_file(tmp_path, *SOUND)), "--dry-run")
    assert (code, told["files"][0]["written"]) == (0, False)
    assert told["files"][0]["changes"]["count"] == 1
    assert not (data_copy / "imported").exists()


def test_the_same_file_is_refused_and_a_later_one_takes_its_years(data_copy, tmp_path, capsys):
    path = _file(tmp_path, *SOUND, "2480;2020;1;65–;man;Irak;9")
    _import(capsys, data_copy, str(path))
    assert (
        _import(capsys, data_copy, str(path))[1]["files"][0]["findings"][0]["code"] == "samma_fil"
    )
    later = [f"2480;2019;{manad};65–;man;Irak;8" for manad in (1, 12)]  # no month fewer
    _import(capsys, data_copy, str(_file(tmp_path, *later, name="ny.csv")), "--replace")
    rows = tables.detail(tables.load(data_copy), ["ar", "antal"])
    assert rows.to_numpy().tolist() == [[2019, 8], [2019, 8], [2020, 9]]
    paths = [entry.path for entry in load_catalogue(data_copy).tables.values() if entry.detailed]
    assert len(set(paths)) == 2
    # the earlier file stays, to be taken back to
    with imported.held(data_copy):
        kept = {f"imported/{path.name}" for path in (data_copy / "imported").glob("*.parquet")}
        assert kept > set(paths)
        assert len(kept) == 3


@pytest.mark.parametrize(
    "programme", ["import os; os.abort()", "print('{')", "", "raise SystemExit(3)"]
)
def test_a_reader_that_dies_is_a_finding_and_leaves_nothing(
    programme, data_copy, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(importing, "START", programme)
    code, told = _import(capsys, data_copy, str(_file(tmp_path, *SOUND)))
    assert (code, told["files"][0]["findings"][0]["code"]) == (5, "olaslig")
    assert list((data_copy / "imported").iterdir()) == []


def test_a_reader_that_hangs_is_ended(data_copy, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(importing, "START", "import time; time.sleep(99999)")
    monkeypatch.setattr(importing, "SECONDS", MOMENT)
    assert (
        _import(capsys, data_copy, str(_file(tmp_path, *SOUND)))[1]["files"][0]["findings"][0][
            "code"
        ]
        == "for_langsam"
    )


def test_what_a_killed_import_left_is_removed_by_the_next_and_a_living_one_is_not(data_copy):
    left = data_copy / "imported" / f"{imported.ASIDE}x"
    left.mkdir(parents=True)
    (left / "half.parquet").write_bytes(b"PAR1")
    with imported.held(data_copy), imported.workplace(data_copy) as first:
        assert not left.exists()
        with imported.held(data_copy), imported.workplace(data_copy) as second:
            assert first.is_dir()
            assert second != first
    assert list((data_copy / "imported").iterdir()) == []


@pytest.fixture(scope="module")
def imported_once(tmp_path_factory) -> Path:
    """A data folder with the synthetic table imported; to be copied, not touched."""
    folder = tmp_path_factory.mktemp("imported")
    path = large_tables.make(folder / "syntetisk_mottagna.csv", 6_000)
    large_tables.run_apart("ours", path, large_tables.data_folder(folder))
    return folder / "data"


@pytest.fixture
def in_hand(imported_once, tmp_path):
    """The synthetic table imported, in a folder of the test's own."""
    return tables.load(Path(shutil.copytree(imported_once, tmp_path / "data")))


def _first(workbook) -> Path:
    return min((workbook.catalogue.root / "imported").glob("*.parquet"))


def test_only_the_municipalities_years_and_columns_asked_for_come_back(in_hand):
    whole = tables.detail(in_hand)
    asked = whole[whole["kommunkod"].isin(["2480", "0114"]) & (whole["ar"] == 2009)]
    found = tables.detail(in_hand, ["antal", "manad"], ["0114", "2480"], [2009])
    assert found.to_numpy().tolist() == asked[["antal", "manad"]].to_numpy().tolist()
    assert len(found)
    assert list(tables.detail(in_hand, ["ar"], ["2480"], [1990]).columns) == ["ar"]


def test_no_other_column_of_the_file_is_read(in_hand, monkeypatch):
    path = _first(in_hand)
    _spoil(path, "medborgarskap")
    monkeypatch.setattr(reading, "_checksum", lambda path, *_: _recorded(in_hand, path))
    assert len(tables.detail(in_hand, ["manad", "antal"], None, [2008]))
    with pytest.raises((OSError, ValueError)):
        tables.detail(in_hand, ["medborgarskap"], None, [2008])


def _recorded(workbook, path: Path) -> str:
    return next(
        entry.sha256 for entry in workbook.catalogue.tables.values() if path.name in entry.path
    )


def _spoil(path: Path, column: str) -> None:
    """Write over a column's pages; the file's size stays."""
    group = pq.read_metadata(path).row_group(0)
    chunk = next(
        c for c in map(group.column, range(group.num_columns)) if c.path_in_schema == column
    )
    data = bytearray(path.read_bytes())
    start = chunk.dictionary_page_offset or chunk.data_page_offset
    data[start : start + chunk.total_compressed_size] = b"\xff" * chunk.total_compressed_size
    path.write_bytes(data)


def test_a_changed_file_is_refused_when_its_rows_are_read_and_a_lost_one_at_once(in_hand):
    path, root = _first(in_hand), in_hand.catalogue.root
    tables.detail(in_hand, ["ar"])
    _spoil(path, "antal")
    tables.load(root)
    with pytest.raises(DataError, match="not the one that was imported"):
        tables.detail(in_hand, ["ar"])
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match="recorded"):
        tables.load(root)
    path.unlink()
    with pytest.raises(DataError, match="is missing"):
        tables.load(root)


def test_loading_opens_no_detailed_table(in_hand, monkeypatch):
    paths = list((in_hand.catalogue.root / "imported").glob("*.parquet"))
    for path in paths:
        path.write_bytes(b"x" * path.stat().st_size)
    shutil.rmtree(in_hand.catalogue.root / "tidy")
    assert len(tables.load(in_hand.catalogue.root).manader) == len(in_hand.manader)


def test_an_unknown_column_or_municipality_is_refused(in_hand):
    with pytest.raises(ParameterError, match="'land' is not one of"):
        tables.detail(in_hand, ["land"])
    with pytest.raises(ParameterError, match="Nearest known"):
        tables.detail(in_hand, None, ["2481x"])


def test_without_a_detailed_table_there_are_no_rows(workbook):
    assert tables.detail(workbook, ["ar", "antal"]).empty
