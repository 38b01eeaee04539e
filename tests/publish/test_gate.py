"""The page gate lets a sound page through and refuses each thing a page must not be."""

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.pages import gate
from helpers.pages.gate import CSP, check_page, faults, shown
from helpers.report.job import ReportError

PAGE = (
    '<!DOCTYPE html><html lang="sv"><head><meta charset="utf-8">'
    f'<meta http-equiv="Content-Security-Policy" content="{CSP}"><title>Läget</title></head>'
    "<body><h1>Läget</h1>{}</body></html>"
)


DRAWN = (
    "<div role='img' aria-label='En linje'><svg class='wide' viewBox='0 0 9 9' aria-hidden='true'>"
    "<defs><clipPath id='b'><path d='M0 0h9'/></clipPath></defs><g {}><text x='1' y='1'>A</text>"
    "</g></svg></div>"
)


def test_a_sound_page_passes():
    image = '<img alt="En linje" src="data:image/svg+xml,x">' + DRAWN.format("fill='#fff'")
    body = f'<h2 id="a">A</h2><h3>B</h3><h2>C</h2><a href="../index.html">Upp</a>{image}'
    assert faults(PAGE.replace("{}", body)) == []


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<ScRiPt src=x></script>",
        '<p onclick="x()">A</p>',
        "<img src=x alt=y onerror=x()>",
        '<svg onload="x()"></svg>',
        "<div role='img'></div>",
        2 * DRAWN.format(""),
        *map(
            DRAWN.format, ("onload='x()'", "fill='url(//example.org/a)'", "href='//example.org/'")
        ),
        '<a href="https://example.org/">A</a>',
        '<a href="//example.org/">A</a>',
        '<a href="/etc/passwd">A</a>',
        '<a href="java&#115;cript:x()">A</a>',
        '<a href="data:text/html,x">A</a>',
        '<img alt="A" src="http://example.org/a.png">',
        '<img alt="A" srcset="https://example.org/a.png 2x">',
        '<img src="data:image/gif;base64,R0" alt="">',
        '<img src="data:image/gif;base64,R0">',
        '<p style="background:url(https://example.org/a)">A</p>',
        "<style>@import 'https://example.org/a.css';</style>",
        "<style>p { background: url( //example.org/a ) }</style>",
        "<style></td>@import 'https://example.org/a.css';</style>",
        '<style><td class="num">p { background: url(//example.org/a) }</style>',
        '<td class="num" onclick="x()">1</td>',
        "<p a=<td>1</td><script>x()</script>",
        '<span class="a" style="background:url(//example.org/a)">1</span>',
        '<iframe src="a.html"></iframe>',
        '<base href="x">',
        '<form action="x"></form>',
        '<link rel="stylesheet" href="a.css">',
        '<meta http-equiv="refresh" content="0; url=x">',
        "<h1>Två</h1>",
        "<h3>Hoppar</h3>",
        '<p id="a">A</p><p id="a">B</p>',
    ],
)
def test_a_page_that_breaks_one_demand_is_refused(body):
    assert len(faults(PAGE.replace("{}", body))) >= 1


@pytest.mark.parametrize("part", [' lang="sv"', CSP, "Läget</title>", "<h1>Läget</h1>"])
def test_a_page_without_a_needed_part_is_refused(part):
    kept = "</title>" if part.endswith("</title>") else ""
    assert len(faults(PAGE.replace("{}", "").replace(part, kept))) == 1


def test_markup_that_was_escaped_is_only_text():
    assert (
        faults(PAGE.replace("{}", "<p>&lt;script src=https://example.org onerror=x&gt;</p>")) == []
    )


def test_a_page_over_two_megabytes_is_too_big():
    with pytest.raises(ReportError, match=r"TOO_BIG.*2\.0 MB"):
        check_page(PAGE.replace("{}", "x" * 2_000_000))


def test_every_fault_is_told_at_once():
    with pytest.raises(ReportError, match=r"GATE.*<script>.*onclick.*2 h1"):
        check_page(PAGE.replace("{}", "<script></script><p onclick=x>A</p><h1>B</h1>"))


def test_what_a_page_shows_is_counted_as_present_marks_it():
    body = (
        '<p class="answer" id="a">A</p><p class="plain" id="b">B</p><p class="note" id="c">C</p>'
        '<p class="gap" id="d">D</p><table id="tab-e"></table><p class="note">Under tabellen</p>'
        '<figure class="fig" id="fig-f"><details><table id="tab-f"></table></details></figure>'
        '<table id="om"></table>'
    )
    assert shown(PAGE.replace("{}", body)) == {
        "statements": 3,
        "tables": 1,
        "figures": 1,
        "gaps": 1,
    }


PIECES = (
    "<td>", "</td>", '<td class="num">', '<th scope="row">', "</th>", "<span>", "</span>", "<div class='a'>", "<div",
    ">", '"', "'", "=", "<p a=", "<!--", "-->", "<style>", "</style>", "@import 'a'", "url(//a.se)", "<title>", "<",
    "</title>", "<script>", "</script>", "<textarea>", ' onclick="x()"', ' href="//a.se"', "text", " ", "&lt;",
    '<h2 id="a">', "<![CDATA[", "]]>",
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_passing_over_bare_tags_hides_nothing_that_a_whole_reading_finds(pieces):
    class Whole(gate._Page):
        def _passed(self, i: int) -> int:
            return 0

    html = PAGE.replace("{}", "".join(pieces))
    slow, fast = Whole(), gate._Page()
    for reading in (slow, fast):
        reading.feed(html)
        reading.close()
    assert [getattr(fast, field.name) for field in fields(gate._Page)] == [
        getattr(slow, field.name) for field in fields(gate._Page)
    ]
