"""A report in several documents: what each shows, how they lead to each other, and that all that
keeps, publishes, compares and tells of reports knows the files of one.
"""

import json

import nbformat
import pytest

from helpers.errors import SetupError
from helpers.make.plan import NOTEBOOKS
from helpers.make.run import publish, publish_single
from helpers.pages.layout import address
from helpers.releases.building import begin, clear, refuse_strange, sweep
from helpers.releases.compare import compare
from helpers.releases.store import Releases
from helpers.report.job import BESIDE, Job, pages_of, report_of
from tests.house import web
from tests.publish.samples import (
    ANSWER,
    ANSWER_HTML,
    END,
    FIGURE,
    FIGURE_HTML,
    HEAD,
    display,
    notebook_of,
    options_of,
    plan_of,
)

TOLD = "Länet tog emot 37 barn."
OWN = ("prov/hel", "prov/hel/metod", "prov/hel/kort")
PAGES = {f"html/{page}.html" for page in OWN}
FILES = {*PAGES, "html/prov/hel.json", "executed/prov/hel.ipynb"}
CELLS = [
    ("## I korthet", ["kort", "#korthet"]),
    (display(ANSWER, ANSWER_HTML), ["kort"]),
    ("## Hur gick det?\n\nSå här.", ["#utfall"]),
    ("## Vad vilar talen på?", ["metod", "#underlag", "for:utfall"]),
    (display(FIGURE, FIGURE_HTML), ["metod"]),
    ("## Vad kördes?", ["metod"]),
]


def documented(folder, name: str = "hel", cells: list = CELLS, end: str = display(END)) -> Job:
    """A job whose notebook has cells of all three documents."""
    made = notebook_of([display(HEAD), end])
    inside = [
        (nbformat.v4.new_markdown_cell if text.startswith("#") else nbformat.v4.new_code_cell)(
            text, metadata={"tags": tags}
        )
        for text, tags in cells
    ]
    made.cells = [*made.cells[:3], *inside, made.cells[-1]]
    for number, cell in enumerate(made.cells):
        cell.id = f"c{number}"
    path = folder / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    nbformat.write(made, path)
    return Job(f"prov/{name}", path, {"sprak": "sv"}, "Prov", name.capitalize())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An edition of one report in three documents and of one that fails, and the folder of it."""
    folder = tmp_path_factory.mktemp("documents")
    fails = documented(folder, "bruten", end="raise ValueError('trasig')")
    done = publish(plan_of(folder, documented(folder), fails), options_of(folder))
    return done, folder / "reports"


def read(made, page: str) -> str:
    return (made[1] / "html" / page).read_text("utf-8")


def test_each_document_shows_what_its_cells_show_and_nothing_of_the_others(made):
    report, method, handout = (read(made, f"{page}.html") for page in OWN)
    assert [TOLD in page for page in (report, method, handout)] == [True, False, True]
    assert ["fig-bild" in page for page in (report, method, handout)] == [False, True, False]
    assert ["Så här." in page for page in (report, method, handout)] == [True, False, False]


def test_what_was_run_stands_on_the_method_page_alone(made):
    report, method, handout = (read(made, f"{page}.html") for page in OWN)
    assert ["Koden bakom" in page for page in (report, method, handout)] == [False, True, False]
    assert ["Programversioner" in page for page in (report, method, handout)] == [
        False,
        True,
        False,
    ]
    assert "application/vnd.mottagning+json" in method


def test_the_documents_lead_to_each_other_and_every_link_leads_somewhere(made):
    for page in OWN:
        links = web.anchors(made[1] / "html" / f"{page}.html").links
        others = [other for other in PAGES if other != f"html/{page}.html"]
        place = (made[1] / "html" / f"{page}.html").resolve()
        found = {(place.parent / link.partition("#")[0]).resolve() for link in links}
        assert {
            (made[1].resolve() / "html" / other.removeprefix("html/")).resolve() for other in others
        } <= found
    assert web.broken_links(made[1] / "current" / "html") == []


def test_a_section_leads_to_how_it_is_worked_out_and_from_there_back(made):
    report, method = read(made, "prov/hel.html"), read(made, "prov/hel/metod.html")
    assert (
        'href="hel/metod.html#avsnitt-underlag" aria-label="Så är det räknat: Vad vilar' in report
    )
    assert '<a href="../hel.html#avsnitt-utfall">Hur gick det?</a>' in method
    assert report.count('class="proof"') == method.count('class="proof"') == 1


def test_one_report_has_one_record_of_all_its_figures(made):
    facts = json.loads(read(made, "prov/hel.json"))["facts"]
    assert [fact["name"] for fact in facts] == ["svar.antal"]
    assert set(next(one for one in made[0].results if one.id == "prov/hel").files) == FILES


def test_a_report_that_fails_says_so_wherever_a_reader_may_come_in(made):
    for page in ("prov/bruten", "prov/bruten/metod", "prov/bruten/kort"):
        assert "Kunde inte tas fram" in read(made, f"{page}.html")
    assert f'href="{"../" * 2}index.html"' in read(made, "prov/bruten/kort.html")
    assert not (made[1] / "html/prov/bruten.json").exists()


def test_the_index_leads_to_each_document_of_a_delivered_report(made):
    links = web.anchors(made[1] / "current" / "html" / "index.html").links
    assert {f"{page}.html" for page in OWN} <= set(links)
    assert [link for link in links if "bruten/" in link] == []


def test_the_documents_are_one_report_where_editions_are_compared(made):
    html = made[1] / "current" / "html"
    assert [report.id for report in compare(html, html).reports] == ["prov/bruten", "prov/hel"]


def test_a_report_that_stands_keeps_every_document_and_one_that_lost_one_is_made_again(tmp_path):
    plan, options = plan_of(tmp_path, documented(tmp_path)), options_of(tmp_path, engine="warm")
    first = publish(plan, options)
    assert publish(plan, options).made == []
    (Releases(options.out).current / "html/prov/hel/kort.html").unlink()
    assert publish(plan, options).made == ["prov/hel"]
    assert Releases(options.out).current.name == first.release
    assert TOLD in (options.out / "html/prov/hel/kort.html").read_text("utf-8")


def test_a_single_report_puts_every_document_in_place_and_takes_away_one_it_no_longer_has(tmp_path):
    options = options_of(tmp_path, engine="warm")
    publish_single(plan_of(tmp_path, documented(tmp_path)), options)
    out = options.out / "prov"
    assert {path.name for path in out.rglob("*.html")} == {"hel.html", "metod.html", "kort.html"}
    whole = [(text, [tag for tag in tags if tag != "kort"]) for text, tags in CELLS]
    publish_single(plan_of(tmp_path, documented(tmp_path, cells=whole)), options)
    assert {path.name for path in out.rglob("*.html")} == {"hel.html", "metod.html"}


@pytest.mark.parametrize(("begun", "ours"), [("prov/hel", True), ("prov/annan", False)])
def test_what_an_interrupted_run_left_of_a_document_is_its_reports(begun, ours, tmp_path):
    building = tmp_path / ".building"
    sweep(building)
    begin(building, [begun])
    left = building / "html/prov/hel/metod.html"
    left.parent.mkdir(parents=True)
    left.write_text("halv", "utf-8")
    if ours:
        refuse_strange(building)
        clear(building)
    else:
        with pytest.raises(SetupError, match="was not made here"):
            refuse_strange(building)
    assert building.exists() != ours


@pytest.mark.parametrize(("mark", "where"), [(ANSWER, "the page kort"), (FIGURE, "the page metod")])
def test_a_page_that_lacks_what_its_cells_have_shown_is_refused(mark, where, tmp_path):
    """The cell says that it has shown something, and shows no HTML of it."""
    shown = {display(ANSWER, ANSWER_HTML): ANSWER, display(FIGURE, FIGURE_HTML): FIGURE}
    cells = [(display(mark) if shown.get(text) == mark else text, tags) for text, tags in CELLS]
    (result,) = publish(
        plan_of(tmp_path, documented(tmp_path, cells=cells)), options_of(tmp_path, engine="warm")
    ).results
    assert result.failure.code in {"CHART_MISSING", "INCOMPLETE"}
    assert result.failure.where in {where, "the page"}


@pytest.mark.parametrize("one", ["", *BESIDE])
@pytest.mark.parametrize("other", ["", *BESIDE])
def test_the_address_of_a_document_leads_there_from_every_other(one, other, tmp_path):
    places = dict(zip(("", *BESIDE), pages_of("a/b/24"), strict=True))
    here = tmp_path / f"{places[one]}.html"
    there = (here.parent / address("a/b/24", one, other)).resolve()
    assert there == (tmp_path / f"{places[other]}.html").resolve()
    assert {report_of(page) for page in places.values()} == {"a/b/24"}


@pytest.mark.parametrize("name", ["10_lansrapport", "11_kommunrapport"])
def test_the_reports_of_places_are_of_three_documents_before_they_are_run(name):
    from helpers.pages.exporter import documents_in

    assert documents_in(nbformat.read(NOTEBOOKS / f"{name}.ipynb", 4)) == ["", "metod", "kort"]


TOLD_CELLS = [
    ("## Vad säger de själva?", ["lagesbild", "optional", "#sagt"]),
    (
        display(
            ANSWER, ANSWER_HTML.replace("</p>", ' <span data-leads="avsnitt-utfall"></span></p>')
        ),
        ["lagesbild"],
    ),
]


@pytest.mark.parametrize("says", [True, False])
def test_a_page_of_optional_sections_is_made_where_one_of_them_shows_something(says, tmp_path):
    nothing = display({"kind": "content", "items": [], "facts": []})
    heading, (shown, tags) = TOLD_CELLS
    cells = [*[cell for cell in CELLS if cell[0] != CELLS[1][0]], heading]
    cells.append((shown if says else nothing, tags))
    plan = plan_of(tmp_path, documented(tmp_path, cells=cells))
    options = options_of(tmp_path, engine="warm")
    publish(plan, options)
    html = Releases(options.out).current / "html"
    assert (html / "prov/hel/lagesbild.html").exists() == says
    index = web.anchors(html / "index.html").links
    assert ("prov/hel/lagesbild.html" in index) == says
    assert web.broken_links(html) == []


def test_a_view_leads_to_the_section_that_it_names_and_nowhere_where_there_is_none(tmp_path):
    cells = [*[cell for cell in CELLS if cell[0] != CELLS[1][0]], *TOLD_CELLS]
    options = options_of(tmp_path, engine="warm")
    publish(plan_of(tmp_path, documented(tmp_path, cells=cells)), options)
    page = (options.out / "html/prov/hel/lagesbild.html").read_text("utf-8")
    link = '<a class="more" lang="sv" href="../hel.html#avsnitt-utfall">Läs mer: Hur gick det?</a>'
    assert link in page
    assert "data-leads" not in page
