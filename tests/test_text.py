"""What a stranger wrote is text: nothing hidden in it reaches a terminal, a page or a file of
figures as it is.
"""

import datetime
import json
import re
import shutil
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import cli
from helpers.cli.terminal import plain_console, print_table
from helpers.cli.terminal import print as say
from helpers.clock import history
from helpers.contracts.marks import MARK, mark_for, write_mark
from helpers.contracts.text import HIDDEN, LAYOUT, LONGEST, cut, quoted, visible
from helpers.errors import DataError
from helpers.make.plan import Frame
from helpers.pages.gate import check_page, faults
from helpers.pages.layout import failed_page
from helpers.present.figures import draw_outcome, render_svg
from helpers.present.page import Shown
from helpers.present.rendering import head_html
from helpers.releases import state
from helpers.report.facts import Fact, as_json
from helpers.report.job import Failure, Job, ReportError
from helpers.sources.files.findings import Finding
from helpers.sources.snapshot import Page, open_snapshot
from tests.present.test_figures import SV, comparison
from tests.publish.samples import read_journal
from tests.publish.test_gate import PAGE
from tests.publish.test_pages import MANIFEST
from tests.test_cli import DATA

HOSTILE = [
    "\0",
    "\x1b[2J\x1b]0;x\x07",
    "\x7f",
    "\x9b31m",
    "\u202e",
    "\u2066",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\U000e0041",
]
ANY = st.text(st.characters() | st.sampled_from("".join(HOSTILE) + "\udce5"), max_size=40)


def test_every_character_that_is_not_seen_is_known():
    unseen = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    every = [chr(number) for number in range(0x110000)]
    assert [
        one for one in every if unicodedata.category(one) in unseen and not HIDDEN.fullmatch(one)
    ] == []
    assert [
        one for one in every if unicodedata.category(one)[0] in "NPS" and HIDDEN.fullmatch(one)
    ] == []


@given(ANY)
def test_what_is_shown_has_nothing_hidden_and_json_keeps_its_values(text):
    assert not HIDDEN.search(visible(text))
    assert not LAYOUT.search(visible(text, layout=True))
    written = visible(json.dumps({"namn": text}, ensure_ascii=False, indent=1), layout=True)
    assert not LAYOUT.search(written)
    assert json.loads(written) == json.loads(json.dumps({"namn": text}))
    assert not HIDDEN.search(quoted(text))
    assert len(cut(text, 9)) <= 9


@pytest.mark.parametrize("hidden", HOSTILE)
def test_every_printer_shows_what_is_hidden(hidden, capsys):
    print_table(f"Scenario {hidden}", [{f"kolumn{hidden}": hidden, "antal": 1}])
    plain_console().print(f"hej {hidden}")
    say(f"hej {hidden}")
    say(f"hej {hidden}", file=sys.stderr)
    told = capsys.readouterr()
    assert not LAYOUT.search(told.out + told.err)
    assert told.out.count(visible(hidden)) == 5


def test_a_message_is_cut_and_json_is_not(capsys):
    say("x" * 10**6, file=sys.stderr)
    say("x" * 10**6)
    told = capsys.readouterr()
    assert (len(told.err), len(told.out)) == (LONGEST, 10**6 + 1)


PLACES = [
    "<p>{}</p>",
    '<p title="{}">A</p>',
    "<!-- {} -->",
    "<p {}>A</p>",
    "<style>/*{}*/</style>",
    '<a href="{}">A</a>',
]


@pytest.mark.parametrize("hidden", HOSTILE)
@pytest.mark.parametrize("place", PLACES)
def test_the_gate_lets_nothing_hidden_through(hidden, place):
    with pytest.raises(ReportError) as error:
        check_page(PAGE.replace("{}", place.replace("{}", hidden)))
    assert "hidden character" in str(error.value)
    assert not HIDDEN.search(str(error.value))


@pytest.mark.parametrize("reference", ["&#8238;", "&#x202e;", "&shy;", "&zwj;", "&rlm;"])
def test_the_gate_reads_references_too(reference):
    assert any("hidden" in fault for fault in faults(PAGE.replace("{}", f"<p>{reference}</p>")))


@pytest.mark.parametrize("hidden", HOSTILE)
def test_a_page_shows_what_is_hidden_and_passes_the_gate(hidden, tmp_path):
    job = Job(
        f"lan/24{hidden}", tmp_path / "x.ipynb", {"sprak": "sv"}, "Län", f"Västerbotten {hidden}"
    )
    page = failed_page(job, Failure("GATE", "the page", hidden), f"Hur {hidden}?", Frame(MANIFEST))
    assert faults(page) == []
    assert visible(hidden) in page


@pytest.mark.parametrize("hidden", HOSTILE)
def test_the_figures_of_a_report_show_what_is_hidden_and_keep_their_values(hidden):
    fact = Fact(
        name=f"a{hidden}",
        value=hidden,
        key={"kommunkod": hidden},
        sources=[hidden],
        origin="official",
    )
    assert not LAYOUT.search(as_json(fact))
    assert Fact.model_validate_json(as_json(fact)) == fact


@pytest.fixture
def copied(tmp_path):
    """A copy of the published tables that a test may spoil."""
    return shutil.copytree(DATA, tmp_path / "data")


def test_titles_names_and_files_of_a_stranger_reach_the_terminal_as_text(copied, tmp_path, capsys):
    hidden = "\x1b[31m\u202e"
    catalogue = copied / "sources.toml"
    escaped = "\\u001b[31m\\u202e"
    catalogue.write_text(
        catalogue.read_text("utf-8").replace('title = "', f'title = "{escaped}'), "utf-8"
    )
    (copied / "scenarios" / "prov.yaml").write_text(
        f'namn: "x{escaped}[/x]"\nlan: AC\n"{escaped}": 1\n', "utf-8"
    )
    file = tmp_path / f"a{hidden}.csv"
    file.write_text(f"{hidden};b\n1;2\n", "utf-8")
    for call in (
        ["sources"],
        ["sources", "--json"],
        ["scenario", "list"],
        ["scenario", "run", "prov"],
    ):
        _ended([*call, "--data", str(copied)])
    for more in ([], ["--json"]):
        _ended(["data", "import", str(file), "--dry-run", "--data", str(copied), *more])
    told = capsys.readouterr()
    assert escaped in told.out
    assert not LAYOUT.search(told.out + told.err)
    assert "Traceback" not in told.err


def _ended(call: list[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(call)


@pytest.mark.parametrize("hidden", HOSTILE)
def test_records_of_runs_and_reports_show_what_is_hidden_and_keep_their_values(hidden, tmp_path):
    run = history.RunRecord(
        started="2026-11-16T06:00:00Z", seconds=1, edition=hidden, exit_code=3, reason=hidden
    )
    history.add_run(tmp_path, run)
    state.append(tmp_path / "journal.jsonl", {"id": hidden, "failure": {"found": hidden}})
    write_mark(tmp_path, mark_for("building").model_copy(update={"reports": (hidden,)}))
    with open_snapshot(tmp_path, "kolada", datetime.date(2026, 1, 2)) as snapshot:
        snapshot.add(("N01986", 2016), f"http://x/{hidden}", [Page(f"http://x/{hidden}", b"{}")])
    for path in tmp_path.rglob("*.json*"):
        assert not LAYOUT.search(path.read_text("utf-8")), path.name
    assert not LAYOUT.search((tmp_path / MARK).read_text("utf-8"))
    if not "\ud800" <= hidden <= "\udfff":
        assert history.read_runs(tmp_path) == ([run], 0)
        assert read_journal(tmp_path / "journal.jsonl")[0]["id"] == hidden


@pytest.mark.parametrize("hidden", HOSTILE)
def test_what_a_notebook_shows_in_jupyterlab_has_nothing_hidden_in_it(hidden):
    bundle = Shown(head_html(hidden), hidden, {})._repr_mimebundle_()
    assert visible(hidden, layout=True) in bundle["text/html"]
    assert bundle["text/plain"] == visible(hidden, layout=True)
    svg = render_svg(
        lambda ax: draw_outcome(comparison([("2480", f"Umeå{hidden}", 1.0, 1, 2, None)]), ax, SV),
        6.4,
        2,
    )
    assert not LAYOUT.search(svg)
    assert visible(hidden) in svg


def test_what_is_told_is_cut_wherever_it_goes():
    long = "x" * 10**6
    told = [
        Finding("kod", long).says,
        Failure("CELL_ERROR", "cell 1", long).found,
        *DataError(long, "kort").problems,
    ]
    assert [len(text) for text in told] == [LONGEST - 1] * 3 + [4]
    assert DataError(f"{long}\nkort").problems[0].endswith("x\nkort")
    assert str(DataError(long)) == cut(long, LONGEST)


SOURCE = Path(__file__).parents[1] / "src" / "helpers"
JSON = re.compile(r"\bjson\.dumps?\(|\bmodel_dump_json\(")
SHOWN = re.compile(
    r"visible\(|state\.write\(|checksum\(|hashlib|ensure_ascii=True"
)  # on the same line
OTHERWISE = {  # nothing of it is seen by anyone, or all of it is ours
    "make/execute.py": "kept in memory",
    "make/keys.py": "for a checksum",
    "releases/contents.py": "for a checksum; the release's own is written by state.write",
    "imports/detailed_child.py": "to a process of ours, and plain ASCII",
    "imports/detailed.py": "to a process of ours",
    "warm/resident.py": "to a process of ours",
    "warm/wire.py": "to a process of ours, of its caller's own notebook",
}


def lines_of(pattern: re.Pattern[str]) -> set[tuple[str, str]]:
    files = {
        path.relative_to(SOURCE).as_posix(): path.read_text("utf-8")
        for path in SOURCE.rglob("*.py")
    }
    return {
        (name, line.strip())
        for name, text in files.items()
        for line in text.splitlines()
        if pattern.search(line)
    }


def test_nothing_else_writes_json_or_makes_html_of_a_text():
    assert {name for name, line in lines_of(JSON) if not SHOWN.search(line)} == OTHERWISE.keys()
    assert {name for name, _ in lines_of(re.compile(r"from html import|(?<!re\.)\bescape\("))} == {
        "contracts/text.py"
    }
