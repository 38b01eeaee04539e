"""No shown precision that a figure does not have: percentages by their persons, whole people, parts
that add up.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.model.shares import compare_scenarios, scenario_totals
from helpers.present import page
from helpers.present.figures.spread import draw_composition
from helpers.present.language import NO_PERSONS, PARTS, Language
from helpers.present.rendering import cell_text
from helpers.present.tabular import table_html
from helpers.present.views import Column, Fact, Figure, Fold, Statement, Table, View
from tests.present.collecting import NOTEBOOKS, Met, drawer, noting, run

SV = Language("sv")
PERCENT = ("%", "procentenheter")
PEOPLE = ("barn", "hela barn", "personer", "invånare")
# share × forecast and what is reckoned from it: a product is the subject, and has a decimal
PRODUCTS = re.compile(
    r"expected|distance|difference|forecast_error|placement_departure|rounding|catch_up|attached"
    r"|^(low|high|children|quota|hamilton|adams|jefferson|webster|value)$"
)
REPORTS = [
    (
        "10_lansrapport",
        {"lan": "AC", "ar": 2018, "prognos_ekb": None, "prognoser_ekb": [1500, 2300, 2500]},
    ),
    (
        "11_kommunrapport",
        {"kommunkod": "2403", "ar": 2018, "prognos_ekb": None, "prognoser_ekb": [1500]},
    ),
    (
        "11_kommunrapport",
        {"kommunkod": "2418", "ar": 2018, "prognos_ekb": None, "prognoser_ekb": [1500]},
    ),
    ("12_riket", {"ar": 2018}),
    ("01_kallor", {}),
]


@pytest.fixture(scope="module")
def views(workbook) -> list[View]:
    """Every view of several places' reports, figures' tables and folded views among them."""
    seen: list[View] = []
    show, paths = page.Page.show, {path.stem: path for path in NOTEBOOKS}

    def noted(self: page.Page, *shown: View, **how: Any) -> page.Shown:
        seen.extend(unfolded(shown))
        return show(self, *shown, **how)

    with noting(met := Met(), workbook), pytest.MonkeyPatch.context() as patch:
        patch.setattr(page.Page, "show", noted)
        patch.setattr(page, "render_svg", lambda *_, **__: "<svg/>")
        for name, chosen in REPORTS:
            run(paths[name], chosen, met)
    return seen


def unfolded(shown: Iterable[View]) -> Iterator[View]:
    for view in shown:
        if isinstance(view, Fold):
            yield from unfolded(view.views)
        else:
            yield view
            if isinstance(view, Figure):
                yield view.table


def figures(view: View) -> Iterator[tuple[str, str, float | None, object, str]]:
    """Each figure of a view: name, unit, what a percentage is of, value, and how it is shown."""
    if isinstance(view, Table):
        rows = [*view.frame.to_dict("records"), *([view.total] if view.total is not None else [])]
        for column in view.columns[1:]:
            for row in rows:
                if pd.notna(value := row.get(column.name)) and not isinstance(value, str):
                    of = row[column.of] if isinstance(column.of, str) else column.of
                    yield column.name, column.unit, of, value, cell_text(column, row, SV)
    else:
        told = view.values.items()
        facts = [
            (name, one)
            for name, value in told
            for one in (value if isinstance(value, list) else [value])
        ]
        for name, fact in facts:
            if (
                isinstance(fact, Fact)
                and fact.value is not None
                and not isinstance(fact.value, str)
            ):
                yield name, fact.unit, fact.of, fact.value, fact.shown(SV)


def too_precise(view: View) -> list[str]:
    """Percentages of a view that say more than the persons they rest on, or that name no persons at
    all.
    """
    texts = (
        [view.text]
        if isinstance(view, Statement)
        else [view.caption, view.alt]
        if isinstance(view, Figure)
        else []
    )
    worded = {name for text in texts for name in re.findall(r"\{(\w+)\} ?(?:%|procent\b)", text)}
    found = []
    for name, unit, of, value, shown in figures(view):
        if unit not in PERCENT and name not in worded:
            continue
        counted, decimals = re.fullmatch(r"[+−]?\d+ av \d+", shown), "," in shown
        if of is None:
            found.append(f"{view.id}.{name}: {value} % rests on nobody knows whom")
        elif (of < 20 and not counted) or (20 <= of < 100 and decimals) or (of >= 20 and counted):
            found.append(f"{view.id}.{name}: {shown} of {of} persons")
    return found


def parts_of_people(view: View) -> list[str]:
    """Whole numbers of people in a view that are shown with decimals."""
    return [
        f"{view.id}.{name}: {shown}"
        for name, unit, _, value, shown in figures(view)
        if unit in PEOPLE and "," in shown and not PRODUCTS.search(re.sub(r"_\d+$", "", name))
    ] + [
        f"{view.id}.{name}: {shown}"
        for name, _, _, value, shown in figures(view)
        if isinstance(value, int) and "," in shown
    ]


def test_no_percentage_says_more_than_its_persons_allow(views):
    assert [line for view in views for line in too_precise(view)] == []


def test_the_views_hold_percentages_of_many_and_of_few(views):
    bases = {
        of
        for view in views
        for _, unit, of, _, _ in figures(view)
        if unit == "%" and of is not None
    }
    assert any(of < 20 for of in bases)
    assert any(20 <= of < 100 for of in bases)
    assert any(100 <= of < NO_PERSONS for of in bases)


def test_people_are_whole(views):
    assert [line for view in views for line in parts_of_people(view)] == []


def small(name: str, unit: str, *values: float, total: dict[str, object] | None = None) -> Table:
    """A table of one column of figures with one decimal."""
    frame = pd.DataFrame({"kommun": list("abc")[: len(values)], name: values})
    return Table("t", "", frame, [Column("kommun", ""), Column(name, "", unit, 1)], (), total=total)


def test_the_outcome_among_the_steps_is_whole_people(views):
    """37 children came; the steps to them are products and have a decimal."""
    split = next(view for view in views if isinstance(view, Table) and view.id == "delning")
    rows = {
        row["role"]: cell_text(split.columns[1], row, SV) for row in split.frame.to_dict("records")
    }
    assert (rows["utfall"], rows["expected"]) == ("37", "46,9")


SEEDED = [
    (too_precise, Statement("a", "{andel}", {"andel": Fact(38.7, "%", decimals=1)})),
    (too_precise, Statement("a", "{andel} procent", {"andel": Fact(38.7, decimals=1)})),
    (too_precise, small("andel", "%", 20.0)),
    (parts_of_people, Statement("a", "{utfall}", {"utfall": Fact(37.0, "barn", decimals=1)})),
    (parts_of_people, small("utfall", "barn", 37.0)),
]


@pytest.mark.parametrize(("rule", "view"), SEEDED)
def test_a_seeded_violation_is_found(rule, view):
    assert rule(view)


def test_a_decimal_of_few_persons_is_found(monkeypatch):
    """Were the rule by persons taken away, fifteen persons would have 20,0 %."""
    view = Statement("a", "{andel}", {"andel": Fact(20.0, "%", decimals=1, of=15)})
    assert too_precise(view) == []
    monkeypatch.setattr(
        "helpers.present.views.percent_text", lambda value, *_, **__: SV.number(value, 1)
    )
    assert too_precise(view)


@pytest.mark.parametrize(
    ("part", "of", "shown"),
    [
        (3, 15, "3 av 15"),
        (19, 19, "19 av 19"),
        (7, 20, "35 %"),
        (1, 99, "1 %"),
        (387, 1000, "38,7 %"),
    ],
)
def test_a_percentage_has_the_precision_of_its_persons(part, of, shown):
    assert Fact(100 * part / of, "%", decimals=1, of=of).shown(SV).replace("\u00a0", " ") == shown


def test_the_composition_figure_writes_persons_where_they_are_few():
    counts = {"Få": [3, 12, 0, 0, 0], "Många": [300, 700, 0, 0, 0]}
    kinds = ["kvotflykting", "anlaggningsboende", "eget_boende", "anhoriga", "ovriga"]
    rows = [
        (unit, kind, count)
        for unit, own in counts.items()
        for kind, count in zip(kinds, own, strict=True)
    ]
    frame = pd.DataFrame(rows, columns=["unit", "kategori", "antal"])
    whole = frame.groupby("unit")["antal"].transform("sum")
    frame = frame.assign(label=frame["kategori"], share=frame["antal"] / whole)
    met = Met()
    drawer(met)(lambda ax: draw_composition(frame, ax, SV), 6.4, 3.0)
    assert {"3 av 15", "12 av 15", "30\u00a0%", "70\u00a0%"} <= met.drawn
    assert "20\u00a0%" not in met.drawn


def number(text: str) -> Decimal:
    """A number as a reader reads it."""
    return Decimal(text.replace("\u00a0", "").replace("−", "-").replace(",", "."))


def note_is_right(view: Table) -> bool:
    """Whether the note stands exactly where the foot, as shown, is not the sum of the cells as
    shown.
    """
    rows, wrong = view.frame.to_dict("records"), False
    for column in view.columns[1:]:
        whole = (view.total or {}).get(column.name)
        if column.decimals and not column.high and pd.notna(whole):
            exact = sum(Decimal(str(row[column.name])) for row in rows) == Decimal(str(whole))
            parts, foot = (
                (number(cell_text(column, row, SV)) for row in rows),
                cell_text(column, view.total, SV),
            )
            wrong |= exact and sum(parts) != number(foot)
    return wrong == (PARTS in table_html(view, SV, "", ""))


COUNTY = st.lists(st.integers(1, 2000), min_size=1, max_size=25)


@settings(max_examples=25, deadline=None)
@given(COUNTY, st.integers(500, 3000))
def test_where_shown_parts_do_not_add_up_a_note_says_so(hundredths, forecast):
    names = [str(2401 + at) for at in range(len(hundredths))]
    shares = pd.DataFrame(
        {"kommunkod": names, "kommun": names, "andelstal": [one / 100 for one in hundredths]}
    )
    scenarios = compare_scenarios(shares, [forecast])
    columns = [
        Column("kommun", "Kommun"),
        Column("andelstal", "", "‰", 2),
        Column("expected", "", "barn", 1),
    ]
    total = scenario_totals(scenarios).iloc[0].to_dict()
    assert note_is_right(Table("t", "", scenarios, columns, (), key=("kommunkod",), total=total))


def noted(*values: float) -> bool:
    """Whether the note stands under three parts and a foot of 0,42."""
    return PARTS in table_html(
        small("expected", "barn", *values, total={"expected": 0.42}), SV, "", ""
    )


def test_the_note_stands_where_it_is_needed_and_nowhere_else():
    assert noted(0.14, 0.14, 0.14)  # 0,1 + 0,1 + 0,1, but 0,4
    assert not noted(0.1, 0.1, 0.22)
    assert not noted(0.1, 0.1, 0.1)  # a foot that is no sum of its rows


def test_the_rows_of_a_split_are_noted_too():
    frame = pd.DataFrame({"kommun": ["a"], "whole": [0.28], "one": [0.14], "other": [0.14]})
    columns = [
        Column("kommun", ""),
        *(Column(name, "", "barn", 1) for name in ("whole", "one", "other")),
    ]
    assert PARTS in table_html(
        Table("t", "", frame, columns, (), adds=("whole", "one", "other")), SV, "", ""
    )


def test_every_shown_tables_note_is_right(views):
    tables = [
        view
        for view in views
        if isinstance(view, Table) and view.total is not None and not view.adds
    ]
    assert tables
    assert [view.id for view in tables if not note_is_right(view)] == []
