"""The manifest tells what an edition was made from, and changes exactly when that changes."""

import hashlib

import pytest

from helpers.errors import DataError
from helpers.publish.manifest import code_version, make_manifest
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
