"""What changed between two editions: found figure for figure, told in words, on a page that keeps
the rules.
"""

import json
from pathlib import Path

import pytest

from helpers import cli
from helpers.cli.compare import what_changed
from helpers.editions.parameters import TERMS
from helpers.make.run import publish
from helpers.pages.changes import SHOWN, address_of, make_changes, note_of, noted, with_note
from helpers.pages.gate import faults
from helpers.releases.compare import Comparison, changed_facts, compare
from helpers.releases.store import Releases
from helpers.report.facts import Fact, ReportDocument, as_json
from helpers.report.manifest import Frame, Input, Manifest
from tests.house import web
from tests.publish.samples import (
    ANSWER,
    ANSWER_HTML,
    WHOLE,
    contents,
    display,
    options_of,
    plan_of,
    write_job,
)

SHARE = {"name": "utfall.andelstal", "unit": "‰", "label": "Utfall: Andelstal", "about": "Umeå"}
CHILDREN = {"name": "utfall.total", "unit": "barn", "label": "Länet tog emot … barn."}


def fact(value, kod: str = "2480", **more) -> Fact:
    return Fact(**{**SHARE, "value": value, "key": {"kommunkod": kod}, **more})


def manifest(**given) -> Manifest:
    inputs = [
        Input(
            id="prov",
            path="prov.csv",
            sha256=given.pop("sha256", "0" * 64),
            title="Provverket: Prov",
        )
    ]
    made = {
        "edition": "Prov",
        "parameters": {"ar": 2018},
        "code_version": "1",
        "inputs": inputs,
        "packages": {},
    }
    return Manifest(**{**made, **given})


def edition(
    folder: Path, reports: dict[str, list[Fact] | None], of: Manifest | None = None, **parameters
) -> Path:
    """Write an html folder: a page per report, its figures beside it unless it failed (None)."""
    for name, facts in reports.items():
        page = folder / f"{name}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text("<p>", "utf-8")
        if facts is not None:
            page.with_suffix(".json").write_text(
                as_json(_document(name, facts, parameters)), "utf-8"
            )
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").write_text(as_json(of or manifest()), "utf-8")
    return folder


def _document(name: str, facts: list[Fact], parameters: dict) -> ReportDocument:
    return ReportDocument(
        report=name,
        title=f"Prov {name}",
        question="Hur är läget?",
        answer="",
        language="sv",
        parameters={"ar": 2018, **parameters},
        facts=facts,
        sources={},
        code_version="1",
        notebook="prov.ipynb",
    )


def page_of(found: Comparison, language: str = "sv") -> str:
    return make_changes("Provutgåva", language, found, Frame(manifest(), terms=TERMS))


def test_the_page_shows_a_figure_as_its_reports_do(tmp_path):
    """A percentage of fifteen persons is told in persons in the report, and so it is where it
    changed.
    """
    old = edition(tmp_path / "old", {"lan/24": [fact(20.0, shown="3 av 15")]})
    new = edition(tmp_path / "new", {"lan/24": [fact(26.666666667, shown="4 av 15")]})
    page = page_of(compare(old, new))
    assert "3 av 15" in page
    assert "4 av 15" in page
    assert "6,667" not in page


def test_a_step_is_no_finer_than_the_figures_it_leads_between(tmp_path):
    old = edition(
        tmp_path / "old",
        {"lan/24": [fact(4.322, shown="4,3"), fact(38.7, "2403", shown="38,7\u00a0%")]},
    )
    new = edition(
        tmp_path / "new",
        {"lan/24": [fact(4.3221, shown="4,3"), fact(39.26, "2403", shown="39,3\u00a0%")]},
    )
    page = page_of(compare(old, new))
    assert ">0,0<" not in page
    assert ">+0,6<" in page


def test_a_figure_that_moves_by_less_than_is_shown_has_not_changed(tmp_path):
    """4,322 that becomes 4,3221 is 4,3 to every reader, so nothing is told of it."""
    old = edition(tmp_path / "old", {"lan/24": [fact(4.322, shown="4,3")]})
    new = edition(
        tmp_path / "new", {"lan/24": [fact(4.3221, shown="4,3")]}, manifest(sha256="1" * 64)
    )
    found = compare(old, new)
    assert (found.figures, [report.outcome for report in found.reports]) == (0, ["same"])
    page = page_of(found)
    assert "4,3" not in page
    assert "<table" not in page.partition("<footer")[0]
    assert "Inget tal i rapporterna har ändrats av det." in page


CAUSES = {
    "data": {"sha256": "1" * 64},
    "method": {"method": "2" * 64},
    "code": {"code_version": "2"},
}


@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("moved", [True, False])
def test_what_has_changed_is_told_under_its_own_cause(cause, moved, tmp_path):
    old = edition(
        tmp_path / "old", {"lan/24": [fact(1, sources=["prov"])]}, manifest(method="1" * 64)
    )
    of = manifest(**{"method": "1" * 64, **CAUSES[cause]})
    new = edition(tmp_path / "new", {"lan/24": [fact(2 if moved else 1, sources=["prov"])]}, of)
    found = compare(old, new)
    assert found.causes == [cause]
    page = page_of(found)
    assert [name for name in CAUSES if f'<h2 id="{name}">' in page] == [cause]
    assert (f'id="{cause}-lan-24"' in page) is moved
    assert ("Inget tal i rapporterna har ändrats av det." in page) is not moved
    assert address_of(found, "lan/24") == (f"andringar.html#{cause}-lan-24" if moved else "")
    assert address_of(found, "lan/05") == ""


WHY = {
    "data": "efter ändringar i källorna",
    "method": "efter ändrad metod",
    "code": "efter ändrat program",
}


@pytest.mark.parametrize("cause", CAUSES)
def test_a_changed_report_says_so_itself_in_one_line(cause, tmp_path):
    before = {"lan/24": [fact(1, sources=["prov"])], "lan/05": [fact(1)]}
    old = edition(tmp_path / "old", before, manifest(method="1" * 64))
    of = manifest(**{"method": "1" * 64, **CAUSES[cause]})
    after = {"lan/24": [fact(2, sources=["prov"])], "lan/05": [fact(1)]}
    found = compare(old, edition(tmp_path / "new", after, of))
    line = note_of(found, "lan/24", "sv")
    assert f"Ändrat sedan förra utgåvan: 1 uppgift, {WHY[cause]}. " in line
    assert "1 → 2." in line
    assert f'<a href="../andringar.html#{cause}-lan-24">' in line
    assert note_of(found, "lan/05", "sv") == ""
    page = "<header><h1>AC</h1></header><main></main>"
    said = with_note(page, line)
    assert noted(said)
    assert with_note(said, line) == said
    assert with_note(said, "") == page


def test_figures_of_one_report_are_told_each_under_its_cause(tmp_path):
    """A table and the rules change at once: only what rests on the table is changed by it."""
    old = edition(
        tmp_path / "old",
        {"lan/24": [fact(1, sources=["prov"]), fact(1, "2401", sources=["annan"])]},
        manifest(method="1" * 64),
    )
    new = edition(
        tmp_path / "new",
        {"lan/24": [fact(2, sources=["prov"]), fact(3, "2401", sources=["annan"])]},
        manifest(method="2" * 64, sha256="1" * 64),
    )
    found = compare(old, new)
    told = {cause: [one.new for one in found.caused_by(cause)[0].facts] for cause in found.causes}
    assert told == {"data": [2], "method": [3]}
    assert faults(page_of(found)) == []
    assert address_of(found, "lan/24") == "andringar.html#data-lan-24"


@pytest.fixture
def changed(tmp_path) -> Comparison:
    """One figure changed, one new, one gone, one now unknown; one report the same, one new, one
    gone, one failed.
    """
    before = [fact(11.97), fact(3, "2401"), fact(4, "2403"), Fact(**CHILDREN, value=1500)]
    after = [fact(12.5), fact(5, "2404"), fact(None, "2403"), Fact(**CHILDREN, value=1500)]
    same = [fact(1)]
    old = edition(
        tmp_path / "old", {"lan/24": before, "lan/05": same, "lan/01": same, "kommun/2480": same}
    )
    reports = {"lan/24": after, "lan/05": same, "lan/03": same, "kommun/2480": None}
    return compare(old, edition(tmp_path / "new", reports, manifest(sha256="1" * 64)))


def test_two_editions_of_the_same_have_no_differences(tmp_path):
    reports = {"lan/24": [fact(11.97), fact(None, "2401")]}
    found = compare(edition(tmp_path / "old", reports), edition(tmp_path / "new", reports))
    assert found.nothing
    assert "Inget har ändrats" in page_of(found)
    assert what_changed(found) == (
        "Compared with the edition before: nothing changed; 1 report is the same, figure for figure."
    )


def test_every_changed_new_and_lost_figure_is_found_and_no_other(changed):
    (report,) = changed.of("changed")
    found = [(one.kind, one.key.get("kommunkod"), one.old, one.new) for one in report.facts]
    assert found == [
        ("changed", "2480", 11.97, 12.5),
        ("added", "2404", None, 5),
        ("changed", "2403", 4, None),
        ("removed", "2401", 3, None),
    ]


def test_the_unknown_and_the_zero_are_two_things():
    assert changed_facts([fact(None)], [fact(None)]) == []
    assert [(one.old, one.new) for one in changed_facts([fact(None)], [fact(0)])] == [(None, 0)]


def test_the_same_figure_in_another_unit_is_another_figure():
    kinds = [one.kind for one in changed_facts([fact(11.97)], [fact(11.97, unit="%")])]
    assert kinds == ["added", "removed"]


def test_a_new_label_is_no_changed_figure():
    assert changed_facts([fact(1, label="Förr")], [fact(1, label="Nu")]) == []


def test_reports_that_come_go_or_fail_are_told(changed):
    outcomes = {report.id: report.outcome for report in changed.reports}
    assert outcomes == {
        "lan/24": "changed",
        "lan/05": "same",
        "lan/01": "removed",
        "lan/03": "added",
        "kommun/2480": "failed",
    }


def test_changed_inputs_and_code_are_told(tmp_path):
    other = Input(id="ny", path="ny.csv", sha256="2" * 64)
    old = edition(tmp_path / "old", {"lan/24": [fact(1)]})
    changed_table = Input(id="prov", path="prov.csv", sha256="1" * 64)
    new = edition(
        tmp_path / "new",
        {"lan/24": [fact(1)]},
        manifest(inputs=[changed_table, other], code_version="2"),
    )
    found = compare(old, new)
    assert [(one.kind, one.id) for one in found.inputs] == [("added", "ny"), ("changed", "prov")]
    assert [(one.kind, one.id) for one in compare(new, old).inputs] == [
        ("removed", "ny"),
        ("changed", "prov"),
    ]
    assert found.code_changed
    assert not found.nothing
    assert "Inga siffror har ändrats" in page_of(found)
    assert (
        "2 tables changed (ny added, prov changed); the code or its packages changed; 0 figures"
        in what_changed(found)
    )


def test_reports_made_with_other_choices_are_not_compared_and_it_is_said(tmp_path):
    old = edition(tmp_path / "old", {"lan/24": [fact(1)]})
    choices = manifest(parameters={"ar": 2018, "sprak": "en"})
    found = compare(old, edition(tmp_path / "new", {"lan/24": [fact(2)]}, choices, sprak="en"))
    assert (found.choices, found.figures) == (["sprak"], 0)
    assert "Förra utgåvan gjordes med andra val (Språk)" in page_of(found)
    assert "other choices (sprak)" in what_changed(found)
    assert "1 made with other choices" in what_changed(found)


def test_a_wider_edition_still_compares_the_reports_that_both_have(tmp_path):
    old = edition(tmp_path / "old", {"lan/24": [fact(1)]})
    wider = manifest(parameters={"ar": 2018, "kommuner": "alla"})
    found = compare(
        old, edition(tmp_path / "new", {"lan/24": [fact(2)], "kommun/2480": [fact(1)]}, wider)
    )
    assert found.figures == 1
    assert "Utgåvans val är andra än förra gången: Kommuner." in page_of(found)


@pytest.mark.parametrize("spoilt", ["", "{", '{"schema": "another"}'])
def test_an_earlier_report_that_cannot_be_read_stops_nothing(tmp_path, spoilt):
    old = edition(tmp_path / "old", {"lan/24": [fact(1)]})
    (old / "lan/24.json").write_text(spoilt, "utf-8")
    found = compare(old, edition(tmp_path / "new", {"lan/24": [fact(1)]}))
    assert [report.outcome for report in found.reports] == ["was_failed"]
    assert "Fanns inte att läsa i förra utgåvan" in page_of(found)


@pytest.mark.parametrize("manifest_text", [None, "{", "[]"])
def test_without_an_earlier_edition_it_is_said(tmp_path, manifest_text):
    old = tmp_path / "old"
    if manifest_text is not None:
        old.mkdir()
        (old / "manifest.json").write_text(manifest_text, "utf-8")
    found = compare(old, edition(tmp_path / "new", {"lan/24": [fact(1)]}))
    assert not found.earlier
    assert "Det finns ingen tidigare utgåva" in page_of(found)
    assert what_changed(found) == "There was no earlier edition here to compare with."


def test_the_page_shows_swedish_numbers_the_unknown_and_no_code_names(changed):
    page = page_of(changed)
    assert "4 uppgifter i 1 rapport har ändrats. Lika, siffra för siffra: 1 rapport." in page
    row = '<th scope="row">Utfall: Andelstal (‰)</th><td>Umeå</td><td class="num">11,97</td><td class="num">12,5</td>'
    assert f'{row}<td class="num">+0,53</td>' in page
    assert ">uppgift saknas<" in page
    assert ">fanns inte<" in page
    assert ">finns inte<" in page
    assert "utfall.andelstal" not in page
    assert "Provverket: Prov" in page


def test_an_english_edition_tells_its_changes_in_english(changed):
    page = page_of(changed, "en")
    assert '<html lang="en"' in page
    assert "4 figures in 1 report changed. The same, figure for figure: 1 report." in page
    assert ">+0.53<" in page
    assert "Ändring" not in page


def test_a_report_with_many_changes_is_cut_off_with_a_word(tmp_path):
    old = edition(tmp_path / "old", {"lan/24": [fact(1, str(kod)) for kod in range(1000, 1100)]})
    found = compare(
        old, edition(tmp_path / "new", {"lan/24": [fact(2, str(kod)) for kod in range(1000, 1100)]})
    )
    page = page_of(found)
    assert page.count(">+1<") == SHOWN
    assert f"Här visas {SHOWN} av rapportens 100 ändringar" in page


def test_a_page_of_every_municipality_changed_passes_the_gate(tmp_path):
    long = "Kommunen tog emot … personer. " * 10
    names = [f"kommun/{kod}" for kod in range(1000, 1311)]
    old = edition(
        tmp_path / "old", {name: [fact(1, str(n), label=long) for n in range(60)] for name in names}
    )
    new = edition(
        tmp_path / "new", {name: [fact(2, str(n), label=long) for n in range(60)] for name in names}
    )
    page = page_of(compare(old, new))
    assert faults(page) == []
    assert len(page.encode("utf-8")) < 2_000_000


def test_markup_in_a_label_is_shown_as_text(tmp_path):
    label = "<script>1</script>"
    old = edition(tmp_path / "old", {"lan/24": [fact(1, label=label)]})
    page = page_of(
        compare(old, edition(tmp_path / "new", {"lan/24": [fact("<b>2</b>", label=label)]}))
    )
    assert faults(page) == []
    assert "&lt;script&gt;" in page
    assert "&lt;b&gt;2" in page


def test_comparing_twice_gives_the_same_text(tmp_path, changed):
    assert as_json(compare(tmp_path / "old", tmp_path / "new")) == as_json(changed)
    assert page_of(changed) == page_of(changed)


def _command(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        cli.main(["compare", *arguments])
    said = capsys.readouterr()
    return end.value.code or 0, said.out, said.err


def test_the_command_tells_each_figure_old_and_new(changed, tmp_path, capsys):
    code, out, _ = _command(capsys, str(tmp_path / "old"), str(tmp_path / "new"))
    assert code == 0
    assert "4 figures in 1 report changed; 1 report is the same" in out.splitlines()[0]
    for line in (
        "lan/24: Prov lan/24 – Hur är läget?",
        "  utfall.andelstal (Umeå): 11.97 → 12.5 ‰",
        "  utfall.andelstal (Umeå): 4 → unknown ‰",
        "  utfall.andelstal (Umeå): gone, was 3 ‰",
        "kommun/2480: failed this time",
        "lan/01: gone",
    ):
        assert line in out.splitlines()


def test_the_command_prints_the_whole_comparison_as_json(changed, tmp_path, capsys):
    code, out, _ = _command(capsys, str(tmp_path / "old"), str(tmp_path / "new"), "--json")
    assert (code, json.loads(out)) == (0, changed.model_dump())


def test_folders_without_an_edition_are_named_all_at_once(tmp_path, capsys):
    code, _, err = _command(capsys, str(tmp_path), str(tmp_path / "borta"))
    assert code == 2
    assert f"{tmp_path}: holds no edition" in err
    assert f"{tmp_path / 'borta'}: holds no edition" in err


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """A sound and a failing report; then the first states another figure and the second is
    whole.
    """
    folder = tmp_path_factory.mktemp("twice")
    sound, broken = (
        write_job(folder, name, cells) for name, cells in (("a", WHOLE), ("b", WHOLE[:2]))
    )
    publish(plan_of(folder, sound, broken), options_of(folder, engine="warm"))
    other = {**ANSWER, "facts": [{**ANSWER["facts"][0], "value": 38}]}
    write_job(folder, "a", [WHOLE[0], display(other, ANSWER_HTML), *WHOLE[2:]])
    write_job(folder, "b", WHOLE)
    found = publish(plan_of(folder, sound, broken), options_of(folder, engine="warm")).changes
    return found, contents(folder / "reports")


def test_a_run_compares_with_the_edition_it_replaces(twice):
    found, files = twice
    assert {report.id: report.outcome for report in found.reports} == {
        "prov/a": "changed",
        "prov/b": "was_failed",
    }
    assert [(one.old, one.new) for report in found.reports for one in report.facts] == [(37, 38)]
    assert json.loads(files["html/andringar.json"]) == found.model_dump()
    assert b'<a href="andringar.html">' in files["html/index.html"]
    assert b'id="andrat">' in files["html/prov/a.html"]
    assert b'id="andrat">' not in files["html/prov/b.html"]


def _stating(value: int) -> list[str]:
    """A whole report that states a figure."""
    other = {**ANSWER, "facts": [{**ANSWER["facts"][0], "value": value}]}
    return [WHOLE[0], display(other, ANSWER_HTML), *WHOLE[2:]]


def test_a_line_of_what_changed_is_gone_with_the_next_edition_and_nothing_is_made_for_it(tmp_path):
    """The report that stands is not made again, and the release before keeps its line."""
    page, made = tmp_path / "reports" / "html" / "prov" / "a.html", []
    told, kept = [], []
    for first, second in ((37, 37), (38, 37), (38, 39)):
        jobs = write_job(tmp_path, "a", _stating(first)), write_job(tmp_path, "b", _stating(second))
        made.append(publish(plan_of(tmp_path, *jobs), options_of(tmp_path, engine="warm")).made)
        told.append(noted(page.read_text("utf-8")))
        kept.append(page.resolve())
    assert made == [["prov/a", "prov/b"], ["prov/a"], ["prov/b"]]
    assert told == [False, True, False]
    assert [noted(path.read_text("utf-8")) for path in kept] == told
    assert Releases(tmp_path / "reports").damaged == []


@pytest.mark.browser
def test_the_page_keeps_the_rules_of_every_page(changed, browser, tmp_path):
    with web.served(tmp_path) as address:
        for language in ("sv", "en"):
            (tmp_path / f"{language}.html").write_text(page_of(changed, language), "utf-8")
            assert (
                web.broken(web.read_page(browser, f"{address}/{language}.html", axe_on_phone=True))
                == {}
            )
