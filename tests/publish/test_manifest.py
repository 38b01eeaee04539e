"""The manifest tells what an edition was made from, and changes exactly when that changes."""

import errno
import hashlib
import os
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from helpers.errors import DataError
from helpers.report.manifest import PACKAGES, code_version, make_manifest, own_files
from tests.publish.samples import plan_of


def manifest(folder):
    (folder / "notebooks").mkdir(exist_ok=True)
    return make_manifest("Prov", {"ar": 2018}, plan_of(folder).catalogue, folder / "notebooks")


def test_every_input_stands_with_the_checksum_of_its_bytes(tmp_path):
    (table,) = manifest(tmp_path).inputs
    assert table.sha256 == hashlib.sha256((tmp_path / "data" / "prov.csv").read_bytes()).hexdigest()


def test_a_changed_notebook_is_another_code_version(tmp_path):
    before = code_version(tmp_path)
    (tmp_path / "10.ipynb").write_text("{}", "utf-8")
    assert code_version(tmp_path) != before


def test_what_jupyter_leaves_behind_is_no_other_code_version(tmp_path):
    before = code_version(tmp_path)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "10.ipynb").write_text("{}", "utf-8")
    assert code_version(tmp_path) == before


def test_the_packages_that_shape_a_report_are_named(tmp_path):
    assert {"pandas", "matplotlib", "seaborn", "papermill", "nbconvert", "jupyterlab"} <= set(
        manifest(tmp_path).packages
    )


def test_a_missing_table_is_named(tmp_path):
    catalogue = plan_of(tmp_path).catalogue
    (tmp_path / "data" / "prov.csv").unlink()
    with pytest.raises(DataError, match=r"data/prov\.csv: cannot be read"):
        make_manifest("Prov", {}, catalogue, tmp_path)


CANNOT = {  # what a report's process loads, or the workbook needs, that no page shows anything of
    "annotated-doc", "annotated-types", "ansicolors", "anyio", "arrow", "asttokens", "attrs", "boto3", "botocore",
    "certifi", "charset-normalizer", "click", "cloudpickle", "comm", "debugpy", "decorator", "defusedxml",
    "entrypoints", "executing", "fastjsonschema", "fqdn", "fsspec", "icalendar", "idna", "isoduration", "jedi", "jmespath",
    "jsonpointer", "jsonschema", "jsonschema-specifications", "jupyter-client", "jupyter-core", "lark",
    "matplotlib-inline", "msgpack", "mypy-extensions", "packaging", "pandocfilters", "parso", "pexpect",
    "platformdirs", "prompt-toolkit", "psutil", "ptyprocess", "pure-eval", "python-calamine", "pytz", "pyzmq",
    "referencing", "regex", "requests", "rfc3339-validator", "rfc3986-validator", "rfc3987-syntax", "rich",
    "rpds-py", "s3transfer", "setuptools", "shellingham", "six", "soupsieve", "stack-data", "stamina", "tenacity",
    "tomlkit", "tornado", "tqdm", "typeguard", "typer", "typing-extensions", "typing-inspect", "typing-inspection",
    "uri-template", "urllib3", "wcwidth", "webcolors", "webencodings", "xlsxwriter",
}  # fmt: skip
LOADED = """
import importlib, sys
from importlib.metadata import packages_distributions
import nbformat.v4
from nbconvert import HTMLExporter
from helpers.cli import WARM
from helpers.present.figures import render_svg
for name in WARM:
    importlib.import_module(name.partition(":")[0])
import helpers.make.execute, helpers.pages.layout, helpers.tables
HTMLExporter(template_name="lab").from_notebook_node(nbformat.v4.new_notebook(cells=[
    nbformat.v4.new_markdown_cell("# x"), nbformat.v4.new_code_cell("1")]))
render_svg(lambda axes: axes.plot([1, 2]), 2, 2)
owners = packages_distributions()
print(*{own for name in sys.modules for own in owners.get(name.partition(".")[0], ())})
"""


def unlisted(names) -> set[str]:
    """The packages that are neither in the manifest nor known to show in no page."""
    return {str(canonicalize_name(name)) for name in names} - {
        *PACKAGES,
        *CANNOT,
        "mottagningsboken",
    }


def test_every_package_that_a_report_loads_is_in_the_manifest_or_shows_in_no_page():
    ran = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert {"mistune", "jinja2", "kiwisolver"} <= {
        str(canonicalize_name(name)) for name in ran.stdout.split()
    }
    assert unlisted(ran.stdout.split()) == set()


def test_every_package_that_the_workbook_asks_for_is_in_the_manifest_or_shows_in_no_page():
    needed = [
        need for need in map(Requirement, requires("mottagningsboken") or ()) if not need.marker
    ]
    assert unlisted(need.name for need in needed) == set()
    assert unlisted(["polars"]) == {"polars"}


def test_no_package_is_both_in_the_manifest_and_known_to_show_in_no_page():
    assert set(PACKAGES) & CANNOT == set()
    assert [str(canonicalize_name(name)) for name in PACKAGES] == list(PACKAGES)


def test_a_folder_that_goes_while_files_are_listed_is_no_fault_and_one_that_cannot_be_read_is(
    tmp_path, monkeypatch
):
    for name in ("other", "stays"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.csv").write_text("a", "utf-8")
    refusal, scan = FileNotFoundError(errno.ENOENT, "gone"), os.scandir

    def scanned(path):
        if Path(path).name == "other":
            raise refusal
        return scan(path)

    monkeypatch.setattr(os, "scandir", scanned)
    assert list(own_files(tmp_path)) == [tmp_path / "stays" / "a.csv"]
    refusal = PermissionError(errno.EACCES, "refused")
    with pytest.raises(PermissionError):
        list(own_files(tmp_path))
