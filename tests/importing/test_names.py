"""Names become codes by rule or by evidence; a likeness is a suggestion and never an answer."""

import unicodedata

import pytest

from helpers.tables.importing.names import ALIASES, Gazetteer, UnknownPlaceError


@pytest.fixture(scope="module")
def gazetteer(workbook):
    return Gazetteer(workbook.kommuner, workbook.lan)


def test_every_municipality_is_found_however_its_name_is_dressed(gazetteer):
    for kod, name in gazetteer.names.items():
        genitive = name if name.endswith(("s", "x", "z")) else f"{name}s"
        for dressed in (
            name.upper(),
            unicodedata.normalize("NFD", name),
            name.replace("-", " "),
            name.replace(" ", "\u00a0"),
            f" {name} kommun",
            f"{genitive} kommun",
            f"{genitive} stad",
        ):
            assert gazetteer.municipality(dressed).kod == kod, dressed


def test_no_two_municipalities_share_a_form_of_name(gazetteer):
    from helpers.tables.importing.names import _forms, key

    forms = [(form, kod) for kod, name in gazetteer.names.items() for form in set(_forms(key(name)))]
    assert len({form for form, _ in forms}) == len(forms)


@pytest.mark.parametrize("name", ["UMEA", "Ume", "Skellefte", "Malungs", "Borgholms län", "", "Riket", "Okänd kommun"])
def test_a_name_that_is_nearly_right_is_never_guessed(name, gazetteer):
    with pytest.raises(UnknownPlaceError, match="Närmast"):
        gazetteer.municipality(name)


def test_the_nearest_names_are_suggested(gazetteer):
    with pytest.raises(UnknownPlaceError, match="Närmast: Umeå"):
        gazetteer.municipality("UMEA")


@pytest.mark.parametrize(("name", "kod"), [("MALUNG", "2023"), ("DALSED", "1438")])
def test_a_cut_name_with_evidence_is_found_and_told(name, kod, gazetteer):
    found = gazetteer.municipality(name)
    assert found.kod == kod
    assert ALIASES[name.lower()][1] in found.note


def test_a_cut_name_is_settled_by_its_code_and_told(gazetteer):
    found = gazetteer.municipality("UPPLANDS VÄS", "0114")
    assert (found.kod, "genom koden" in found.note) == ("0114", True)


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
        gazetteer.municipality(name, kod, 2018)


def test_heby_has_its_old_code_in_the_years_it_had_it(gazetteer):
    assert gazetteer.municipality("Heby", "1917", 2006).kod == "0331"


def test_a_lost_zero_is_given_back_only_where_the_name_settles_it(gazetteer):
    assert gazetteer.municipality("Upplands Väsby", "114").kod == "0114"
    with pytest.raises(UnknownPlaceError):
        gazetteer.municipality("", "114")


@pytest.mark.parametrize("name", ["KRONOBERG LÄN", "Kronobergs län", "KRONOBERGS LÄN ", "Kronoberg"])
def test_a_county_is_found_with_and_without_its_genitive(name, gazetteer):
    assert gazetteer.county(name) == "07"


def test_every_county_is_found_in_capitals_and_none_by_likeness(gazetteer):
    for kod, name in gazetteer.counties.items():
        assert gazetteer.county(name.upper()) == kod
    with pytest.raises(UnknownPlaceError, match="inget känt län"):
        gazetteer.county("Kroneberg")
