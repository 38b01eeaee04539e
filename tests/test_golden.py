"""What each kind of page says, word for word and number for number, is what tests/golden holds."""

import re
from difflib import unified_diff
from pathlib import Path

import pytest

from helpers.report.job import pages_of
from tests.house.claims import paragraphs

pytestmark = pytest.mark.xdist_group("browser")  # for the edition
GOLDEN = Path(__file__).parent / "golden"
KINDS = (*pages_of("lan/24"), "kommun/2480", "kommun/2480/metod", "kommun/2480/kort")
KINDS += ("oversikt/riket", "oversikt/kallor", "oversikt/mottagande")
KINDS += ("oversikt/scenarier", "oversikt/utfall")
EDITIONS = {"sv": "edition", "en": "english"}
PAGES = [(language, name) for language in EDITIONS for name in KINDS]
PAGES += [("sv", f"lan/{page}") for page in ("22", "22/lagesbild", "05/lagesbild")]
PAGES.append(
    ("sv", "lan/05")
)  # estimated shares; in English tests/present/test_language.py has all
CHECKSUM = re.compile(r"\b[0-9a-f]{12,64}\b")
PROGRAMS = ("Programversioner", "Package versions")  # which is the lock's to say
SHOWN = 40  # lines of a difference


def said_by(html: str) -> str:
    """A page's texts, one a line; without checksums, and without what it lists last: versions."""
    texts = [CHECKSUM.sub("…", text) for text in paragraphs(html)]
    last = min((texts.index(words) for words in PROGRAMS if words in texts), default=len(texts))
    return "\n".join([*texts[:last], ""])


def difference(golden: Path, said: str) -> str:
    """The lines that a page no longer says or now says; nothing where it says what it should."""
    was = golden.read_text("utf-8") if golden.is_file() else ""
    lines = list(unified_diff(was.splitlines(), said.splitlines(), "golden", "page", n=0))
    return "\n".join(lines[:SHOWN])


def file_of(language: str, name: str) -> Path:
    return GOLDEN / language / f"{name.replace('/', '-')}.txt"


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_a_page_says_what_its_golden_text_says(language, name, request):
    pages = request.getfixturevalue(EDITIONS[language])
    said, golden = said_by((pages / f"{name}.html").read_text("utf-8")), file_of(language, name)
    if request.config.getoption("--accept"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(said, "utf-8")
    found = difference(golden, said)
    assert not found, f"{found}\nIf the page is right: make accept, and read what changes."


def test_no_golden_text_is_left_of_a_page_that_is_not_compared():
    kept = {file_of(language, name) for language, name in PAGES}
    assert set(GOLDEN.rglob("*.txt")) == kept


PAGE = "<main><h1>Läget</h1><p>{} barn</p><table><tr><td>Umeå<td>12</table></main>"


@pytest.mark.parametrize("was", ["<p>47 barn</p>", PAGE.format(48), PAGE.replace("12", "13"), ""])
def test_another_number_another_row_or_no_golden_text_is_a_difference(was, tmp_path):
    golden = tmp_path / "golden.txt"
    if was:
        golden.write_text(said_by(was.format(47)), "utf-8")
    assert difference(golden, said_by(PAGE.format(47)))


def test_what_differs_from_one_commit_or_lock_to_the_next_is_no_difference(tmp_path):
    golden = tmp_path / "golden.txt"
    last = "<p>Version 0.2.0+{}</p><h2>Programversioner</h2><table><tr><td>{}</table>"
    golden.write_text(said_by(PAGE.format(47) + last.format("a" * 12, "numpy 1")), "utf-8")
    assert difference(golden, said_by(PAGE.format(47) + last.format("b" * 12, "numpy 2"))) == ""
