"""From a YAML file to a typed model: nothing is converted, and all problems are told in one
pass.
"""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, Field, ValidationError

from helpers.contracts.complaints import complaints
from helpers.contracts.numbers import Written
from helpers.contracts.opening import opened
from helpers.contracts.text import cut
from helpers.errors import ParameterError

Lan = Annotated[
    str,
    Field(
        pattern=r"^([A-Z]{1,2}|[0-9]{2})$",
        description="Länets bokstav eller kod, t.ex. AC eller 24",
    ),
]
Kommunkod = Annotated[
    str, Field(pattern=r"^[0-9]{4}$", description="Kommunens kod, fyra siffror, t.ex. 2480")
]
Model = TypeVar("Model", bound=BaseModel)
# the one way to write a number that YAML cannot misread
PLAIN = re.compile(r"-?(0|[1-9][0-9]{0,29})(\.[0-9]{1,30})?")
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")
LARGEST = 1 << 20  # bytes of a file that a person writes
DEEPEST = 20  # lists and names within each other
REPEATS = 10  # `*name` in place of what stands elsewhere
PIECES = 20_000  # names, values and lists
TEXT = "tag:yaml.org,2002:str"


def read_yaml(path: Path) -> dict[str, object]:
    """Return a YAML file's names and values, as YAML reads them; what it would read as another
    number is `Written`.

    Raises:
        ParameterError: no such file, no valid YAML, a name given twice, not a list of names, or
            more than a person writes.
    """
    try:
        values = yaml.load(_written(path), Loader=_Strict)
    except OSError as error:
        raise ParameterError(
            f"{path}: cannot be read ({error.strerror}). Is the name right?"
        ) from None
    except (
        yaml.YAMLError,
        ValueError,
        OverflowError,
    ) as error:  # no UTF-8, or a date such as 2019-02-30
        says = cut(" ".join(str(error).split()), 400)
        raise ParameterError(f"{path.name}: is not valid YAML: {says}") from None
    if not isinstance(values, dict):
        raise ParameterError(
            f"{path.name}: found {type(values).__name__}; write one `name: value` per line."
        )
    return {str(name): value for name, value in values.items()}


def _written(path: Path) -> str:
    """Return a file's text.

    Raises:
        OSError, ValueError: it cannot be read, is no UTF-8 or too large.
    """
    with opened(path) as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST} bytes, which nobody writes by hand.")
    return content.decode("utf-8")


class _Strict(yaml.SafeLoader):
    """A safe loader that refuses a name given twice, where YAML would keep the last one silently.

    Names are text, lists and names lie within each other only so deep, what stands elsewhere is
    repeated only so often, and a value is what it looks like: no tag says otherwise. So a small
    file cannot become a large one.

    A number is taken only as it is written: `02300`, `15:00`, `2_300` and `0x10` stay text that no
    field takes, and so does `[1,500]`, which may be 1500 as well as 1 and 500.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        # what is being read now, from the outermost: its anchor, if it has one
        self._open: list[str | None] = []
        self._pieces = self._repeats = 0

    def get_event(self) -> yaml.Event:
        """Return the next event of the file, if it may stand there."""
        event: yaml.Event = super().get_event()  # type: ignore[no-untyped-call]
        self._pieces += 1
        if isinstance(event, yaml.CollectionStartEvent):
            self._open.append(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        if wrong := self._wrong(event):
            raise yaml.YAMLError(
                f"{wrong} (line {event.start_mark.line + 1 if event.start_mark else 1})"
            )
        return event

    def _wrong(self, event: yaml.Event) -> str:
        """Return why an event may not stand in the file, "" if it may."""
        if isinstance(event, yaml.AliasEvent):
            self._repeats += 1
            if self._repeats > REPEATS or event.anchor in self._open:
                return (
                    f"*{event.anchor} repeats itself, or too much is repeated; write out what is"
                    " meant"
                )
        elif (tag := getattr(event, "tag", None)) not in (None, TEXT):
            return f"the tag {tag} says what a value is; write the value alone"
        if len(self._open) > DEEPEST:
            return f"more than {DEEPEST} lists or names lie within each other"
        return f"more than {PIECES} names and values" if self._pieces > PIECES else ""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        if odd := next(
            (key for key, _ in node.value if not isinstance(key, yaml.ScalarNode)), None
        ):
            raise yaml.YAMLError(f"line {odd.start_mark.line + 1}: a name is text, and no list")
        names = Counter(key.value for key, _ in node.value)
        if twice := sorted(name for name, times in names.items() if times > 1):
            raise yaml.YAMLError(f"{', '.join(twice)} stands more than once")
        return super().construct_mapping(node, deep=deep)

    def construct_sequence(self, node: yaml.SequenceNode, deep: bool = False) -> list[Any]:
        joined = [self._grouped(*pair) for pair in pairwise(node.value)] if node.flow_style else []
        found = [text for text in joined if text]
        return [Written(text) for text in found] or super().construct_sequence(node, deep=deep)

    def _grouped(self, left: yaml.Node, right: yaml.Node) -> str:
        """Return two numbers with a comma and no space between that may be one number; else
        nothing.
        """
        apart = right.start_mark.index - left.end_mark.index
        plain = all(
            isinstance(node, yaml.ScalarNode) and node.style is None for node in (left, right)
        )
        text = f"{left.value},{right.value}"
        return (
            text if plain and apart == 1 and re.fullmatch(r"[1-9][0-9]{0,2},[0-9]{3}", text) else ""
        )


def _as_written(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> object:
    """Return a number that is written in the plain way, else what is written."""
    kind = node.tag.rpartition(":")[2]
    if not PLAIN.fullmatch(node.value) or THOUSANDS.fullmatch(node.value):
        return Written(node.value)
    return loader.construct_yaml_int(node) if kind == "int" else loader.construct_yaml_float(node)


for _kind in ("int", "float"):
    _Strict.add_constructor(f"tag:yaml.org,2002:{_kind}", _as_written)


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
