"""What a view would show, as one checksum: everything that decides its words, its figures and its drawing.

Equal checksums mean the same view, in every process. Something of a kind that is not known here gives none.
"""

import datetime
import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType, NoneType
from typing import Any

import numpy as np
import pandas as pd

PLAIN = {NoneType, bool, int, float, complex, str, bytes, type(pd.NA), type(pd.NaT), pd.Timestamp, pd.Timedelta}
PLAIN |= {datetime.date, datetime.datetime, datetime.time, datetime.timedelta, type(Ellipsis)}
NUMBERS = "biufcmM"  # kinds of arrays whose every cell is a number, a truth, a time or a span
Parts = Iterable[object]


def digest(*values: object) -> str:
    """Return the values' checksum, 64 hexadecimal digits; "" where one is of a kind that is not known.

    >>> digest("Umeå", 37) == digest("Umeå", 37), digest("Umeå", 37) == digest("Umeå", 38), digest(object())
    (True, False, '')
    """
    try:
        return _digest(values).hex()
    except (TypeError, ValueError, RecursionError):  # ValueError: a variable of a function that is not set yet
        return ""


def _digest(value: object) -> bytes:
    found: list[str] = []
    _feed(value, found.append)
    return hashlib.sha256("\0".join(found).encode("utf-8", "surrogatepass")).digest()


def _feed(value: object, put: Callable[[str], object]) -> None:
    """Put a value's kind and content, such that no two values put the same; no repr has a NUL in it."""
    kind = type(value)
    parts = list(_way(kind)(value))  # type: ignore[arg-type]  # mypy takes a type for not hashable
    put(f"{kind.__module__}.{kind.__qualname__} {len(parts)}")
    for part in parts:
        if type(part) in PLAIN:
            put(f"{type(part).__name__} {part!r}")
        else:
            _feed(part, put)


@functools.cache
def _way(kind: type) -> Callable[[Any], Parts]:
    """How values of a kind are taken apart.

    Raises:
        TypeError: the kind is not known.
    """
    if is_dataclass(kind):
        return _attributes(*(field.name for field in fields(kind)))
    for known, way in WAYS.items():
        if issubclass(kind, known):
            return way
    raise TypeError(f"{kind} is not known")


def _attributes(*names: str) -> Callable[[Any], Parts]:
    return lambda value: [getattr(value, name) for name in names]


def _frame(frame: pd.DataFrame) -> Parts:
    about, kinds = (frame.attrs, frame.columns, frame.index), frame.dtypes.tolist()
    rows, odd = frame.to_numpy(dtype=object).tolist(), [at for at, kind in enumerate(kinds) if not _simple(kind)]
    own = any(not isinstance(kinds[at], np.dtype) for at in odd)  # such as categories, which no cell tells of
    if not own and all(type(row[at]) in PLAIN for at in odd for row in rows):
        return (*about, [str(kind) for kind in kinds], repr(rows))
    return (*about, *(_cells(column) for _, column in frame.items()))


def _cells(column: Any) -> Parts:
    """A column's type and cells."""
    kind, cells = column.dtype, column.tolist()
    if _simple(kind):
        return (str(kind), repr(cells))
    more = (kind.categories, kind.ordered) if isinstance(kind, pd.CategoricalDtype) else ()
    return (str(kind), more, cells)


def _simple(kind: Any) -> bool:
    """Whether a type leaves no doubt of what the text of its cells says; as one text they are the fastest."""
    return kind.kind in NUMBERS or isinstance(kind, pd.StringDtype)


def _array(array: np.ndarray[Any, Any]) -> Parts:
    plain = array.dtype.kind in NUMBERS
    cells = hashlib.sha256(np.ascontiguousarray(array).tobytes()).digest() if plain else array.tolist()
    return (array.dtype.str, array.shape, cells)


def _function(function: FunctionType) -> Parts:
    """Its name, its own code and all that it has taken with it; the code it calls is not looked at."""
    own = (function.__module__, function.__qualname__, function.__code__)
    taken = (cell.cell_contents for cell in function.__closure__ or ())
    return (*own, function.__defaults__, function.__kwdefaults__, *taken)


def _builtin(function: BuiltinFunctionType) -> Parts:
    bound = None if isinstance(function.__self__, ModuleType) else function.__self__
    return (function.__module__, function.__qualname__, bound)


WAYS: Mapping[type | tuple[type, ...], Callable[[Any], Parts]] = {
    (list, tuple): iter,
    Mapping: lambda value: [part for pair in value.items() for part in pair],
    AbstractSet: lambda value: sorted(_digest((part,)) for part in value),
    Enum: _attributes("name"),
    pd.DataFrame: _frame,
    pd.Series: lambda value: (value.attrs, value.name, value.index, *_cells(value)),
    pd.RangeIndex: _attributes("name", "start", "stop", "step"),
    pd.Index: lambda value: (tuple(value.names), *_cells(value)),
    (range, slice): _attributes("start", "stop", "step"),
    pd.api.extensions.ExtensionArray: _cells,
    np.ndarray: _array,
    np.generic: lambda value: (value.dtype.str, value.item()),
    FunctionType: _function,
    CodeType: _attributes("co_firstlineno", "co_code", "co_names", "co_freevars", "co_consts"),
    MethodType: _attributes("__func__", "__self__"),
    functools.partial: _attributes("func", "args", "keywords"),
    BuiltinFunctionType: _builtin,
    type: _attributes("__module__", "__qualname__"),
}
