"""Reports in several scenarios: which share a tree, and that an edition is the same bytes through
it as without.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from helpers import tables
from helpers.cli import WARM
from helpers.cli.request import scenarios_of
from helpers.editions.edition import Edition, expand
from helpers.editions.parameters import PARTING
from helpers.make.plan import NOTEBOOKS, PROJECT, Options, Plan
from helpers.make.run import publish
from helpers.make.warm_reports import as_tasks
from helpers.report.job import Job
from helpers.warm.dependence import first_dependent
from helpers.warm.tree import Tree
from tests.patience import PATIENCE
from tests.publish.samples import contents

pytestmark = pytest.mark.xdist_group("branches")

PLACES = """
namn: Västerbotten 2019, platser
lan: AC
ar: 2019
prognos_ekb: 1700
prognos_gjord: samma_ar
flytt: [{fran: "2401", till: "2480"}]
godkant: ["2480"]
kapacitet:
  - {kommunkod: "2480", slag: platser_hem, antal: 9, datum: 2019-01-01, kalla: antaget}
  - {kommunkod: "2480", slag: platser_familjehem, antal: 3, datum: 2019-01-01, kalla: antaget}
"""


def _job(**parameters: object) -> Job:
    return Job("x", Path("10.ipynb"), {"lan": "AC", "ar": 2019, "scenario": None, **parameters})


def test_jobs_that_differ_in_nothing_but_the_scenario_are_one_task():
    plain, other, elsewhere = _job(), _job(scenario="b"), replace(_job(), notebook=Path("11.ipynb"))
    later, alone = _job(ar=2018, scenario="b"), Job("kallor", Path("01.ipynb"), {"sprak": "sv"})
    tasks = as_tasks([alone, plain, elsewhere, later, other], PARTING)
    assert tasks == [alone, Tree((plain, other)), elsewhere, later]


def test_without_scenarios_every_job_is_a_task():
    jobs = [_job(), _job(lan="Y"), _job(ar=2018)]
    assert as_tasks(jobs, PARTING) == jobs


@pytest.mark.parametrize("notebook", ["10_lansrapport", "11_kommunrapport"])
def test_all_that_stands_before_the_scenario_is_asked_for_is_shared(notebook):
    """A cell that is taken for one that depends makes every scenario's report dearer, unseen."""
    cells = nbformat.read(NOTEBOOKS / f"{notebook}.ipynb", as_version=4).cells
    first = first_dependent(cells, {PARTING})
    assert "scenario," in cells[first].source
    shown = [place for place, cell in enumerate(cells) if "page.show(" in cell.source]
    assert sum(place < first for place in shown) > 3 * sum(place >= first for place in shown)
    asked = [place for place, cell in enumerate(cells) if "cases.held_before(" in cell.source]
    assert [place < first for place in asked] == [True], "intervals that held know no scenario"


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """An edition of a county and a municipality in three scenarios, through the tree and without:
    its bytes.
    """
    data_folder = tmp_path_factory.mktemp("data") / "data"
    shutil.copytree(PROJECT / "data", data_folder, ignore=shutil.ignore_patterns("raw", "tidy"))
    (data_folder / "scenarios/platser.yaml").write_text(PLACES, "utf-8")
    asked = Edition(
        title="Prov",
        ar=2019,
        prognoser_ekb=[1500, 2300],
        lan=["AC"],
        kommuner=["2480"],
        scenarier=["vasterbotten-2019-nollning", "platser"],
    )
    made = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MOTTAGNING_DATA", str(data_folder))
        data = tables.load()
        jobs = expand(asked, data, NOTEBOOKS, "prov.yaml", scenarios_of(data))
        for tree in (True, False):
            options = Options(
                tmp_path_factory.mktemp("out"),
                workers=2,
                engine="warm",
                warm=WARM,
                tree=tree,
                parting=PARTING,
                cell_timeout=PATIENCE,
            )
            results = publish(
                Plan("Prov", "sv", asked.model_dump(), jobs, data.catalogue), options
            ).results
            assert [result.failure for result in results] == [None] * 6
            made[tree] = contents(options.out)
    return made


def test_an_edition_is_the_same_bytes_through_the_tree_as_without(editions):
    through, apart = editions[True], editions[False]
    assert sorted(through) == sorted(apart)
    assert [name for name in apart if through[name] != apart[name]] == []


def test_each_report_in_a_scenario_says_what_it_supposes(editions):
    for name in ("lan/24", "kommun/2480"):
        pages = {
            scenario: editions[True][f"html/{scenario}{name}.html"].decode()
            for scenario in ("", "scenario/vasterbotten-2019-nollning/", "scenario/platser/")
        }
        assert len(set(pages.values())) == 3
        assert "Västerbotten 2019, platser" in pages["scenario/platser/"]
        assert "Västerbotten 2019, platser" not in pages[""]


def test_the_index_has_a_heading_for_each_scenario_and_every_page_leads_back(editions):
    index = editions[True]["html/index.html"].decode()
    assert "Scenario Västerbotten 2019, nollning: Län" in index
    _, _, after = index.partition("Scenario Västerbotten 2019, platser: Län")
    own = after.partition("</section>")[0]  # a municipality stands beneath its county
    assert "Kommuner i Västerbottens län" not in index
    assert 'href="scenario/platser/kommun/2480.html"' in own.partition('class="beneath"')[2]
    for name, page in editions[True].items():
        if name.endswith(".html"):
            _leads_somewhere(name, page.decode(), editions[True])


def _leads_somewhere(name: str, page: str, files: dict[str, bytes]) -> None:
    addresses = [part.split('"')[0] for part in page.split('href="')[1:]]
    for address in addresses:
        if not address.startswith(("#", "http", "mailto:")):
            target = os.path.normpath(Path(name).parent / address.split("#")[0])
            assert target in files, (name, address)
