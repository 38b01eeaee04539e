"""The command that makes one report: checks the call, makes it, sums up."""

import dataclasses
import re
from functools import partial
from typing import Any

from helpers.cli.options import (
    Data,
    Engine,
    Json,
    Timeout,
    all_of,
    contract_values,
    give_signature,
    run_options,
    use_data,
)
from helpers.cli.request import Single
from helpers.cli.summary import sum_up
from helpers.cli.terminal import progress
from helpers.contracts.reading import read_yaml
from helpers.editions.edition import contract_for
from helpers.editions.parameters import Contract
from helpers.errors import ParameterError
from helpers.make.plan import NOTEBOOKS, REPORTS, Options, Request, Settled
from helpers.releases.folder import refuse_foreign, refuse_if_held


# its options (--lan, --kommunkod, --ar …) are those of the contracts in editions/parameters.py
def report(**given: Any) -> None:
    """Make one report, of a county or of a municipality, without touching the edition.

    Codes are text, forecasts are numbers of children: 1500, never 1.5.
    """
    use_data(given.pop("data"))
    out, timeout, engine = (given.pop(name) for name in ("out", "timeout", "engine"))
    file, as_json = given.pop("file"), given.pop("as_json")
    where = file.name if file else "report"
    values = {**(read_yaml(file) if file else {}), **contract_values(given)}
    how = partial(run_options, out, 1, timeout, engine)
    try:
        contract, run = all_of(lambda: contract_for(values, where), how)
    except ParameterError:
        all_of(lambda: Single(values, where)(NOTEBOOKS), how)  # what the tables refuse is told too
        raise
    from helpers.make.run import publish_single

    def placed(settled: Settled, run: Options) -> tuple[Settled, Options]:
        if run.out == REPORTS:
            named = choices(contract.model_construct(**settled.parameters))
            run = dataclasses.replace(run, out=REPORTS / "single" / named)
        refuse_foreign(run.out)
        refuse_if_held(run.out)
        return settled, run

    request = Request("", {}, Single(values, where, run.engine))
    with progress() as begin:
        results, pages = publish_single(request, run, begin, placed)
    sum_up(results, pages[0], as_json)


give_signature(report, data=Data, timeout=Timeout, engine=Engine, as_json=Json)


def choices(checked: Contract) -> str:
    """Return a folder name for the parameters of a single report, so that reports of other years or
    scenarios are kept.

    >>> from helpers.editions.parameters import KommunrapportParameters
    >>> choices(KommunrapportParameters(ar=2019, sprak="en"))
    '2019-sprak-en'
    """
    values = checked.model_dump()
    unusual = {
        name: values[name]
        for name, field in type(checked).model_fields.items()
        if name not in {"lan", "kommunkod", "ar"} and values[name] != field.default
    }
    said = " ".join([str(values["ar"]), *(f"{name} {value}" for name, value in unusual.items())])
    return re.sub(r"[^a-z0-9_]+", "-", said.lower()).strip("-")
