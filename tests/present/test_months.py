"""What a reader sees of months: words, bars, hatches and slots, from made-up tables; and sources
cited in full.
"""

import pandas as pd
import pytest

from helpers.model.forecasts import Forecast
from helpers.model.monthly import latest_year
from helpers.present import figures, open_page, style, topics
from helpers.present.language import Language
from helpers.present.rendering import sentence
from helpers.present.topics.difference import rests_on
from helpers.present.views import Figure, Table
from tests.present.months import HIDDEN, TABLE, made_months, made_sums
from tests.present.reading import boxes, clashes, outside, written
from tests.present.test_figures import Marked

SV = Language("sv")
SPRING = [20, HIDDEN, 8, 0, HIDDEN]


def cells(kod, ar, antal):
    return [(kod, ar, month, count) for month, count in enumerate(antal, 1)]


def views_of(workbook, rows, kod="2480", sums=()):
    place = workbook.municipality(kod) if len(kod) == 4 else workbook.county(kod)
    return topics.months.month_views(
        place, latest_year(made_months(rows), made_sums(sums), place, 2018)
    )


def said(views):
    return [sentence(view, SV) for view in views if not isinstance(view, Figure)]


def figure_of(views) -> Figure:
    return next(view for view in views if isinstance(view, Figure))


def drawn(view: Figure, words: Language = SV):
    return figures.compose(lambda ax: view.draw(ax, words), *view.size)


def test_a_place_without_months_shows_nothing_and_rests_on_no_assumption_about_them(workbook):
    assert views_of(workbook, []) == ()
    assert topics.months.assumptions(None) == ()


@pytest.mark.parametrize(
    ("before", "end"),
    [
        ([20, 20], ", 6 färre än samma månader 2025."),
        ([10, 20], ", 4 fler än samma månader 2025."),
        ([14, 20], ", lika många som samma månader 2025."),
        ([14, HIDDEN], "."),
        ([14], "."),
        ([], "."),
    ],
)
def test_the_year_so_far_is_compared_with_the_same_months_where_both_are_whole(
    workbook, before, end
):
    rows = [*cells("2480", 2026, [30, 4]), *cells("2480", 2025, before)]
    assert said(views_of(workbook, rows)) == [
        f"Till och med februari 2026 har 34 nyanlända tagits emot i Umeå{end}"
    ]


def test_hidden_months_give_an_interval(workbook):
    (words,) = said(views_of(workbook, cells("2480", 2026, SPRING)))
    assert words.startswith(
        "Till och med maj 2026 har minst 28 och högst 38 nyanlända tagits emot i Umeå;"
    )
    assert words.endswith("källan döljer tal under sex (A14).")


def test_an_unknown_month_is_named_and_no_sum_is_given(workbook):
    (words,) = said(views_of(workbook, [("2480", 2026, 2, 4), ("2480", 2026, 4, 4)]))
    assert words.endswith(
        "till och med april 2026 är inte känt: uppgift saknas för januari och mars."
    )


def test_those_in_a_municipality_not_known_are_told_as_the_nations(workbook):
    rows = [*cells("2480", 2026, [7, 8]), *cells(None, 2026, [12, 3])]
    assert (
        "ingår 15 personer i okänd kommun; de är inte fördelade"
        in said(views_of(workbook, rows))[1]
    )
    rows = [*cells("2480", 2026, [7, 8]), *cells(None, 2026, [12, HIDDEN])]
    assert (
        "ingår minst 12 och högst 17 personer i okänd kommun" in said(views_of(workbook, rows))[1]
    )


def test_the_nations_printed_sum_is_said_exactly_and_marked_as_published(workbook):
    place = workbook.country
    rows = [(kod, 2026, 1, HIDDEN) for kod in place.kommunkoder]
    monthly = latest_year(made_months(rows), made_sums([("00", 2026, 1, 734)]), place, 2018)
    views = topics.months.month_views(place, monthly)
    assert said(views) == ["Till och med januari 2026 har 734 nyanlända tagits emot i riket."]
    assert figure_of(views).table.columns[1].published


def test_the_table_says_fewer_than_six_for_hidden_and_missing_for_unknown(workbook):
    page = open_page("prov", None, None, "sv", workbook.catalogue)
    shown = page.show(*views_of(workbook, cells("2480", 2026, [20, HIDDEN, None, 0])))
    assert '<th scope="row">februari</th><td class="num">färre än 6</td>' in shown.html
    assert '<th scope="row">mars</th><td class="num missing">uppgift saknas</td>' in shown.html
    assert '<th scope="row">april</th><td class="num">0</td>' in shown.html
    facts = {
        fact["key"]["manad"]: fact
        for fact in shown.record["facts"]
        if fact["name"] == "manader.antal"
    }
    assert [facts[month]["value"] for month in "1234"] == [20, "färre än 6", None, 0]
    assert {fact["origin"] for fact in facts.values()} == {"official"}
    assert page.sources == (TABLE,)


def test_a_countys_hidden_cells_are_an_interval_that_we_computed(workbook):
    kommunkoder = workbook.county("AC").kommunkoder
    rows = [(kod, 2026, 1, HIDDEN if number < 2 else 10) for number, kod in enumerate(kommunkoder)]
    page = open_page("prov", None, None, "sv", workbook.catalogue)
    shown = page.show(*views_of(workbook, rows, "AC"))
    assert '<th scope="row">januari</th><td class="num">130–140</td>' in shown.html
    assert {fact["origin"] for fact in shown.record["facts"]} == {"computed"}


def test_hidden_is_hatched_from_nought_to_five_and_unknown_is_an_empty_slot(workbook):
    figure = drawn(figure_of(views_of(workbook, cells("2480", 2026, [20, HIDDEN, None, 0]))))
    bars = boxes(figure.axes[0])
    assert [bar.tall for bar in bars if not bar.hatched] == [20, 0, 0]
    assert [(bar.y, bar.tall) for bar in bars if bar.hatched] == [(0, 5)]
    assert written(figure).count("saknas") == 1
    assert {"20", "dold", "0", "dolda uppgifter"} <= set(written(figure))


def test_nothing_is_drawn_after_the_latest_month_but_the_year_before(workbook):
    rows = [*cells("2480", 2026, [20, 9]), *cells("2480", 2025, range(10, 22))]
    figure = drawn(figure_of(views_of(workbook, rows)))
    heights: dict[str, list[float]] = {}
    for bar in boxes(figure.axes[0]):
        heights.setdefault(bar.colour, []).append(bar.tall)
    assert heights == {style.RECEIVED: [20, 9], style.WHITE: list(range(10, 22))}
    assert "saknas" not in written(figure)


def gallery(workbook):
    kommunkoder = workbook.county("AC").kommunkoder
    many = [
        (kod, ar, month, HIDDEN if number < 2 else 10 + month)
        for number, kod in enumerate(kommunkoder)
        for ar, last in ((2025, 12), (2026, 9))
        for month in range(1, last + 1)
    ]
    return [
        (cells("2480", 2026, SPRING), "2480"),
        (
            [
                *cells("2480", 2026, [20, HIDDEN, None, 0]),
                *cells("2480", 2025, [HIDDEN, 30, 4, None] * 3),
            ],
            "2480",
        ),
        (cells("2480", 2026, [1234] * 12), "2480"),
        (cells("2480", 2026, [0]), "2480"),
        (many, "AC"),
    ]


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("words", [SV, Language("en")], ids=["sv", "en"])
def test_every_word_in_the_drawing_stands_whole_and_apart(workbook, number, words):
    view = figure_of(views_of(workbook, *gallery(workbook)[number]))
    svg = figures.render_svg(lambda ax: view.draw(ax, words), *view.size)
    assert (outside(svg), clashes(svg)) == ([], [])


def test_no_word_in_the_drawing_escapes_translation(workbook):
    figure = drawn(figure_of(views_of(workbook, *gallery(workbook)[1])), Marked())
    assert {
        word for word in written(figure) if any(map(str.isalpha, word)) and not word.startswith("<")
    } == set()


def test_the_drawing_is_lean(workbook):
    for rows, kod in gallery(workbook):
        view = figure_of(views_of(workbook, rows, kod))
        assert (
            len(figures.render_svg(lambda ax, view=view: view.draw(ax, SV), *view.size).encode())
            < 12_000
        )


def test_shares_from_two_tables_are_both_cited():
    rows = pd.DataFrame(
        {
            "kommunkod": ["2480", "0428"],
            "kommun": ["Umeå", "Vadstena"],
            "andelstal": [2.0, 2.0],
            "expected": [3.0, 3.0],
            "expected_low": [3, 3],
            "expected_high": [3, 3],
            "utfall": pd.array([3, 2], "Int64"),
            "difference": [0.0, -1.0],
            "verdict": ["within", "fewer"],
            "tabell": ["andelstal_2018_ac", "andelstal_2018_e"],
        }
    )
    forecast = Forecast(2018, 1500)
    shown = {"plats": "x", "ar": "2018", "hamtat": ""}
    table: Table = topics.expectation._outcome_table(rows, None, rests_on(rows, forecast), shown)
    cited = {column.name: column.sources for column in table.columns if column.published}
    assert cited == dict.fromkeys(
        ("andelstal", "utfall"), ("andelstal_2018_ac", "andelstal_2018_e")
    )
    assert table.sources == ("andelstal_2018_ac", "andelstal_2018_e")
