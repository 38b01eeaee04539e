"""The section on the placement rule: each case says what holds for it, the supposed is called so, and figures agree."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from helpers.model.redistribution import Refusal
from helpers.model.supposed import Supposed
from helpers.present import figures, open_page, topics
from helpers.present.html import sentence
from helpers.present.language import Language
from helpers.present.views import Figure, Fold, Statement
from helpers.tables.supposing import held_before
from tests.present.made_scenarios import BASE, FEW, OUTCOMES, PLAN, ROOM, made, supposed
from tests.present.test_figures import placed

SV = Language("sv")


def section(workbook, place, one: Supposed, ar: int = 2019):
    return topics.supposed.supposed_views(place, one, *held_before(workbook, place, ar), ar)


def said(views) -> dict[str, str]:
    whole = [view for one in views for view in (one.views if isinstance(one, Fold) else (one,))]
    return {view.id: sentence(view, SV) for view in whole if isinstance(view, Statement)}


@pytest.mark.parametrize(
    ("kommunkod", "prognos", "says"),
    [
        ("2401", 1500, "skulle ge 2: 0,3 fler, eftersom varje påbörjat barn avrundas uppåt."),
        ("2480", 1500, "skulle ge 17: 1,0 färre, eftersom regeln avrundar uppåt för små andelstal"),
        ("2482", 1500, "vid prognosen 1\u00a0500, och placeringsregeln skulle ge lika många: 9."),
    ],
)  # fmt: skip
def test_the_answer_says_how_many_more_or_fewer_and_why(workbook, kommunkod, prognos, says):
    place = workbook.municipality(kommunkod)
    assert says in said(section(workbook, place, supposed(workbook, replace(BASE, prognos=prognos))))["svar_placering"]


def test_what_was_placed_before_and_attachment_are_told_apart_from_rounding(workbook):
    one = supposed(workbook, replace(BASE, attachment=0.2, placed={"2480": 40}))
    text = said(section(workbook, workbook.county("AC"), one))
    assert "eftersom" not in text["svar_placering"]
    assert "av att regeln jämnar ut det som placerats tidigare" in text["placering_delar"]
    assert "antar att 20,0\u00a0% av barnen placeras så" in text["regel_anknytning"]


def test_a_share_handed_over_whole_brings_no_child(workbook):
    one = supposed(workbook, replace(BASE, plan=PLAN))
    text = said(section(workbook, workbook.municipality("2401"), one))
    assert text["svar_placering"].startswith("Nordmaling har andelstalet noll")
    assert "placering_intervall" not in text
    assert "från 1,14 till 0,00\u00a0‰ och det förväntade antalet från 2,6 till 0,0 barn" in text["plan_mening"]


def test_too_few_forecasts_give_no_interval_and_the_figure_no_lines(workbook):
    views = section(workbook, workbook.county("AC"), supposed(workbook, BASE, bare=True))
    text = said(views)
    assert text["placering_intervall"].startswith("Något intervall går inte att räkna")
    assert "dragningar" not in text
    figure = next(view for view in views if isinstance(view, Figure))
    assert "middle" not in [column.name for column in figure.table.columns]


def test_forecasts_of_both_kinds_drawn_together_are_told(workbook):
    one = supposed(workbook, replace(BASE, horizon="year_ahead"))
    assert "gjorts året före" in said(section(workbook, workbook.county("AC"), one))["placering_sammanslagna"]


def test_outcomes_that_a_scenario_supposes_are_called_supposed(workbook):
    text = said(section(workbook, workbook.county("AC"), supposed(workbook, replace(BASE, outcomes=OUTCOMES))))
    assert "3 antal barn i Sverige som scenariot antar" in text["placering_intervall"]


def test_the_countys_interval_is_its_own_and_no_sum(workbook):
    one = supposed(workbook, BASE)
    views = section(workbook, workbook.county("AC"), one)
    table = next(view for view in views if isinstance(view, Figure)).table
    assert tuple(table.total[name] for name in ("low", "middle", "high")) == one.result.total
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
    one = Supposed(name="1", refused=(Refusal("too_much", "2401", 2.0, 1.14),), names={"2401": "Nordmaling"})
    views = section(workbook, workbook.county("AC"), one)
    assert [view.id for view in views] == ["scenario_namn", "plan_avslag", "plan_avslag_0"]
    assert sentence(views[2], SV) == "Nordmaling kan inte lämna över 2\u00a0‰: bara 1,14\u00a0‰ finns kvar."


def test_places_that_do_not_suffice_name_the_municipality_and_unknown_ones_are_counted(workbook):
    one = supposed(workbook, replace(BASE, capacity=FEW))
    load = int(one.result.table.set_index("kommunkod")["placed"]["2480"])
    text = said(section(workbook, workbook.county("AC"), one))
    assert text["platser_mening"].endswith(f"{load - 3} fler sammanlagt: Umeå.")
    assert text["platser_okanda"].startswith("För 14 kommuner")
    own = said(section(workbook, workbook.municipality("2480"), one))
    assert own["platser_mening"].endswith("överskrider platserna från prognosen 251.")


def test_places_are_only_missed_where_a_file_could_have_told_them(workbook):
    place, one = workbook.county("AC"), supposed(workbook, BASE)
    assert said(section(workbook, place, one))["platser_saknas"] == "Uppgifter om platser saknas i underlaget."
    assert "platser_saknas" not in said(section(workbook, place, replace(one, name="")))
    assert (
        "kända i 1 av länets kommuner, och ingen av dem"
        in said(section(workbook, place, supposed(workbook, replace(BASE, capacity=ROOM))))["platser_mening"]
    )


def test_a_county_without_shares_has_one_line_and_no_pile_of_gaps(workbook):
    views = section(workbook, workbook.county("O"), Supposed(), 2018)
    assert [view.id for view in views] == ["placering"]


def test_a_fold_holds_what_it_hides_and_counts_it(workbook):
    page = open_page("prov", None, None, "sv", workbook.catalogue)
    shown = page.show(*section(workbook, workbook.county("AC"), supposed(workbook, BASE)))
    assert '<details class="fold" id="sa_raknat"><summary>Så är det räknat</summary>' in shown.html
    assert {"type": "table", "id": "kvoter"} in shown.record["items"]
    assert page.end().record["expected"]["tables"] == sum(item["type"] == "table" for item in shown.record["items"])


def test_a_quoted_note_stands_as_written_and_is_marked_as_swedish(workbook):
    page = open_page("prov", None, None, "en", workbook.catalogue)
    shown = page.show(Statement("x", "Antaget {av} oss.", tone="note", quoted=True))
    assert shown.html == '<p class="note" id="x" lang="sv">Antaget {av} oss.</p>'


def drawn(draw, frame: pd.DataFrame, **how):
    return figures.compose(lambda ax: draw(frame, ax, SV, **how), 6.4, 6).axes[0]


def test_the_rule_is_marked_at_its_whole_children_and_the_line_ends_where_the_draws_do(workbook):
    table = made(workbook, replace(BASE, prognos=1500)).table
    ax = drawn(figures.draw_placement, table)
    marks = next(one for one in ax.collections if isinstance(one, PathCollection))
    assert np.asarray(marks.get_offsets())[:, 0].sum() == 52
    lines = np.concatenate([one.get_segments() for one in ax.collections if not isinstance(one, PathCollection)])
    ends = lines[:, :, 0].tolist()
    for row in table.to_dict("records"):
        assert [row["low"], row["high"]] in ends


def test_a_small_municipality_has_room_beside_a_large_one():
    ax = drawn(figures.draw_placement, placed(4000))
    left, right = (ax.transData.transform((x, 0))[0] for x in (0, 20))
    assert (right - left) / ax.bbox.width > 0.05
    assert ax.get_xticks().tolist() == [0, 50, 200, 500, 1000, 2000]


def test_a_plan_is_drawn_from_ring_to_dot(workbook):
    ax = drawn(figures.draw_plan, made(workbook, replace(BASE, plan=PLAN)).table, highlight="2401")
    rings, dots = (np.asarray(one.get_offsets())[:, 0] for one in ax.collections if isinstance(one, PathCollection))
    assert (rings[0], dots[0]) == (1.14, 0.0)
    assert rings.sum() == pytest.approx(dots.sum())


def test_unknown_places_have_no_bar_and_say_so(workbook):
    table = made(workbook, replace(BASE, capacity=FEW)).table
    ax = drawn(figures.draw_capacity, table)
    assert [text.get_text() for text in ax.texts].count("uppgift saknas") == 14
    bars = next(patch for patch in ax.patches if patch.get_gid() == "boxes").get_path().vertices
    assert bars[:, 0].max() == 3


@pytest.mark.parametrize("draw", [figures.draw_placement, figures.draw_plan, figures.draw_capacity])
def test_a_frame_without_rows_becomes_one_empty_slot(draw):
    assert [text.get_text() for text in drawn(draw, placed().iloc[:0]).texts] == ["uppgift saknas"]
