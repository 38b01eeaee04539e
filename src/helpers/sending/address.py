"""The address of a target and its options, as given on the command line; no message shows a secret
in them.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.contracts.files import resolved
from helpers.contracts.text import from_json
from helpers.errors import ParameterError

if TYPE_CHECKING:
    from helpers.sending.targets import Target

# a put replaces an object in one step
WHOLE_PUT = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oci", "memory"}
FOLDERS = {"file", "sftp", "ssh"}  # what is put there is put aside, and then moved into place
EXAMPLES = dict.fromkeys(("sftp", "ssh"), "sftp://user@host/folder") | {"file": "the folder's path"}


def refuse_no_place(target: str) -> None:
    """Refuse a target that is probably a slip: nothing, the working folder, the root, the home
    folder.

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


def refuse_own(target: "Target", out: Path) -> None:
    """Refuse the folder that the releases themselves are in.

    Raises:
        ParameterError: the target is that folder or within it.
    """
    if target.protocol == "file":
        place, own = resolved(target.here), resolved(out)
        if place == own or own in place.parents:
            raise ParameterError(
                f"{target}: lies in {own}, where the releases are made. Name a folder elsewhere."
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


PASSWORD = re.compile(r"(?<=://)([^/@]*?):(.*)@(?=[^@]*$)")
SECRET = re.compile(r"key|secret|token|pass|credential|account", re.IGNORECASE)
HIDDEN = "…"
SHORTEST = 4  # characters; what is shorter stands in any text by chance


class Discreet:
    """An address and its options, which can remove their secrets from a text.

    Args:
        url: The address; it may hold a password.
        options: Options by name; values whose names sound secret are taken to be.

    >>> discreet = Discreet("sftp://eva:hemligt@host/www", {"key": "AKIA",
    ...     "client_kwargs": {"aws_secret": "abc/9"}})
    >>> discreet.url, discreet.without_secrets("login as eva/hemligt, AKIA and abc/9 failed")
    ('sftp://eva:…@host/www', 'login as eva/…, … and … failed')
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        self.url = PASSWORD.sub(rf"\1:{HIDDEN}@", url)
        self._secrets = {*_secrets(options), *(found[2] for found in PASSWORD.finditer(url))}

    def without_secrets(self, text: str) -> str:
        """Return a text without the secrets in it, however long they are."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return PASSWORD.sub(rf"\1:{HIDDEN}@", text)


def _secrets(options: Mapping[str, Any], within: bool = False) -> Iterator[str]:
    for name, value in options.items():
        secret = within or bool(SECRET.search(name))
        if isinstance(value, Mapping):
            yield from _secrets(value, secret)
        elif secret and isinstance(value, str) and len(value) >= SHORTEST:
            yield value
