"""The workbench's widgets over their one state: what is picked, what is refused and where it is said."""

from dataclasses import replace

import pytest

from helpers.model.redistribution import Move, PlanError, Refusal
from helpers.present import open_page
from helpers.present.explorer import Explorer, read_compared
from helpers.present.explorer_desk import DeskError, Made
from helpers.present.explorer_state import FIRST_YEAR, HIGHEST, LAST_YEAR, Choice, read_number
from helpers.present.language import Language
from helpers.tables.scenario_file import ScenarioFile
from helpers.workbench import Desk

START = Choice("AC", 2019, 1500, (1500, 2300))
NORDMALING, UMEA, SKELLEFTEA = "2401", "2480", "2482"


class Recording(Desk):
    """The workbook's own answers; a save and a report are noted, or refused with what a test sets."""

    def __init__(self, data):
        super().__init__(data)
        self.saves, self.refusal, self.told = [], None, None

    def save(self, choice, replace=False):
        if self.refusal:
            raise self.refusal
        self.saves.append((choice, replace))
        return "data/scenarios/prov.yaml"

    def render(self, choice, sprak, told):
        self.rendered, self.told = (choice, sprak), told


@pytest.fixture(scope="module")
def page(workbook):
    return open_page("scenarier", workbook.county("AC"), 2019, "sv", workbook.catalogue)


@pytest.fixture
def desk(workbook):
    return Recording(workbook)


@pytest.fixture
def explorer(workbook, page, desk):
    return Explorer(page, workbook.county_names, START, desk)


def move(explorer, giver=NORDMALING, receiver=UMEA):
    explorer.plan.giver.value, explorer.plan.receiver.value = giver, receiver
    explorer.plan.add.click()


def rows(explorer):
    return [row.children[0].value for row in explorer.plan.rows.children]


def test_pulling_the_forecast_changes_the_sentence_the_table_and_the_figures(explorer):
    explorer.spread.value = True
    before = [explorer.words.value, *(widget.value for widget in explorer.drawings)]
    explorer.forecast.value = 2600
    after = [explorer.words.value, *(widget.value for widget in explorer.drawings)]
    assert "81,3 barn" in after[0]
    assert "81,3</td>" in after[0]
    assert not set(before) & set(after)


def test_how_the_draws_spread_is_drawn_while_it_is_asked_for(explorer):
    assert explorer.drawings[2].value == ""
    explorer.spread.value = True
    drawn, caption, _ = explorer.drawings[2].value.partition("<figcaption")
    assert caption
    assert "Nordmaling" in drawn
    explorer.spread.value = False
    assert explorer.drawings[2].value == ""


def test_attachment_is_a_part_of_one_in_the_state(explorer):
    explorer.attachment.value = 25
    assert explorer.choice.attachment == 0.25


def test_a_move_is_listed_answered_and_can_be_taken_away(explorer):
    move(explorer)
    assert explorer.choice.moves == (Move(NORDMALING, UMEA),)
    assert explorer.choice.agreed == (UMEA,)
    assert rows(explorer) == ["Nordmaling → Umeå"]
    assert "13,11" in explorer.words.value
    explorer.plan.rows.children[0].children[1].click()
    assert explorer.choice == START
    assert rows(explorer) == []


def test_pulling_the_forecast_makes_no_new_buttons(explorer):
    move(explorer)
    before = explorer.plan.rows.children
    explorer.forecast.value = 1600
    assert explorer.plan.rows.children == before


WRONG = {
    "the giver itself": ([(NORDMALING, NORDMALING)], "Nordmaling kan inte lämna över till sig själv"),
    "the same giver twice": ([(NORDMALING, UMEA), (NORDMALING, SKELLEFTEA)], "Nordmaling lämnar inte över något"),
}


@pytest.mark.parametrize(("moves", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_move_is_refused_beside_the_widgets_and_nothing_is_saved(explorer, desk, moves, reason):
    *fine, wrong = moves
    for pair in fine:
        move(explorer, *pair)
    answer = explorer.words.value
    move(explorer, *wrong)
    assert 'role="alert"' in explorer.message.value
    assert reason in explorer.message.value
    assert explorer.words.value == answer
    assert len(rows(explorer)) == len(fine)
    explorer.save.click()
    assert desk.saves == []
    assert "Inget sparades" in explorer.result.value


def test_a_year_before_2019_is_refused_while_the_plan_has_moves(explorer, desk):
    move(explorer)
    answer = explorer.words.value
    explorer.year.value = 2018
    assert "först från och med 2019" in explorer.message.value
    assert (explorer.choice.ar, explorer.words.value) == (2019, answer)
    explorer.save.click()
    assert desk.saves == []
    explorer.plan.rows.children[0].children[1].click()
    assert explorer.message.value == ""
    assert (explorer.choice.ar, explorer.choice.moves) == (2018, ())


def test_picking_another_pair_takes_back_what_was_said_of_the_last(explorer):
    move(explorer, NORDMALING, NORDMALING)
    explorer.plan.receiver.value = UMEA
    assert explorer.message.value == ""


def test_another_county_has_its_own_municipalities_and_no_plan_or_places_of_the_first(explorer):
    move(explorer)
    explorer.places.fields["platser_hem"].value = "5"
    explorer.county.value = "M"
    assert (explorer.picked.moves, explorer.picked.places) == ((), {})
    assert explorer.plan.giver.label == "Svalöv"
    assert explorer.places.fields["platser_hem"].value == ""
    assert "Andelstalen är inte kända här för Skåne län" in explorer.words.value
    assert [widget.value for widget in explorer.drawings] == ["", "", ""]


def test_places_are_kept_per_municipality_and_blank_is_unknown(explorer):
    homes, families = explorer.places.fields.values()
    explorer.places.where.value = UMEA
    homes.value, families.value = "20", "0"
    assert explorer.choice.places == {(UMEA, "platser_hem"): 20, (UMEA, "platser_familjehem"): 0}
    assert "Platserna är kända i 1 av länets kommuner" in explorer.words.value
    explorer.places.where.value = NORDMALING
    assert (homes.value, families.value) == ("", "")
    explorer.places.where.value = UMEA
    assert (homes.value, families.value) == ("20", "0")
    homes.value = ""
    assert explorer.choice.places == {(UMEA, "platser_familjehem"): 0}


def test_places_that_are_no_number_are_refused_and_the_last_stay(explorer, desk):
    homes = explorer.places.fields["platser_hem"]
    homes.value = "5"
    kept = explorer.choice
    homes.value = "fem"
    assert "hittade fem" in explorer.message.value
    assert explorer.choice == kept
    explorer.save.click()
    assert desk.saves == []
    homes.value = "6"
    assert explorer.message.value == ""


@pytest.mark.parametrize(
    ("text", "reason"), [("1 500; 1,5", "hittade 1,5"), ("1;2;3;4;5;6", "högst 5 prognoser; hittade 6")]
)
def test_a_wrong_list_of_forecasts_leaves_the_last_in_use(explorer, text, reason):
    explorer.compared.value = text
    assert reason in explorer.message.value
    assert explorer.choice.compared == (1500, 2300)


def test_forecasts_are_read_as_either_language_writes_them():
    assert read_compared("1 500; 2,300;1500;", Language("en")) == ("", (1500, 2300))
    assert read_number("0", 1, HIGHEST) is None
    assert read_number(str(HIGHEST + 1), 1, HIGHEST) is None


def open_file(explorer, name):
    explorer.scenarios.files.value = name
    explorer.scenarios.open.click()


def test_opening_a_file_fills_the_widgets_and_answers_what_it_says(explorer):
    open_file(explorer, "vasterbotten-2019-nollning")
    assert (explorer.forecast.value, explorer.made.label) == (2300, "året före")
    assert explorer.name.value == "Västerbotten 2019, nollning"
    assert len(rows(explorer)) == 13
    assert explorer.picked == explorer.choice
    assert explorer.choice.compared == START.compared
    assert "skulle ge 69" in explorer.words.value
    assert "Öppnat: vasterbotten-2019-nollning.yaml" in explorer.scenarios.result.value


def test_an_opened_files_places_attachment_and_forecast_beyond_the_slider_are_shown(explorer, desk, monkeypatch):
    told = replace(START, prognos=9999, attachment=0.07, places={(NORDMALING, "platser_hem"): 7}, name="Prov")
    monkeypatch.setattr(desk, "open", lambda name: told)
    open_file(explorer, "vasterbotten-2019-grund")
    assert (explorer.forecast.value, explorer.attachment.value) == (9999, 7)
    assert explorer.places.where.value == NORDMALING
    assert explorer.places.fields["platser_hem"].value == "7"
    assert explorer.choice == told
    explorer.save.click()
    assert desk.saves == [(told, False)]


NOT_OPENED = {
    "beyond the widgets": (
        DeskError("I {fil} står {delar}.", fil="a.yaml", delar=["ett", "två"]),
        "I a.yaml står ett och",
    ),
    "a rule broken": (PlanError([Refusal("not_agreed", UMEA)]), "Umeå har inte gått med på att ta emot"),
}


@pytest.mark.parametrize(("refusal", "reason"), NOT_OPENED.values(), ids=NOT_OPENED)
def test_a_file_that_is_refused_says_why_and_changes_nothing(explorer, desk, monkeypatch, refusal, reason):
    def refuse(name):
        raise refusal

    monkeypatch.setattr(desk, "open", refuse)
    before = (explorer.picked, explorer.words.value, explorer.forecast.value, explorer.name.value)
    open_file(explorer, "vasterbotten-2019-grund")
    assert 'role="alert"' in explorer.scenarios.result.value
    assert reason in explorer.scenarios.result.value
    assert (explorer.picked, explorer.words.value, explorer.forecast.value, explorer.name.value) == before
    assert explorer.message.value == ""


def test_the_files_offered_are_those_of_the_county_and_year(explorer):
    assert explorer.scenarios.files.options == ("vasterbotten-2019-grund", "vasterbotten-2019-nollning")
    explorer.year.value = 2018
    assert explorer.scenarios.files.options == ("vasterbotten-2018",)
    explorer.county.value = "M"
    assert explorer.scenarios.files.options == ()
    explorer.scenarios.open.click()
    assert "Det finns inget scenario" in explorer.scenarios.result.value


def test_saving_hands_over_all_that_is_picked_and_says_where_it_lies(explorer, desk):
    explorer.name.value, explorer.note.value, explorer.replace.value = " Prov ", "Ett försök", True
    explorer.save.click()
    assert desk.saves == [(replace(START, name="Prov", note="Ett försök"), True)]
    assert "Sparat i data/scenarios/prov.yaml" in explorer.result.value
    assert not explorer.replace.value


def test_a_save_that_is_refused_says_why_and_lets_no_report_be_made(explorer, desk):
    desk.refusal = DeskError("Inget sparades. Programmets eget besked:", "no <room>")
    explorer.save.click()
    assert 'role="alert"' in explorer.result.value
    assert '<pre lang="en">no &lt;room&gt;</pre>' in explorer.result.value
    explorer.render.click()
    assert desk.told is None
    assert "Spara scenariot först" in explorer.result.value


def test_what_is_changed_since_it_was_saved_is_saved_again_before_a_report(explorer, desk):
    explorer.save.click()
    explorer.forecast.value = 1600
    explorer.render.click()
    assert desk.told is None
    assert "Spara scenariot först" in explorer.result.value


def test_a_report_under_way_holds_the_button_and_its_page_can_be_fetched_when_it_is_made(explorer, desk):
    explorer.save.click()
    explorer.render.click()
    assert desk.rendered == (START, "sv")
    assert explorer.render.disabled
    assert "Rapporten görs" in explorer.result.value
    desk.told(Made("reports/single/lan/24.html", b"<p>"))
    assert not explorer.render.disabled
    assert 'href="data:text/html;base64,PHA+" download="24.html"' in explorer.result.value


def test_a_report_that_is_not_made_says_so_and_frees_the_button(explorer, desk):
    explorer.save.click()
    explorer.render.click()
    desk.told(DeskError("Rapporten gjordes inte. Programmets eget besked:", "broken"))
    assert "Rapporten gjordes inte" in explorer.result.value
    assert not explorer.render.disabled


def test_the_years_offered_are_those_a_file_may_say():
    bounds = [getattr(bound, name, None) for bound in ScenarioFile.model_fields["ar"].metadata for name in ("ge", "le")]
    assert {bound for bound in bounds if bound is not None} == {FIRST_YEAR, LAST_YEAR}


def test_a_page_for_an_earlier_year_starts_the_workbench_at_the_first_year_of_the_rule(workbook, page, desk):
    assert Explorer(page, workbook.county_names, replace(START, ar=2015), desk).choice.ar == FIRST_YEAR


def test_an_english_page_has_english_widgets(workbook, desk):
    page = open_page("scenarier", workbook.county("AC"), 2019, "en", workbook.catalogue)
    explorer = Explorer(page, workbook.county_names, START, desk)
    assert (explorer.year.description, explorer.save.description) == ("Year", "Save the scenario")
    move(explorer, NORDMALING, NORDMALING)
    assert "Nordmaling cannot hand over to itself" in explorer.message.value
