"""jupyter-scheduler, JupyterLab's own, runs the same notebooks, and what it leaves is a whole
report.
"""

import shutil
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_scheduler.environments import CondaEnvironmentManager
from jupyter_scheduler.models import CreateJob, Status
from jupyter_scheduler.orm import Job, create_tables
from jupyter_scheduler.scheduler import Scheduler

from helpers.report.facts import prove
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[1]


@pytest.fixture
def scheduler(tmp_path, monkeypatch) -> Scheduler:
    """A scheduler with a database of its own, over a copy of the notebooks."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("MOTTAGNING_DATA", str(ROOT / "data"))
    address = f"sqlite:///{tmp_path}/jobs.sqlite"
    create_tables(address)
    return Scheduler(str(tmp_path), CondaEnvironmentManager(), address)


def test_jupyter_scheduler_runs_a_countys_report_with_parameters(scheduler):
    job = CreateJob(
        name="Norrbotten",
        input_uri="notebooks/10_lansrapport.ipynb",
        runtime_environment_name="python",
        output_formats=["ipynb"],
        # as its form takes them: the text of a Python value
        parameters={"lan": '"BD"', "prognos_ekb": "1200"},
    )
    number = scheduler.create_job(job)
    made = scheduler.get_job(number, job_files=False)
    with scheduler.db_session() as session:
        worker = session.query(Job.pid).filter(Job.job_id == number).scalar()
    psutil.wait_procs([psutil.Process(worker)], timeout=PATIENCE)
    done = scheduler.get_job(number, job_files=False)
    assert (done.status, done.status_message) == (Status.COMPLETED, None)
    evidence = prove(nbformat.read(scheduler.get_staging_paths(made)["ipynb"], as_version=4))
    assert evidence.head["place"] == {"kind": "lan", "kod": "25"}
    assert evidence.counts["figures"] > 0
