"""What a stranger wrote is text: what cannot be seen is shown escaped, what is long is cut; and
JSON, read and written in one way.
"""

import json
import re
from html import escape
from reprlib import Repr
from typing import Any

from helpers.errors import LONGEST as LONGEST

# controls, marks of direction, what has no width, fillers, half characters and no characters
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# lines and tabs may stay
LAYOUT = re.compile(HIDDEN.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
QUOTED = 80  # characters of what a message quotes

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = _SHORT.maxlong = QUOTED
_SHORT.maxlevel = 3


def visible(text: str, layout: bool = False) -> str:
    r"""Return a text whose hidden characters are escaped as JSON escapes them; JSON keeps its
    values.

    Args:
        text: Whoever wrote it.
        layout: Whether line breaks and tabs are the text's own, and stay.

    >>> visible("a\x1b[2J\u202eb\n"), visible("å – 1\u00a0500‰")
    ('a\\u001b[2J\\u202eb\\u000a', 'å – 1\xa0500‰')
    """
    return (LAYOUT if layout else HIDDEN).sub(lambda found: escaped(found[0]), text)


def as_html(text: str) -> str:
    """Return a text as HTML shows it: no markup in it is read, nothing hidden in it is lost.

    >>> as_html("<b>å\\u202e")
    '&lt;b&gt;å\\\\u202e'
    """
    return escape(visible(text, layout=True))


def escaped(text: str) -> str:
    """Return a text with each of its characters as JSON escapes it."""
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def cut(text: str, most: int = QUOTED) -> str:
    """Return a text of at most that many characters, what is left out in its middle marked.

    >>> cut("1" * 5000, 9)
    '1111…1111'
    """
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half]}…{text[-half:]}"


def in_line(text: object, most: int = QUOTED) -> str:
    r"""Return a stranger's text as part of a line: line breaks escaped too, never long.

    >>> in_line("0114"), in_line("a\nb"), len(in_line("x" * 10**6))
    ('0114', 'a\\u000ab', 79)
    """
    return visible(cut(str(text), most))


def quoted(value: object) -> str:
    """Return a value as a message quotes it: in Python's words, hidden characters escaped, never
    long.

    >>> quoted("02300"), quoted({"a": [1] * 100})
    ("'02300'", "{'a': [1, 1, 1, 1, 1, 1, ...]}")
    """
    return cut(visible(_SHORT.repr(value)), 2 * QUOTED)


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
