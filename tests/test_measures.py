"""Every kind of page measured in a browser: how long it is, what stands first, what can be read."""

import pytest

from tests.house import measures, web

KINDS = {  # a handful of places: all known, little known, the largest, one of many, small ones
    **dict.fromkeys(("lan/24", "lan/05", "lan/01", "lan/14"), "county"),
    **dict.fromkeys(("lan/24/kort", "lan/05/kort", "kommun/2418/kort"), "handout"),
    **dict.fromkeys(("lan/01/kort", "lan/12/kort", "lan/14/kort"), "handout"),  # most rows
    **dict.fromkeys(("kommun/2480", "kommun/2418"), "municipality"),
    **dict.fromkeys(("oversikt/riket", "oversikt/kallor", "oversikt/mottagande"), "overview"),
    **dict.fromkeys(("oversikt/scenarier", "oversikt/utfall"), "overview"),
    **{"lan/24/metod": "method", "index": "index", "andringar": "changes"},
}

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.mark.parametrize("name", KINDS)
def test_the_page_is_as_long_and_as_clear_as_its_kind_may_be(name, browser, edition):
    with web.served(edition) as address:
        found = measures.broken(measures.look(browser, f"{address}/{name}.html", KINDS[name]))
    assert found == {}


def test_no_two_pages_have_one_heading(edition):
    headings = [
        _between((edition / f"{name}.html").read_text("utf-8"), "<h1>", "</h1>") for name in KINDS
    ]
    assert len(set(headings)) == len(headings)


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


DRAWN = "<figure id=f aria-label=Bild><div class=drawing><svg class=wide viewBox='0 0 400 100' style='width:400px'>{}</svg></div></figure>"
WIDE = "<div class=scroll style='overflow-x:auto'><table id=bred><td style='min-width:900px'>1</table></div>"
SEEDS = {
    "too_long": "<div style='height:7000px'></div>",
    "unreadable": DRAWN.format("<text x='390' y='50' font-size='15'>Utanför</text>"),
    "late": "<div style='height:950px'></div><table><td>1</table>",
    "idle_stops": "<div class=scroll tabindex=0><table id=smal><td>1</table></div>" + WIDE,
    "faint": DRAWN.format(
        "<text y='50' font-size='15' fill='#999'>Svagt</text><path d='M0 0h9v9z' fill='var(--svag)'/>"
        "<path d='M50 50h99v50h-99z' fill='#888'/>"
        "<text x='60' y='80' font-size='15' fill='#fff'>Vitt</text>"
    ),
    "heard_twice": "<figure><figcaption>Rubriken</figcaption><p>1</p></figure>",
    "sideways": "<ul style='overflow-x:auto'><li style='width:900px'>1</ul>",
}
FAULTS = {
    "too_long": ["px tall, at most 6500", "A4, at most 8"],
    "unreadable": ["Utanför is cut"],
    "late": ["the first exhibit is at"],
    "idle_stops": ["idle: smal", "out of reach: bred"],
    "faint": ["words rgb(153, 153, 153)", "words rgb(255, 255, 255)", "marks rgb(221, 221, 221)"],
    "heard_twice": ["Rubriken"],
    "sideways": ["UL"],
}
GOOD = (
    "<!doctype html><html lang=sv><meta charset=utf-8><title>Läget</title><style>:root{{--svag:#ddd;background:#fff}}"
    "</style><main><h1>Läget</h1>{}</main></html>"
)


@pytest.mark.parametrize("rule", measures.RULES, ids=lambda rule: rule.__name__)
def test_every_rule_finds_what_breaks_it(rule, browser, tmp_path):
    body = SEEDS[rule.__name__] + "<div style='height:2000px'></div>" * 3 * (
        rule is measures.too_long
    )
    found = rule(_look(browser, tmp_path, body))
    for part in FAULTS[rule.__name__]:
        assert [told for told in found if part in told], (part, found)


def test_a_plain_page_breaks_none(browser, tmp_path):
    body = (
        "<figure aria-labelledby=n><figcaption id=n aria-hidden=true>Rubriken</figcaption></figure>"
    )
    assert measures.broken(_look(browser, tmp_path, body + "<table><td>1</table>")) == {}


def _look(browser, folder, body: str) -> measures.Look:
    (folder / "page.html").write_text(GOOD.format(body), "utf-8")
    with web.served(folder) as address:
        return measures.look(browser, f"{address}/page.html", "county")
