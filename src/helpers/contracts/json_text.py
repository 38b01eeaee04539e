"""The one reader and the one writer of JSON: no depth hurts whoever reads, nothing hidden stands in
what is written.
"""

import json
from typing import Any

from helpers.contracts.text import visible


def from_json(text: str | bytes, **how: Any) -> Any:
    """Return what JSON says; what `how` says is passed on to `json.loads`.

    Raises:
        ValueError: it is no JSON, is no UTF-8, or lies deeper within each other than can be read.

    >>> from_json("[" * 100_000)
    Traceback (most recent call last):
        ...
    ValueError: lies too deep within each other
    """
    try:
        return json.loads(text, **how)
    except RecursionError:
        raise ValueError("lies too deep within each other") from None


def to_json(value: object, **how: Any) -> str:
    """Return a value as JSON, letters as they are and what is hidden escaped; `how` is passed on to
    `json.dumps`.

    >>> to_json({"å": "\\u202e"})
    '{"å": "\\\\u202e"}'
    """
    return visible(json.dumps(value, ensure_ascii=False, **how), layout=True)
