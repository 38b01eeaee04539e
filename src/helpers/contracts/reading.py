"""From a YAML file to a typed model: nothing is converted, and all problems are reported together,
in words a person can act on.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from helpers.contracts.files import opened
from helpers.contracts.numbers import WRONG_NUMBER, Written
from helpers.contracts.text import cut, quoted
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
        """Return the next event of the file, if it is allowed there."""
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
        """Return why an event is not allowed in the file, "" if it is."""
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


# code parameters and their digits
CODES = {"kommunkod": 4, "lan": 2, "kommuner": 4}
# fields that hold codes, and are none themselves
INSIDE = ("godkant", "placerade_fore", "andelstal")
CODES |= dict.fromkeys(("fran", "till", *INSIDE), 4)
MOST = 100  # problems of one file that are told


def complaints(error: ValidationError, known: Mapping[str, list[str]], where: str) -> list[str]:
    """Return one sentence per problem, in the order of the model's fields.

    Args:
        error: What pydantic found, all of it.
        known: Names that each part of the model has, to suggest the nearest of: "" is the model
            itself, a field that holds models is their names.
        where: File or command that the values came from.
    """
    found = error.errors()
    sentences = [f"{where}: {_sentence(detail, known)}" for detail in found[:MOST]]
    more = [f"{where}: and {len(found) - MOST} problems more."] if len(found) > MOST else []
    return list(dict.fromkeys([*sentences, *more]))


def _sentence(detail: ErrorDetails, known: Mapping[str, list[str]]) -> str:
    """Return one problem in words."""
    # then the last part is what somebody wrote, and no label
    unknown = detail["type"] == "extra_forbidden"
    last = len(detail["loc"]) - 1 if unknown else None
    path = [
        part for place, part in enumerate(detail["loc"]) if place == last or not _is_branch(part)
    ]
    name = ".".join(cut(str(part)) for part in path) or "the file"
    if unknown:
        return _unknown_name(path, known)
    fields = [part for part in path if part in CODES] or [str(part) for part in path[:1]]
    return f"{name}: {_trouble(detail, str(fields[-1]) if fields else '')}"


def _is_branch(part: int | str) -> bool:
    """Return whether a part of a path is a union's inner label (`list[str]`, `literal['alla']`,
    `Members`), not a name in the file.
    """
    return isinstance(part, str) and (
        "[" in part or part in {"CountyMembers", "int", "str", "none"}
    )


def nearest(name: str, known: list[str]) -> str:
    """Return the next step for a name that does not exist.

    >>> nearest("prognos", ["prognos_ekb", "ar"]), nearest("x", ["lan", "ar"])
    ('Did you mean prognos_ekb?', 'Known: lan, ar.')
    """
    close = get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."


def _unknown_name(path: Sequence[int | str], known: Mapping[str, list[str]]) -> str:
    inside = ".".join(cut(str(part)) for part in path[:-1])
    names = known.get(str(path[0]), known[""]) if inside else known[""]
    return (
        f"{f'{inside}: ' if inside else ''}{quoted(path[-1])} is no parameter here."
        f" {nearest(str(path[-1]), names)}"
    )


def _trouble(detail: ErrorDetails, field: str) -> str:
    """Return what was found and what to write, by kind of problem."""
    kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "string_type":
        return _not_text(field, found)
    if kind == WRONG_NUMBER:
        return f"{detail['msg']}."
    if kind in {"date_type", "date_parsing"}:
        return f"found {quoted(found)}; write a date without quotes, such as 2019-02-23."
    if kind == "string_pattern_mismatch":
        return f"found {quoted(found)}; {_code_form(field)}"
    if kind == "literal_error":
        return f"found {quoted(found)}; write {context.get('expected')}."
    if kind in {"greater_than", "greater_than_equal", "less_than_equal"}:
        return f"found {quoted(found)}; {_lower_first(detail['msg'])}."
    if kind == "missing":
        return "is missing; write it."
    return f"found {quoted(found)}; {_lower_first(detail['msg'].removeprefix('Value error, '))}."


def _not_text(field: str, found: Any) -> str:
    """Explain a code that lost its quotes, and with them its zero.

    >>> print(_not_text("kommunkod", 76))
    found the number 76, but a code is text; write kommunkod: "0114" in quotes.
    """
    if isinstance(found, Written):
        code = (
            "write"
            f' {"" if field in INSIDE or field not in CODES else f"{field}: "}"{cut(found.text)}"'
            " in quotes"
        )
        return f"found {cut(found.text)} without quotes, which YAML reads as a number; {code}."
    if isinstance(found, bool) or not isinstance(found, int) or field not in CODES:
        return f"found {quoted(found)}, but this is text; write it in quotes."
    written = f'{"" if field in INSIDE else f"{field}: "}"{_as_found(found, CODES[field])}"'
    return f"found the number {found}, but a code is text; write {written} in quotes."


def _as_found(number: int, digits: int) -> str:
    """Return the code that YAML turned into a number: digits after a leading 0 are read as octal.

    >>> _as_found(76, 4), _as_found(2480, 4), _as_found(114, 4), _as_found(24, 2)
    ('0114', '2480', '0162', '24')
    """
    octal = f"0{number:o}"
    return (
        octal if len(octal) == digits and len(str(number)) < digits else str(number).zfill(digits)
    )


def _code_form(field: str) -> str:
    if CODES.get(field) == 4:
        return 'a municipality\'s code is four digits in quotes, such as "2480".'
    return (
        'a county is its capital letter or letters, or two digits in quotes, such as "AC" or "24".'
    )


def _lower_first(message: str) -> str:
    return message[:1].lower() + message[1:]
