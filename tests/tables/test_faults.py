"""A faulty table is refused in one pass, with file, row, column, what was found and the next
step.
"""

import unicodedata

import pytest

from helpers import tables
from helpers.errors import DataError, ParameterError
from helpers.sources import recording
from helpers.tables import check

SHARES = "published/andelstal_2018_ac.csv"


def spoil(folder, path, old, new, count=1):
    file = folder / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, count), "utf-8")


def refusal(folder) -> list[str]:
    with pytest.raises(DataError) as caught:
        tables.load(folder)
    return list(caught.value.problems)


def test_a_share_with_a_decimal_point_is_refused_as_the_source_uses_a_comma(data_copy):
    spoil(data_copy, SHARES, "11,97", "11.97")
    assert refusal(data_copy) == [
        'data/published/andelstal_2018_ac.csv, row 14, "andelstal": "11.97" has a decimal point;\n'
        'this source uses a comma. Write 11,97, or set decimal = "." in data/sources.toml.'
    ]


def test_a_missing_table_is_named_with_the_next_step(data_copy):
    (data_copy / "published/lanstal.csv").unlink()
    [problem] = refusal(data_copy)
    assert problem.startswith("data/published/lanstal.csv: the table is missing.")


def test_all_faults_of_all_tables_are_told_at_once(data_copy):
    spoil(data_copy, SHARES, "1,14", "1.14")
    spoil(data_copy, SHARES, "Umeå;11,97;18;11", "Umeå;11,97;18;elva")
    spoil(data_copy, "published/folkmangd.csv", "38248", "-5")
    told = "\n".join(refusal(data_copy))
    assert all(
        part in told
        for part in ('row 2, "andelstal"', 'row 14, "utfall": "elva"', "folkmangd.csv, row 2")
    )


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (SHARES, "11,97", "1197,0", "0–1000|in_range"),
        (SHARES, "Umeå;", "Ummeå;", "Nearest known: Umeå"),
        (SHARES, "40-53", "53-40x", "forvantat"),
        (SHARES, "Umeå;11,97;18;11;27-28", "Umeå;11,97;18;11", "expected 5 cells, found 4"),
        (SHARES, ";Utfall;", ";Utfal;", "column \"utfall\" is missing|column 'utfall' is missing"),
        ("published/folkmangd.csv", "0114,2008,38248", "0114,2008,38248.5", "not a whole number"),
        (
            "published/folkmangd.csv",
            "0114,2008,38248",
            "0114,2008,",
            "must not be blank|not_nullable",
        ),
        (
            "published/folkmangd.csv",
            "0115,2008",
            "0114,2008",
            "the key stands on more than one row",
        ),
        ("published/folkmangd.csv", "0114,2008", "9999,2008", "'9999' is not a known code"),
        (
            "published/kommunmottagna_2018.csv",
            "0114,2018,anhoriga,32,0",
            "0114,2018,anhoriga,32,40",
            "must not exceed",
        ),
        ("published/lanstal.csv", "01,2017,SFS 2016:874", "1,2017,SFS 2016:874", "lanskod"),
    ],
)
def test_a_fault_is_named_and_nothing_is_guessed(data_copy, path, old, new, said):
    spoil(data_copy, path, old, new)
    told = "\n".join(refusal(data_copy))
    assert path.split("/")[-1] in told
    assert any(part in told for part in said.split("|")), told


def test_a_changed_figure_must_be_recorded_before_it_is_used(data_copy):
    spoil(data_copy, SHARES, "Umeå;11,97;18;11", "Umeå;11,97;18;12")
    [problem] = refusal(data_copy)
    assert "mottagning sources --record andelstal_2018_ac" in problem
    old, new = recording.record("andelstal_2018_ac", data_copy)
    assert old != new
    assert tables.load(data_copy).andelstal["utfall"].sum() == 38


def test_recording_one_table_leaves_every_other_line_of_the_catalogue(data_copy):
    before = (data_copy / "sources.toml").read_text("utf-8").splitlines()
    spoil(data_copy, "published/folkmangd.csv", "38248", "38249")
    recording.record("folkmangd", data_copy)
    after = (data_copy / "sources.toml").read_text("utf-8").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) == 1
    assert changed[0][1].startswith("sha256 = ")


def test_names_match_whatever_their_unicode_form(data_copy):
    file = data_copy / SHARES
    file.write_text(unicodedata.normalize("NFD", file.read_text("utf-8")), "utf-8")
    recording.record("andelstal_2018_ac", data_copy)
    assert "2480" in set(tables.load(data_copy).andelstal["kommunkod"])


@pytest.mark.parametrize(("key", "near"), [("XX", "Nearest"), ("ac ", "")])
def test_an_unknown_county_is_refused_with_the_nearest(workbook, key, near):
    if not near:
        assert workbook.county(key).namn == "Västerbottens län"
        return
    with pytest.raises(ParameterError, match=near):
        workbook.county(key)


def test_a_municipality_named_instead_of_coded_is_pointed_to_its_code(workbook):
    with pytest.raises(ParameterError, match="'2480'"):
        workbook.municipality("Umeå")


@pytest.mark.parametrize(
    ("text", "value"), [("1 381", 1381), ("1\u00a0381", 1381), ("1\u202f381", 1381), ("−4", -4)]
)
def test_whole_numbers_are_read_as_swedes_write_them(workbook, text, value):
    assert check.read_count(text, workbook.catalogue["lan"]) == value


@pytest.mark.parametrize("text", ["2-1", "x", "", "1-2-3", "1,5"])
def test_what_is_no_interval_is_refused(text):
    with pytest.raises(check.CellError):
        check.read_interval(text)


def test_a_blank_is_unknown_and_two_dots_are_unknown_never_zero(workbook):
    year = workbook.asylsokande.set_index("ar").loc[2008]
    assert year["ensamkommande"] == 1510
    assert year[["flickor", "pojkar"]].isna().all()
