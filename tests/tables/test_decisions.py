"""Kommuntal by decision: the last one in force, those that were replaced, and their sums."""

import pandas as pd
import pytest

from helpers import cases
from helpers.model.reconciliation import check_kommuntal
from helpers.tables.tidy import in_force

# the länstal of each county and year (SFS 2018:1592, 2019:599, 2021:870; Värmland: 2020-11-09)
WHOLE = {
    ("20", 2019): 231,  # Dalarna, Dala-Demokraten
    ("20", 2020): 199,
    ("13", 2019): 354,  # Halland, länsstyrelsen 2018-11-15
    ("13", 2020): 311,
    ("08", 2019): 96,  # Kalmar, Östra Småland
    ("06", 2022): 255,  # Jönköping, länsstyrelsen 2021-11-16
    ("17", 2021): 244,  # Värmland, länsstyrelsen 2020-11-09
}


def sums_of(workbook) -> pd.Series:
    rows = workbook.kommuntal.assign(lanskod=workbook.kommuntal["kommunkod"].str[:2])
    return rows.groupby(["lanskod", "ar"])["kommuntal"].agg(["sum", "size"])


@pytest.mark.parametrize("county", WHOLE)
def test_the_kommuntal_of_a_county_that_the_press_or_the_board_told_are_its_lanstal(
    county, workbook
):
    found = sums_of(workbook).loc[county]
    kommuner = (workbook.kommuner["lanskod"] == county[0]).sum()
    assert (found["sum"], found["size"]) == (WHOLE[county], kommuner)
    checks = cases.ledger(workbook)
    own = checks[(checks["subject"] == county[0]) & (checks["ar"] == county[1])]
    own = own[own["check"].str.startswith("kommuntal_")]
    assert own["agrees"].all()
    assert own["published"].tolist() == [WHOLE[county]]


def test_skane_is_incomplete_and_what_is_missing_is_unknown_not_zero(workbook):
    """Norra Skåne, December 2019: 31 of 33 with 686 of 769; 27 with 907 of 1 032, derived."""
    sums = sums_of(workbook)
    assert sums.loc[("12", 2020)].tolist() == [686, 31]
    assert sums.loc[("12", 2019)].tolist() == [907, 27]
    own = workbook.kommuntal[workbook.kommuntal["tabell"] == "kommuntal_skane"]
    assert own.groupby("ar")["harledd"].agg(["all", "any"]).to_numpy().tolist() == [
        [True, True],
        [False, False],
    ]
    assert "1283" not in set(own["kommunkod"])  # Helsingborg


def test_an_incomplete_tables_sum_may_be_too_low_and_never_too_high():
    lanstal = pd.DataFrame(
        {"lanskod": ["12"], "ar": [2020], "galler_fran": ["2020-01-01"], "lanstal": [769]}
    )
    for second, agrees in ((600, True), (683, True), (684, False)):
        rows = pd.DataFrame({"kommunkod": ["1280", "1281"], "ar": 2020, "kommuntal": [86, second]})
        (check,) = check_kommuntal(rows.assign(tabell="x"), lanstal, ["x"])
        assert (check.difference == 0) is agrees
        (exact,) = check_kommuntal(rows.assign(tabell="x"), lanstal)
        assert (exact.difference == 0) is (second == 683)


def test_orebros_first_decision_is_kept_beside_the_revised_and_is_in_no_report_of_what_held(
    workbook,
):
    """Dagens integration, November 2017: 368, as the länstal; Kumla, Laxå and Örebro were changed."""
    first = workbook.kommuntal_ersatta.query("ar == 2018").set_index("kommunkod")["kommuntal"]
    held = workbook.kommuntal.query("ar == 2018").set_index("kommunkod")["kommuntal"]
    assert first.sum() == held[first.index].sum() == 368
    changed = first.index[first != held[first.index]]
    pairs = {kod: (int(first[kod]), int(held[kod])) for kod in changed}
    assert pairs == {"1881": (45, 43), "1860": (15, 30), "1880": (247, 234)}


def test_of_fyrbodal_2017_only_the_replaced_decision_is_known(workbook):
    """Fyrbodals kommunalförbund, 2016-10-05: 594 for fourteen municipalities."""
    first = workbook.kommuntal_ersatta.query("ar == 2017")
    assert (len(first), first["kommuntal"].sum()) == (14, 594)
    assert not set(workbook.kommuntal.query("ar == 2017")["kommunkod"]) & set(first["kommunkod"])


def decisions(*rows: tuple[str | None, int, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["beslutad", "kommuntal", "ersatt"]).astype("object")
    return frame.assign(kommunkod="1860", ar=2018, harledd=None, kalla="", tabell="x")


@pytest.mark.parametrize(
    ("rows", "held", "replaced"),
    [
        ([("2017-11", 15, None), ("2018-03-01", 30, None)], [30], [15]),
        ([("2018-03-01", 30, None), ("2017-11", 15, None)], [30], [15]),
        ([("2017-11", 15, "ja")], [], [15]),
        ([("2017-11", 15, "ja"), (None, 30, None)], [30], [15]),
        ([("2018-03-01", 30, None), (None, 31, None)], [31], [30]),
    ],
)
def test_the_last_decision_that_was_not_replaced_is_in_force(rows, held, replaced):
    current, earlier = in_force(decisions(*rows))
    assert (current["kommuntal"].tolist(), earlier["kommuntal"].tolist()) == (held, replaced)
