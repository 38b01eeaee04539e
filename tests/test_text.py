"""What a stranger wrote is text: nothing hidden in it reaches a terminal, a page or a file of figures as it is."""

import json
import shutil
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers import cli
from helpers.cli.saying import print as say
from helpers.cli.terminal import plain_console, print_table
from helpers.contracts.text import HIDDEN, LAYOUT, LONGEST, cut, quoted, visible
from helpers.publish.facts import Fact, as_json
from helpers.publish.gate import check_page, faults
from helpers.publish.jobs import Failure, Job, ReportError
from helpers.publish.pages import failed_page
from helpers.publish.setting import Frame
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
    assert [one for one in every if unicodedata.category(one) in unseen and not HIDDEN.fullmatch(one)] == []
    assert [one for one in every if unicodedata.category(one)[0] in "NPS" and HIDDEN.fullmatch(one)] == []


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
    job = Job(f"lan/24{hidden}", tmp_path / "x.ipynb", {"sprak": "sv"}, "Län", f"Västerbotten {hidden}")
    page = failed_page(job, Failure("GATE", "the page", hidden), f"Hur {hidden}?", Frame(MANIFEST))
    assert faults(page) == []
    assert visible(hidden) in page


@pytest.mark.parametrize("hidden", HOSTILE)
def test_the_figures_of_a_report_show_what_is_hidden_and_keep_their_values(hidden):
    fact = Fact(name=f"a{hidden}", value=hidden, key={"kommunkod": hidden}, sources=[hidden], origin="official")
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
    catalogue.write_text(catalogue.read_text("utf-8").replace('title = "', f'title = "{escaped}'), "utf-8")
    (copied / "scenarios" / "prov.yaml").write_text(f'namn: "x{escaped}[/x]"\nlan: AC\n"{escaped}": 1\n', "utf-8")
    file = tmp_path / f"a{hidden}.csv"
    file.write_text(f"{hidden};b\n1;2\n", "utf-8")
    for call in (["sources"], ["sources", "--json"], ["scenario", "list"], ["scenario", "run", "prov"]):
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
