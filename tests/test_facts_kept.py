"""Nothing that a reader could find has been lost: each figure that a report states stands on one of
its pages, and what an earlier state of the reports said and the present does not is listed with the
reason.
"""

import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from helpers.report.job import pages_of
from tests.house import web

EARLIER = tomllib.loads((Path(__file__).parent / "house" / "earlier_facts.toml").read_text("utf-8"))
REPORTS = {  # a report of each kind, and by which kind it is listed
    **{"lan/24": "lan", "lan/05": "lan", "lan/01": "lan"},
    **{"kommun/2480": "kommun", "kommun/2418": "kommun"},
    **{f"oversikt/{name}": name for name in ("kallor", "mottagande", "scenarier")},
    **{f"oversikt/{name}": name for name in ("utfall", "riket")},
}


def _facts(edition: Path, report: str) -> list[dict]:
    return json.loads((edition / f"{report}.json").read_text("utf-8"))["facts"]


@cache
def _pages(edition: Path, report: str) -> tuple[str, set[str]]:
    """All words of a report's pages without blanks, and the ids that stand on them."""
    files = [edition / f"{page}.html" for page in pages_of(report)]
    there = [path for path in files if path.is_file()]
    text = "".join(re.sub(r"<[^>]*>", "", path.read_text("utf-8")) for path in there)
    ids = set().union(*(web.anchors(path.resolve()).ids for path in there))
    return _plain(text), ids


def _plain(text: str) -> str:
    return re.sub(r"[\s\u2060]|&nbsp;", "", text).replace("−", "-").replace("&#39;", "'")


def unsaid(facts: list[dict], text: str, ids: set[str]) -> list[str]:
    """Figures whose view stands on none of the pages, or whose number is not in their words."""
    lost = []
    for fact in facts:
        view, shown = fact["name"].partition(".")[0], _plain(fact.get("shown") or "")
        if not {view, f"tab-{view}"} & ids or shown not in text:
            lost.append(f"{fact['name']} = {fact.get('shown')}")
    return lost


@pytest.mark.parametrize("report", REPORTS)
def test_every_figure_that_a_report_states_stands_on_its_pages(report, edition):
    assert unsaid(_facts(edition, report), *_pages(edition, report)) == []


def test_a_figure_that_stands_nowhere_is_found():
    facts = [{"name": "svar.antal", "shown": "1\u00a0164"}, {"name": "borta.antal", "shown": "7"}]
    assert unsaid(facts, "togemot1164nyanlända7", {"svar"}) == ["borta.antal = 7"]
    assert unsaid(facts[:1], "togemot1165nyanlända", {"svar"}) == ["svar.antal = 1\u00a0164"]


def names(facts: list[dict]) -> set[str]:
    """What a report states, by name."""
    return {fact["name"] for fact in facts}


@pytest.mark.parametrize("kind", sorted(set(REPORTS.values())))
def test_what_an_earlier_state_said_is_said_or_listed_with_its_reason(kind, edition):
    reports = [report for report, own in REPORTS.items() if own == kind]
    now = set().union(*(names(_facts(edition, report)) for report in reports))
    removed = {
        name: why for why, listed in EARLIER["removed"].get(kind, {}).items() for name in listed
    }
    assert lost(EARLIER["said"][kind], now, removed) == []
    assert sorted(now & removed.keys()) == [], "listed as removed, but said"
    assert all(len(why.split()) > 3 for why in removed.values())


def lost(earlier: list[str], now: set[str], removed: dict[str, str]) -> list[str]:
    """Names that were said, are no more, and are not listed."""
    return [name for name in earlier if name not in now and name not in removed]


def test_a_figure_that_is_dropped_in_silence_is_found():
    assert lost(["a.x", "b.y", "c.z"], {"a.x"}, {"b.y": "Stands in another report."}) == ["c.z"]
