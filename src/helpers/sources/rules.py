"""The dated rules that the computations follow: typed entries, read from `data/rules.toml`."""

import datetime
import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from helpers.contracts.text import quoted, visible
from helpers.errors import DataError
from helpers.sources.catalogue import Catalogue, toml_beside

FILE = "rules.toml"
ASSUMPTION = re.compile(r"\bA[0-9]+\b")
DAY = datetime.timedelta(days=1)


class Entry(BaseModel):
    """What holds from a 1 January, to a 31 December where it no longer holds, and who says so.

    An entry without a source is our own choice; its note then names the assumption (A15).
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    start: datetime.date = Field(alias="from")
    end: datetime.date | None = Field(default=None, alias="to")
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _whole_years_by_someone(self) -> Self:
        if (self.start.month, self.start.day) != (1, 1):
            raise ValueError(f"from is {self.start}; a rule begins on a 1 January")
        if self.end and ((self.end.month, self.end.day) != (12, 31) or self.end < self.start):
            raise ValueError(f"to is {self.end}; a rule ends on a 31 December after its beginning")
        if not self.source and not ASSUMPTION.search(self.note):
            raise ValueError("write who says so as source, or the assumption (A15) in note")
        return self


class Counted(Entry):
    """That something is counted."""

    value: bool
    unit: Literal["counted"]

    @field_validator("value")
    @classmethod
    def _true(cls, value: bool) -> bool:
        if not value:
            raise ValueError("what is not counted has no entry; write true")
        return value


class Allowed(Entry):
    """Whether something is allowed."""

    value: bool
    unit: Literal["allowed"]


class Share(Entry):
    """A share of all placements in Sweden, in ‰."""

    value: Annotated[float, Field(ge=0, le=1000)]
    unit: Literal["‰"]


class RulesFile(BaseModel):
    """Every dated rule: its entries in order of time, the one beginning the day after the other."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    fulfilment: Annotated[tuple[Counted, ...], Field(min_length=1, max_length=1)]
    redistribution: Annotated[tuple[Allowed, ...], Field(min_length=1)]
    least_share: Annotated[tuple[Share, ...], Field(min_length=1)]
    least_unknown_share: Annotated[tuple[Share, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _without_gaps(self) -> Self:
        for name in type(self).model_fields:
            entries: Sequence[Entry] = getattr(self, name)
            ends = [entry.end and entry.end + DAY for entry in entries]
            if ends != [*(entry.start for entry in entries[1:]), None]:
                raise ValueError(
                    f"{name}: each entry begins the day after the one before it ends, and the last"
                    " has no `to`"
                )
        return self


def load_rules(catalogue: Catalogue) -> RulesFile:
    """Read `rules.toml` beside the catalogue. The file is noted as read.

    Raises:
        DataError: it is missing, is not TOML, or an entry is not sound; every fault is named at
            once.
        SetupError: it cannot be read.
    """
    why = "it holds the rules that the reports are computed by"
    found = toml_beside(catalogue, FILE, why)
    entries = {name: tuple(own) if isinstance(own, list) else own for name, own in found.items()}
    try:
        return RulesFile.model_validate(entries)
    except ValidationError as error:
        raise DataError(*(_problem(dict(fault)) for fault in error.errors())) from None


def _problem(fault: dict[str, Any]) -> str:
    """One fault in words: which rule, which of its entries and what is wrong."""
    name, *rest = map(str, fault["loc"] or ("",))
    place = ", ".join([f"[[{name}]]" if name else "", *(_counted(part) for part in rest)])
    said = str(fault["msg"]).removeprefix("Value error, ")
    whole = isinstance(fault["input"], dict | BaseModel)
    found = "" if whole else f"; found {quoted(fault['input'])}"
    return f"data/{FILE}{', ' if name else ''}{visible(place)}: {visible(said)}{found}."


def _counted(part: str) -> str:
    return f"entry {int(part) + 1}" if part.isdecimal() else part
