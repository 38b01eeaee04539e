"""What the figures count: one typed entry per measure, read from `data/measures.toml`."""

from pydantic import BaseModel, ConfigDict, ValidationError

from helpers.errors import DataError
from helpers.sources.catalogue import Catalogue, toml_beside

FILE = "measures.toml"


class Name(BaseModel):
    """A measure's name in Swedish and English."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    sv: str
    en: str


class Measure(BaseModel):
    """One measure: what is counted, when, by whom, what it is not, and the source that says so, in
    Swedish.

    Measures with the same `word` look alike to a reader.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    id: str
    name: Name
    word: str
    counted: str
    when: str
    by: str
    is_not: str
    source: str


def load_measures(catalogue: Catalogue) -> dict[str, Measure]:
    """Read `measures.toml` beside the catalogue and return its measures by id, in the file's order.

    The file is noted as read.

    Raises:
        DataError: it is missing, is not TOML, an entry lacks or misspells a field, or a table of
            the catalogue names a measure that is not in it; every fault is named at once.
        SetupError: it cannot be read.
    """
    entries = toml_beside(catalogue, FILE, "it says what the figures count")
    measures: dict[str, Measure] = {}
    problems: list[str] = []
    for own, entry in entries.items():
        try:
            measures[own] = Measure(id=own, **entry)
        except (ValidationError, TypeError) as error:
            problems += _problems(own, error)
    problems += _unknown(catalogue, measures) if not problems else []
    if problems:
        raise DataError(*problems)
    return measures


def _unknown(catalogue: Catalogue, measures: dict[str, Measure]) -> list[str]:
    """The tables that name a measure which is not there; which tables exist is not what a report
    rests on.
    """
    return [
        f"data/sources.toml, [{own}], measure: {entry.measure!r} is not in data/{FILE}. Known:"
        f" {', '.join(measures)}."
        for own, entry in catalogue.entries.items()
        if entry.measure and entry.measure not in measures
    ]


def _problems(own: str, error: Exception) -> list[str]:
    if not isinstance(error, ValidationError):
        return [f"data/{FILE}, [{own}]: expected a table of fields, found something else."]
    return [
        f"data/{FILE}, [{own}], {'.'.join(map(str, fault['loc']))}: {fault['msg']}; found"
        f" {str(fault['input'])[:60]!r}."
        for fault in error.errors()
    ]
