"""Scenario files: one YAML file per scenario in `data/scenarios/`, read strictly and saved
whole.
"""

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from helpers.contracts.complaints import nearest
from helpers.contracts.files import slug
from helpers.contracts.marks import refuse_in_the_way
from helpers.errors import ParameterError
from helpers.sources.snapshot import refuse_taken, write_whole

FOLDER, ENDING = "scenarios", ".yaml"


def scenario_files(data_dir: Path) -> list[Path]:
    """Return the scenario files of a data folder, by name; OSError if it cannot be read."""
    folder = data_dir / FOLDER  # `glob` would take a folder that cannot be read for an empty one
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if path.suffix == ENDING and not path.name.startswith("."))


def scenario_file(data_dir: Path, name_or_path: str | Path) -> Path:
    """Return the file of a scenario given by name, or by the path of a YAML file.

    Raises:
        ParameterError: no scenario has that name; the nearest is named.
    """
    given = Path(name_or_path)
    if given.suffix in {ENDING, ".yml"}:
        return given
    known = {path.stem: path for path in scenario_files(data_dir)}
    if str(name_or_path) not in known:
        step = (
            nearest(str(name_or_path), list(known))
            if known
            else f"There is none in data/{FOLDER}/ yet."
        )
        raise ParameterError(f"there is no scenario {str(name_or_path)!r}. {step}")
    return known[str(name_or_path)]


def save_scenario(data_dir: Path, values: Mapping[str, Any], overwrite: bool = False) -> Path:
    """Write a scenario to `data/scenarios/`, under a file name made from its `namn`; return the
    path.

    Raises:
        ParameterError: a scenario with that file name is there and is not to be replaced.
        SetupError: the folder cannot be written; what was there is untouched.
    """
    path = data_dir / FOLDER / f"{slug(values['namn'])}{ENDING}"
    refuse_in_the_way(data_dir, {FOLDER: stat.S_IFDIR})
    refuse_taken(path, overwrite, f"data/{FOLDER}/{path.name}")
    text = yaml.dump(
        dict(values), Dumper=_QuotedCodes, allow_unicode=True, sort_keys=False, width=110
    )
    write_whole(path, text.encode("utf-8"))
    return path


class _QuotedCodes(yaml.SafeDumper):
    """Writes text of digits in quotes, so that nobody who copies a code loses its zero."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style='"' if re.fullmatch(r"[0-9]+", text) else None
    )


_QuotedCodes.add_representer(str, _text)
