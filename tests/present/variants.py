"""The texts that the published tables never give rise to: made-up results shown on a page of their
own.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pandas as pd

from helpers import cases, workbench
from helpers.contracts.numbers import LIMITS, read_number, read_numbers
from helpers.imports import detailed
from helpers.model import by_county, forecasts, quotas
from helpers.model import shares as shares_of
from helpers.model.comparison import compare_outcome, side_by_side, split_difference
from helpers.model.forecasts import Forecast
from helpers.model.monthly import latest_year
from helpers.model.quotas import QuotaChange, kommuntal_outcome
from helpers.model.reception import CATEGORIES
from helpers.model.reconciliation import check_overlaps, ledger_of
from helpers.model.redistribution import Refusal
from helpers.model.shares import compare_scenarios
from helpers.present import explorer as explorer_of
from helpers.present import language as language_drawn
from helpers.present import open_page, topics
from helpers.present.desk import Made
from helpers.present.language import Code, Language
from helpers.present.rendering import ORIGINS
from helpers.present.topics.difference import whole_children
from helpers.present.views import Column, Place, Statement, Table, View
from helpers.present.widgets import in_words, made_html
from helpers.sources.catalogue import BY_ORDER
from helpers.tables.workbook import Workbook
from tests.present.made_own_words import own_views
from tests.present.made_scenarios import made_views
from tests.present.months import HIDDEN, Cell, made_months, made_sums

YEARS = [2017, 2018]
EARLY = "hämtat i augusti–december 2018, okänt vilken dag"
WRONG_NUMBERS = {
    "forecast": (
        "x",
        "1.500",
        "1,500",
        "1500,2.5",
        "2.3",
        "2 30",
        "02300",
        "9",
        "90000",
        "100;200;300;400;500;600",
        "99.99999",
    ),
    "scenario_year": ("1999",),
    "attachment_percent": ("150",),
    "capacity": ("-1",),
}


def show_variants(workbook: Workbook, code: Code) -> None:
    """Ask a language for every term and source note, and show every sentence that needs made-up
    results.
    """
    language = Language(code)
    entries = workbook.catalogue.tables.values()
    said = [row.says for entry in entries for row in entry.discrepancies]
    words = [
        language_drawn.KATEGORIER,
        language_drawn.TABELLER,
        language_drawn.MATT,
        language_drawn.TRUST,
        language_drawn.CHECKS,
        language_drawn.ENSKILDA,
        language_drawn.VERDICTS,
        ORIGINS,
    ]
    for text in [
        *said,
        detailed.NOTES,
        detailed.PUBLISHED,
        *(word for table in words for word in table.values()),
    ]:
        language.t(text)
    _workbench(workbook, language)
    refused = [Refusal(code, "2401", 0.5, 1.0, 2018, 2019) for code in topics.plans.REASONS]
    topics.plans.reasons(refused, {}, language)
    topics.plans.obstacles(list(topics.plans.BLAMES), language)
    page = open_page("varianter", None, None, code, workbook.catalogue)
    plain = (_scenarios, _reception, _measures)
    for view in (view for made in plain for view in made(workbook)):
        page.show(view)
    for view in (*_quotas(workbook), *_differences(workbook)):
        page.aside().show(view)
    for view in _nation(workbook):
        page.aside().show(view)
    for views in _months(workbook):
        page.aside().show(*views)
    for view in own_views(workbook):
        page.aside().show(view)
    for views in (*made_views(workbook), *_places(workbook)):
        page.aside().show(*views)
    page.aside().show(topics.scenarios.unanswered(workbook.county("AC")))
    for view in _overview(workbook):
        page.aside().show(view)
    page.show(topics.assumptions.assumption_table("A14", "A18"))
    ostergotland = workbook.county("E")  # with no table of its own shown
    page.show(*topics.sources.document_views(ostergotland, workbook.documents_of(ostergotland), {}))
    unjudged = pd.DataFrame({"ratio": pd.array([None], "Float64")})
    page.show(*topics.record.record_views(unjudged))
    page.show(*topics.sources.conflict_views(cases.ledger(workbook).assign(note="")))
    page.show(*topics.sources.ledger_views(_two_sources(), workbook.catalogue))
    page.show(topics.sources.answer(cases.coverage(workbook, YEARS), _two_sources()))
    # 0,1 and 0,1, but 0,3 together
    parts = pd.DataFrame({"name": ["1", "2"], "part": [0.14, 0.14]})
    columns = [Column("name", ""), Column("part", "", decimals=1)]
    page.show(Table("delar_av_summa", "", parts, columns, (), total={"name": "3", "part": 0.28}))
    truths = pd.DataFrame({"name": ["1", "2"], "truth": [True, False]})
    page.show(Table("sant", "", truths, [Column("name", ""), Column("truth", "")], ()))


def _overview(workbook: Workbook) -> list[View]:
    """What the overviews say where a single county's shares are known."""
    shares = cases.shares_counted(workbook, workbook.country, 2018, estimate=False)
    expected = by_county.expected_by_county(compare_scenarios(shares, [1500]), workbook.lan)
    return [topics.counties.expected_answer(expected, 2018)]


def _workbench(workbook: Workbook, language: Language) -> None:
    """What the workbench says of a plan, of places, and when something is wrong or done."""
    page = open_page("scenarier", workbook.county("AC"), 2019, language.code, workbook.catalogue)
    explorer = workbench.open_workbench(workbook, page, "AC", 2019, [1500])
    explorer.plan.giver.value, explorer.plan.receiver.value = "2401", "2480"
    explorer.plan.add.click()
    explorer.spread.value = True
    for written in ("x", "1"):
        for field in explorer.places.fields.values():
            field.text.value = written
    for limit, texts in WRONG_NUMBERS.items():
        for text in texts:
            for wrong in read_numbers(text, LIMITS[limit], LIMITS["compared"])[1]:
                in_words(wrong, limit, language)
    in_words(read_number("", LIMITS["forecast"]), "forecast", language)
    for code in topics.plans.IN_WIDGETS:
        topics.plans.reason(Refusal(code, "2480", 0.5, 1.0), {}, language, widgets=True)
    told = (explorer_of.NOT_YET, explorer_of.UNSAVED, explorer_of.SAVED, explorer_of.UNDER_WAY)
    told += (
        explorer_of.NONE_THERE,
        explorer_of.NOT_ALLOWED,
        explorer_of.OPENED,
        *workbench.BEYOND_WIDGETS,
    )
    refused = (
        workbench.NOT_OPENED,
        workbench.BEYOND,
        workbench.WRONG_NAME,
        workbench.NO_SHARES,
        workbench.THERE,
        workbench.NOT_SAVED,
    )
    for text in (*told, *refused, workbench.BUSY, workbench.NOT_MADE):
        language.t(text)
    made_html(Made("lan/24.html", b""), language)


def known_of(workbook: Workbook, code: str, ar: int = 2018) -> topics.summary.Known:
    """What is known of a place, as its notebook finds it."""
    place = workbook.place(code)
    home = workbook.county(place.lanskod)
    shares = shares_of.shares_in_use(
        workbook.rows("andelstal", place), workbook.kommuner, place.kommunkoder, ar
    )
    now, coming = (forecasts.forecast_for(workbook.prognoser, year, None) for year in (ar, ar + 1))
    actual = forecasts.actual_children(workbook.asylsokande, ar)
    split, ahead = (
        split_difference(compare_outcome(shares, forecast.value, came), came)
        for forecast, came in ((now, actual), (coming, None))
    )
    history = quotas.lanstal_history(workbook.lanstal, workbook.anvisningar, home.kod)
    kommuntal, after = (
        quotas.kommuntal_outcome(workbook.kommuntal, workbook.kommuner, home.kommunkoder, year)
        for year in (ar, ar + 1)
    )
    rates, parts = cases.per_capita(workbook, place, ar), cases.composition(workbook, place, ar)
    change = quotas.quota_change(history, ar, ar + 1)
    return topics.summary.Known(
        *(place, ar, split, now, coming, ahead, shares, rates, parts),
        *(kommuntal, after, change, history),
    )


def _places(workbook: Workbook) -> Iterator[tuple[View, ...]]:
    """A county and a municipality of which other things are known, or turned out otherwise."""
    for code in ("24", "2480"):
        known = known_of(workbook, code)
        for one in _otherwise(known):
            yield topics.summary.lead(one)
            yield topics.summary.key_numbers(one)
            yield topics.summary.sentences(one)
            yield topics.place.why(one)
            yield topics.ahead.next_year(one, None, None)
        yield _seldom(workbook, known)
        yield from _few(known)
        yield from _ordered(known)
        nowhere = replace(known, history=known.history.iloc[:0])
        received = pd.DataFrame({"ar": [2018], "antal": pd.array([None], "Int64"), "tabell": [""]})
        none = pd.DataFrame(
            columns=["kommunkod", "ar", "kommuntal", "harledd", "harledd_ur", "tabell"]
        )
        gotland = known_of(workbook, "09")
        shares = gotland.shares.assign(expected_low=1, expected_high=2)
        nothing = side_by_side(gotland.rates, shares, gotland.kommuntal)
        columns = [name for name in nothing if name not in ("kommunkod", "kommun", "harledd")]
        empty = nothing.assign(**dict.fromkeys(columns, pd.NA))
        later = replace(gotland, kommuntal_next=gotland.kommuntal_next.iloc[:0])
        yield topics.place.municipality(later, empty)
        between = nothing.assign(expected_low=1, expected_high=2)
        yield topics.place.municipality(gotland, between)
        years = {"ar": [2015, 2016], "tabell": "kommunmottagna_2015_2016"}
        unnamed = pd.DataFrame(years).assign(antal=pd.array([1, 2], "Int64"))
        own = none.reindex([0, 1]).assign(**{"ar": [2015, 2016], "kommunkod": known.place.kod})
        own = own.assign(kommuntal=1, harledd=False, tabell="kommuntal_2018")
        yield topics.years.years(known, unnamed, own, workbook.catalogue)
        yield topics.years.years(nowhere, unnamed, none, workbook.catalogue)
        yield topics.years.years(nowhere, received, none, workbook.catalogue)


def _seldom(workbook: Workbook, known: topics.summary.Known) -> tuple[View, ...]:
    """What few places would say: nobody came, the quota is of some persons, no one took more."""
    near = cases.nearest(workbook, known.place, known.ar).assign(per_1000=0.1)
    nobody = replace(known, split=replace(known.split, utfall=0, preliminary=""))
    few = replace(known.change, from_lanstal=15)
    as_many = whole_children(known.split.expected_actual)
    whole = replace(known.split, utfall=as_many, preliminary="", placement_verdict="within")
    own = cases.own_words(workbook, known.place, known.ar)
    to_all = cases.questions_to_all(workbook, known.ar)
    views = [
        *topics.summary.lead(nobody),
        *topics.summary.key_numbers(replace(known, change=few, kommuntal_next=known.kommuntal[:0])),
        *topics.ahead.next_year(known, 1, None),
        *topics.place.why(replace(known, split=whole)),
        *topics.discussion.discussion_views(known, own, to_all, None),
        *topics.beside.like(known, near),
        *(
            replace(view, id=f"{view.id}_fler")
            for view in topics.beside.like(known, near.assign(per_1000=99.9))
            if isinstance(view, Statement)
        ),
        *(
            replace(view, id=f"{view.id}_{times}")
            for times in (0.5, 2.0)  # the nearest beside it is as large
            for view in topics.beside.like(
                known, near.assign(times=[1.0] + [times] * (len(near) - 1))
            )
            if view.id == "jamforelse_storlek"
        ),
        *topics.difference.split_figure(
            known.place, replace(known.split, preliminary=""), known.forecast, known.shares
        ),
    ]
    return tuple({view.id: view for view in views}.values())


def _ordered(known: topics.summary.Known) -> Iterator[tuple[View, ...]]:
    """A county's municipalities, of which less and less is known."""
    shares = known.shares.assign(expected_low=1, expected_high=2)
    table = side_by_side(known.rates, shares, known.kommuntal)
    table = table.astype({"expected_low": "Int64", "expected_high": "Int64"})
    for name in topics.place.ORDERS:
        table.loc[0, ["expected_low", name] if name == "expected_high" else name] = pd.NA
        yield topics.place.municipalities(known, table)
    received = table["mottagna_efter_anvisning"]
    for left in (1, 5):  # of a few and of many it is not known how many were received
        unread = table.assign(mottagna_efter_anvisning=received.mask(table.index < left))
        yield topics.place.municipalities(known, unread)
    beyond = table.assign(mottagna_efter_anvisning=9_999)
    yield topics.place.municipalities(known, beyond)


def _few(known: topics.summary.Known) -> Iterator[tuple[View, ...]]:
    """Nobody or one person of some of the categories; all those like the place took more; nobody to
    receive and nobody received.
    """
    parts, tal = known.parts, known.kommuntal
    for some in [(), *combinations(CATEGORIES, 1), CATEGORIES[:2], CATEGORIES[:3]]:
        counts = parts["kategori"].isin(some).astype("Int64")
        yield topics.place.who(replace(known, parts=parts.assign(antal=counts)))
    empty = tal.assign(kommuntal=0, mottagna_efter_anvisning=0, harledd=False)
    yield topics.summary.lead(replace(known, kommuntal=empty))


def _otherwise(known: topics.summary.Known) -> Iterator[topics.summary.Known]:
    split, change = known.split, known.change
    for utfall, actual in ((47, 1500), (60, 1600), (37, 944), (None, None)):
        whole = replace(split, utfall=utfall, actual=actual, preliminary="")
        yield replace(known, split=replace(whole, placement_verdict="more"))
        yield replace(known, split=replace(whole, preliminary=split.preliminary))
    early = replace(split, utfall=0)
    yield replace(known, split=replace(early, utfall=47))
    yield replace(known, split=early)
    over = replace(split, preliminary="", utfall=60, forecast_error=17.4, placement_departure=-1.0)
    yield replace(known, split=over)
    yield replace(known, split=replace(split, actual=None))
    unread = known.kommuntal.assign(mottagna_efter_anvisning=pd.NA)
    yield replace(known, rates=known.rates.assign(antal=pd.NA), kommuntal=unread)
    for to in (522, 600):
        step = replace(change, to_lanstal=to, change=to - 522, change_percent=(to - 522) / 5.22)
        yield replace(known, change=step, ahead=None)
    tal = known.kommuntal
    received = "mottagna_efter_anvisning"
    yield replace(known, kommuntal=tal.assign(**{received: tal["kommuntal"]}))
    yield replace(known, kommuntal=tal.assign(**{received: tal["kommuntal"] - 1}))
    yield replace(known, kommuntal=tal.assign(**{received: tal[received].where(tal.index > 0)}))
    yield replace(known, kommuntal=tal.assign(**{received: tal[received].where(tal.index > 4)}))
    one = tal.index == 0
    zero = {"kommuntal": tal["kommuntal"].mask(one, 0), received: tal[received].mask(one)}
    for harledd in (True, False):
        yield replace(known, kommuntal=tal.assign(**zero, harledd=harledd))
    yield replace(known, kommuntal_next=tal.assign(kommuntal=tal["kommuntal"].where(one)))
    yield replace(known, kommuntal_next=tal.assign(kommuntal=tal["kommuntal"].mask(one, 0)))
    few = {"kommuntal": tal["kommuntal"].where(tal.index == 0), received: pd.NA}
    yield replace(known, kommuntal=tal.assign(**few))
    for harledd in (True, False):
        yield replace(known, kommuntal_next=tal.assign(harledd=harledd))
    yield replace(known, rates=known.rates.assign(per_1000=pd.array([None] * len(known.rates))))
    none = known.parts["kategori"].eq("eget_boende")
    yield replace(known, parts=known.parts.assign(antal=known.parts["antal"].mask(none, 0)))
    yield replace(known, split=None, ahead=None, change=None, kommuntal=tal.iloc[:0])


def _two_sources() -> pd.DataFrame:
    """A ledger of one figure that two sources print differently."""
    row = {"kommunkod": "2480", "ar": 2018, "kategori": "totalt", "kept": 405, "other": 409}
    pair = {"winner": "kommunmottagna_2018", "loser": "kommunmottagna_2015_2016"}
    county = row | {"kommunkod": "24", "winner": "lanstal", "loser": "lanstal_press"}
    return ledger_of(check_overlaps(pd.DataFrame([row | pair, county])), {}, by_order=BY_ORDER)


def _quotas(workbook: Workbook) -> list[View]:
    place = workbook.county("AC")
    changes = [
        QuotaChange(2018, 2019, 500, 500 + step, step, 0.0, 1, 1, 0.0, 500.0, 0.0)
        for step in (-10, 0, 10)
    ]
    unknown = pd.DataFrame({"ar": [2018], "lanstal": pd.array([None], "Int64")})
    known = pd.DataFrame(
        {"ar": [2018, 2019], "lanstal": 500, "harledd": False, "tabell": "lanstal"}
    )
    sentences = [topics.quotas.change_sentence(place, change, known, 2018) for change in changes]
    quotas = pd.DataFrame(
        {
            "kommunkod": [*place.kommunkoder],
            "kommun": "Umeå",
            "harledd": False,
            "harledd_ur": pd.NA,
            "tabell": "kommuntal_2018",
        }
    )
    quotas = quotas.assign(
        kommuntal=pd.array([None] + 14 * [1], "Int64"), mottagna_efter_anvisning=1, difference=0
    )
    alone = workbook.municipality(place.kommunkoder[0])
    unlisted = [
        *topics.kommuntal.kommuntal_views(alone, quotas, 2018)[:1],
        *topics.kommuntal.kommuntal_views(place, quotas, 2018),
    ]
    known = [view for own, ar in DECIDED for view in _decided(workbook, workbook.place(own), ar)]
    return [*sentences, *topics.quotas.lanstal_views(place, unknown), *unlisted, *known]


DECIDED = [("18", 2018), ("1860", 2018), ("14", 2017), ("1430", 2017), ("20", 2019), ("2080", 2019)]


def _decided(workbook: Workbook, place: Place, ar: int) -> list[View]:
    """Kommuntal of which an earlier decision is known, or that are derived from a change."""
    codes = workbook.county(place.lanskod).kommunkoder
    table = kommuntal_outcome(workbook.kommuntal, workbook.kommuner, codes, ar)
    replaced = workbook.rows("kommuntal_ersatta", place, [ar])
    return [
        *topics.kommuntal.kommuntal_views(place, table, ar),
        *topics.kommuntal.replaced_note(place, replaced, table, ar),
    ]


def _differences(workbook: Workbook) -> list[View]:
    """Outcomes of a whole year and of a part of one, few and many, those who came known or not; no
    forecast.
    """
    forecast, views, no_forecast = Forecast(2018, 1500), list[View](), Forecast(2018, None)
    for kod in ("AC", "2480", "2401"):
        place = workbook.county(kod) if kod == "AC" else workbook.municipality(kod)
        for utfall, share, actual, early in product(
            (0, 99), (1.0, 0.0, 2.0), (None, 944), (None, EARLY)
        ):
            rows = pd.DataFrame({"kommunkod": ["2480"], "kommun": ["Umeå"], "andelstal": [share]})
            rows = rows.assign(
                utfall=utfall,
                utfall_preliminart=early,
                andelstal_ar=2018,
                tabell="andelstal_2018_ac",
            )
            compared = compare_outcome(rows, 1500, actual)
            split = split_difference(compared, actual)
            views += [topics.expectation.answer(place, split, forecast, rows)]
            views += topics.expectation.outcome(place, compared, split, forecast)
            views += topics.difference.split_views(place, split, forecast, rows)
            views.append(topics.difference.split_table(compared, split, forecast))
    return [*views, *topics.expectation.outcome(workbook.county("AC"), compared, None, no_forecast)]


def _scenarios(workbook: Workbook) -> list[View]:
    """Two municipalities whose interval is one number, the product inside it and outside it."""
    shares = pd.DataFrame(
        {"kommunkod": ["2480", "2401"], "kommun": ["Umeå", "Nordmaling"], "andelstal": [1.2, 1.2]}
    )
    shares = shares.assign(tabell="andelstal_2018_ac")
    county = workbook.county("AC")
    views = topics.scenarios.scenario_views(county, compare_scenarios(shares, [1000, 2500]), shares)
    return [*views, *half_estimated(workbook)]


def half_estimated(workbook: Workbook) -> list[View]:
    """A county of which one share is published and one is estimated."""
    shares = pd.DataFrame(
        {"kommunkod": ["2480", "2401"], "kommun": ["Umeå", "Nordmaling"], "andelstal": [1.2, 1.2]}
    )
    tables = ["andelstal_2018_ac", "andelsnycklar"]
    shares = shares.assign(tabell=tables, estimated=[False, True], andelstal_ar=2018)
    shares = shares.assign(utfall=pd.array([5, None], "Int64"))
    county, forecast = workbook.county("AC"), Forecast(2018, 1500)
    split = split_difference(compare_outcome(shares, 1500, 944), 944)
    views = topics.scenarios.scenario_views(county, compare_scenarios(shares, [800, 2700]), shares)
    return [topics.expectation.answer(county, split, forecast, shares), *views]


def _reception(workbook: Workbook) -> list[View]:
    """A place with every year known, one with none, and one that is not among those divided by
    category.
    """
    place, national = workbook.municipality("2480"), workbook.asylsokande
    known = pd.DataFrame(
        {"ar": YEARS, "antal": pd.array([1, 2], "Int64"), "tabell": "kommunmottagna_2018"}
    )
    unknown = known.assign(antal=pd.array([None, None], "Int64"), tabell="")
    others = pd.DataFrame(
        {
            "unit": "Malå",
            "kategori": [*language_drawn.KATEGORIER][:5],
            "antal": 1,
            "varav_ensamkommande": 0,
        }
    )
    others = others.assign(kod="2418", share=0.2, tabell="kommunmottagna_2018")
    unnamed = known.assign(tabell="kommunmottagna_2015_2016")
    return [
        *topics.reception.by_year(place, known, national, workbook.catalogue),
        *topics.reception.by_year(place, unknown, national, workbook.catalogue),
        *topics.reception.by_year(place, unnamed, national, workbook.catalogue),
        *topics.reception.composition_views(place, others, 2018),
    ]


def _measures(workbook: Workbook) -> list[View]:
    """A whole year's outcome beside the received, and two numbers of which no children are a
    part.
    """
    place = workbook.municipality("2480")
    parts = pd.DataFrame({"kod": "2480", "kategori": [*language_drawn.KATEGORIER][:5], "antal": 1})
    parts = parts.assign(varav_ensamkommande=[0, 0, 1, 0, 0], tabell="kommunmottagna_2018")
    outcome = pd.DataFrame(
        {"kommunkod": ["2480"], "kommun": "Umeå", "utfall": [5], "tabell": "kommunmottagna_2018"}
    )
    after = pd.DataFrame(
        {"kommunkod": ["2480"], "mottagna_efter_anvisning": [5], "tabell": "kommuntal_2018"}
    )
    told = list(topics.alike.look_alikes(place, parts, outcome, after, 2018))
    fewer = after.assign(mottagna_efter_anvisning=1)  # as many as the two without the child
    one = parts.assign(varav_ensamkommande=[0, 1, 0, 0, 0])
    told += [
        replace(view, id=f"{view.id}_utan")
        for view in topics.alike.look_alikes(place, one, outcome, fewer, 2018)
        if view.id == "matt_anvisning"
    ]
    gotland = workbook.county("I")  # a county of one municipality
    both = pd.concat([parts.assign(kod="09"), parts.assign(kod="0980")])
    own = outcome.assign(kommunkod="0980", kommun="Gotland")
    return [*told, *topics.alike.look_alikes(gotland, both, own, after.head(0), 2018)[1:]]


def _months(workbook: Workbook) -> list[tuple[View, ...]]:
    """Fewer, as many and more than the year before; nothing to compare with; hidden; unknown; in no
    known place.
    """
    umea, riket = workbook.municipality("2480"), workbook.country
    cases: list[tuple[Place, list[Cell]]] = [
        *[(umea, [("2480", 2026, 1, antal), ("2480", 2025, 1, 5)]) for antal in (4, 5, 6)],
        (umea, [("2480", 2026, 1, 7), (None, 2026, 1, 8)]),
        (
            umea,
            [
                ("2480", 2026, 1, 7),
                ("2480", 2026, 2, HIDDEN),
                (None, 2026, 1, 8),
                (None, 2026, 2, HIDDEN),
            ],
        ),
        (umea, [("2480", 2026, 2, 7), ("2480", 2025, 2, HIDDEN)]),
        (riket, [(kod, 2026, 1, 1) for kod in (*riket.kommunkoder, None)]),
    ]
    years = [
        (place, latest_year(made_months(cells), made_sums([]), place, 2018))
        for place, cells in cases
    ]
    return [topics.months.month_views(place, months) for place, months in years]


def none_received() -> pd.DataFrame:
    """Two counties of which no municipality received anyone."""
    counties = pd.DataFrame(
        {"lan": ["A", "B"], "antal": [0, 0], "folkmangd": [1000, 2000], "per_1000": [0.0, 0.0]}
    )
    return counties.astype({"antal": "Int64", "folkmangd": "Int64"}).assign(
        tabell="x", people_tabell="y"
    )


def _nation(workbook: Workbook) -> list[View]:
    """Maps of one class and with one municipality unknown; evenness in no year, in one, and growing
    less even.
    """
    lan = workbook.lan.head(1)
    rates = workbook.kommuner[workbook.kommuner["lanskod"] == lan["lanskod"].iloc[0]].head(3)
    rates = rates.assign(
        antal=1, folkmangd=1000, tabell="kommunmottagna_2018", people_tabell="folkmangd"
    )
    square = [np.array([[0.0, 0], [0, 1e5], [1e5, 1e5], [1e5, 0], [0, 0]])]
    outlines = dict.fromkeys(rates["kommunkod"], square)
    views: list[View] = []
    for known in ([1.0, 1.0, 1.0], [1.0, 2.0, None]):
        frame = rates.assign(per_1000=pd.array(known, dtype="Float64"))
        views += topics.spread.map_views(frame, lan, outlines, outlines, 2018)
    views.append(topics.nation.answer(none_received(), 2018))
    tables_by_id = workbook.catalogue.tables
    for ginis in ([], [0.2], [0.1, 0.2], [0.2, 0.2]):
        years = pd.DataFrame(
            {"ar": YEARS[: len(ginis)], "antal": 1, "gini": ginis, "tabell": "kommunmottagna_2018"}
        )
        years = years.assign(people_tabell="folkmangd")
        ends = pd.DataFrame({"people_share": [0.0, 1], "received_share": [0.0, 1]})
        curves = ends.merge(years[["ar", "tabell"]], how="cross")
        views += topics.spread.evenness_views(years, curves, tables_by_id)
    return [*views, *_uneven_measures(workbook)]


def _uneven_measures(workbook: Workbook) -> list[View]:
    """Two years of one measure after one that is not named; of the two, one table is not sure in
    all.
    """
    tables = ["kommunmottagna_2015_2016", "andelstal_2018_ac", "kommunmottagna_2018"]
    years = pd.DataFrame(
        {"ar": [2016, 2018, 2019], "antal": 1, "gini": [0.3, 0.2, 0.1], "tabell": tables}
    )
    years = years.assign(people_tabell="folkmangd")
    ends = pd.DataFrame({"people_share": [0.0, 1], "received_share": [0.0, 1]})
    curves = ends.merge(years[["ar", "tabell"]], how="cross")
    return [*topics.spread.evenness_views(years, curves, workbook.catalogue.tables)]
