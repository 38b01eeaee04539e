"""The edition as its readers meet it: in a browser, on a desk and on a phone."""

import json
from pathlib import Path

import pytest

from helpers.report.job import TOLD, pages_of
from tests import spread
from tests.house import web

OVERVIEWS = tuple(
    f"oversikt/{name}" for name in ("kallor", "mottagande", "scenarier", "utfall", "riket")
)
PAGES = (  # every kind of page, and of each the places that differ most in what is known of them
    *("index", "andringar", *OVERVIEWS),
    *("lan/09", "lan/14", "kommun/0114", "kommun/2401"),
    *("lan/14/metod", "kommun/2401/kort"),
    *("lan/22/lagesbild", "lan/05/lagesbild"),
    *(*pages_of("lan/24"), "kommun/2480", "kommun/2480/metod", "kommun/2480/kort"),
)
ON_PHONE = {"index", "lan/24", "lan/24/lagesbild", "kommun/2480"}
WITH_WORDS = {"lan/05", "lan/22", "lan/24"}  # counties that say something themselves

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def read(browser, edition):
    """A page of the edition by its id, read in the browser once."""
    readings: dict[str, web.Reading] = {}
    with web.served(edition) as address:

        def reading(name: str) -> web.Reading:
            if name not in readings:
                where = f"{address}/{name}.html"
                readings[name] = web.read_page(browser, where, axe_on_phone=name in ON_PHONE)
            return readings[name]

        yield reading


@pytest.mark.parametrize("name", PAGES)
def test_the_page_keeps_the_rules(name, read):
    assert web.broken(read(name)) == {}


def test_no_page_has_a_kind_of_element_that_the_pages_read_in_the_browser_lack(edition):
    kinds = {
        name: web.anchors((edition / f"{name}.html").resolve()).kinds
        for name in _ids(edition, "html")
    }
    known = set().union(*(kinds[name] for name in PAGES))
    assert {name: lacking for name, found in kinds.items() if (lacking := found - known)} == {}


@pytest.fixture(scope="module")
def reports(workbook) -> set[str]:
    """The reports of the edition."""
    return {
        *OVERVIEWS,
        *(f"lan/{code}" for code in workbook.lan["lanskod"]),
        *(f"kommun/{code}" for code in spread.MUNICIPALITIES),
    }


@pytest.fixture(scope="module")
def every(reports) -> set[str]:
    """The pages of the edition: those of a place are three, and a fourth where it has words."""
    places = {page for name in reports - {*OVERVIEWS} for page in pages_of(name)}
    places -= {f"{name}/{TOLD}" for name in reports - WITH_WORDS}
    return {"index", "andringar", *OVERVIEWS, *places}


def test_the_edition_holds_every_place_and_no_other_page(edition, every, reports):
    assert len(reports) == 5 + 21 + len(spread.MUNICIPALITIES)
    assert set(_ids(edition, "html")) == every


def test_the_edition_has_a_municipality_of_every_kind(workbook):
    """All that is known, unknown or zero of a municipality is so of one whose page is read."""
    kinds = spread.known(workbook)
    assert kinds.nunique() >= 20
    read = set(kinds[list(spread.MUNICIPALITIES)])
    assert kinds[~kinds.isin(read)].index.tolist() == []


def test_the_index_links_to_every_report(edition, every):
    """Of what stands beneath another only the report: its other pages are reached from there."""
    links = {link for link in web.anchors(edition / "index.html").links if link.endswith(".html")}
    beside = {
        f"{page}.html"
        for name in every
        if name.startswith("kommun/")
        for page in pages_of(name)[1:]
    }
    attached = {file.relative_to(edition).as_posix() for file in edition.rglob("*.ics")}
    assert links == {f"{name}.html" for name in every if name != "index"} - beside
    assert attached <= set(web.anchors(edition / "index.html").links)


def test_every_report_has_its_figures_beside_it(edition, reports):
    assert {name for name in _ids(edition, "json") if "/" in name} == reports
    for name in reports:
        assert json.loads((edition / f"{name}.json").read_text("utf-8"))


def test_all_that_a_report_states_stands_in_it_or_on_its_method_page(edition, reports):
    """Nothing is lost between the executed notebook and the pages, and nothing said twice."""
    for name in reports:
        stated = json.loads((edition / f"{name}.json").read_text("utf-8"))["facts"]
        views = {fact["name"].partition(".")[0] for fact in stated}
        pages = [edition / f"{page}.html" for page in pages_of(name)[:-1]]
        ids = [web.anchors(page).ids for page in pages if page.is_file()]
        found = [{view for view in views if {view, f"tab-{view}"} & here} for here in ids]
        assert set().union(*found) == views, name
        assert sum(map(len, found)) == len(views), name


def test_every_link_inside_the_edition_leads_somewhere(edition):
    assert web.broken_links(edition) == []


def _ids(edition: Path, suffix: str) -> list[str]:
    return [
        path.relative_to(edition).with_suffix("").as_posix()
        for path in edition.rglob(f"*.{suffix}")
    ]


GOOD = (
    "<!doctype html><html lang=sv><title>Läget</title><body>"
    "<main><h1 id=top>Läget</h1><a href='#top'>Upp</a>{}</main></body></html>"
)
SEEDED = (
    "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"
    "<details><summary>Mer</summary><table><tr><td>1</table><object data='x.bin'></object></details>"
    "<p>Starkt</p><p>Starkt</p><p style='color:#aaa;background:#fff'>Svagt</p>"
    "<div style='background:#aaa'><p style='background:rgba(0, 0, 0, .1)'><b style='color:#777'>Svagt</b></p></div>"
    "<img alt='' src='http://127.0.0.2:9/x.png'>"
    "<style>@import url(http://127.0.0.2:9/x.css);</style>"
    "<script>document.querySelector('main').append('Mer'); throw new Error('bruten')</script>"
    "<img alt='' src='borta.png'>"
    "<div style='width:370px'>Brett</div>"
    "<figure id=f><div class=drawing><svg class=narrow viewBox='0 0 100 50' style='width:100px'>"
    "<text x='80' y='20' font-size='20'>Ute</text><text y='40' font-size='4'>Litet</text></svg></div></figure>"
)
FOUND = {
    "inaccessible": ("image-alt (1)", "object-alt (1)", "color-contrast (2)"),
    "foreign_requests": ("http://127.0.0.2:9/x.png", "http://127.0.0.2:9/x.css"),
    "console_errors": ("bruten", "404"),
    "sideways_scroll": ("at 320 px the page is",),
    "unread_figures": ("narrow: Ute is cut", "narrow: Litet is 4.0 px"),
    "script_dependence": ("says something else without JavaScript",),
}


def test_every_seeded_violation_is_found(browser, tmp_path):
    found = web.broken(_read(browser, tmp_path, SEEDED))
    assert found.keys() == {rule.__name__ for rule in web.RULES} == FOUND.keys()
    for rule, parts in FOUND.items():
        assert [part for part in parts if not any(part in told for told in found[rule])] == [], (
            rule,
            found[rule],
        )


def test_a_page_without_text_is_found(browser, tmp_path):
    (tmp_path / "page.html").write_text("<main></main>", "utf-8")
    with web.served(tmp_path) as address:
        assert web.script_dependence(web.read_page(browser, f"{address}/page.html"))


def test_a_good_page_breaks_no_rule(browser, tmp_path):
    assert web.broken(_read(browser, tmp_path, "<p>Allt är väl.</p>")) == {}


def test_a_breach_that_only_a_phone_shows_is_found(browser, tmp_path):
    body = "<style>@media (max-width: 400px) { p { color: #aaa } }</style><p>Svagt</p>"
    found = web.inaccessible(_read(browser, tmp_path, body, axe_on_phone=True))
    assert [told.split(": ")[0] for told in found] == ["390 px"]


@pytest.mark.parametrize("link", ["borta.html", "#borta", "page.html#borta", "lan/24.html"])
def test_a_link_that_leads_nowhere_is_found(link, tmp_path):
    (tmp_path / "page.html").write_text(GOOD.format(f"<a href='{link}'>Vidare</a>"), "utf-8")
    assert web.broken_links(tmp_path) == [f"page.html: {link}"]


def test_links_that_lead_somewhere_or_outside_are_no_violation(tmp_path):
    body = "<a href='page.html#top'>Upp</a><a href='https://example.org/'>Ut</a>"
    (tmp_path / "page.html").write_text(GOOD.format(body), "utf-8")
    assert web.broken_links(tmp_path) == []


def _read(browser, folder: Path, body: str, *, axe_on_phone: bool = False) -> web.Reading:
    (folder / "page.html").write_text(GOOD.format(body), "utf-8")
    with web.served(folder) as address:
        return web.read_page(browser, f"{address}/page.html", axe_on_phone=axe_on_phone)
