"""What readers who are no experts meet: short sentences, whole words, no codes; on the report of a
place and on what is handed out.
"""

import re
from html import unescape
from pathlib import Path

import pytest

from helpers.report.job import pages_of
from tests.test_contents import text_of

pytestmark = pytest.mark.xdist_group("browser")  # for the edition
LONGEST = 28  # words
PLACES = ("lan/05", "lan/14", "lan/24", "kommun/0114", "kommun/2401", "kommun/2418", "kommun/2480")
END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ0-9])|\n")
CODE = re.compile(r"\bA\d+\b|‰")


def said_in(page: Path) -> list[str]:
    """The running text of a page: its paragraphs and lists, each line of a key number for itself;
    links to how something is worked out are no sentence.
    """
    inside = page.read_text("utf-8").partition("<main")[2].partition("</main>")[0]
    found = re.findall(r'<(?:p|li)\b(?! class="proof")[^>]*>(.*?)</(?:p|li)>', inside, re.S)
    lines = (text.replace("</span>", ".\n") for text in found)
    return [unescape(re.sub(r"<[^>]*>", "", line)).strip() for line in lines]


def long_ones(texts: list[str]) -> list[str]:
    """The sentences among some texts that are longer than a reader keeps in mind."""
    return [
        sentence
        for text in texts
        for sentence in END.split(text)
        if len(sentence.split()) > LONGEST
    ]


@pytest.mark.parametrize("name", PLACES)
def test_no_sentence_on_a_readers_page_is_longer_than_a_reader_keeps_in_mind(name, edition):
    report, *_, handout = pages_of(name)
    for page in (report, handout):
        assert long_ones(said_in(edition / f"{page}.html")) == [], page


@pytest.mark.parametrize("name", PLACES)
def test_no_readers_page_names_an_assumption_by_its_code_or_counts_per_mille(name, edition):
    report, *_, handout = pages_of(name)
    for page in (report, handout):
        assert CODE.findall(text_of(edition / f"{page}.html")) == [], page


def test_a_long_sentence_is_found_and_two_short_ones_are_none():
    long = " ".join(["ord"] * (LONGEST + 1))
    assert long_ones([f"Kort. {long.capitalize()}."]) == [f"{long.capitalize()}."]
    assert long_ones([f"{'ord ' * 20}slut. {'Ord ' * 20}slut."]) == []
