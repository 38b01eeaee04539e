"""A länstal divided by weighted factors: the command an analyst gives, and each way it is
refused.
"""

import json

import pytest

from helpers import cli
from helpers.cases.division import divide, factors_of
from helpers.errors import ParameterError


def told(capsys, *arguments: str) -> dict:
    with pytest.raises(SystemExit) as ended:
        cli.main(["scenario", "kommuntal", "--lan", "AC", "--lanstal", "320", *arguments, "--json"])
    assert ended.value.code in (0, None)
    return json.loads(capsys.readouterr().out)


def refused(capsys, *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        cli.main(["scenario", "kommuntal", "--lan", "AC", "--lanstal", "320", *arguments])
    assert ended.value.code == 2
    return capsys.readouterr().err


def test_vasterbottens_320_of_2019_by_population_are_320_whole_persons(capsys, workbook):
    """SFS 2018:1592 decided 320; Umeå's part is its part of the county's inhabitants on 31 December
    2018 (SCB).
    """
    found = told(capsys)
    assert sum(row["kommuntal"] for row in found["municipalities"]) == 320
    umea = next(row for row in found["municipalities"] if row["kommunkod"] == "2480")
    people = workbook.folkmangd[workbook.folkmangd["ar"] == 2018].set_index("kommunkod")[
        "folkmangd"
    ]
    part = people["2480"] / people[list(workbook.county("AC").kommunkoder)].sum()
    assert umea["before"] == 187
    assert umea["quota"] == pytest.approx(320 * part)
    assert umea["kommuntal"] in (int(320 * part), int(320 * part) + 1)


def test_a_factor_of_relief_asks_less_of_those_who_took_more(workbook):
    place = workbook.county("AC")
    factors = factors_of(workbook, place, 2018)
    plain, _ = divide(workbook, place, 320, 2018, {"folkmangd": 1}, "hamilton", factors)
    eased, _ = divide(
        workbook, place, 320, 2018, {"folkmangd": 1, "mottagande": 1}, "hamilton", factors
    )
    umea, bjurholm = (frame.set_index("kommunkod")["quota"] for frame in (plain, eased))
    took = (
        factors["mottagande"] / factors["mottagande"].sum()
        - factors["folkmangd"] / factors["folkmangd"].sum()
    )
    assert eased["kommuntal"].sum() == 320
    assert umea[took.idxmax()] > bjurholm[took.idxmax()]
    assert umea[took.idxmin()] < bjurholm[took.idxmin()]


@pytest.mark.parametrize("method", ["hamilton", "webster", "adams", "jefferson"])
def test_every_method_gives_the_whole_lanstal(capsys, method):
    assert (
        sum(row["kommuntal"] for row in told(capsys, "--method", method)["municipalities"]) == 320
    )


def test_a_factor_from_a_file_can_be_weighed(capsys, tmp_path, workbook):
    codes = workbook.county("AC").kommunkoder
    path = tmp_path / "faktorer.csv"
    rows = "".join(f"{kod};{1 + (kod == '2480')},5\n" for kod in codes)
    path.write_text("kommunkod;arbetsmarknad\n" + rows, "utf-8")
    found = told(capsys, "--weight", "arbetsmarknad=1", "--factors", str(path))
    umea = next(row for row in found["municipalities"] if row["kommunkod"] == "2480")
    assert umea["key"] == pytest.approx(2.5 / (14 * 1.5 + 2.5))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--weight", "arbetsmarknad=1"], "arbetsmarknad: not known"),
        (["--weight", "vader=1"], "vader"),
        (["--weight", "folkmangd"], "write factor=number"),
        (["--weight", "folkmangd=-1"], "folkmangd: found -1; write 0 to 1000"),
        (["--factors", "borta.csv"], "no such file"),
        (["--ar", "2030", "--weight", "mottagande=1"], "mottagande: not known"),
    ],
)
def test_what_cannot_be_weighed_is_refused_with_its_reason(capsys, arguments, says):
    assert says in refused(capsys, *arguments)


def test_all_faults_of_a_file_of_factors_are_told_at_once(workbook, tmp_path):
    path = tmp_path / "faktorer.csv"
    path.write_text("kommunkod;arbetsmarknad\n2480;x\n2480;1\n0114;2\n2482;-3\n", "utf-8")
    with pytest.raises(ParameterError) as found:
        factors_of(workbook, workbook.county("AC"), 2018, path)
    text = " ".join(found.value.problems)
    for part in (
        "found 'x'",
        "2480 stands twice",
        "0114 is not in the county",
        "found -3; write 0 to",
    ):
        assert part in text


def test_a_person_reads_the_division_and_whom_each_method_favours(capsys):
    with pytest.raises(SystemExit):
        cli.main(["scenario", "kommuntal", "--lan", "AC", "--lanstal", "320"])
    said = capsys.readouterr().out
    assert "länstal 320 by folkmangd 1" in said
    assert "adams +" in said
    assert "not a decision" in said


@pytest.mark.parametrize("blank", [[], [0], [1], [0, 2], [1, 1, 3], [4]])
def test_a_fault_of_a_file_of_factors_is_told_by_the_row_as_the_file_numbers_it(
    workbook, tmp_path, blank
):
    lines = ["kommunkod;arbetsmarknad", "2480;1", "2482;x", "2401;2"]
    for at in reversed(blank):
        lines.insert(min(at, len(lines)), ";" if at == 1 else "")
    path = tmp_path / "faktorer.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(ParameterError) as found:
        factors_of(workbook, workbook.county("AC"), 2018, path)
    row = lines.index("2482;x") + 1
    assert [problem for problem in found.value.problems if f"row {row}, arbetsmarknad" in problem]
