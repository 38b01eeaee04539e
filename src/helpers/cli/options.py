"""How a call is read: the options of `report` come from the contract that the notebooks have;
numbers have limits; no option is given twice or empty.
"""

import inspect
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from helpers.cli import PARTED, WARM
from helpers.cli.request import values_now
from helpers.cli.terminal import print
from helpers.contracts.files import resolved
from helpers.contracts.numbers import LIMITS, Unread, check_number, in_english
from helpers.editions.parameters import (
    PARTING,
    TERMS,
    Declaration,
    KommunrapportParameters,
    LansrapportParameters,
    declarations,
)
from helpers.errors import ParameterError, SetupError
from helpers.make.plan import Options
from helpers.sources.catalogue import data_folder
from helpers.sources.freshness import RAW, fingerprints
from helpers.warm.processes import TASKS, lacking

Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Folder with the published tables.",
        envvar="MOTTAGNING_DATA",
        show_default="data/",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
Workers = Annotated[
    str | None,
    typer.Option(metavar="N", help="Reports made at once.", show_default="cores, at most 4"),
]
Engine = Annotated[
    Literal["warm", "kernel"] | None,
    typer.Option(
        help="Fork each report from one warm process, or start a kernel for each.",
        envvar="MOTTAGNING_ENGINE",
        show_default="warm on Linux, else kernel",
    ),
]
Timeout = Annotated[
    str,
    typer.Option(
        metavar="N", help="Seconds one notebook cell may take.", envvar="MOTTAGNING_TIMEOUT"
    ),
]


def use_data(folder: Path | None) -> None:
    """Let this process and every kernel it starts read the tables of a folder."""
    if folder is not None:
        os.environ["MOTTAGNING_DATA"] = str(resolved(folder))


def run_options(
    out: Path | None,
    workers: str | int | None,
    timeout: str | int | None,
    engine: str | None,
    tree: bool = True,
    keep: str | int | None = None,
) -> Options:
    """Return how to run, defaults where nothing was given.

    Raises:
        ParameterError: every number that cannot be read or is outside its limits.
        SetupError: the warm engine was asked for where it cannot run.
    """
    problems: list[str] = []
    at_once = whole("--workers", workers, "workers", problems)
    seconds = whole("--timeout", timeout, "timeout", problems)
    kept = whole("--keep", keep, "kept", problems)
    if problems:
        raise ParameterError(*problems)
    if engine == "warm" and lacking():
        raise SetupError(f"--engine warm: {lacking()}. Leave out --engine, or give kernel.")
    if engine is None and lacking() and TASKS.is_dir():  # elsewhere no one expects the other
        print(f"Made by --engine kernel, which takes longer: {lacking()}.", file=sys.stderr)
    given: dict[str, Any] = {
        "engine": engine or ("kernel" if lacking() else "warm"),
        "warm": WARM,
        "out": folder_for_reports(out) if out is not None else None,
        "workers": at_once,
        "cell_timeout": seconds,
        "kept": kept,
        "inputs": {"MOTTAGNING_DATA": data_folder()},
        "left_out": (RAW,),
        "fingerprints": fingerprints,
        "values": values_now,
        "tree": tree,
        "parting": PARTING,
        "parted": PARTED,
        "terms": TERMS,
    }
    return Options(**{name: value for name, value in given.items() if value is not None})


def folder_for_reports(out: Path, data: Path | None = None) -> Path:
    """Return the absolute path of a folder that reports are to be written to.

    Raises:
        ParameterError: it is empty, the folder one stands in, or among the tables, where reports
            would be read as data.
    """
    if out == Path():
        raise ParameterError(
            "--out: found no name, or the folder you stand in. Name a folder for the reports alone."
        )
    whole_path, tables = resolved(out), resolved(data_folder(data))
    if whole_path == tables or tables in whole_path.parents:
        raise ParameterError(
            f"--out: {out} is among the tables in {tables}. Name a folder elsewhere."
        )
    return whole_path


def scheduler_address(given: str, engine: str) -> str:
    """Return the address of a cluster's scheduler; "" for no cluster.

    >>> scheduler_address("tcp://10.0.0.7:8786", "warm")
    'tcp://10.0.0.7:8786'

    Raises:
        ParameterError: it is no such address, or another engine was asked for than a cluster's
            workers have.
    """
    if given and not re.fullmatch(r"(tcp|tls)://[^\s/]+:[0-9]{1,5}", given):
        raise ParameterError(
            f"--scheduler: {given!r} is no address of a scheduler. Write it as in tcp://host:8786."
        )
    if given and engine != "warm":
        raise ParameterError(
            "--scheduler: a cluster's workers have the warm engine only. Leave out --engine."
        )
    return given


def report_declarations() -> dict[str, Declaration]:
    """Return every parameter of the county's and the municipality's report by name, each once."""
    found = [*declarations(LansrapportParameters), *declarations(KommunrapportParameters)]
    order = ["lan", "kommunkod"]
    named = {declaration.name: declaration for declaration in found}
    return {name: named[name] for name in [*order, *(name for name in named if name not in order)]}


def give_signature(
    command: Callable[..., None], data: Any, timeout: Any, engine: Any, as_json: Any
) -> None:
    """Give `report` its options: the contract's, then its own."""
    parameters = [_parameter(declaration) for declaration in report_declarations().values()]
    file = Annotated[
        Path | None,
        typer.Option("--file", help="YAML file with the parameters instead; options override it."),
    ]
    out = Annotated[
        Path | None, typer.Option("--out", help="Folder.", show_default="reports/single/YEAR/")
    ]
    own: dict[str, tuple[Any, Any]] = {
        "file": (file, None),
        "out": (out, None),
        "timeout": (timeout, "120"),
        "data": (data, None),
    }
    own["engine"], own["as_json"] = (engine, None), (as_json, False)
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)
        for name, (kind, default) in own.items()
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}


def _parameter(declaration: Declaration) -> inspect.Parameter:
    """Return one option as text: the contract checks it, so all faults are reported together."""
    shown = (
        "; ".join(map(str, declaration.default))
        if declaration.type == "list[int]"
        else declaration.default
    )
    choice = declaration.name in {"lan", "kommunkod"}
    option = typer.Option(
        f"--{declaration.name.replace('_', '-')}",
        help=declaration.help,
        metavar={"int": "N", "int | None": "N", "list[int]": "N;N"}.get(declaration.type, "TEXT"),
        show_default=False if choice or shown is None else str(shown),
    )
    several = declaration.type == "list[int]"
    kind: Any = Annotated[list[str] | None, option] if several else Annotated[str | None, option]
    return inspect.Parameter(
        declaration.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind
    )


def contract_values(given: dict[str, Any]) -> dict[str, object]:
    """Return options as the contract's values; numbers stay text, which the contract reads or
    refuses.

    >>> contract_values({"lan": "AC", "prognoser_ekb": ["1 500", "2 300"], "sprak": None})
    {'lan': 'AC', 'prognoser_ekb': '1 500; 2 300'}
    """
    written = {name: value for name, value in given.items() if value is not None and value != []}
    return {
        name: "; ".join(value) if isinstance(value, list) else value
        for name, value in written.items()
    }


def whole(option: str, given: str | int | None, limit: str, problems: list[str]) -> int | None:
    """Return an option's whole number, checked against the limit of that name; a fault is added to
    `problems`.

    >>> problems: list[str] = []
    >>> whole("--workers", "2", "workers", problems), whole("--workers", "two", "workers", problems)
    (2, None)
    >>> problems
    ["--workers: found 'two'; write a whole number, such as 20."]
    """
    if given is None:
        return None
    read = check_number(given, LIMITS[limit])
    if isinstance(read, Unread):
        problems.append(f"{option}: {in_english(read)}.")
        return None
    return int(read)


def reader(limit: str) -> Callable[[str | float], float]:
    """Return what reads an option's number within the limit of that name, for a command that takes
    few of them.
    """

    def read(given: str | float) -> float:
        found = check_number(given, LIMITS[limit])
        if isinstance(found, Unread):
            raise typer.BadParameter(f"{in_english(found)}.")
        return found

    return read


def all_of(*calls: Callable[[], Any]) -> list[Any]:
    """Return what each call returns.

    Raises:
        ParameterError: all that is wrong in any of them.
    """
    returned: list[Any] = []
    problems: list[str] = []
    for call in calls:
        try:
            returned.append(call())
        except ParameterError as error:
            problems += error.problems
    if problems:
        raise ParameterError(*problems)
    return returned


class _Command(TyperCommand):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read a call as typer does, after refusing options given twice (the last would win) or
        empty.
        """
        given, _, order = self.make_parser(ctx).parse_args(args=list(args))
        if problems := list(_repeated_or_empty(given, order)):
            raise ParameterError(*problems)
        return super().parse_args(ctx, args)


def _repeated_or_empty(given: dict[str, Any], order: list[Any]) -> Iterator[str]:
    for one, times in Counter(order).items():
        option = one.param_type_name == "option"
        name = one.opts[0] if option else one.metavar or str(one.name).upper()
        if option and times > 1 and not one.multiple:
            yield f"{name}: is given {times} times. Give it once."
        value = given.get(one.name)
        values = value if isinstance(value, list | tuple) else [value]
        if any(isinstance(text, str) and not text.strip() for text in values):
            yield f"{name}: is empty. Write what is meant, or leave it out."


class Commands(typer.Typer):
    """A group of such commands."""

    def command(self, *given: Any, **how: Any) -> Callable[[Any], Any]:
        """Register a command as typer does."""
        return super().command(*given, cls=_Command, **how)
