"""A county's own words: what stands how at a day, what is checked, and that hostile text is text."""

import datetime
import json
from dataclasses import replace

import pandas as pd
import pytest
import vobject

from helpers import cases
from helpers.contracts.text import to_json, visible
from helpers.model.own_words import OwnWords, days_left, reference_day, status_at
from helpers.present import open_page, topics
from helpers.present.views import Figure, Statement
from helpers.tables.own_checks import COLUMNS, own_faults, personal_data, personal_warnings
from helpers.tables.own_schemas import OWN
from tests.present.made_own_words import RATED, needs, two_rounds
from tests.present.variants import known_of

HOSTILE = "=1+1 <script>alert(1)</script> **x** \x1b[31mröd \u202esvart\r\nBEGIN:VEVENT"
DAY = datetime.date(2022, 2, 23)


@pytest.fixture(scope="module")
def own(workbook) -> OwnWords:
    return cases.own_words(workbook, workbook.county("Y"), 2018)


def event(**cells: str) -> pd.DataFrame:
    empty = dict.fromkeys(("planerad_fran", "planerad_till", "ny_tid", "skedde"), pd.NA)
    return pd.DataFrame([{"slag": "steg", **empty, **cells}])


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ({"planerad_till": "2022-02"}, "running"),
        ({"planerad_till": "2022-01"}, "late"),
        ({"planerad_till": "2022-03"}, "ahead"),
        ({"planerad_till": "2022-01", "skedde": "2022-01-10"}, "done"),
        ({"planerad_till": "2022-01", "skedde": "2022-02-10"}, "done_late"),
        ({"planerad_till": "2022-01", "ny_tid": "2022-04"}, "moved"),
        ({"planerad_till": "2022-01", "ny_tid": "2022-01-31"}, "late"),
        ({"planerad_till": "2022-01", "slag": "avtal"}, "done"),
        ({"planerad_fran": "2023", "slag": "önskemål"}, "wished"),
    ],
)
def test_an_event_stands_as_its_days_say(cells, status):
    assert status_at(event(**cells), DAY)["status"].tolist() == [status]


def test_the_day_a_report_is_seen_from_is_the_last_of_its_words_or_of_its_year():
    assert reference_day(["2022-02-23", "2018"], 2022) == DAY
    assert reference_day(["2016"], 2018) == datetime.date(2018, 12, 31)
    assert reference_day([], 2018) == datetime.date(2018, 12, 31)


def test_calls_for_funds_stand_by_the_days_that_are_left(own):
    assert days_left(own.medel, DAY)["dagar"].tolist() == [29, 78, 78]
    later = days_left(own.medel, datetime.date(2022, 4, 1))
    assert later["dagar"].tolist() == [41, 41, -8]


def test_a_county_without_words_has_no_sections(workbook):
    none = cases.own_words(workbook, workbook.county("AB"), 2018)
    assert not none.utsagor.size
    assert not topics.strategy.strategy_views(none)
    assert not topics.politics.politics_views(none)
    assert not topics.funds.funds_views(none, workbook.county("AB"))
    assert topics.funds.calendar(none, workbook.county("AB")) == ""


def test_what_is_internal_is_in_no_frame_of_a_report(workbook, monkeypatch):
    table = "lan_22_utsagor"
    hidden = workbook.checked[table].assign(synlighet="intern")
    book = replace(workbook.with_own_record(), checked={**workbook.checked, table: hidden})
    assert cases.own_words(book, book.county("Y"), 2018).utsagor.empty


def test_faults_of_a_table_name_row_what_stands_and_what_may(workbook):
    entry = workbook.catalogue.entries["lan_22_utsagor"]
    frame = workbook.checked["lan_22_utsagor"].copy()
    frame.loc[frame.index[0], "text"] = "x" * 501
    frame.loc[frame.index[1], "text"] = "se https://exempel.se"
    frame.loc[frame.index[2], "datum"] = "2022-02-30"
    frame.loc[frame.index[3], "kalla"] = "annat"
    frame.loc[frame.index[4], "kommunkod"] = "2480"
    faults = own_faults(frame, entry)
    assert len(faults) == 5
    assert all("data/lan/22/utsagor.csv, row" in fault for fault in faults)


def test_personal_data_is_told_and_never_repeated(workbook):
    entry = workbook.catalogue.entries["lan_22_utsagor"]
    frame = workbook.checked["lan_22_utsagor"].copy()
    frame.loc[frame.index[0], "text"] = "Kontakta Anna Exempel, anna@exempel.se, 19900101-1234"
    told = " ".join(personal_warnings(frame, entry))
    assert all(word in told for word in ("personnummer", "e-mail", "a person's name"))
    assert not any(word in told for word in ("Anna", "exempel.se", "1990"))
    assert personal_data("Länsstyrelsen Västerbotten fördelar medel") == []


def test_no_table_in_hand_holds_what_seems_to_be_someones(workbook):
    entries = workbook.catalogue.entries
    own = [name for name in workbook.checked if name.startswith("lan_")]
    assert own
    assert not [w for name in own for w in personal_warnings(workbook.checked[name], entries[name])]


def hostile(own: OwnWords) -> OwnWords:
    """The same words, each free text of them hostile."""

    def spoiled(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
        return frame.assign(**{name: HOSTILE for name in columns})

    return replace(
        own,
        utsagor=spoiled(own.utsagor, "text", "rubrik", "roll"),
        rundor=spoiled(own.rundor, "form", "ovriga"),
        svar=spoiled(own.svar, "text", "tema"),
        handelser=spoiled(own.handelser, "rubrik", "organ", "text"),
        medel=spoiled(own.medel, "namn", "grund", "text"),
    )


@pytest.fixture(scope="module")
def shown(workbook, own):
    """Every section of hostile words, as a page holds it."""
    bad, home = hostile(own), workbook.county("Y")
    municipalities = workbook.kommuner[workbook.kommuner["kommunkod"].isin(home.kommunkoder)]
    page = open_page("lansrapport", home, 2018, "sv", workbook.catalogue)
    return page.show(
        *topics.lagesbild.lagesbild_views(bad, municipalities),
        *topics.politics.politics_views(bad),
        *topics.funds.funds_views(bad, home),
    )


def test_hostile_text_is_text_in_html_json_and_the_terminal(shown):
    bundle = shown._repr_mimebundle_()
    markup, plain, record = bundle.values()
    assert "<script>" not in markup
    assert "&lt;script&gt;" in markup
    written = to_json(record)
    for text in (markup, plain, written, visible(written, layout=True)):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert json.loads(written)["kind"] == "content"


def test_a_calendar_opens_in_another_program_and_hostile_text_makes_no_event(own, workbook):
    home = workbook.county("Y")
    text = topics.funds.calendar(hostile(own), home)
    assert text == topics.funds.calendar(hostile(own), home)
    book = vobject.readOne(text)
    assert len(book.contents["vevent"]) == len(own.medel)
    assert [
        str(one.dtstart.value)
        for one in vobject.readOne(topics.funds.calendar(own, home)).vevent_list
    ] == ["2022-03-24", "2022-05-12", "2022-05-12"]
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_what_is_said_at_the_time_stands_beside_the_next_year_and_no_other(workbook):
    own = two_rounds(workbook)
    rated = needs(workbook, own)
    told = [view.id for view in topics.own_brief.beside_next_year(own, rated, 2022)]
    assert told[:3] == ["sagt_0", "sagt_1", "nasta_sagt"]
    assert told[3:] == [name for name in told if name.startswith("nasta_beredskap")]
    other = [view.id for view in topics.own_brief.beside_next_year(own, rated, 2018)]
    assert other == told[3:]


def test_readiness_stands_beside_what_is_needed_and_nothing_is_made_up(workbook):
    own = two_rounds(workbook)
    rated = needs(workbook, own)
    assert rated["bostäder"].notna().sum() == len(RATED)
    views = {view.id: view for view in topics.readiness.readiness_views(own, rated, 2023)}
    figure = views["kan_och_behov"]
    assert figure.panels == (1.0, 1.0)
    hard = rated[rated["bostäder"] == "ansträngt"]
    told = views["beredskap_bedomd_bostader"]
    assert told.values["trangt"] == hard["kommun"].tolist()
    assert told.facts["trangt_tal"].value == hard["kommuntal"].sum()
    cells = figure.table.frame.set_index("kommunkod")["kan_2"]
    assert (cells == "inte bedömt").sum() == len(rated) - len(RATED)


def test_without_a_rating_there_is_no_figure_of_readiness(workbook):
    own = cases.own_words(workbook, workbook.county("AC"), 2018)
    rated = needs(workbook, own)
    views = topics.readiness.readiness_views(own, rated, 2019)
    assert [view.id for view in views if isinstance(view, Figure)] == []
    assert any("ingen bedömning" in view.text for view in views if isinstance(view, Statement))
    none = cases.own_words(workbook, workbook.county("AB"), 2018)
    assert topics.readiness.readiness_views(none, needs(workbook, none), 2019) == ()


@pytest.mark.parametrize("needed", [["kommuntal"], ["expected_low", "expected_high"]])
def test_a_need_that_is_not_known_has_no_panel(workbook, needed):
    own = two_rounds(workbook)
    rated = needs(workbook, own).assign(**dict.fromkeys(needed, pd.NA))
    (figure,) = (
        view
        for view in topics.readiness.readiness_views(own, rated, 2023)
        if isinstance(view, Figure)
    )
    assert figure.panels == (1.0,)


def test_every_state_of_an_event_is_told_so_that_the_numbers_add_up(workbook):
    own_topics = topics.own_words
    assert {*own_topics.SAID, own_topics.DONE, own_topics.DONE_LATE} == {*own_topics.STATUS}
    for code, ar in (("AC", 2018), ("Y", 2022), ("E", 2018)):
        own = cases.own_words(workbook, workbook.county(code), ar)
        for avsnitt in sorted(set(own.handelser["avsnitt"])):
            (view,) = own_topics.states_told(own, avsnitt, "n")
            named = [str(view.values[one]) for one in own_topics.SAID if one in view.values]
            told = sum(len(text.split("; ")) for text in named)
            status = own.events(avsnitt)["status"]
            assert told + status.isin([own_topics.DONE, own_topics.DONE_LATE]).sum() == len(status)


def test_a_countys_tables_have_the_columns_that_their_schemas_say():
    assert {kind: tuple(schema.columns) for kind, schema in OWN.items()} == COLUMNS


@pytest.mark.parametrize("ar", [2018, 2022])
def test_every_county_has_something_to_discuss_after_figures_of_its_own(ar, workbook):
    to_all = cases.questions_to_all(workbook, ar)
    assert list(to_all["ordning"]) == [1, 2, 3]
    for kod in workbook.lan["lanskod"]:
        known = known_of(workbook, kod, ar)
        own = cases.own_words(workbook, workbook.county(kod), ar)
        views = topics.discussion.discussion_views(known, own, to_all, 902)
        asked = [view for view in views if view.quoted]
        alone = len(known.place.kommunkoder) == 1
        assert len(asked) == (2 if alone else 3), kod
        assert not (alone and any("samarbeta" in view.text for view in asked))
        (whose,) = [view for view in views if view.id == "fragor_kalla"]
        assert ("lan" in whose.values) == (kod not in {"22", "24"})
        figures = [view for view in views if "_tal_" in view.id]
        assert {view.values["plats"] for view in figures if "plats" in view.values} <= {
            known.place.namn
        }
