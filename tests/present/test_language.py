"""The English catalogue: whole, exact, used, and nothing of it in the Swedish pages."""

import re
import string
import unicodedata
from pathlib import Path

import pytest

from helpers.present.language import Language
from tests.present.collecting import (
    NOTEBOOKS,
    PO,
    Met,
    cases,
    catalogue,
    cells,
    labels,
    names_in,
    noting,
    run,
    translations,
    untranslated,
    written_msgids,
)
from tests.present.variants import show_variants

pytestmark = pytest.mark.xdist_group("language")

SWEDISH = (
    "kommuner",
    "förväntat",
    "barn",
    "utfall",
    "saknas",
    "länet",
    "riket",
    "enligt",
    "källa",
    "mottagna",
)
GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "en").glob("*.txt"))


@pytest.fixture(scope="module")
def met(workbook) -> Met:
    """What an English reader meets in all notebooks, over a spread of places, years and
    forecasts.
    """
    met = Met()
    with noting(met, workbook):
        for path in NOTEBOOKS:
            met.case = f"{path.stem}, prose"
            for source, _ in cells(path, "markdown"):
                Language("en").t(source)
        for path, chosen in cases():
            run(path, {**chosen, "sprak": "en"}, met)
        met.case = "variants"
        show_variants(workbook, "en")
    return met


def placeholders(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_every_translation_has_its_originals_placeholders():
    wrong = {sv: en for sv, en in translations().items() if placeholders(sv) != placeholders(en)}
    assert not wrong


def test_no_entry_is_empty_fuzzy_or_outside_nfc():
    for message in catalogue():
        if message.id:
            told = message.string if message.pluralizable else (message.string,)
            assert all(str(text).strip() for text in told), f"no translation: {message.id!r}"
            assert not message.fuzzy, f"fuzzy: {message.id!r}"
            for text in (*(message.id if message.pluralizable else (message.id,)), *told):
                assert unicodedata.is_normalized("NFC", text), f"not NFC: {text!r}"


def test_no_text_is_translated_twice_or_put_aside():
    po = PO.read_text("utf-8")
    written = written_msgids(po)
    assert len(written) == len(set(written)) == len(translations())
    assert "#~" not in po, "an obsolete entry is left"


def test_a_doubled_entry_is_seen():
    assert written_msgids('msgid "a"\nmsgstr "b"\n\nmsgid ""\n"a"\nmsgstr "c"\n') == ["a", "a"]


def test_all_that_an_english_reader_meets_is_translated_but_names(met, workbook):
    left = untranslated(met.asked, translations(), names_in(workbook))
    assert not left, "in Swedish only (text: where it is met):\n" + "\n".join(
        f"{k!r}: {v}" for k, v in left.items()
    )


def test_every_unit_over_a_column_is_translated(met):
    pages = "".join(met.pages.values())
    units = {*re.findall(r'<span class="unit">\(([^()]*[^\W\d_][^()]*)\)</span>', pages)}
    assert {"children", "people"} <= units <= {*translations().values()}


def test_an_entry_taken_out_is_missed(met, workbook):
    known = translations()
    del known["Utfall"], known["uppgift saknas"]
    assert set(untranslated(met.asked, known, names_in(workbook))) == {"Utfall", "uppgift saknas"}


def test_names_numbers_and_dates_need_no_translation():
    asked = dict.fromkeys(
        ("Umeå", "2018–2019", "2018-07", "–", "1,5", "Utfall", "Ny {sak}"), "here"
    )
    assert set(untranslated(asked, {"Utfall": "Outcome"}, {"Umeå"})) == {"Ny {sak}"}


def test_no_entry_is_unused(met):
    unused = set(translations()) - set(met.asked)
    assert not unused, f"no page asks for: {sorted(unused)}"


def test_no_label_reaches_a_page_or_a_drawing_in_swedish(met):
    swedish = {sv for sv, en in translations().items() if sv != en}
    assert not swedish & met.drawn
    for case, markup in met.pages.items():
        assert not swedish & labels(markup), case


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_an_english_page_has_no_swedish_word_but_in_names(golden, workbook):
    text = golden.read_text("utf-8").replace("\u00a0", " ")
    producers = {entry.producer for entry in workbook.catalogue.tables.values()}
    names = names_in(workbook) | producers | {workbook.country.namn}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    assert not [word for word in SWEDISH if re.search(rf"\b{word}\b", text, re.IGNORECASE)]


def test_swedish_is_said_as_it_is_written():
    assert all(Language("sv").t(sv) == sv for sv in translations())


def test_the_catalogues_header_is_no_translation():
    assert Language("en").t("") == ""
