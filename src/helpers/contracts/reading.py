"""From a YAML file to a typed model: nothing is converted, and all problems are told in one pass."""

import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, Field, ValidationError

from helpers.contracts.complaints import complaints
from helpers.contracts.numbers import Written
from helpers.errors import ParameterError

Lan = Annotated[str, Field(pattern=r"^([A-Z]{1,2}|\d{2})$", description="Länets bokstav eller kod, t.ex. AC eller 24")]
Kommunkod = Annotated[str, Field(pattern=r"^\d{4}$", description="Kommunens kod, fyra siffror, t.ex. 2480")]
Model = TypeVar("Model", bound=BaseModel)
PLAIN = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)  # the one way to write a number that YAML cannot misread
THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)


def read_yaml(path: Path) -> dict[str, object]:
    """Return a YAML file's names and values, as YAML reads them; what it would read as another number is `Written`.

    Raises:
        ParameterError: no such file, no valid YAML, a name given twice, or not a list of names.
    """
    try:
        values = yaml.load(path.read_text("utf-8"), Loader=_UniqueKeys)
    except OSError as error:
        raise ParameterError(f"{path}: cannot be read ({error.strerror}). Is the name right?") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # ValueError: no UTF-8, or a date such as 2019-02-30
        raise ParameterError(f"{path.name}: is not valid YAML: {' '.join(str(error).split())}") from None
    if not isinstance(values, dict):
        raise ParameterError(f"{path.name}: found {type(values).__name__}; write one `name: value` per line.")
    return {str(name): value for name, value in values.items()}


class _UniqueKeys(yaml.SafeLoader):
    """A safe loader that refuses a name given twice, where YAML would keep the last one silently.

    A number is taken only as it is written: `02300`, `15:00`, `2_300` and `0x10` stay text that no field takes, and so
    does `[1,500]`, which may be 1500 as well as 1 and 500.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise yaml.YAMLError(f"{', '.join(twice)} stands more than once")
        return super().construct_mapping(node, deep=deep)

    def construct_sequence(self, node: yaml.SequenceNode, deep: bool = False) -> list[Any]:
        joined = [self._grouped(*pair) for pair in pairwise(node.value)] if node.flow_style else []
        found = [text for text in joined if text]
        return [Written(text) for text in found] or super().construct_sequence(node, deep=deep)

    def _grouped(self, left: yaml.Node, right: yaml.Node) -> str:
        """Return two numbers with a comma and no space between that may be one number; else nothing."""
        apart = right.start_mark.index - left.end_mark.index
        plain = all(isinstance(node, yaml.ScalarNode) and node.style is None for node in (left, right))
        text = f"{left.value},{right.value}"
        return text if plain and apart == 1 and re.fullmatch(r"[1-9]\d{0,2},\d{3}", text, re.ASCII) else ""


def _as_written(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> object:
    """Return a number that is written in the plain way, else what is written."""
    kind = node.tag.rpartition(":")[2]
    if not PLAIN.fullmatch(node.value) or THOUSANDS.fullmatch(node.value):
        return Written(node.value)
    return loader.construct_yaml_int(node) if kind == "int" else loader.construct_yaml_float(node)


for _kind in ("int", "float"):
    _UniqueKeys.add_constructor(f"tag:yaml.org,2002:{_kind}", _as_written)


def read(model: type[Model], values: Mapping[str, object], where: str) -> Model:
    """Return the values as a model.

    Raises:
        ParameterError: every problem of the values in one go, each with `where`, the value found
            and what to write instead.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise ParameterError(*complaints(error, _names(model), where)) from None


def _names(model: type[BaseModel]) -> dict[str, list[str]]:
    """The names that a model has ("") and those of the models inside its fields, by field."""
    names = {"": list(model.model_fields)}
    for name, field in model.model_fields.items():
        inside = [part for part in get_args(field.annotation) if hasattr(part, "model_fields")]
        if inside:
            names[name] = list(inside[0].model_fields)
    return names
