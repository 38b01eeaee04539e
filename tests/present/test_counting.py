"""What is counted stands in the number's own form, in both languages: 0 kommuner, 1 kommun, 2
kommuner.
"""

import re

import pytest

from helpers.pages.words import WORDS, Wording
from helpers.present.language import NOUNS, Language, placeholders
from helpers.present.rendering import sentence
from helpers.present.topics import nation
from tests.present.collecting import catalogue, translations
from tests.present.variants import none_received

FORMS = {
    "sv": [(one, many) for many, one in NOUNS.items() if one != many],
    "en": [message.string for message in catalogue() if message.pluralizable],
}
FIELD = re.compile(r"\{(\w+)(?::([^}]*))?\}")
ALWAYS_MANY = {  # numbers that are never one, and why
    "De {antal} kommuner som tog emot flest per tusen invånare {ar}": "a list of ten",
    "De {antal} kommuner som tog emot färst per tusen invånare {ar}": "a list of ten",
    "agrees": "checks of which nearly all agree, told beside their number",
    "checks": "some hundreds",
    "alla": "a county of several municipalities; all forecasts in hand",
    "chance_high": "an interval's upper end",
    "mest": "how many forecasts have a colour of their own, more than one",
    "volume": "the nation's forecast, thousands",
    "high": "an interval's upper end; with equal ends it is not said",
    "total": "told only of places that received some twenty or more",
}
NO_NUMBERS = {"ar", "plats", "missing", "lan"}
# after these another noun begins, which the number does not count
NOT_IT = {"av", "of", "i", "in", "the", "are"}
AGREEING = {
    "sv": {
        "mottagna": "mottagen",
        "skolplatser": "skolplats",
        "uppgifter": "uppgift",
        "rapporter": "rapport",
    },
    "en": {"municipalities": "municipality", "persons": "person", "figures": "figure"},
}


def texts(code: str) -> dict[str, str]:
    """Swedish text → what a reader of a language is told, before numbers are filled in."""
    return {sv: sv if code == "sv" else en for sv, en in translations().items()}


def bare(text: str, code: str) -> list[str]:
    """Numbers in a text whose noun is in the plural, whatever the number is."""
    many = {many for _, many in FORMS[code]} | set(AGREEING[code])
    pattern = r"\{(\w+)\} ((?:[^\W\d_]+ )?(?:" + "|".join(map(re.escape, sorted(many))) + r"))\b"
    found = [
        match for match in re.finditer(pattern, text) if match[1] not in {*ALWAYS_MANY, *NO_NUMBERS}
    ]
    return [match[0] for match in found if match[2].split()[0] not in NOT_IT]


@pytest.mark.parametrize("code", ["sv", "en"])
def test_no_number_stands_before_a_noun_that_is_always_in_the_plural(code):
    found = {
        told: numbers
        for sv, told in texts(code).items()
        if sv not in ALWAYS_MANY and (numbers := bare(told, code))
    }
    assert found == {}


def test_a_noun_that_is_always_in_the_plural_is_found():
    assert bare("För {unknown} kommuner är det inte känt.", "sv")
    assert bare("{kommuntal} nyanlända personer", "sv")
    assert bare("in {held} of {places} known municipalities", "en")
    assert not bare("För {unknown:kommuner} är det inte känt, i {plats} kommun.", "sv")


@pytest.mark.parametrize("code", ["sv", "en"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_sentence_with_a_count_has_the_form_of_its_number(code, number):
    language, forms = Language(code), {many: (one, many) for many, one in NOUNS.items()}
    if code == "en":
        forms = {message.id[1]: message.string for message in catalogue() if message.pluralizable}
    counted = {
        sv: told for sv, told in texts(code).items() if any(noun for _, noun in FIELD.findall(told))
    }
    assert len(counted) > 20
    for sv, told in counted.items():
        said = language.t(sv, **dict.fromkeys(placeholders(sv), str(number)))
        expected = FIELD.sub(
            lambda field: f"{number} {forms[field[2]][number != 1]}" if field[2] else str(number),
            told,
        )
        assert said == expected


def test_every_noun_that_a_text_counts_is_known_in_both_languages():
    english = {message.id[1]: message.id[0] for message in catalogue() if message.pluralizable}
    asked = {
        noun
        for code in ("sv", "en")
        for text in texts(code).values()
        for _, noun in FIELD.findall(text)
        if noun
    }
    assert asked <= set(NOUNS)
    assert english == NOUNS


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_pages_own_counts_have_the_form_of_their_number(language, number):
    counted = {key: texts for key, texts in WORDS.items() if "|" in texts[0] or "|" in texts[1]}
    assert {"index_lead", "n_reports", "n_figures", "changes_more"} <= set(counted)
    for key in counted:
        said = Wording(language).count(key, number, delivered="3", shown="3")
        nouns = (
            ("rapporter", "uppgifter", "ändringar")
            if language == "sv"
            else ("reports", "figures", "changes")
        )
        assert any(word in said for word in nouns) == (number != 1), said


def test_no_page_word_has_a_bare_count():
    for column, code in enumerate(("sv", "en")):
        for key, told in WORDS.items():
            if "|" not in told[column]:
                assert bare(told[column], code) == [], key


def test_a_year_in_which_no_one_was_received_is_said_without_an_evenness():
    said = sentence(nation.answer(none_received(), 2018), Language("sv"))
    assert said == "Kommunerna tog emot 0 nyanlända 2018."
