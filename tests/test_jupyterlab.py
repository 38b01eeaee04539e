"""An analyst opens the notebooks in JupyterLab, runs all cells, and works in the workbench."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from playwright.sync_api import TimeoutError as NotYet

from tests import patience

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
TOKEN = "prov"
PATIENCE = 1000 * patience.PATIENCE  # ms
ASKED = 60  # times at most that a notebook is asked to run

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("jupyterlab")]


class Lab(NamedTuple):
    """Where a JupyterLab has its notebooks, data and reports, and where a notebook of its opens."""

    folder: Path
    address: str


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of our own on a free loopback port, over copies of the notebooks and the
    data.
    """
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("raw", "tidy"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        f"--port={port}",
    ]
    options = [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder / 'notebooks'}"]
    quiet = [
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    homes = {
        name: str(folder / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    }
    ours = {"MOTTAGNING_DATA": str(folder / "data"), "MOTTAGNING_REPORTS": str(folder / "reports")}
    environment = {**os.environ, **homes, **ours}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [*command, *options, *quiet], stdout=log, stderr=log, env=environment, cwd=folder
        ) as server,
    ):
        try:
            patience.until(
                lambda: _answers(f"http://127.0.0.1:{port}/api?token={TOKEN}"), "JupyterLab"
            )
            yield Lab(folder, f"http://127.0.0.1:{port}/lab/tree/{{}}?token={TOKEN}&reset")
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def desktop(browser):
    """What the browser keeps between pages: JupyterLab's own files, which every page needs."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        context.set_default_timeout(PATIENCE)
        yield context


@pytest.fixture
def page(desktop):
    """A new tab."""
    with desktop.new_page() as page:
        yield page


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=patience.PATIENCE).close()
    except (urllib.error.URLError, ConnectionError):
        return False
    return True


def run_all(page, lab, name):
    page.goto(lab.address.format(name))
    page.wait_for_selector(".jp-NotebookPanel-notebook .jp-Cell", timeout=PATIENCE)
    page.get_by_text("Python 3 (ipykernel) | Idle").first.wait_for(timeout=PATIENCE)
    begun = page.locator(".jp-InputPrompt", has_text=re.compile(r"\[(\*|\d+)\]")).first
    # a call that comes before the page has bound its menu is lost without a word
    for _ in range(ASKED):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_text("Run All Cells", exact=True).click()
        with suppress(NotYet):
            begun.wait_for(timeout=PATIENCE / ASKED)
            return
    begun.wait_for(timeout=PATIENCE)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all_brings_every_notebook_to_its_end(page, lab, name):
    run_all(page, lab, name)
    page.get_by_text("Slut på rapporten.").last.wait_for(timeout=PATIENCE)
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0


def write(page, label, text):
    """Write in a field of the tab that is open, and press Enter."""
    page.get_by_label(label, exact=True).fill(str(text))
    page.keyboard.press("Enter")


def see(page, text):
    """Wait until something on the page says this."""
    page.get_by_text(re.compile(text)).first.wait_for(timeout=PATIENCE)


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def choose(page, giver, receiver):
    open_tab(page, "Plan")
    page.get_by_label("Kommun som nollas").select_option(label=giver)
    page.get_by_label("Andelstalet tas över av").select_option(label=receiver)
    page.get_by_role("button", name="Lägg till").click()


def beside(page, text):
    """Wait until this stands beside a field, as something wrong."""
    page.get_by_role("alert").get_by_text(text).wait_for(timeout=PATIENCE)


# A number of each kind, in each tab; what else may be wrong with one is tested without a browser.
WRONG = {  # field, and its tab, what is written, what stands beside it
    "Prognos": ("Prognos", "23 00", "har ett mellanslag på fel plats. Skriv 2\u00a0300."),
    "Jämför med": ("Prognos", "1,500", "Skriv 1\u00a0500, eller 1; 500 med semikolon emellan."),
    "Platser i hem": ("Platser", "fem", "”fem” är inget tal. Skriv ett antal platser"),
}


def shown(page):
    """The workbench's answer: the words, and every drawing."""
    answer = page.locator(".jp-OutputArea-output .widget-html .jp-RenderedHTMLCommon")
    return answer.all_inner_texts(), [
        drawing.inner_html() for drawing in answer.locator(".drawing").all()
    ]


def test_what_cannot_be_read_is_said_beside_its_field_and_changes_nothing(page, lab):
    run_all(page, lab, "03_scenarier.ipynb")
    page.get_by_text("Slut på rapporten.").last.wait_for(timeout=PATIENCE)
    see(page, "46,9 barn enligt andelstalet vid prognosen 1.500")
    open_tab(page, "Spara")
    page.get_by_label("Scenariots namn").fill("Orört")
    page.get_by_role("button", name="Spara scenario").click()
    see(page, "Sparat i .*orort.yaml")
    files = lab.folder / "data/scenarios"
    before, answer = {path.name: path.read_bytes() for path in files.iterdir()}, shown(page)
    assert answer[0]
    assert answer[1]
    for label, (tab, text, says) in WRONG.items():
        open_tab(page, tab)
        field = page.get_by_label(label, exact=True)
        right = field.input_value()
        write(page, label, text)
        beside(page, says)
        assert field.input_value() == text
        assert shown(page) == answer
        open_tab(page, "Spara")
        page.get_by_role("button", name="Spara scenario").click()
        beside(page, f"Inget sparades. Rätta först det som står i fältet {label}.")
        open_tab(page, tab)
        write(page, label, right)
        page.get_by_role("alert").get_by_text(says).wait_for(state="detached", timeout=PATIENCE)
        assert shown(page) == answer
    assert {path.name: path.read_bytes() for path in files.iterdir()} == before
    open_tab(page, "Spara")
    page.get_by_label("Ersätt filen om den redan finns").check()
    page.get_by_role("button", name="Spara scenario").click()
    see(page, "Sparat i .*orort.yaml")
    assert (files / "orort.yaml").read_bytes() == before["orort.yaml"]


def test_the_workbench_answers_to_forecast_and_county_and_says_what_the_page_is_of(page, lab):
    run_all(page, lab, "03_scenarier.ipynb")
    see(page, "46,9 barn enligt andelstalet vid prognosen 1.500")
    see(
        page,
        "Arbetsbänken visar Västerbottens län 2019. Resten av sidan gäller Riket 2018.",
    )
    page.locator(".noUi-handle").first.press("ArrowRight")
    see(page, "48,5 barn enligt andelstalet vid prognosen 1.550")
    write(page, "Prognos", "2 300")
    see(page, "71,9 barn enligt andelstalet vid prognosen 2.300")
    write(page, "Prognos", "900")
    see(page, "28,1 barn enligt andelstalet vid prognosen 900")
    write(page, "Jämför med", "1 500, 2 600")
    page.get_by_role("img", name=re.compile("prognoserna 900, 1.500 och 2.600")).first.wait_for(
        timeout=PATIENCE
    )

    page.get_by_label("Län", exact=True).select_option(label="Skåne län")
    see(page, "Andelstalen för .* är uppskattade, eftersom inga är publicerade här")
    see(page, "Arbetsbänken visar Skåne län 2019. Resten av sidan gäller Riket 2018.")


def test_a_scenario_is_tried_saved_and_made_a_report(page, lab):
    run_all(page, lab, "03_scenarier.ipynb")
    see(page, "Andelstalen är de för 2018, eftersom de för 2019 inte är kända här.")
    choose(page, "Umeå", "Umeå")
    beside(page, "Umeå kan inte lämna över till sig själv")
    open_tab(page, "Prognos")
    write(page, "Prognos", "2 300")
    choose(page, "Nordmaling", "Umeå")
    see(page, "Nordmaling → Umeå")
    see(page, "71,9 barn enligt andelstalet vid prognosen 2.300")
    choose(page, "Nordmaling", "Skellefteå")
    beside(page, "Nordmaling lämnar inte över något")
    open_tab(page, "Spara")
    page.get_by_label("Scenariots namn").fill("Nordmaling till Umeå")
    page.get_by_role("button", name="Spara scenario").click()
    see(page, "Sparat i .*nordmaling-till-umea.yaml")
    saved = yaml.safe_load(
        (lab.folder / "data/scenarios/nordmaling-till-umea.yaml").read_text("utf-8")
    )
    assert {name: saved[name] for name in ("lan", "ar", "prognos_ekb")} == {
        "lan": "AC",
        "ar": 2019,
        "prognos_ekb": 2300,
    }
    assert saved["flytt"] == [{"fran": "2401", "till": "2480"}]

    page.get_by_role("button", name="Rendera rapport").click()
    see(page, "Rapporten är klar")
    with page.expect_download() as download:
        page.get_by_role("link", name="Hämta rapporten").click()
    made = lab.folder / "reports/single/2019-scenario-nordmaling-till-umea/lan"
    with zipfile.ZipFile(download.value.path()) as packed:
        pages = {name: packed.read(name).decode() for name in packed.namelist()}
    documents = ["24/kort.html", "24/lagesbild.html", "24/metod.html"]
    assert sorted(pages) == ["24.html", "24.json", *documents]
    assert pages == {name: (made / name).read_text("utf-8") for name in pages}
    assert "Nordmaling till Umeå" in pages["24.html"]
    method = pages["24/metod.html"]
    for figure in ("Nordmaling till Umeå", "71,9", "13,11"):
        assert figure in method


def test_a_scenario_of_the_county_and_year_is_opened_in_the_widgets(page, lab):
    run_all(page, lab, "03_scenarier.ipynb")
    see(page, "vid prognosen 1.500")
    write(page, "År", "2019")
    see(page, "eftersom de för 2019 inte är kända")
    open_tab(page, "Öppna")
    page.get_by_label("Öppna scenario").select_option(label="vasterbotten-2019-nollning")
    page.get_by_role("button", name="Öppna", exact=True).click()
    page.get_by_role("status").get_by_text(
        re.compile("Öppnat: vasterbotten-2019-nollning.yaml")
    ).wait_for(timeout=PATIENCE)
    see(page, "71,9 barn enligt andelstalet vid prognosen 2.300")
    open_tab(page, "Plan")
    see(page, "Lycksele → Skellefteå")
