"""The workbench's widgets over their one state: what is picked, what is refused and where it is
said.
"""

from dataclasses import replace
from typing import get_args

import pytest

from helpers.contracts.numbers import LIMITS, Code
from helpers.model.redistribution import Move, PlanError, Refusal
from helpers.present import open_page
from helpers.present.desk import Choice, DeskError, Made
from helpers.present.explorer import Explorer
from helpers.present.figures.expectation import MOST_COMPARED
from helpers.present.style import SCENARIO_MARKERS, SCENARIOS
from helpers.present.widgets import SAYS, WANTED
from helpers.workbench import Desk, open_workbench

START = Choice("AC", 2019, 1500, (1500, 2300))
NORDMALING, UMEA, SKELLEFTEA = "2401", "2480", "2482"


class Recording(Desk):
    """The workbook's own answers; a save and a report are noted, or refused with what a test
    sets.
    """

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


def write(field, text):
    """Write in a field, as one does who then presses Enter."""
    field.text.value = text


def stand(explorer):
    """All that the widgets hold and show: the choice, the answer and its drawings."""
    return explorer.choice, explorer.words.value, [widget.value for widget in explorer.drawings]


def rows(explorer):
    return [row.children[0].value for row in explorer.plan.rows.children]


def test_pulling_the_forecast_changes_the_sentence_the_table_and_the_figures(explorer):
    explorer.spread.value = True
    before = [explorer.words.value, *(widget.value for widget in explorer.drawings)]
    explorer.slider.value = 2600
    after = [explorer.words.value, *(widget.value for widget in explorer.drawings)]
    assert "81,3 barn" in after[0]
    assert "81,3</td>" in after[0]
    assert not set(before) & set(after)


def test_how_the_draws_spread_is_drawn_while_it_is_asked_for(explorer):
    assert explorer.drawings[2].value == ""
    explorer.spread.value = True
    caption, figure, drawn = explorer.drawings[2].value.partition("</figcaption>")
    assert caption
    assert figure
    assert "Nordmaling" in drawn
    explorer.spread.value = False
    assert explorer.drawings[2].value == ""


def test_attachment_is_a_part_of_one_in_the_state(explorer):
    write(explorer.attachment, "25")
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
    explorer.slider.value = 1600
    assert explorer.plan.rows.children == before


WRONG = {
    "the giver itself": (
        [(NORDMALING, NORDMALING)],
        "Nordmaling kan inte lämna över till sig själv",
    ),
    "the same giver twice": (
        [(NORDMALING, UMEA), (NORDMALING, SKELLEFTEA)],
        "Nordmaling lämnar inte över något",
    ),
}


@pytest.mark.parametrize(("moves", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_move_is_refused_beside_the_button_and_what_stands_can_be_saved(
    explorer, desk, moves, reason
):
    *fine, wrong = moves
    for pair in fine:
        move(explorer, *pair)
    before = stand(explorer)
    move(explorer, *wrong)
    assert 'role="alert"' in explorer.plan.said.value
    assert reason in explorer.plan.said.value
    assert stand(explorer) == before
    assert len(rows(explorer)) == len(fine)
    explorer.save.click()
    assert [choice for choice, _ in desk.saves] == [before[0]]


def test_a_year_before_2019_is_refused_while_the_plan_has_moves(explorer, desk):
    move(explorer)
    before = stand(explorer)
    write(explorer.year, "2018")
    assert "först från och med 2019" in explorer.year.said.value
    assert "det minsta" not in explorer.year.said.value
    assert stand(explorer) == before
    write(explorer.forecast, "1 600")
    assert (explorer.choice.ar, explorer.choice.prognos) == (2019, 1600)
    explorer.save.click()
    assert desk.saves == []
    assert "fältet År" in explorer.result.value
    explorer.plan.rows.children[0].children[1].click()
    assert explorer.year.said.value == ""
    assert (explorer.choice.ar, explorer.choice.moves) == (2018, ())


def test_picking_another_pair_takes_back_what_was_said_of_the_last(explorer):
    move(explorer, NORDMALING, NORDMALING)
    explorer.plan.receiver.value = UMEA
    assert explorer.plan.said.value == ""


def test_another_county_has_its_own_municipalities_and_no_plan_or_places_of_the_first(explorer):
    move(explorer)
    write(explorer.places.fields["platser_hem"], "5")
    explorer.county.value = "M"
    assert (explorer.choice.moves, explorer.choice.places) == ((), {})
    assert explorer.plan.giver.label == "Svalöv"
    assert explorer.places.fields["platser_hem"].text.value == ""
    assert "Andelstalen för Skåne län är uppskattade" in explorer.words.value
    assert "Uppskattat: Skåne län kan vänta" in explorer.words.value
    assert all("svg" in widget.value for widget in explorer.drawings[:2])
    assert (
        "Arbetsbänken visar Skåne län 2019. Resten av sidan gäller Västerbottens län 2019."
        in explorer.elsewhere.value
    )
    explorer.county.value = "AC"
    assert explorer.elsewhere.value == ""


def test_a_plan_where_no_share_is_known_is_refused_with_advice_that_a_widget_can_follow(
    workbook, page
):
    bare = Desk(workbook, estimate=False)
    explorer = Explorer(page, workbook.county_names, START, bare)
    explorer.county.value = "M"
    assert "Andelstalen för Skåne län saknas här" in explorer.words.value
    assert [widget.value for widget in explorer.drawings] == ["", "", ""]
    before = stand(explorer)
    explorer.plan.add.click()
    assert "Andelstalet för Svalöv är inte känt" in explorer.plan.said.value
    assert "Skriv in" not in explorer.plan.said.value
    assert stand(explorer) == before


def test_places_are_kept_per_municipality_and_blank_is_unknown(explorer):
    homes, families = explorer.places.fields.values()
    explorer.places.where.value = UMEA
    write(homes, "20")
    write(families, "0")
    assert explorer.choice.places == {(UMEA, "platser_hem"): 20, (UMEA, "platser_familjehem"): 0}
    assert "Platserna är kända i 1 av länets kommuner" in explorer.words.value
    explorer.places.where.value = NORDMALING
    assert (homes.text.value, families.text.value) == ("", "")
    explorer.places.where.value = UMEA
    assert (homes.text.value, families.text.value) == ("20", "0")
    write(homes, "")
    assert explorer.choice.places == {(UMEA, "platser_familjehem"): 0}


def test_places_that_are_no_number_are_refused_and_the_last_stay(explorer, desk):
    homes = explorer.places.fields["platser_hem"]
    write(homes, "5")
    before = stand(explorer)
    write(homes, "fem")
    assert "”fem” är inget tal. Skriv ett antal platser" in homes.said.value
    assert stand(explorer) == before
    explorer.save.click()
    assert desk.saves == []
    assert "fältet Platser i hem" in explorer.result.value
    write(homes, "6")
    assert homes.said.value == ""


BESIDE = {  # field, what is written, what stands beside it
    "a decimal point": (
        "forecast",
        "2.3",
        "”2.3” är inget helt tal. Skriv ett antal barn i hela landet: 2\xa0300.",
    ),
    "a decimal comma": ("forecast", "2,3", "Skriv ett antal barn i hela landet: 2\xa0300."),
    "thousands by a point": (
        "forecast",
        "1.500",
        "tusental skiljs åt med mellanslag. Skriv 1\xa0500.",
    ),
    "a space gone astray": (
        "forecast",
        "23 00",
        "”23 00” har ett mellanslag på fel plats. Skriv 2\xa0300.",
    ),
    "too many children": (
        "forecast",
        "90000",
        "90000 ligger utanför gränserna. Skriv ett antal barn",
    ),
    "too few": ("forecast", "−5", "från 50 till 40\xa0000."),
    "nothing": ("forecast", " ", "Fältet är tomt."),
    "letters": ("forecast", "tusen", "”tusen” är inget tal."),
    "one or two": ("compared", "1,500", "Skriv 1\xa0500, eller 1; 500 med semikolon emellan."),
    "a list by commas": ("compared", "900,1500", "Sätt semikolon mellan talen: 900; 1500."),
    "seven colours": ("compared", "100;200;300;400;500;600", "Jämför med högst 5 prognoser"),
    "more than all": ("attachment", "150", "Skriv hela procent från 0 till 100."),
    "before the rule": ("year", "2015", "Skriv ett år från 2016 till 2030."),
}


@pytest.fixture(scope="module")
def standing(workbook, page):
    """One workbench for all that changes nothing."""
    return Explorer(page, workbook.county_names, START, Recording(workbook))


@pytest.mark.parametrize(("name", "text", "says"), BESIDE.values(), ids=BESIDE)
def test_what_is_no_number_is_said_beside_its_field_and_changes_nothing(standing, name, text, says):
    explorer, desk = standing, standing.desk
    field, before, written = (
        getattr(explorer, name),
        stand(explorer),
        getattr(explorer, name).text.value,
    )
    others = [one for one in explorer.numbers if one is not field]
    write(field, text)
    assert says in field.said.value
    assert "Inget har ändrats." in field.said.value
    assert field.text.value == text
    assert not any(one.wrong for one in others)
    assert stand(explorer) == before
    explorer.save.click()
    assert desk.saves == []
    assert f"fältet {field.label}" in explorer.result.value
    write(field, written)
    assert not field.wrong


def test_a_forecast_is_used_as_it_is_written_also_beyond_the_slider(explorer):
    write(explorer.forecast, " 2 300 ")
    assert (explorer.choice.prognos, explorer.slider.value) == (2300, 2300)
    write(explorer.forecast, "9000")
    assert (explorer.choice.prognos, explorer.slider.value) == (9000, 9000)


def test_a_list_parted_by_a_comma_and_a_space_is_read(explorer):
    write(explorer.compared, "1 500, 2 300;900")
    assert explorer.choice.compared == (1500, 2300, 900)


def test_every_kind_of_fault_and_every_field_has_its_words():
    assert set(SAYS) == set(get_args(Code)) - {"decimals"}  # no field takes any
    assert not any(LIMITS[name].decimals for name in WANTED)


def test_as_many_forecasts_as_have_a_colour_can_be_compared():
    assert (
        LIMITS["compared"].most + 1 == LIMITS["forecasts"].most == len(SCENARIOS) == MOST_COMPARED
    )
    assert LIMITS["scenarios"].most == MOST_COMPARED == len(SCENARIO_MARKERS)


def test_nothing_that_the_workbench_reads_is_in_the_record_of_the_page(workbook):
    data = workbook.with_own_record()
    page = open_page("scenarier", data.county("AC"), 2019, "sv", data.catalogue)
    read, values = set(data.catalogue.read), dict(data.catalogue.values)
    explorer = open_workbench(data, page, "AC", 2019, [1500])
    assert explorer.desk.answer(explorer.choice)
    assert (data.catalogue.read, data.catalogue.values) == (read, values)
    assert explorer.desk.data.catalogue.read > read


def test_a_page_with_six_forecasts_shows_all_of_them(workbook, page):
    explorer = open_workbench(workbook, page, "AC", 2019, [1000, 1500, 2000, 2500, 3000, 3500])
    assert explorer.choice.prognoser == [1000, 1500, 2000, 2500, 3000, 3500]
    assert not any(field.wrong for field in explorer.numbers)


def offered(explorer):
    return [name for _, name in explorer.scenarios.files.options]


def open_file(explorer, name):
    explorer.scenarios.files.value = name
    explorer.scenarios.open.click()


def test_opening_a_file_fills_the_widgets_and_answers_what_it_says(explorer):
    open_file(explorer, "vasterbotten-2019-nollning")
    assert (explorer.forecast.text.value, explorer.slider.value) == ("2\xa0300", 2300)
    assert explorer.made.label == "året före"
    assert explorer.name.value == "Västerbotten 2019, nollning"
    assert len(rows(explorer)) == 13
    assert explorer.choice.compared == START.compared
    assert 'Placeringsregeln kan ge <span class="whole">70–73</span> barn' in explorer.words.value
    assert "Öppnat: vasterbotten-2019-nollning.yaml" in explorer.scenarios.result.value


def test_an_opened_files_places_attachment_and_forecast_beyond_the_slider_are_shown(
    explorer, desk, monkeypatch
):
    told = replace(
        START, prognos=9999, attachment=0.07, places={(NORDMALING, "platser_hem"): 7}, name="Prov"
    )
    monkeypatch.setattr(desk, "open", lambda name: told)
    open_file(explorer, "vasterbotten-2019-grund")
    assert (explorer.forecast.text.value, explorer.slider.value) == ("9\xa0999", 9999)
    assert explorer.attachment.text.value == "7"
    assert explorer.places.where.value == NORDMALING
    assert explorer.places.fields["platser_hem"].text.value == "7"
    assert explorer.choice == told
    explorer.save.click()
    assert desk.saves == [(told, False)]


NOT_OPENED = {
    "beyond the widgets": (
        DeskError("I {fil} står {delar}.", fil="a.yaml", delar=["ett", "två"]),
        "I a.yaml står ett och",
    ),
    "a rule broken": (
        PlanError([Refusal("not_agreed", UMEA)]),
        "Umeå har inte gått med på att ta emot",
    ),
}


@pytest.mark.parametrize(("refusal", "reason"), NOT_OPENED.values(), ids=NOT_OPENED)
def test_a_file_that_is_refused_says_why_and_changes_nothing(
    explorer, desk, monkeypatch, refusal, reason
):
    def refuse(name):
        raise refusal

    monkeypatch.setattr(desk, "open", refuse)
    before = (stand(explorer), explorer.forecast.text.value, explorer.name.value)
    open_file(explorer, "vasterbotten-2019-grund")
    assert 'role="alert"' in explorer.scenarios.result.value
    assert reason in explorer.scenarios.result.value
    assert (stand(explorer), explorer.forecast.text.value, explorer.name.value) == before


def test_a_file_whose_name_hides_something_is_offered_with_all_of_it_seen(explorer):
    name = "a\u202eb\x1b"
    explorer.scenarios.offer([name])
    assert explorer.scenarios.files.options == (("a\\u202eb\\u001b", name),)
    explorer._tell(DeskError("Inget.", f"{name} <b>"))
    assert "a\\u202eb\\u001b &lt;b&gt;" in explorer.result.value


def test_the_files_offered_are_those_of_the_county_and_year(explorer):
    assert offered(explorer) == ["vasterbotten-2019-grund", "vasterbotten-2019-nollning"]
    write(explorer.year, "2018")
    assert offered(explorer) == ["vasterbotten-2018"]
    explorer.county.value = "M"
    assert offered(explorer) == []
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
    explorer.slider.value = 1600
    explorer.render.click()
    assert desk.told is None
    assert "Spara scenariot först" in explorer.result.value


def test_a_report_under_way_holds_the_button_and_its_page_can_be_fetched_when_it_is_made(
    explorer, desk
):
    explorer.save.click()
    explorer.render.click()
    assert desk.rendered == (START, "sv")
    assert explorer.render.disabled
    assert "Rapporten görs" in explorer.result.value
    desk.told(Made("reports/single/lan/24.html", b"<p>"))
    assert not explorer.render.disabled
    assert 'href="data:application/zip;base64,PHA+" download="24.zip"' in explorer.result.value


def test_a_report_that_is_not_made_says_so_and_frees_the_button(explorer, desk):
    explorer.save.click()
    explorer.render.click()
    desk.told(DeskError("Rapporten gjordes inte. Programmets eget besked:", "broken"))
    assert "Rapporten gjordes inte" in explorer.result.value
    assert not explorer.render.disabled


def test_the_workbench_of_an_earlier_page_begins_with_the_first_year_a_share_can_be_handed_over(
    workbook, desk
):
    page = open_page("scenarier", workbook.county("AC"), 2018, "sv", workbook.catalogue)
    explorer = Explorer(page, workbook.county_names, replace(START, ar=2018), desk)
    assert explorer.choice.ar == explorer.desk.handed_over_from == 2019
    assert (
        "Från och med 2019 kan en kommun lämna över hela sitt andelstal." in explorer.of_year.value
    )
    assert (
        "Andelstalen är de för 2018, eftersom de för 2019 inte är kända här."
        in explorer.of_year.value
    )
    assert "Resten av sidan gäller Västerbottens län 2018." in explorer.elsewhere.value
    move(explorer)
    assert rows(explorer) == ["Nordmaling → Umeå"]


def test_figures_and_tables_of_the_workbench_are_named_apart_from_the_pages_own(explorer):
    assert "Arbetsbänkens tabell 1." in explorer.words.value
    assert "Arbetsbänkens figur 1." in explorer.drawings[0].value
    assert "Arbetsbänkens figur 2." in explorer.drawings[1].value


def test_an_english_page_has_english_widgets(workbook, desk):
    page = open_page("scenarier", workbook.county("AC"), 2019, "en", workbook.catalogue)
    explorer = Explorer(page, workbook.county_names, START, desk)
    assert (explorer.year.label, explorer.save.description) == ("Year", "Save the scenario")
    move(explorer, NORDMALING, NORDMALING)
    assert "Nordmaling cannot hand over to itself" in explorer.plan.said.value
