"""Only what has changed is made: by keys, after a crash, after a repair; and what a run would do
can be asked.
"""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from helpers.errors import ParameterError, SetupError
from helpers.make import inputs as snapshot
from helpers.make.explain import explain
from helpers.make.keys import World, installed, key_of
from helpers.make.plan import Options, Plan, request_of
from helpers.make.reuse import Kept, standing, values_read
from helpers.make.run import publish
from helpers.releases.contents import Report
from helpers.report.manifest import code_version
from helpers.sources.freshness import fingerprints
from tests.publish.samples import END, WHOLE, display, options_of, plan_of, write_job

pytestmark = pytest.mark.xdist_group("reuse")

NAMES = ("a", "b", "c")


def reads(*names: str) -> list[str]:
    """Cells of a whole notebook whose end marker tells what it has read."""
    return [*WHOLE[:-1], display({**END, "read": list(names)})]


def order(folder: Path, cells: dict[str, list[str]]) -> tuple[Plan, Options]:
    """Return a plan of notebooks that read files of a data folder, and how to run it."""
    plan = plan_of(folder, *(write_job(folder, name, made) for name, made in cells.items()))
    for name in cells:
        data = folder / "data" / f"{name}.csv"
        if not data.exists():
            data.write_text(name, "utf-8")
    told = {
        "inputs": {"MOTTAGNING_DATA": folder / "data"},
        "fingerprints": lambda: fingerprints(folder / "data"),
    }
    return plan, options_of(folder, engine="warm", **told)


def three(folder: Path) -> tuple[Plan, Options]:
    return order(folder, {name: reads(f"{name}.csv") for name in NAMES})


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A published edition of three reports, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    plan, options = three(folder)
    done = publish(plan, options)
    assert done.made == ["prov/a", "prov/b", "prov/c"]
    return folder


@pytest.fixture
def edition(made, tmp_path):
    """A copy of the edition of three reports: its folder, plan and options."""
    shutil.copytree(made, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path, *three(tmp_path)


def test_a_run_with_nothing_changed_makes_nothing_and_is_known_beforehand(edition):
    _, plan, options = edition
    assert standing(request_of(plan), options) is not None
    done = publish(plan, options)
    assert done.made == []
    assert [result.failure for result in done.results] == [None, None, None]


@pytest.mark.parametrize("change", ["force", "a file is gone", "a failure"])
def test_a_run_with_something_to_do_is_never_taken_for_one_without(edition, change):
    folder, plan, options = edition
    if change == "force":
        options = replace(options, force=True)
    elif change == "a file is gone":
        (folder / "reports/current/html/prov/b.json").unlink()
    else:
        write_job(folder, "b", ["1 / 0"])
        publish(plan, options)
    assert standing(request_of(plan), options) is None


def test_only_the_report_that_reads_a_changed_file_is_made_again(edition):
    folder, plan, options = edition
    before = (folder / "reports/html/prov/a.html").stat().st_ino
    (folder / "data" / "b.csv").write_text("annat", "utf-8")
    assert publish(plan, options).made == ["prov/b"]
    assert (folder / "reports/html/prov/a.html").stat().st_ino == before


def test_only_the_report_whose_notebook_or_parameters_changed_is_made_again(edition):
    folder, plan, options = edition
    write_job(folder, "a", [*reads("a.csv")[:-1], "'ny'", reads("a.csv")[-1]])
    jobs = [
        job if job.id != "prov/c" else replace(job, parameters={"sprak": "en"}) for job in plan.jobs
    ]
    assert publish(replace(plan, jobs=jobs), options).made == ["prov/a", "prov/c"]


def test_after_a_repair_only_the_failed_report_is_made(edition):
    folder, plan, options = edition
    write_job(folder, "b", ["1 / 0"])
    failed = publish(plan, options)
    assert [result.id for result in failed.results if result.failure] == ["prov/b"]
    assert publish(plan, options).made == ["prov/b"]
    write_job(folder, "b", [*reads("b.csv")[:-1], "'ny'", reads("b.csv")[-1]])
    assert publish(plan, options).made == ["prov/b"]
    assert publish(plan, options).made == []


def test_a_report_that_is_again_as_an_earlier_release_has_it_is_taken_from_there(edition):
    folder, plan, options = edition
    write_job(folder, "b", ["1 / 0"])
    publish(plan, options)
    write_job(folder, "b", reads("b.csv"))
    done = publish(plan, options)
    assert done.made == []
    assert [result.failure for result in done.results] == [None, None, None]


def test_a_release_that_was_rolled_back_is_not_published_again_but_by_force(edition):
    folder, plan, options = edition
    (folder / "data" / "b.csv").write_text("annat", "utf-8")
    write_job(folder, "b", [*reads("b.csv")[:-1], "'ny'", reads("b.csv")[-1]])
    second = publish(plan, options)
    from helpers.releases.store import Releases

    first = Releases(options.out).rollback()
    assert standing(request_of(plan), options).withdrawn
    assert not publish(plan, options).shown
    assert Releases(options.out).current.name == first
    assert publish(plan, replace(options, force=True)).shown
    assert Releases(options.out).current.name == second.release


def test_a_source_replaced_during_the_run_is_read_as_it_was_at_the_start(tmp_path):
    source = tmp_path / "data" / "b.csv"
    replaced = (
        f"import os\nfrom pathlib import Path\nPath({str(source)!r}).write_text('utbytt', 'utf-8')"
    )
    told = "print((Path(os.environ['MOTTAGNING_DATA']) / 'b.csv').read_text('utf-8'))"
    plan, options = order(tmp_path, {"b": [*WHOLE[:1], replaced, told, *reads("b.csv")[1:]]})
    publish(plan, options)
    assert '<pre class="plain">b\n</pre>' in (tmp_path / "reports/html/prov/b.html").read_text(
        "utf-8"
    )
    assert source.read_text("utf-8") == "utbytt"
    assert publish(plan, options).made == ["prov/b"]


def test_a_report_whose_scenario_is_called_something_else_is_made_again(tmp_path):
    job, around = write_job(tmp_path, "b", WHOLE), World("Prov", {}, "1", "2")
    before, after = key_of(job, around), key_of(replace(job, variant="Scenario: Hög"), around)
    assert [part for part in before if before[part] != after[part]] == ["variant"]


def test_a_run_copies_nothing_that_is_left_out_of_it_and_what_vanishes_meanwhile_stops_it_not(
    tmp_path, monkeypatch
):
    folder = tmp_path / "data"
    for name in ("raw/stor.xlsx", "tabeller/raw.csv", "a.csv", "kvar.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, "utf-8")
    (tmp_path / "notebooks").mkdir()
    found = [*snapshot.own_files(folder), folder / "nyss borta.csv"]
    monkeypatch.setattr(snapshot, "own_files", lambda asked: found if asked == folder else [])
    with snapshot.held_still(
        tmp_path / "aside", tmp_path / "notebooks", {"PROV_DATA": folder}, ("raw",)
    ):
        copied = Path(os.environ["PROV_DATA"])
        assert sorted(path.relative_to(copied).as_posix() for path in copied.rglob("*.*")) == [
            "a.csv",
            "kvar.csv",
            "tabeller/raw.csv",
        ]
    assert "PROV_DATA" not in os.environ


def test_a_run_is_refused_where_twice_the_last_release_would_not_fit(edition, monkeypatch):
    folder, plan, options = edition
    (folder / "data" / "b.csv").write_text("annat", "utf-8")
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(snapshot.shutil, "disk_usage", lambda _: usage._replace(free=10))
    with pytest.raises(SetupError, match=r"MB are needed and 1 MB are free; .* MB are missing"):
        publish(plan, options)


def test_what_a_run_would_do_with_a_report_is_told_with_its_reason(edition):
    folder, plan, options = edition
    assert explain(request_of(plan), options, "prov/a").reasons == [
        "Nothing it rests on has changed."
    ]
    (folder / "data" / "a.csv").write_text("annat", "utf-8")
    (folder / "data" / "b.csv").unlink()
    jobs = [
        job if job.id != "prov/c" else replace(job, parameters={"sprak": "en"}) for job in plan.jobs
    ]
    request = request_of(replace(plan, jobs=jobs))
    told = {name: explain(request, options, f"prov/{name}") for name in NAMES}
    assert [told[name].again for name in NAMES] == [True, True, True]
    assert told["a"].inputs == ["a.csv"]
    assert told["b"].reasons[0] == "b.csv is gone."
    assert told["c"].reasons == ['its parameters have changed (sprak: "sv" → "en").']


def test_a_report_that_the_edition_does_not_have_is_named_with_those_it_has(edition):
    _, plan, options = edition
    with pytest.raises(ParameterError, match=r"no such report\. It has prov/a, prov/b, prov/c"):
        explain(request_of(plan), options, "lan/24")


def test_what_reports_of_other_code_have_read_is_not_asked_for(tmp_path):
    now = {"code": code_version(None), "packages": installed()}
    kept = {
        name: Kept(Report(id=name, key=key, parameters={}, values={name: "sum"}), tmp_path)
        for name, key in {
            "same": {**now, "edition": "Prov"},
            "other code": {**now, "code": "0"},
            "other packages": {**now, "packages": "0"},
        }.items()
    }
    assert values_read([kept]) == {"same"}
