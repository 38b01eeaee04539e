"""What is written agrees with what is; each rule is also shown to bite."""

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer import Typer
from typer.main import get_command

from tests.house import docs as house

ROOT = Path(__file__).parents[1]
RULES = (
    house.loose_assumptions, house.broken_links, house.other_commands, house.unknown_targets,
    house.untagged_changes, house.workplace_words, house.untidy_text,
)  # fmt: skip


def _commands() -> dict[str, list[str]]:
    """Every command of the command line, those of a group too, with its options' long names."""
    return dict(_below("mottagning", get_command(importlib.import_module("helpers.cli.app").app)))


def _below(name: str, command) -> Iterator[tuple[str, list[str]]]:
    yield name, _options(command)
    for own, inner in getattr(command, "commands", {}).items():
        yield from _below(f"{name} {own}", inner)


def _options(command) -> list[str]:
    names = [max(parameter.opts, key=len) for parameter in command.params]
    return [name for name in names if name.startswith("--")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule):
    assert rule(ROOT) == []


def test_every_command_and_option_is_documented():
    commands = _commands()
    names = ("reports", "report", "check", "sources", "data fetch", "data import", "data status")
    assert {f"mottagning {name}" for name in names} <= set(commands)
    assert "--dry-run" in commands["mottagning data import"]
    assert house.undocumented_commands(ROOT, commands) == []


def test_every_published_table_is_documented():
    from helpers.sources.catalogue import load_catalogue

    tables = list(load_catalogue(ROOT / "data").tables)
    assert tables
    assert house.unmentioned_tables(ROOT, tables) == []


ASSUMED = "# Assumptions\n\n## A1 One\n\n**Claim.** x\n**Evidence.** x\n**Effect.** x\n**Where used.** x\n"
GOOD = {
    "README.md": (
        "# Workbook\n\n```sh\nmake reports   # all\nmake test\n```\n\nSee [A1](docs/assumptions.md#a1-one), "
        "[below](#more) and [out](https://example.org/). "
        "`mottagning report --lan AC` reads `folkmangd` of a län.\n\n## More\n"
    ),
    "CHANGELOG.md": "# Changelog\n\n## 1.0\n\n- **Data** – x\n- Method: y\n- **Code**: z\n",
    "docs/assumptions.md": ASSUMED,
    "Makefile": "reports: ## x\ntest: ## y\n",
    "src/helpers/model/shares.py": "# Rests on A1.\n",
    "notebooks/10.ipynb": "{}",
}


@pytest.fixture
def good(tmp_path):
    """A small project that breaks no rule."""
    for name, text in GOOD.items():
        _put(tmp_path / name, text)
    return tmp_path


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_project_breaks_no_rule(rule, good):
    assert rule(good) == []


SEEDED = [
    (house.loose_assumptions, "src/helpers/model/shares.py", "# Rests on A2."),
    (house.loose_assumptions, "notebooks/10.ipynb", '{"source": ["Antagande A7."]}'),
    (house.loose_assumptions, "docs/more.md", "As A3 says."),
    (house.loose_assumptions, "docs/assumptions.md", ASSUMED.replace("**Evidence.** x\n", "")),
    (house.loose_assumptions, "docs/assumptions.md", ASSUMED.replace("Where used", "Used")),
    (house.loose_assumptions, "docs/assumptions.md", "# Assumptions\n"),
    (house.broken_links, "docs/more.md", "[gone](gone.md)"),
    (house.broken_links, "docs/more.md", "[up](../README.md#gone)"),
    (house.broken_links, "docs/more.md", "![a figure](figure.svg)"),
    (house.other_commands, "README.md", "```sh\nmake setup\nmake reports\nmake test\n```"),
    (house.other_commands, "README.md", "```sh\nmake test\n```"),
    (house.other_commands, "README.md", "make reports, make test"),
    (house.unknown_targets, "docs/more.md", "Run `make coffee`."),
    (house.unknown_targets, "docs/more.md", "```sh\nmake tea\n```"),
    (house.untagged_changes, "CHANGELOG.md", "- Data: x\n- Faster"),
    (house.untagged_changes, "CHANGELOG.md", "# Changelog"),
    *[(house.workplace_words, "docs/more.md", f"See {word} there.") for word in house.FORBIDDEN],
    (house.workplace_words, "src/helpers/x.py", "# as iss" "ue 2 asks"),
    (house.workplace_words, ".ci/run", "# iss" "ue #2"),
    (house.untidy_text, "data/published/x.csv", "Ume\u0061\u030a"),
    (house.untidy_text, "docs/more.md", "one\r\ntwo"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "name", "text"), SEEDED)
def test_a_seeded_violation_is_found(rule, name, text, good):
    _put(good / name, text)
    assert rule(good)


def test_text_in_another_encoding_is_found(good):
    (good / "docs" / "more.md").write_bytes("Umeå".encode("cp1252"))
    assert house.untidy_text(good) == ["docs/more.md: not UTF-8 at byte 3"]


def test_what_is_generated_or_installed_is_not_searched(good):
    for name in (".venv/x.py", "reports/html/x.html", "src/__pycache__/x.py", "data/raw/x.csv"):
        _put(good / name, house.FORBIDDEN[0])
    assert house.workplace_words(good) == []
    _put(good / "src/helpers/pages/html/x.html.j2", house.FORBIDDEN[0])
    assert house.workplace_words(good)


@pytest.mark.parametrize(
    "commands",
    [
        {"mottagning check": []},
        {"mottagning repor": []},
        {"mottagning report": ["--lan", "--ar"]},
        {"mottagning report": ["--la"]},
    ],
)
def test_an_undocumented_command_or_option_is_found(commands, good):
    assert house.undocumented_commands(good, commands)


def test_an_undocumented_command_of_a_group_is_found(good):
    group, app = Typer(), Typer()
    group.command()(lambda deep: None)
    group.command("other")(lambda secret=False: None)
    app.add_typer(group, name="report")
    commands = dict(_below("mottagning", get_command(app)))
    assert "mottagning report other: no document names it" in house.undocumented_commands(
        good, commands
    )


def test_a_documented_command_is_not_reported(good):
    assert house.undocumented_commands(good, {"mottagning report": ["--lan"]}) == []


def test_an_unmentioned_table_is_found(good):
    assert house.unmentioned_tables(good, ["folkmangd"]) == []
    assert house.unmentioned_tables(good, ["folkmangd", "lan"]) == [
        "lan: no document names this table"
    ]
