"""What a page may not claim: a number without its measure, a part year as a whole one, a quoted
figure without place.

Every rule takes a report's HTML and its JSON document and returns what it found wrong.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from itertools import combinations
from typing import Any, NamedTuple

from helpers.sources.catalogue import load_catalogue
from helpers.sources.published import load_measures

Document = Mapping[str, Any]
MEASURES = load_measures(load_catalogue())
# how the ids of tables that count people begin
COUNTING = ("kommunmottagna", "kommuntal", "asylsokande")
# a difference of two counts counts nobody
NO_COUNT = ("difference", "change", "beyond", "skillnad")
PEOPLE = ("barn", "personer")
BLOCK = {
    "p",
    "tr",
    "li",
    "h1",
    "h2",
    "h3",
    "figcaption",
    "caption",
    "summary",
    "table",
    "div",
    "details",
}
SILENT = ("style", "script", "pre", "svg")
NUMBER = r"\d{1,3}(?:[\u00a0 ]\d{3})*(?:,\d+)?"
# Migrationsverket's categories do not say who was placed, and no child of them chose a
# municipality.
OUR_WORD = re.compile(
    rf"(?:{NUMBER}) (?:\w+ )?(?:var |är )?(?:anvisade(?! ensam)|självbosatta)|valt kommun själva"
)
MARK = re.compile(r"prelimin|hittills|innan året var slut|under (?:en )?del av året", re.IGNORECASE)


class Claim(NamedTuple):
    """What a fact is about: the place, the year, what a reader calls it and, for a part of it,
    which part.
    """

    place: str
    year: str
    word: str
    part: str


class _Paragraphs(HTMLParser):
    """The texts of a page, one per block; a cell ends with a bar, so that two numbers never run
    together.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = [""]
        self.skipped = 0
        self.minus = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.skipped += tag in SILENT
        if tag in BLOCK:
            self.found.append("")
        alt = given.get("aria-label") if given.get("role") == "img" else None
        if alt:
            self.found += [alt, ""]
        # a table's number is parted by a margin, its minus a hyphen drawn as one
        self.found[-1] += {"t": "\u00a0", "m": "−"}.get(given.get("class") or "", "")
        self.minus = given.get("class") == "m"

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in SILENT
        if tag in ("td", "th"):
            self.found[-1] += " | "
        if tag in BLOCK:
            self.found.append("")

    def handle_data(self, data: str) -> None:
        if not self.skipped and not self.minus:
            self.found[-1] += data
        self.minus = False


def paragraphs(html: str) -> list[str]:
    """A page's texts in order: sentences, rows of tables, captions and the words of its
    drawings.
    """
    parser = _Paragraphs()
    parser.feed(html)
    texts = (re.sub(r"[ \n\t]+", " ", unescape(text)).strip() for text in parser.found)
    return [text for text in texts if text]


def on_page(html: str, document: Document) -> dict[str, Any]:
    """A report's document with the facts alone that one of its pages shows."""
    views = set(re.findall(r'id="(?:tab-|fig-)?(\w+)"', html))
    facts = [fact for fact in document["facts"] if fact["name"].partition(".")[0] in views]
    return {**document, "facts": facts}


def claims(document: Document) -> Iterator[tuple[Claim, Mapping[str, Any]]]:
    """Every fact that counts people of a measure, with what it is about."""
    place, year = document.get("place") or {}, document.get("ar")
    for fact in document["facts"]:
        measure = MEASURES.get(fact.get("measure", ""))
        if measure is None or fact["value"] is None:
            continue
        key = dict(fact["key"])
        national = fact["measure"] in ("ekb_asylsokande", "asylsokande")
        where = "riket" if national else key.get("kommunkod") or key.get("kod") or key.get("unit")
        when = key.get("ar") or key.get("avser_ar") or str(year)
        own = where or place.get("kod", "")
        yield Claim(own, str(when), measure.word, key.get("kategori") or key.get("manad", "")), fact


def unexplained(html: str, document: Document) -> list[str]:
    """The same place, year and word with two numbers of two measures, of which the page does not
    tell both.
    """
    text = " ".join(paragraphs(html))
    stated: dict[Claim, dict[str, set[object]]] = defaultdict(lambda: defaultdict(set))
    for claim, fact in claims(document):
        stated[claim][fact["measure"]].add(fact["value"])
    found = []
    for claim, measures in stated.items():
        for one, other in combinations(measures, 2):
            untold = [name for name in (one, other) if MEASURES[name].counted not in text]
            if measures[one] != measures[other] and untold:
                found.append(
                    f"{claim}: {measures[one]} and {measures[other]}; {', '.join(untold)} is not explained"
                )
    return found


def unmeasured(html: str, document: Document) -> list[str]:
    """Figures of people that rest on tables which count them, but do not say what they count."""
    return [
        f"{fact['name']} {fact['key']}: no measure"
        for fact in document["facts"]
        if fact["unit"] in PEOPLE
        and not fact.get("measure")
        and fact["name"].rpartition(".")[2] not in NO_COUNT
        and fact["sources"]
        and all(source.startswith(COUNTING) for source in fact["sources"])
    ]


def unfounded(html: str, document: Document) -> list[str]:
    """Numbers that the text calls unaccompanied children, received or placed, but that no fact of
    the page states.
    """
    known = {
        _number(fact["value"])
        for fact in document["facts"]
        if isinstance(fact["value"], int | float)
    }
    known |= {
        _plain(fact["shown"])
        for fact in document["facts"]
        if re.fullmatch(NUMBER, fact.get("shown", ""))
    }
    words = re.compile(rf"(?<![\d,‰–])({NUMBER}) (?:ensamkommande barn|mottagna|anvisade)\b")
    return [
        text
        for text in paragraphs(html)
        if not text.startswith("[")
        and any(_plain(number) not in known for number in words.findall(text))
    ]


def our_word(html: str, document: Document) -> list[str]:
    """Texts that call the agency's categories placed or self-settled, or say that somebody
    chose.
    """
    return [text for text in paragraphs(html) if OUR_WORD.search(text)]


def unexplained_marks(html: str, document: Document) -> list[str]:
    """Figures marked as derived, on a page that does not say what that means."""
    texts = paragraphs(html)
    if any(re.search(r"[Hh]ärlett(?:: | för | ur )", text) for text in texts):
        return []
    return [text for text in texts if "(härlett)" in text]


def unmarked_outcomes(html: str, document: Document, part_year: Mapping[str, str]) -> list[str]:
    """Sentences of an outcome of a part year that have no mark of it.

    Args:
        part_year: Table id → the word of its mark, for tables whose outcome was read before the
            year was over.
    """
    facts = [fact for fact in document["facts"] if set(fact["sources"]) & set(part_year)]
    outcomes = [fact for fact in facts if fact.get("measure") == "ekb_anvisade"]
    sentences = {fact["label"] for fact in outcomes if "…" in fact.get("label", "")}
    return [sentence for sentence in sentences if not MARK.search(sentence)]


def unmarked_figures(html: str, document: Document, part_year: Mapping[str, str]) -> list[str]:
    """Outcomes of a part year, in sentences and tables, that the JSON does not call preliminary.

    Args:
        part_year: As `unmarked_outcomes`.
    """
    return [
        f"{fact['name']} {fact['key']}"
        for fact in document["facts"]
        if set(fact["sources"]) & set(part_year)
        and fact.get("measure") == "ekb_anvisade"
        and fact["value"] is not None
        and not fact.get("preliminary")
    ]


def placeless_quotes(html: str, document: Document, names: Mapping[str, str]) -> list[str]:
    """Quoted figures of a municipality whose row does not say its name.

    Args:
        names: kommunkod → kommun.
    """
    rows = [text for text in paragraphs(html) if " | " in text]
    found = []
    for fact in document["facts"]:
        kommunkod = fact["key"].get("kommunkod", "")
        if not fact["name"].startswith("dokument.ordalydelse") or not kommunkod:
            continue
        own = [row for row in rows if str(fact["value"]) in row]
        if not any(f"| {names[kommunkod]} |" in row for row in own):
            found.append(f"{fact['value']!r} is {names[kommunkod]}'s and stands without its name")
    return found


def _number(value: float) -> str:
    return f"{value:g}"


def _plain(number: str) -> str:
    return _number(float(re.sub(r"[\u00a0 ]", "", number).replace(",", ".")))


RULES = (unexplained, unmeasured, our_word, unexplained_marks)
