"""Months that make a published year, the season they show, and a sum of years against its mean."""

from helpers import cases
from helpers.model import monthly


def test_the_months_of_2009_to_2016_are_scbs_years_and_2017_is_five_months(workbook):
    """SCB, Asylsökande 2002–2022: 162 877 and 35 369 in 2015; of 2017 9 055 and 494 by May."""
    checks = monthly.check_asylum_months(workbook.asylsokande_manader, workbook.asylsokande)
    assert all(check.difference == 0 for check in checks)
    of_years = [check for check in checks if check.check.endswith(".helar")]
    assert {check.ar for check in of_years} == set(range(2009, 2017))
    assert {162_877, 35_369} <= {check.published for check in of_years}
    left = workbook.asylsokande_manader.query("ar == 2017")
    assert (len(left), left["asylsokande"].sum(), left["ensamkommande"].sum()) == (5, 9_055, 494)


def test_the_agencys_children_of_2004_to_2008_are_scbs_but_for_2006(workbook):
    """Migrationsverket, February 2015: 816 in 2006, where SCB has 820."""
    checks = cases.ledger(workbook)
    own = checks[checks["check"].str.startswith("overlap.asylsokande_riket.enskilda_uppgifter")]
    assert own[~own["check"].str.endswith(".cell")]["published"].sum() == 5
    differs = own[own["check"].str.endswith(".cell")]
    assert differs[["ar", "published", "recomputed"]].to_numpy().tolist() == [[2006, 820, 816]]


def test_a_month_that_differs_is_found(workbook):
    months = workbook.asylsokande_manader.copy()
    months.loc[months.index[0], "ensamkommande"] += 1
    wrong = [
        check
        for check in monthly.check_asylum_months(months, workbook.asylsokande)
        if check.difference
    ]
    assert [(check.check, check.ar) for check in wrong] == [
        ("asylsokande_manad.ensamkommande.helar", 2009)
    ]


def test_by_july_between_18_and_69_per_cent_of_a_years_children_had_come(workbook):
    season = monthly.season(workbook.asylsokande_manader)
    july = season[season["manad"] == 7].set_index("ar")["part"]
    assert july.index.tolist() == list(range(2009, 2017))  # 2017 is not whole
    assert (july.idxmin(), july.idxmax()) == (2015, 2016)
    assert (round(100 * july.min()), round(100 * july.max())) == (18, 69)
    assert (season[season["manad"] == 12]["part"] == 1).all()
    assert (season.groupby("ar")["part"].diff().dropna() >= 0).all()


def test_the_municipalities_of_2006_to_2013_weigh_to_the_stated_18(workbook):
    """SVT Pejl: 18 in the mean; 18,3 weighted by the population of 2013."""
    (check,) = monthly.check_mean(workbook.sammanlagt, workbook.folkmangd)
    assert check.published == 18
    assert round(check.recomputed, 1) == 18.3
    assert len(workbook.sammanlagt) == 291
    rates = workbook.sammanlagt["per_1000"]
    off = workbook.sammanlagt.assign(
        per_1000=rates.where(rates.index == rates.index[-1], rates * 2)
    )
    (wrong,) = monthly.check_mean(off, workbook.folkmangd)
    assert abs(wrong.difference) > wrong.tolerance
