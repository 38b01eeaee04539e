"""Pages: language, headings, contents, code and everything a reader may meet in a cell."""

from dataclasses import replace
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.editions.parameters import TERMS
from helpers.make.plan import Frame
from helpers.pages.gate import faults
from helpers.pages.layout import failed_page, make_index, report_pages
from helpers.pages.reasons import REASONS
from helpers.pages.words import WORDS
from helpers.report.job import Failure, Job, Result
from helpers.report.manifest import Contact, Correction, Imprint, Input, Issue, Manifest

MANIFEST = Manifest(
    edition="Prov & utgåva",
    parameters={"ar": 2018},
    code_version="0.1.0+abc",
    inputs=[Input(id="prov", path="published/prov.csv", sha256="0123456789abcdef" * 4)],
    packages={"pandas": "3.1.1"},
)
JOB = Job(
    "lan/24",
    Path("10.ipynb"),
    {"lan": "AC", "prognoser_ekb": [1500, 2300], "sprak": "sv"},
    "Län",
    "Prov",
)


FRAME = Frame(MANIFEST, terms=TERMS)


def page_of(*cells, job: Job = JOB) -> str:
    question = new_markdown_cell("# Hur är läget i länet?")
    return alone([question, *cells], "Västerbottens län 2018", job, FRAME)


def alone(cells, title: str, job: Job, frame: Frame) -> str:
    """The page of a report that is one page."""
    (page,) = report_pages(new_notebook(cells=cells), title, job, frame)[0].values()
    return page


def code(source: str, **data: str):
    bundle = {name.replace("_", "/"): text for name, text in data.items()}
    return new_code_cell(
        source, outputs=[new_output("display_data", data=bundle)] if bundle else []
    )


def test_the_title_names_place_question_and_workbook():
    title = "<title>Västerbottens län 2018 – Hur är läget i länet? – Mottagningsboken</title>"
    assert title in page_of()


def test_a_scenarios_report_names_it_in_title_and_heading_between_place_and_question():
    page = page_of(job=replace(JOB, variant="Scenario: Hög & låg"))
    assert (
        "<title>Västerbottens län 2018 – Scenario: Hög &amp; låg – Hur är läget i länet? – Mott"
        in page
    )
    assert (
        '2018</span> <span class="variant">Scenario: Hög &amp; låg</span> <span class="question">'
        in page
    )
    assert 'class="variant"' not in page_of()


def test_the_notebooks_own_heading_becomes_the_pages_only_h1():
    page = page_of(new_markdown_cell("## Utfall"))
    assert page.count("<h1") == 1
    assert '<span class="question">Hur är läget i länet?</span>' in page


def test_the_contents_link_to_every_section_by_a_stable_id():
    page = page_of(
        new_markdown_cell("## Utfall 2018\n\nText."), new_markdown_cell("## Utfall 2018")
    )
    assert '<a href="#h-utfall-2018">Utfall 2018</a>' in page
    assert '<h2 id="h-utfall-2018-2">' in page
    assert faults(page) == []


def test_all_code_is_folded_at_the_end_and_none_is_lost():
    page = page_of(
        code("a = '<b>'"), new_markdown_cell("## Utfall"), code("b = 2", text_html="<p>Två</p>")
    )
    body, folded = page.split("Koden bakom rapporten</h2>")
    assert "b = 2" not in body
    assert "a = &#39;&lt;b&gt;&#39;" in folded
    assert folded.index("Cell 1") < folded.index("Cell 2") < folded.index("b = 2")


def test_plain_text_and_prints_are_shown_as_text():
    printed = new_code_cell(
        "x", outputs=[new_output("stream", name="stdout", text="<script>1</script>")]
    )
    page = page_of(code("y", text_plain="<img onerror=x>"), printed)
    assert "&lt;script&gt;1" in page
    assert "&lt;img onerror=x&gt;" in page
    assert faults(page) == []


def test_an_image_without_alt_text_is_never_put_on_a_page():
    assert "<img" not in page_of(code("z", image_png="iVBORw0K", text_plain="<Figure>"))


def test_the_foot_tells_what_the_report_was_made_from():
    foot = page_of().split("<footer")[1]
    for told in (
        "published/prov.csv",
        "0.1.0+abc",
        "pandas",
        "1\u00a0500; 2\u00a0300",
        "Prov &amp; utgåva",
    ):
        assert told in foot


def test_a_report_of_an_edition_points_to_the_editions_list_for_the_checksums_of_its_tables():
    foot = page_of().split("<footer")[1]
    assert (
        'Tabellernas kontrollsummor står i <a href="../index.html#om-indata">utgåvans förteckning'
        in foot
    )
    inputs = [table.model_copy(update={"sha256": "f" * 64}) for table in MANIFEST.inputs]
    frame = Frame(MANIFEST.model_copy(update={"inputs": inputs}))
    assert alone([], "Prov", JOB, frame) == alone([], "Prov", JOB, Frame(MANIFEST))
    index = make_index("Prov", "sv", [JOB], [Result(JOB.id)], Frame(MANIFEST))
    assert '<caption id="om-indata">' in index
    assert "0123456789ab<" in index


def test_a_report_that_stands_alone_tells_the_checksums_itself():
    foot = alone([], "Prov", JOB, Frame(MANIFEST, index=False)).split("<footer")[1]
    assert "0123456789ab<" in foot
    assert "kontrollsummor står i" not in foot


def test_the_foot_of_a_report_lists_the_tables_it_rests_on_and_no_other():
    other = Input(id="annan", path="published/annan.csv", sha256="f" * 64)
    frame = Frame(MANIFEST.model_copy(update={"inputs": [*MANIFEST.inputs, other]})).resting_on(
        ["prov"], "0.1.0+def"
    )
    page = alone([], "Prov", JOB, frame)
    assert "published/prov.csv" in page
    assert "annan.csv" not in page


def test_a_report_leads_back_to_the_index_unless_it_stands_alone():
    assert 'href="../index.html"' in page_of()
    standing = alone([], "Prov", JOB, Frame(MANIFEST, index=False))
    assert "index.html" not in standing


def test_an_english_report_says_its_own_words_in_english():
    page = page_of(job=replace(JOB, parameters={**JOB.parameters, "sprak": "en"}))
    assert '<html lang="en"' in page
    assert "Skip to the content" in page
    assert "Koden bakom" not in page


@pytest.mark.parametrize("code", REASONS)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_failed_page_says_what_happened_and_what_to_do(code, language):
    job = replace(JOB, parameters={"sprak": language})
    page = failed_page(
        job, Failure(code, "code cell 3", "<b>fel</b>"), "Hur är läget?", Frame(MANIFEST)
    )
    happened, remedy = REASONS[code][["sv", "en"].index(language)]
    assert happened in page
    assert remedy in page
    assert "&lt;b&gt;fel&lt;/b&gt;" in page
    assert faults(page) == []


def test_every_word_of_the_page_exists_in_both_languages():
    assert all(len(texts) == 2 and all(texts) for texts in WORDS.values())


GIVEN = Imprint(
    utgivare="Länsstyrelsen <Prov>",
    kontakt=Contact(roll="Enheten", adress="enheten@example.se"),
    utgava=Issue(datum="2026-01-15", nummer="3"),
    nasta_utgava="2026-06-15",
    rattelser=[Correction(datum="2026-01-20", text="Ett tal är rättat.")],
)


def test_a_page_says_who_publishes_it_and_when_or_that_it_is_working_material():
    given = MANIFEST.model_copy(update={"imprint": GIVEN})
    page, bare = (alone([], "Prov", JOB, Frame(manifest)) for manifest in (given, MANIFEST))
    for said in (
        "Länsstyrelsen &lt;Prov&gt;",
        "enheten@example.se",
        "2026-01-15 (3)",
        "2026-06-15",
        "Ett tal är rättat.",
    ):
        assert said in page
        assert said not in bare
    assert ["Arbetsmaterial" in one for one in (page, bare)] == [False, True]
    assert "Utgivare är inte angiven." in bare
    assert faults(page) == faults(bare) == []


@pytest.mark.parametrize(("links", "linked"), [(("kommun/2480",), True), ((), False)])
def test_a_row_leads_to_a_report_only_where_the_edition_has_it(links, linked):
    cell = code("x", text_html='<p><span data-report="kommun/2480">Umeå</span></p>')
    page = page_of(cell, job=replace(JOB, links=links))
    assert ('<a href="../kommun/2480.html">Umeå</a>' in page) == linked
    assert "data-report" not in page
    assert "Umeå" in page
