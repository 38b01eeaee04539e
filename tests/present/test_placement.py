"""The section on the placement rule: each case says what holds for it, the supposed is called so,
and figures agree.
"""

import re
from dataclasses import replace

import pandas as pd
import pytest

from helpers.cases.report_scenario import held_before
from helpers.model.redistribution import Refusal
from helpers.model.scenario import Supposed
from helpers.present import figures, open_page, topics
from helpers.present.language import Language
from helpers.present.rendering import sentence
from helpers.present.views import Figure, Fold, Statement
from tests.present.made_scenarios import (
    BASE,
    EVERY,
    FEW,
    OUTCOMES,
    PLAN,
    ROOM,
    SCHOOLS,
    made,
    proposed,
    supposed,
)
from tests.present.reading import boxes, dots, marks, numbers_below, segments, written
from tests.present.test_figures import placed

SV = Language("sv")


def section(workbook, place, one: Supposed, ar: int = 2019):
    return topics.scenarios.supposed_views(place, one, *held_before(workbook, place, ar), ar)


def said(views) -> dict[str, str]:
    whole = [view for one in views for view in (one.views if isinstance(one, Fold) else (one,))]
    return {view.id: sentence(view, SV) for view in whole if isinstance(view, Statement)}


@pytest.mark.parametrize(
    ("kommunkod", "prognos", "says"),
    [
        ("2401", 1500, "Placeringsregeln kan bara ge hela barn, alltså 1–2, beroende på hur långt"),
        # chance alone decides
        ("2403", 1000, "vid prognosen 1\u00a0000. Placeringsregeln kan ge 0–2 barn."),
    ],
)  # fmt: skip
def test_the_answer_says_what_the_rule_can_give_and_what_decides_it(
    workbook, kommunkod, prognos, says
):
    place = workbook.municipality(kommunkod)
    one = supposed(workbook, replace(BASE, prognos=prognos))
    assert says in said(section(workbook, place, one))["svar_placering"]


def test_the_sequence_from_2016_is_told_as_a_condition(workbook):
    text = said(section(workbook, workbook.county("AC"), supposed(workbook, BASE)))[
        "placering_sedan_2016"
    ]
    assert text == (
        "Om de 4\u00a0479 ensamkommande barn som kom från 2016 till och med 2018 alla hade placerats enligt regeln, "
        "med samma andelstal, ger regeln 69 barn."
    )


def test_a_supposed_start_is_told_apart_from_rounding_and_attachment(workbook):
    one = supposed(workbook, replace(BASE, attachment=0.2, placed={"2480": 40}))
    text = said(section(workbook, workbook.county("AC"), one))
    assert "Med den start som scenariot antar ger placeringsregeln" in text["svar_placering"]
    assert "placering_sedan_2016" not in text
    assert "av att regeln jämnar ut det som placerats tidigare" in text["placering_delar"]
    assert "antar att 20,0\u00a0% av barnen placeras så" in text["regel_anknytning"]


def test_a_share_handed_over_whole_brings_no_child(workbook):
    one = supposed(workbook, replace(BASE, plan=PLAN))
    text = said(section(workbook, workbook.municipality("2401"), one))
    assert text["svar_placering"].startswith("Nordmaling har andelstalet noll")
    assert "placering_intervall" not in text
    assert (
        "från 1,14 till 0,00\u00a0‰ och det förväntade antalet från 2,6 till 0,0 barn"
        in text["plan_mening"]
    )


def test_too_few_forecasts_give_no_interval_and_the_figure_no_lines(workbook):
    views = section(workbook, workbook.county("AC"), supposed(workbook, BASE, bare=True))
    text = said(views)
    assert text["placering_intervall"].startswith("Något intervall går inte att räkna")
    assert "fallen" not in text
    figure = next(view for view in views if isinstance(view, Figure))
    assert "half_low" not in [column.name for column in figure.table.columns]


def test_an_interval_says_on_what_record_it_rests(workbook):
    one = supposed(workbook, BASE)
    text = said(section(workbook, workbook.county("AC"), one))["placering_underlag"]
    ratios = one.result.ratios
    own = int((ratios["matt"] == "ensamkommande").sum())
    assert f"{len(ratios)} prognoser för 10 andra år: {own} för ensamkommande barn" in text
    assert f"{len(ratios) - own} för alla asylsökande" in text
    assert text.endswith("i 9 fall av 11.")


def test_forecasts_of_three_years_alone_have_a_record_of_three(workbook):
    one = supposed(workbook, BASE, few=True)
    text = said(section(workbook, workbook.county("AC"), one))["placering_underlag"]
    assert "5 prognoser för 3 andra år" in text
    assert text.endswith("i 2 fall av 4.")


def test_the_countys_whole_numbers_stand_beside_what_the_rule_gives_from_every_start(workbook):
    one = supposed(workbook, replace(BASE, ar=2018, prognos=1500, arrived=3535))
    county = said(section(workbook, workbook.county("AC"), one))["regel_hela_barn"]
    inside, every = one.result.within
    assert county.startswith("Länets intervall i hela barn är 40–53 barn.")
    assert "40–53 barn just vad den kan ge" in county
    assert 0.99 < inside / every < 1
    assert "regel_hela_barn" not in said(section(workbook, workbook.municipality("2480"), one))


def test_outcomes_that_a_scenario_supposes_are_called_supposed(workbook):
    text = said(
        section(
            workbook, workbook.county("AC"), supposed(workbook, replace(BASE, outcomes=OUTCOMES))
        )
    )
    assert "3 antal barn till Sverige som scenariot antar" in text["placering_intervall"]


def test_the_countys_interval_is_its_own_and_no_sum(workbook):
    one = supposed(workbook, BASE)
    views = section(workbook, workbook.county("AC"), one)
    table = next(view for view in views if isinstance(view, Figure)).table
    assert tuple(table.total[name] for name in one.result.total._fields) == one.result.total
    assert (table.total["placed_low"], table.total["placed_high"]) == one.result.placed == (66, 81)
    assert "inte summan av kommunernas" in table.note


def test_a_scenario_heads_its_section_and_is_named_in_every_caption(workbook):
    one = supposed(workbook, replace(BASE, plan=PLAN, capacity=FEW))
    views = section(workbook, workbook.county("AC"), one)
    assert views[0].id == "scenario_namn"
    assert (views[1].text, views[1].quoted) == ("2", True)
    drawn = [view for view in views if isinstance(view, Figure)]
    assert [view.id for view in drawn] == ["placering_figur", "plan_figur", "platser_figur"]
    assert all(view.caption.startswith("Scenario {scenario}") for view in drawn)


def test_a_refused_plan_gives_its_reasons_and_nothing_computed(workbook):
    one = Supposed(
        name="1", refused=(Refusal("too_much", "2401", 2.0, 1.14),), names={"2401": "Nordmaling"}
    )
    views = section(workbook, workbook.county("AC"), one)
    assert [view.id for view in views] == ["scenario_namn", "plan_avslag", "plan_avslag_0"]
    assert (
        sentence(views[2], SV)
        == "Nordmaling kan inte lämna över 2\u00a0‰: bara 1,14\u00a0‰ finns kvar."
    )


def test_places_that_do_not_suffice_name_the_municipality_and_unknown_ones_are_counted(workbook):
    one = supposed(workbook, replace(BASE, capacity=FEW))
    text = said(section(workbook, workbook.county("AC"), one))
    assert text["platser_mening"].endswith("1 av dem kan få fler barn än platser: Umeå.")
    assert text["platser_okanda"].startswith("För 14 kommuner")
    own = said(section(workbook, workbook.municipality("2480"), one))
    assert own["platser_mening"].endswith("överskrider platserna från prognosen 251.")


def test_places_are_only_missed_where_a_file_could_have_told_them(workbook):
    place, one = workbook.county("AC"), supposed(workbook, BASE)
    assert (
        said(section(workbook, place, one))["platser_saknas"]
        == "Uppgifter om platser saknas i underlaget."
    )
    assert "platser_saknas" not in said(section(workbook, place, replace(one, name="")))
    assert (
        "kända i 1 av länets kommuner, och ingen av dem"
        in said(section(workbook, place, supposed(workbook, replace(BASE, capacity=ROOM))))[
            "platser_mening"
        ]
    )


def test_a_county_without_shares_has_one_line_and_no_pile_of_gaps(workbook):
    views = section(workbook, workbook.county("O"), Supposed(), 2018)
    assert [view.id for view in views] == ["placering"]


def test_a_fold_holds_what_it_hides_and_counts_it(workbook):
    page = open_page("prov", None, None, "sv", workbook.catalogue)
    shown = page.show(*section(workbook, workbook.county("AC"), supposed(workbook, BASE)))
    assert '<details class="fold" id="sa_raknat"><summary>Så är det räknat</summary>' in shown.html
    assert {"type": "table", "id": "kvoter_ensamkommande"} in shown.record["items"]
    assert page.end().record["expected"]["tables"] == sum(
        item["type"] == "table" for item in shown.record["items"]
    )


def test_a_quoted_note_stands_as_written_and_is_marked_as_swedish(workbook):
    page = open_page("prov", None, None, "en", workbook.catalogue)
    shown = page.show(Statement("x", "Antaget {av} oss.", tone="note", quoted=True))
    assert shown.html == '<p class="note" id="x" lang="sv">Antaget {av} oss.</p>'


def drawn(draw, frame: pd.DataFrame, **how):
    return figures.compose(lambda ax: draw(frame, ax, SV, **how), 6.4, 6).axes[0]


def test_the_rule_is_marked_at_its_ends_and_the_line_ends_where_the_cases_do(workbook):
    table = made(workbook, replace(BASE, prognos=1500)).table
    ax = drawn(figures.draw_placement, table)
    assert dots(ax)[:, 0].sum() == table[["placed_low", "placed_high"]].sum().sum()
    ends = segments(ax)[:, :, 0].tolist()
    for row in table.to_dict("records"):
        assert [row["low"], row["high"]] in ends
        assert [row["placed_low"], row["placed_high"]] in ends


def test_a_small_municipality_has_room_beside_a_large_one():
    ax = drawn(figures.draw_placement, placed(4000))
    left, right = (ax.transData.transform((x, 0))[0] for x in (0, 20))
    assert (right - left) / ax.bbox.width > 0.05
    assert numbers_below(ax) == [0, 50, 200, 500, 1000, 2000]


def test_a_plan_is_drawn_from_ring_to_dot(workbook):
    ax = drawn(figures.draw_plan, made(workbook, replace(BASE, plan=PLAN)).table, highlight="2401")
    rings, after = (found[:, 0] for found in marks(ax))
    assert (rings[0], after[0]) == (1.14, 0.0)
    assert rings.sum() == pytest.approx(after.sum())


def test_unknown_places_have_no_bar_and_say_so(workbook):
    table = made(workbook, replace(BASE, capacity=FEW)).table
    ax = drawn(figures.draw_capacity, table)
    assert written(ax).count("uppgift saknas") == 14
    assert max(box.x + box.wide for box in boxes(ax)) == 3


@pytest.mark.parametrize("draw", [figures.draw_placement, figures.draw_plan, figures.draw_capacity])
def test_a_frame_without_rows_becomes_one_empty_slot(draw):
    assert written(drawn(draw, placed().iloc[:0])) == ["uppgift saknas"]


def test_a_proposal_says_why_what_moves_and_what_it_rests_on(workbook):
    """Nordmaling: 1,14 ‰ × 2 300 = 2,6 children against 1 place; 0,71 ‰ is the least that must
    go.
    """
    one = proposed(workbook, {"2401": 1, "2480": 40}, "2480")
    text = said(section(workbook, workbook.county("AC"), one))
    assert text["forslag_skal_2401"] == "Nordmaling skulle vänta 2,6 barn men har plats för 1."
    assert text["forslag_0"] == "Förslag: Nordmaling lämnar 0,71\u00a0‰ till Umeå."
    assert text["forslag_fullast"].endswith(
        "Nordmaling, som skulle vänta 1,0 barn och har plats för 1."
    )
    assert "inte ett beslut" in text["forslag_grund"]
    assert "forslag_0" in said(section(workbook, workbook.municipality("2480"), one))
    assert "forslag_grund" not in said(section(workbook, workbook.municipality("2482"), one))


def test_where_no_plan_exists_the_proposal_names_what_stands_in_the_way(workbook):
    text = said(
        section(workbook, workbook.county("AC"), proposed(workbook, {"2401": 1, "2480": 40}))
    )
    assert "ingen omfördelning" in text["forslag"]
    assert text["forslag_hinder_agreements"] == "För få kommuner har gått med på att ta emot."


def test_places_that_suffice_need_no_move(workbook):
    text = said(section(workbook, workbook.county("AC"), proposed(workbook, {"2480": 40}, "2480")))
    assert "inget andelstal behöver flyttas" in text["forslag"]


def test_every_entry_of_the_capacity_is_listed_as_told_and_the_unknown_says_so(workbook):
    views = section(
        workbook, workbook.county("AC"), supposed(workbook, replace(BASE, capacity=EVERY))
    )
    fold = next(view for view in views if view.id == "kapacitet_uppgifter")
    page = (
        open_page("lansrapport", workbook.county("AC"), 2019, "sv", workbook.catalogue)
        .show(fold)
        .html
    )
    rows = re.findall(r"<tr><th scope=.row.>(.*?)</th>(.*?)</tr>", page)
    cells = [[name, *re.findall(r"<td[^>]*>(.*?)</td>", rest)] for name, rest in rows]
    assert cells == [
        ["Umeå", "Platser i hem", "uppgift saknas", "2019-01-01", "Socialtjänsten"],
        ["Umeå", "Bostäder", "9", "2019-01-01", "Socialtjänsten"],
        ["Umeå", "Skolplatser", "20", "2019-01-01", "Socialtjänsten"],
        ["Umeå", "Personal", "3", "2019-01-01", "Socialtjänsten"],
    ]
    assert "ingen norm att jämföra dem med" in page


def test_school_places_are_set_against_the_children(workbook):
    """The rule gives Umeå 28 of 2 300 children at most, and it has 20 school places: 8 can be
    lacking.
    """
    county, umea = workbook.county("AC"), workbook.municipality("2480")
    few, enough = (supposed(workbook, replace(BASE, capacity=one)) for one in (EVERY, SCHOOLS))
    assert said(section(workbook, umea, few))["skolplatser_mening"].endswith(
        "har 20, och 8 kan saknas om varje barn ska få en."
    )
    told = said(section(workbook, county, few))["skolplatser_mening"]
    assert "och de kan bli för få om varje barn ska få en: Umeå." in told
    assert "och räcker där" in said(section(workbook, county, enough))["skolplatser_mening"]
    assert "har 100, och de räcker" in said(section(workbook, umea, enough))["skolplatser_mening"]
    assert "skolplatser_mening" not in said(section(workbook, workbook.municipality("2401"), few))


def test_the_places_sentence_stands_as_before_beside_school_places(workbook):
    capacity = pd.concat([FEW, EVERY[EVERY["slag"] == "skolplatser"]])
    text = said(
        section(
            workbook, workbook.county("AC"), supposed(workbook, replace(BASE, capacity=capacity))
        )
    )
    assert text["platser_mening"].startswith(
        "Platserna är kända i 1 av länets kommuner, och 1 av dem kan få fler"
    )
    assert "kapacitet_ovrigt" not in text


def test_a_scenario_without_capacity_lists_none(workbook):
    assert "kapacitet_behov" not in said(
        section(workbook, workbook.county("AC"), supposed(workbook, BASE))
    )
