"""An analyst opens the notebooks in JupyterLab, runs all cells, and moves the forecast."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
TOKEN = "prov"
PATIENCE = 120_000  # ms; a slow machine is not a fault

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("jupyterlab")]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab of our own on a free loopback port, over a copy of the notebooks."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    options = [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={folder / 'notebooks'}"]
    quiet = ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    homes = {name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    environment = {**os.environ, **homes}
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen([*command, *options, *quiet], stdout=log, stderr=log, env=environment, cwd=folder) as server,
    ):
        try:
            _wait_for(f"http://127.0.0.1:{port}/api?token={TOKEN}")
            yield f"http://127.0.0.1:{port}/lab/tree/{{}}?token={TOKEN}&reset"
        finally:
            server.terminate()


def _wait_for(address: str) -> None:
    for _ in range(120):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.5)
    raise TimeoutError(f"JupyterLab did not answer at {address}")


def run_all(page, lab, name):
    page.goto(lab.format(name))
    page.wait_for_selector(".jp-NotebookPanel-notebook .jp-Cell", timeout=PATIENCE)
    page.get_by_text("Python 3 (ipykernel) | Idle").first.wait_for(timeout=PATIENCE)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_run_all_brings_every_notebook_to_its_end(page, lab, name):
    run_all(page, lab, name)
    page.get_by_text("Slut på rapporten.").last.wait_for(timeout=PATIENCE)
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').count() == 0


def test_the_explorer_answers_to_forecast_and_county_and_refuses_what_is_no_number(page, lab):
    run_all(page, lab, "03_scenarier.ipynb")
    answer = page.locator(".widget-output")
    answer.get_by_text(re.compile("71,9 om den är 2.300")).wait_for(timeout=PATIENCE)
    page.locator(".widget-readout").first.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("900")
    page.keyboard.press("Enter")
    answer.get_by_text(re.compile("31,26.‰ × 900 barn = 28,134 barn")).wait_for(timeout=PATIENCE)

    compared = page.get_by_label("Jämför med")
    compared.fill("1 500; 1,5")
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text(re.compile("Skriv prognosen som ett antal barn")).wait_for(timeout=PATIENCE)
    assert answer.get_by_text(re.compile("× 1,5 barn")).count() == 0
    compared.fill("1 500; 2 600")
    page.keyboard.press("Enter")
    answer.get_by_text(re.compile("31,26.‰ × 2.600 barn = 81,276 barn")).wait_for(timeout=PATIENCE)

    page.locator(".widget-dropdown select").first.select_option(label="Skåne län")
    answer.get_by_text(re.compile("Andelstalen är inte kända här för Skåne län")).wait_for(timeout=PATIENCE)
