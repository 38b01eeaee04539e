"""Options from the contract: `report` takes what the notebooks take, and says what they say."""

import inspect
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from helpers.cli.planning import values_now
from helpers.errors import ParameterError, SetupError
from helpers.publish.parameters import (
    Declaration,
    KommunrapportParameters,
    LansrapportParameters,
    declarations,
)
from helpers.publish.plan import Options
from helpers.sources.catalogue import data_folder
from helpers.sources.fingerprints import RAW, fingerprints
from helpers.warm.processes import can_fork

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder with the published tables.", envvar="MOTTAGNING_DATA", show_default="data/"),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
WARM = (  # what our notebooks begin with
    "helpers.present.topics",
    "helpers.workbench",
    "helpers.tables:preload",
    "helpers.cli.warming:outlines",
)


def use_data(folder: Path | None) -> None:
    """Let this process and every kernel it starts read the tables of a folder."""
    if folder is not None:
        os.environ["MOTTAGNING_DATA"] = str(folder.resolve())


def run_options(out: Path | None, workers: int | None, timeout: int, engine: str | None, tree: bool = True) -> Options:
    """Return how to run, defaults where nothing was given.

    Raises:
        SetupError: the warm engine was asked for where it cannot run.
    """
    if engine == "warm" and not can_fork():
        raise SetupError("--engine warm: this system cannot fork safely. Leave out --engine, or give kernel.")
    given: dict[str, Any] = {
        "engine": engine or ("warm" if can_fork() else "kernel"),
        "warm": WARM,
        "out": out.resolve() if out else None,
        "workers": workers,
        "cell_timeout": timeout,
        "inputs": {"MOTTAGNING_DATA": data_folder()},
        "left_out": (RAW,),
        "fingerprints": fingerprints,
        "values": values_now,
        "tree": tree,
    }
    return Options(**{name: value for name, value in given.items() if value is not None})


def scheduler_address(given: str, engine: str) -> str:
    """Return the address of a cluster's scheduler, empty for none.

    >>> scheduler_address("tcp://10.0.0.7:8786", "warm")
    'tcp://10.0.0.7:8786'

    Raises:
        ParameterError: it is no such address, or another engine was asked for than a cluster's workers have.
    """
    if given and not re.fullmatch(r"(tcp|tls)://[^\s/]+:\d{1,5}", given):
        raise ParameterError(f"--scheduler: {given!r} is no address of a scheduler. Write it as in tcp://host:8786.")
    if given and engine != "warm":
        raise ParameterError("--scheduler: a cluster's workers have the warm engine only. Leave out --engine.")
    return given


def report_declarations() -> dict[str, Declaration]:
    """Return every parameter of the county's and the municipality's report by name, each once."""
    found = [*declarations(LansrapportParameters), *declarations(KommunrapportParameters)]
    order = ["lan", "kommunkod"]
    named = {declaration.name: declaration for declaration in found}
    return {name: named[name] for name in [*order, *(name for name in named if name not in order)]}


def give_signature(command: Callable[..., None], data: Any, timeout: Any, engine: Any, as_json: Any) -> None:
    """Give `report` its options: the contract's, then its own."""
    parameters = [_parameter(declaration) for declaration in report_declarations().values()]
    file = Annotated[
        Path | None,
        typer.Option("--file", help="YAML file with the parameters instead; options override it."),
    ]
    out = Annotated[Path | None, typer.Option("--out", help="Folder.", show_default="reports/single/YEAR/")]
    own = {"file": (file, None), "out": (out, None), "timeout": (timeout, 120), "data": (data, None)}
    own["engine"], own["as_json"] = (engine, None), (as_json, False)
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in own.items()
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}


def _parameter(declaration: Declaration) -> inspect.Parameter:
    """Return one option; its text is judged by the contract, so that all faults are told at once."""
    shown = ",".join(map(str, declaration.default)) if declaration.type == "list[int]" else declaration.default
    choice = declaration.name in {"lan", "kommunkod"}
    option = typer.Option(
        f"--{declaration.name.replace('_', '-')}",
        help=declaration.help,
        metavar={"int": "N", "int | None": "N", "list[int]": "N,N"}.get(declaration.type, "TEXT"),
        show_default=False if choice or shown is None else str(shown),
    )
    several = declaration.type == "list[int]"
    kind: Any = Annotated[list[str] | None, option] if several else Annotated[str | None, option]
    return inspect.Parameter(declaration.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def parsed(given: dict[str, Any]) -> dict[str, object]:
    """Return options as the contract's values; what cannot be read stays text, for the contract to refuse.

    >>> parsed({"lan": "AC", "ar": "2019", "prognoser_ekb": ["1 500; 2 300", "x"], "sprak": None})
    {'lan': 'AC', 'ar': 2019, 'prognoser_ekb': [1500, 2300, 'x']}
    """
    kinds = report_declarations()
    values: dict[str, object] = {}
    for name, value in given.items():
        if value is None or value == []:
            continue
        if kinds[name].type == "list[int]":
            values[name] = [_whole(part) for text in value for part in re.split(r"[,;]", text)]
        elif kinds[name].type.startswith("int"):
            values[name] = _whole(value)
        else:
            values[name] = value
    return values


def _whole(text: str) -> int | str:
    """Return a whole number, spaces inside allowed as Swedish writes them; else the text itself.

    >>> _whole("1\\u00a0500"), _whole("1.5")
    (1500, '1.5')
    """
    bare = re.sub(r"[\s\u00a0\u202f]", "", text)
    return int(bare) if re.fullmatch(r"\d+", bare, re.ASCII) else text.strip()
