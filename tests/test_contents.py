"""What the reports state, against what was published; and that every statement moves with its
figure.
"""

import json
import re
import shutil
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from helpers.sources import load_catalogue, recording
from helpers.tables.workbook import read_and_check
from tests.model.test_shares import PRINTED
from tests.patience import PATIENCE
from tests.test_depends import make

pytestmark = pytest.mark.xdist_group("browser")  # for the edition
ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


class _Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data):
        self.parts.append(data)


def text_of(page: Path) -> str:
    parser = _Text()
    parser.feed(page.read_text("utf-8"))
    return re.sub(r"[ \n\t]+", " ", " ".join(parser.parts))


def facts_of(page: Path) -> dict[tuple[str, str], object]:
    stated = json.loads(page.with_suffix(".json").read_text("utf-8"))["facts"]
    return {
        (fact["name"], json.dumps(fact["key"], sort_keys=True)): fact["value"] for fact in stated
    }


def value(facts, name, **key):
    return facts[(name, json.dumps(key, sort_keys=True))]


@pytest.fixture(scope="module")
def county(edition):
    return edition / "lan" / "24.html"


def test_vasterbotten_states_the_published_shares_products_and_sums(county):
    """Länsstyrelsen Västerbotten, Antal och andelar 2019: 31,26 ‰; 46,89; 71,898; 40–53; 66–70;
    35.
    """
    facts = facts_of(county)
    assert value(facts, "svar_ekb.andelstal") == pytest.approx(31.26)
    assert value(facts, "scenario_1500.expected") == pytest.approx(46.89)
    assert value(facts, "scenario_2300.expected") == pytest.approx(71.898)
    assert (value(facts, "scenario_1500.low"), value(facts, "scenario_1500.high")) == (40, 53)
    assert (value(facts, "scenario_2300.low"), value(facts, "scenario_2300.high")) == (66, 70)
    assert value(facts, "svar_ekb.utfall") == 37
    assert value(facts, "tryckt_summa_andelstal_2018_ac.printed") == 35


def test_vasterbotten_splits_the_difference_into_forecast_and_placement(county):
    """SCB: 944 unaccompanied children in 2018; 31,26 ‰ of them is 29,5."""
    facts = facts_of(county)
    assert value(facts, "svar_ekb.forecast_error") == pytest.approx(-17.38056)
    assert value(facts, "svar_ekb.placement_departure") == pytest.approx(7.49056)
    assert value(facts, "delning_mening.actual") == 944


@pytest.mark.parametrize("row", PRINTED, ids=lambda row: row[1])
def test_both_printed_intervals_of_a_municipality_stand_beside_equal_recomputed_ones(county, row):
    facts = facts_of(county)
    kod, _, _, forvantat, utfall, antagande = row
    for name, ends in (("forvantat", forvantat), ("antagande", antagande)):
        for kind in (name, f"{name}_computed"):
            found = tuple(
                value(facts, f"tryckt.{kind}_{end}", kommunkod=kod) for end in ("low", "high")
            )
            assert found == ends, kind
    assert value(facts, "tryckt.utfall", kommunkod=kod) == utfall


def test_a_county_without_published_shares_says_so_and_is_reckoned_by_estimated_ones(edition):
    page = edition / "lan" / "14.html"
    text, facts = text_of(page.with_suffix("") / "metod.html"), facts_of(page)
    assert "Andelstalen för Västra Götalands län är uppskattade" in text
    assert "Varken andelstal eller utfall är publicerade här för Västra Götalands län" in text
    assert value(facts, "svar_ekb.expected") == pytest.approx(
        value(facts, "svar_ekb.andelstal") * 1.5
    )
    assert value(facts, "svar_mottagna.antal") == 7_368


def test_missing_years_are_unknown_in_the_figures(county):
    facts = facts_of(county)
    assert [value(facts, "mottagna.antal", ar=str(year)) for year in (2008, 2014, 2017)] == [
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "name", ["lan/24", "lan/09", "kommun/2480", "kommun/2401", "oversikt/kallor"]
)
def test_every_figure_says_from_which_published_table_it_comes(edition, name):
    stated = json.loads((edition / f"{name}.json").read_text("utf-8"))
    assert stated["facts"]
    for fact in stated["facts"]:
        assert set(fact["sources"]) <= set(stated["sources"]), fact
        assert fact["origin"] in {"computed", "estimated", "official", "county", "press", "derived"}


def test_the_readmes_line_of_papermill_runs_the_county_notebook_and_warns_of_nothing(tmp_path):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    shutil.copytree(ROOT / "reports/parameters", tmp_path / "reports/parameters")
    (line,) = re.findall(
        r"^\.venv/bin/(papermill .*)$", (ROOT / "README.md").read_text("utf-8"), re.M
    )
    name, *arguments = line.split()
    ran = subprocess.run(
        [str(BIN / name), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert ran.returncode == 0, ran.stderr
    assert "warning" not in (ran.stdout + ran.stderr).lower()
    assert "Preliminärt anvisades 37 ensamkommande barn" in (tmp_path / "out.ipynb").read_text(
        "utf-8"
    )


@pytest.fixture(scope="module")
def before(workbook) -> str:
    """The county's report as it is shown with the published tables."""
    return make("lan/24", workbook, drawn=True).shown


def figures_of(page: str) -> dict[str, str]:
    parts = re.findall(
        r'<figure class="fig" id="fig-([\w-]+)"[^>]*>.*?role="img" aria-label="([^"]*)">(.*?)</div>',
        page,
        re.S,
    )
    return {name: unescape(alt) + source for name, alt, source in parts}


def sentences_of(page: str) -> dict[str, str]:
    return dict(
        re.findall(r'<p class="(?:answer|plain|note|gap)" id="(\w+)">(.*?)</p>', page, re.S)
    )


@pytest.mark.parametrize(
    ("old", "new", "sentences", "figures"),
    [
        (
            "Umeå;11,97;18;11;",
            "Umeå;11,97;18;12;",
            {
                *(
                    "svar_ekb",
                    "utfall_slump",
                    "delning_mening",
                    "delning_slump",
                    *("tryckt_summa_andelstal_2018_ac", "kort_summa_andelstal_2018_ac"),
                ),
                # the outcome stands beside the children among the received
                *("matt_barn", "matt_barn_mest"),
                *("svar_barn", "varfor_andel"),
            },
            {"utfall_figur", "delning_figur"},
        ),
        (
            "Umeå;11,97;18;11;",
            "Umeå;13,97;18;11;",
            {
                *("svar_ekb", "utfall_slump", "delning_mening", "delning_slump"),
                *("scenario_1500", "scenario_2300", "tryckt_mening"),
                *("svar_placering", "placering_sedan_2016", "placering_intervall", "regel_riket"),
                *("utfall_bedomning", "provat_kommuner", "regel_hela_barn"),
                *("svar_barn", "varfor_andel", "nasta_andel", "nasta_motsvarar", "nasta_spann"),
                *("fraga_1_tal_1", "korthet_andel", "andelstal_eget"),
            },
            {"utfall_figur", "delning_figur", "scenarier_figur", "placering_figur"},
        ),
    ],
    ids=["an outcome", "a share"],
)
def test_changing_a_published_figure_changes_what_rests_on_it_and_nothing_else(
    before, data_copy, old, new, sentences, figures
):
    file = data_copy / "published/andelstal_2018_ac.csv"
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    recording.record("andelstal_2018_ac", data_copy)
    after = make("lan/24", read_and_check(load_catalogue(data_copy)), drawn=True).shown
    assert len(figures_of(before)) == len(figures_of(after)) > 8

    def changed(what):
        first, second = what(before), what(after)
        return {
            name for name in first.keys() | second.keys() if first.get(name) != second.get(name)
        }

    assert changed(sentences_of) == sentences
    assert changed(figures_of) == figures


def test_every_county_and_municipality_is_answered_what_other_forecasts_mean_and_estimates_say_so(
    edition,
):
    for page in sorted([*(edition / "lan").glob("*.html"), *(edition / "kommun").glob("*.html")]):
        report = json.loads(page.with_suffix(".json").read_text("utf-8"))
        words = text_of(page) + text_of(page.with_suffix("") / "metod.html")
        answers = [one for one in report["facts"] if re.match(r"scenario_\d+\.exp", one["name"])]
        assert [one["name"] for one in answers] == [
            "scenario_1500.expected",
            "scenario_2300.expected",
        ]
        own = page.stem.startswith("24")
        assert {one["origin"] for one in answers} == {"computed" if own else "estimated"}
        assert ("uppskattat andelstal" in words.lower()) == (not own), page.name
        assert words.count("Uppskattat: ") >= (0 if own else 4), page.name
        assert report["status"]["andelstal"] == own


def test_what_rests_on_an_estimated_share_and_nothing_else_has_that_origin(edition):
    report = json.loads((edition / "lan" / "05.json").read_text("utf-8"))
    for fact in report["facts"]:
        rests = "andelsnycklar" in fact["sources"] and fact["unit"] in ("‰", "barn", "hela barn")
        assert (fact["origin"] == "estimated") == rests, fact
    assert report["sources"]["andelsnycklar"]["origin"] == "estimated"
