"""An analyst opens the notebooks in JupyterLab, runs all cells, and works in the workbench."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from tests import patience

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
TOKEN = "prov"
PATIENCE = 1000 * patience.PATIENCE  # ms

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("jupyterlab")]


class Lab(NamedTuple):
    """Where a JupyterLab has its notebooks, data and reports, and where a notebook of its opens."""

    folder: Path
    address: str


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of our own on a free loopback port, over copies of the notebooks and the data."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("raw", "tidy"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    options = [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder / 'notebooks'}"]
    quiet = ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    homes = {name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    ours = {"MOTTAGNING_DATA": str(folder / "data"), "MOTTAGNING_REPORTS": str(folder / "reports")}
    environment = {**os.environ, **homes, **ours}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen([*command, *options, *quiet], stdout=log, stderr=log, env=environment, cwd=folder) as server,
    ):
        try:
            patience.until(lambda: _answers(f"http://127.0.0.1:{port}/api?token={TOKEN}"), "JupyterLab")
            yield Lab(folder, f"http://127.0.0.1:{port}/lab/tree/{{}}?token={TOKEN}&reset")
        finally:
            server.terminate()


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
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all_brings_every_notebook_to_its_end(page, lab, name):
    run_all(page, lab, name)
    page.get_by_text("Slut på rapporten.").last.wait_for(timeout=PATIENCE)
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0


def pull(page, forecast):
    """Write a forecast in the slider's own field."""
    page.locator(".widget-readout").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type(str(forecast))
    page.keyboard.press("Enter")


def see(page, text):
    """Wait until something on the page says this."""
    page.get_by_text(re.compile(text)).first.wait_for(timeout=PATIENCE)


def open_tab(page, name):
    page.get_by_role("tab", name=name).click()


def choose(page, giver, receiver):
    open_tab(page, "Plan")
    page.get_by_label("Nollställ").select_option(label=giver)
    page.get_by_label("Tas över av").select_option(label=receiver)
    page.get_by_role("button", name="Lägg till").click()


def test_the_workbench_answers_to_forecast_and_county_and_refuses_what_is_no_number(page, lab):
    run_all(page, lab, "03_scenarier.ipynb")
    see(page, "46,9 barn enligt andelstalet vid prognosen 1.500. Placeringsregeln kan ge 3[89]–54 barn")
    page.locator(".noUi-handle").first.press("ArrowRight")
    see(page, "48,5 barn enligt andelstalet vid prognosen 1.550")
    pull(page, 900)
    see(page, "28,1 barn enligt andelstalet vid prognosen 900")

    compared = page.get_by_label("Jämför med")
    compared.fill("1 500; 1,5")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text(re.compile("Skriv prognosen som ett antal barn")).wait_for(timeout=PATIENCE)
    compared.fill("1 500; 2 600")
    page.keyboard.press("Enter")
    page.get_by_alt_text(re.compile("prognoserna 900, 1.500 och 2.600")).wait_for(timeout=PATIENCE)

    page.get_by_label("Län", exact=True).select_option(label="Skåne län")
    see(page, "Andelstalen är inte kända här för Skåne län, så ingen prognos")


def test_a_scenario_is_tried_saved_and_made_a_report(page, lab):
    run_all(page, lab, "03_scenarier.ipynb")
    see(page, "vid prognosen 1.500")
    choose(page, "Nordmaling", "Umeå")
    page.get_by_role("alert").get_by_text(re.compile("först från och med 2019")).wait_for(timeout=PATIENCE)
    open_tab(page, "Spara")
    page.get_by_role("button", name="Spara scenario").click()
    page.get_by_role("alert").get_by_text(re.compile("Inget sparades")).wait_for(timeout=PATIENCE)

    open_tab(page, "Prognos")
    page.get_by_label("År", exact=True).fill("2019")
    page.keyboard.press("Enter")
    see(page, "eftersom de för 2019 inte är kända")
    pull(page, 2300)
    choose(page, "Nordmaling", "Umeå")
    see(page, "Nordmaling → Umeå")
    see(page, "71,9 barn enligt andelstalet vid prognosen 2.300, men placeringsregeln skulle ge 78")
    open_tab(page, "Spara")
    page.get_by_label("Scenariots namn").fill("Nordmaling till Umeå")
    page.get_by_role("button", name="Spara scenario").click()
    see(page, "Sparat i .*nordmaling-till-umea.yaml")
    saved = yaml.safe_load((lab.folder / "data/scenarios/nordmaling-till-umea.yaml").read_text("utf-8"))
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
    report = Path(download.value.path()).read_text("utf-8")
    assert report == (lab.folder / "reports/single/2019-scenario-nordmaling-till-umea/lan/24.html").read_text("utf-8")
    for figure in ("Nordmaling till Umeå", "71,9", "13,11"):
        assert figure in report


def test_a_scenario_of_the_county_and_year_is_opened_in_the_widgets(page, lab):
    run_all(page, lab, "03_scenarier.ipynb")
    see(page, "vid prognosen 1.500")
    page.get_by_label("År", exact=True).fill("2019")
    page.keyboard.press("Enter")
    see(page, "eftersom de för 2019 inte är kända")
    open_tab(page, "Öppna")
    page.get_by_label("Öppna scenario").select_option(label="vasterbotten-2019-nollning")
    page.get_by_role("button", name="Öppna", exact=True).click()
    page.get_by_role("status").get_by_text(re.compile("Öppnat: vasterbotten-2019-nollning.yaml")).wait_for(
        timeout=PATIENCE
    )
    see(page, "71,9 barn enligt andelstalet vid prognosen 2.300, men placeringsregeln skulle ge 69")
    open_tab(page, "Plan")
    see(page, "Lycksele → Skellefteå")
