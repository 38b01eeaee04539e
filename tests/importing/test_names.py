"""Names become codes by rule or by evidence; a likeness is a suggestion and never an answer."""

import unicodedata

import pandas as pd
import pytest

from helpers.imports.names import Gazetteer, UnknownPlaceError
from helpers.tables.places import YEARS, home_counties


@pytest.fixture(scope="module")
def gazetteer(workbook):
    return Gazetteer(workbook.kommuner, workbook.lan, workbook.published["indelningsandringar"])


def test_every_municipality_is_found_however_its_name_is_dressed(gazetteer):
    for kod, name in gazetteer.names.items():
        genitive = name if name.endswith(("s", "x", "z")) else f"{name}s"
        for dressed in (
            name.upper(),
            unicodedata.normalize("NFD", name),
            name.replace("-", " "),
            name.replace("-", "\u2013"),
            name.replace("-", "\u2011"),
            name.replace("-", "\u2212"),
            name.replace(" ", "\u202f"),
            name.replace(" ", "\u00a0"),
            f" {name} kommun",
            f"{genitive} kommun",
            f"{genitive} stad",
        ):
            assert gazetteer.municipality(dressed).kod == kod, dressed


def test_no_two_municipalities_share_a_form_of_name(gazetteer):
    from helpers.imports.names import _forms, key

    forms = [
        (form, kod) for kod, name in gazetteer.names.items() for form in set(_forms(key(name)))
    ]
    assert len({form for form, _ in forms}) == len(forms)


@pytest.mark.parametrize(
    ("name", "kod"),
    [
        ("Umeå kommun", "2480"),
        ("Göteborgs Stad", "1480"),
        ("Haparanda stad", "2583"),
        ("Gotlands kommun", "0980"),
    ],
)
def test_a_municipality_is_found_by_the_name_it_uses_of_itself(name, kod, gazetteer):
    assert gazetteer.municipality(name) == gazetteer.municipality("", kod)


@pytest.mark.parametrize(
    "name",
    [
        "UMEA",
        "Ume",
        "Skellefte",
        "Malungs",
        "Borgholms län",
        "",
        "Riket",
        "Okänd kommun",
        "Region Skåne",
        "Falu",
    ],
)
def test_a_name_that_is_nearly_right_is_never_guessed(name, gazetteer):
    with pytest.raises(UnknownPlaceError, match=r"Närmast|hela landet, ingen kommun"):
        gazetteer.municipality(name)


def test_the_nearest_names_are_suggested(gazetteer):
    with pytest.raises(UnknownPlaceError, match="Närmast: Umeå"):
        gazetteer.municipality("UMEA")


@pytest.mark.parametrize(
    ("name", "kod", "evidence"),
    [
        ("MALUNG", "2023", "så hette kommunen till och med 2007"),
        ("Malungs kommun", "2023", "så hette kommunen till och med 2007"),
        ("DALSED", "1438", "i kommuntal 2018"),
        ("Falu kommun", "2080", "så skriver Falun"),
        ("Region Gotland", "0980", "sedan 2011"),
    ],
)
def test_another_name_with_evidence_is_found_and_told(name, kod, evidence, gazetteer):
    found = gazetteer.municipality(name)
    assert found.kod == kod
    assert evidence in found.note


@pytest.mark.parametrize(("name", "kod"), [("UPPLANDS VÄS", "0114"), ("Skeleftea", "2482")])
def test_a_cut_or_misspelt_name_is_settled_by_its_code_and_told(name, kod, gazetteer):
    found = gazetteer.municipality(name, kod)
    assert (found.kod, "genom koden" in found.note) == (kod, True)


@pytest.mark.parametrize(
    ("name", "kod", "says"),
    [
        ("Umeå", "2482", "Kod och namn säger olika"),
        ("Paris", "2480", "ingen känd kommun"),
        ("Umeå", "2499", "ingen kommun"),
        ("Skellefteå", "114", "ingen kommun"),
        ("Heby", "1917", "sedan dess 0331"),
    ],
)
def test_a_code_that_does_not_go_with_the_name_is_refused(name, kod, says, gazetteer):
    with pytest.raises(UnknownPlaceError, match=says):
        gazetteer.of_year(2018).municipality(name, kod)


@pytest.mark.parametrize(
    ("ar", "count"), [(2000, 289), (2002, 289), (2003, 290), (2006, 290), (2026, 290)]
)
def test_each_year_has_its_own_municipalities_under_todays_codes(ar, count, gazetteer):
    places = gazetteer.of_year(ar)
    assert len(places.names) == count
    assert ("0330" in places.names) == (ar >= 2003)
    assert set(places.names) <= set(gazetteer.names)


def test_heby_has_its_old_code_and_county_in_the_years_it_had_them(gazetteer):
    before, after = gazetteer.of_year(2006), gazetteer.of_year(2007)
    for found in (
        before.municipality("Heby", "1917"),
        before.municipality("HEBY"),
        before.municipality("", "1917"),
    ):
        assert found.kod == "0331"
        assert "Västmanlands län till och med 2006" in found.note
    assert (before.home("0331"), after.home("0331"), gazetteer.home("0331")) == ("19", "03", "03")
    assert after.municipality("Heby", "0331").note == ""
    with pytest.raises(
        UnknownPlaceError, match="0331 gäller inte 2006: Heby hade koden 1917 till och med 2006"
    ):
        before.municipality("Heby", "0331")
    with pytest.raises(
        UnknownPlaceError, match=r"1917 gäller inte 2007: .* i Västmanlands län; sedan dess 0331"
    ):
        after.municipality("Heby", "1917")


def test_knivsta_stands_in_no_table_from_before_it_was_formed(gazetteer):
    assert gazetteer.of_year(2003).municipality("Knivsta", "0330").kod == "0330"
    for name, kod in (("Knivsta", ""), ("Knivsta", "0330"), ("", "0330")):
        with pytest.raises(UnknownPlaceError, match="Knivsta bildades 2003 ur Uppsala"):
            gazetteer.of_year(2002).municipality(name, kod)
    with pytest.raises(UnknownPlaceError) as told:
        gazetteer.of_year(2002).municipality("Knivst")
    assert "Knivsta" not in str(told.value)


def test_malung_is_the_name_of_its_years_and_worth_a_word_after(gazetteer):
    assert gazetteer.of_year(2007).municipality("Malung").note == ""
    assert "Malung-Sälen" in gazetteer.of_year(2008).municipality("Malung").note


def test_the_table_of_changes_is_about_municipalities_and_years_we_know(workbook):
    changes = workbook.published["indelningsandringar"]
    codes = set(workbook.kommuner["kommunkod"])
    assert set(changes["ur_kommun"].dropna()) <= codes
    assert not set(changes["tidigare_kod"].dropna()) & codes
    assert changes.set_index("handelse").loc["bytt_lan", "galler_fran"] == "2007-01-01"
    latest_before = changes.loc[changes["galler_fran"] < f"{YEARS[0]}", "kommunkod"]
    assert list(latest_before) == ["0140"]


def test_a_rows_county_is_that_of_its_year(workbook):
    rows = pd.DataFrame({"kommunkod": ["0331", "0331", "0380"], "ar": [2006, 2007, 2006]})
    assert list(home_counties(rows, workbook.published["indelningsandringar"])) == [
        "19",
        "03",
        "03",
    ]


def test_a_lost_zero_is_given_back_only_where_the_name_settles_it(gazetteer):
    assert gazetteer.municipality("Upplands Väsby", "114").kod == "0114"
    with pytest.raises(UnknownPlaceError):
        gazetteer.municipality("", "114")


@pytest.mark.parametrize(
    "name", ["KRONOBERG LÄN", "Kronobergs län", "KRONOBERGS LÄN ", "Kronoberg"]
)
def test_a_county_is_found_with_and_without_its_genitive(name, gazetteer):
    assert gazetteer.county(name) == "07"


def test_every_county_is_found_in_capitals_and_none_by_likeness(gazetteer):
    for kod, name in gazetteer.counties.items():
        assert gazetteer.county(name.upper()) == kod
    with pytest.raises(UnknownPlaceError, match="inget känt län"):
        gazetteer.county("Kroneberg")


def test_what_is_wrong_with_a_place_is_told_by_a_code_and_not_by_the_words(workbook):
    known = Gazetteer(workbook.kommuner, workbook.lan)
    cases = {
        ("Umeå", "2482"): "kod_och_namn",  # each is known, and they differ
        ("Umo", ""): "okand_kommun",
        ("säger olika", ""): "okand_kommun",  # the words of another fault decide nothing
        ("Umeå", "9999"): "okand_kommun",
    }
    for (name, kod), code in cases.items():
        with pytest.raises(UnknownPlaceError) as found:
            known.municipality(name, kod)
        assert found.value.code == code
    with pytest.raises(UnknownPlaceError) as found:
        known.county("säger olika")
    assert found.value.code == "okant_lan"
