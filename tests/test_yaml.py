"""What people write by hand as YAML: whatever is in the file, it is read as it is written or
refused in few words.
"""

import os
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.cases.scenario_file import ScenarioFile, check_scenario
from helpers.contracts.reading import DEEPEST, LARGEST, PIECES, REPEATS, read, read_yaml
from helpers.editions.edition import Edition
from helpers.editions.parameters import LansrapportParameters
from helpers.errors import ParameterError

NAMES = [*Edition.model_fields, *ScenarioFile.model_fields, "2480"]
SCALARS = f"1 02300 15:00 0x{'f' * 5000} {'9' * 5000} 1e999 .nan .inf ~ yes = << '[/x]' 2019-02-30".split()
SCALARS += ['"\\0"', "0001-01-01T00:00:00+23:59", "2019-02-23 10:00", "2024-01-01T00:00:00+99:99"]
TAGS = [
    "!!int",
    "!!float",
    "!!bool",
    "!!timestamp",
    "!!binary",
    "!!set",
    "!!python/name:os.system",
    "!x",
    "!",
]
ALL = ["!!str", *TAGS]

scalars = st.sampled_from(SCALARS) | st.text("0123456789٠١٢_.:-,'\"{}[]&*!|>%@`#\t", max_size=8)
leaves = scalars | st.builds("{} {}".format, st.sampled_from(ALL), scalars)
leaves |= st.builds("{}a{}".format, st.sampled_from("&*"), st.integers(0, 3).map(str))
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda found: f"[{', '.join(found)}]")
        | st.lists(st.tuples(leaves | st.sampled_from(NAMES), inner), max_size=3).map(
            lambda found: f"{{{', '.join(f'{name}: {value}' for name, value in found)}}}"
        )
    ),
    max_leaves=6,
)
files = st.lists(st.tuples(st.sampled_from(NAMES) | leaves, values), min_size=1, max_size=5).map(
    lambda found: "\n".join(f"{name}: {value}" for name, value in found)
)


@pytest.fixture(scope="module")
def load(tmp_path_factory):
    path = tmp_path_factory.mktemp("yaml") / "prov.yaml"

    def load(content: str | bytes) -> dict[str, object]:
        path.write_bytes(
            content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        )
        return read_yaml(path)

    return load


def refused(load, content: str | bytes) -> str:
    with pytest.raises(ParameterError) as error:
        load(content)
    assert len(str(error.value)) < 600
    return str(error.value)


def problems_of(check: Callable[[], object]) -> tuple[str, ...]:
    try:
        check()
    except ParameterError as error:
        return error.problems
    return ()


@given(files)
@example("'[/x]': 1")
@example("int: 1\nkapacitet: [{none: 1}]")
def test_any_file_is_read_or_refused_in_few_words(load, workbook, content):
    for check in (
        lambda: read(Edition, load(content), "prov.yaml"),
        lambda: read(LansrapportParameters, load(content), "prov.yaml"),
        lambda: check_scenario(workbook, load(content), "prov.yaml"),
    ):
        assert max((len(problem) for problem in problems_of(check)), default=0) < 1000


def bomb(levels: int, times: int) -> str:
    """A small file whose names repeat each other, so that what it says doubles with each line."""
    lines = ["a0: &a0 [x]"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * times)}]" for n in range(1, levels)
    ]
    return "\n".join(lines)


def test_a_small_file_does_not_become_a_large_one(load):
    assert "repeated" in refused(load, bomb(20, 9))
    assert "repeats itself" in refused(load, "title: &a [*a]")
    assert load(bomb(REPEATS // 2, 2))
    assert "lie within each other" in refused(load, "title: " + "[" * 10_000)
    assert load("title: " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1))
    assert "names and values" in refused(load, "\n".join(f"a{n}: 1" for n in range(PIECES)))
    assert "larger than" in refused(load, b"#" * (LARGEST + 1))


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("text", ['""', "maybe", "x", "[1]", "{a: 1}"])
def test_no_tag_says_what_a_value_is(load, tag, text):
    assert "tag" in refused(load, f"title: {tag} {text}")


@pytest.mark.parametrize("name", ["[a]", "{a: b}", "? [a, b]\n", "? {a: b}\n", "? &a [x]\n"])
def test_a_name_is_text(load, name):
    assert "a name is text" in refused(load, f"{name}: 1")


@pytest.mark.parametrize("code", ["٠١١٤", "２４８０", "०११४", "2480\n", "24８0"])
@pytest.mark.parametrize(
    "say", ["kommuner: [{}]", "andelstal: {{{}: 1}}", "godkant: [{}]", "placerade_fore: {{{}: 1}}"]
)
def test_a_code_in_other_digits_is_refused_where_it_stands(load, workbook, code, say):
    escaped = '"' + code.replace("\n", "\\n") + '"'
    found = load(say.format(escaped))
    field = say.partition(":")[0]
    with pytest.raises(ParameterError) as error:
        read(Edition, found, "prov") if field == "kommuner" else check_scenario(
            workbook, found, "prov"
        )
    assert any(
        f"prov: {field}" in problem and "four digits" in problem for problem in error.value.problems
    )


def test_a_long_name_or_value_is_told_cut(load, workbook):
    long = "x" * 900_000
    with pytest.raises(ParameterError) as error:
        check_scenario(
            workbook,
            load(f"{long}: 1\nlan: {long}\ngodkant: [{long}]\nflytt: [{{{long}: 1}}]"),
            "prov",
        )
    assert max(len(problem) for problem in error.value.problems) < 1000
    assert len(str(error.value)) < 5000


def test_what_is_no_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "rör.yaml")
    for path in (tmp_path / "rör.yaml", tmp_path):
        with pytest.raises(ParameterError, match="not a file"):
            read_yaml(path)
