"""The address of a target and its options, as the command line is given them."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

from helpers.contracts.files import resolved
from helpers.contracts.json_text import from_json
from helpers.errors import ParameterError

# a put replaces an object in one step
WHOLE_PUT = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oci", "memory"}
FOLDERS = {"file", "sftp", "ssh"}  # what is put there is put aside, and then moved into place
EXAMPLES = dict.fromkeys(("sftp", "ssh"), "sftp://user@host/folder") | {"file": "the folder's path"}


def refuse_no_place(target: str) -> None:
    """Refuse as a target what is rather a slip than a place: nothing, the folder one stands in, the
    root, home.

    Raises:
        ParameterError: it is one of these.
    """
    plain = target.strip().removeprefix("file://")
    here = "://" not in plain
    if not plain or (
        here and (Path(plain) == Path() or resolved(Path(plain)) in (Path("/"), Path.home()))
    ):
        raise ParameterError(
            f"TARGET: {target!r} is no place for reports alone. Name a folder of their own."
        )


def meant(url: str) -> str:
    """Return why a text names no place that files can be sent to, and what was probably meant; ""
    if it names one.
    """
    scheme, slashes, rest = url.partition("://")
    if not slashes:
        drive = re.match(r"[A-Za-z]:[\\/]", url)
        if os.name != "nt" and (drive or url.startswith(("//", "\\\\"))):
            return (
                "is a path of Windows, and would be a folder of that name here. Name the folder it"
                " is mounted at."
            )
        if not drive and (one := re.match(r"([A-Za-z][A-Za-z0-9+.-]+):[\\/]", url)):
            return (
                "has one slash too few, and would be a folder of that name here. Write"
                f" {one[1]}://…"
            )
        return "is a chain of file systems. Name the place itself." if "::" in url else ""
    if "::" in scheme or scheme == "local":
        return "is a way to reach a place. Name the place itself: for a folder, its path."
    if scheme not in FOLDERS | WHOLE_PUT:
        known = "Give a folder, s3://bucket/folder or sftp://user@host/folder."
        return f"{scheme}:// is no kind of place that is known. {known}"
    return (
        ""
        if rest.strip("/")
        else f"names no place. Write {EXAMPLES.get(scheme, f'{scheme}://bucket/folder')}."
    )


def placed(items: Iterable[str]) -> dict[str, object]:
    """Return options of the command line, each `name=value`, as the file system takes them.

    >>> placed(["endpoint_url=http://host:9000", "anon=true", "key=007"])
    {'endpoint_url': 'http://host:9000', 'anon': True, 'key': '007'}
    >>> placed(['client_kwargs={"region_name": "x"}'])
    {'client_kwargs': {'region_name': 'x'}}

    Raises:
        ParameterError: one of them has no name or no value.
    """
    found: dict[str, object] = {}
    for item in items:
        name, equals, value = item.partition("=")
        if not name.isidentifier() or not equals:
            shown = f"{name}=…" if equals else "one without ="
            raise ParameterError(
                f"--option: found {shown}; write name=value, as in endpoint_url=http://host:9000."
            )
        structured = value in ("true", "false") or value[:1] in ("{", "[")
        try:
            found[name] = from_json(value) if structured else value
        except ValueError:
            raise ParameterError(
                f"--option {name}: looks like JSON but is not valid JSON. Correct it."
            ) from None
    return found
