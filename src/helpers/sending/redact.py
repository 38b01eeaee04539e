"""Secrets stay unsaid: in addresses, and in what libraries say of their errors."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

PASSWORD = re.compile(r"(?<=://)([^/@]*?):(.*)@(?=[^@]*$)")
SECRET = re.compile(r"key|secret|token|pass|credential|account", re.IGNORECASE)
HIDDEN = "…"
SHORTEST = 4  # characters; what is shorter stands in any text by chance


class Discreet:
    """An address and its options, of which nothing secret is told.

    Args:
        url: The address; it may hold a password.
        options: Options by name; values whose names sound secret are taken to be.

    >>> discreet = Discreet("sftp://eva:hemligt@host/www", {"key": "AKIA",
    ...     "client_kwargs": {"aws_secret": "abc/9"}})
    >>> discreet.url, discreet.told("login as eva/hemligt, AKIA and abc/9 failed")
    ('sftp://eva:…@host/www', 'login as eva/…, … and … failed')
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        self.url = PASSWORD.sub(rf"\1:{HIDDEN}@", url)
        self._secrets = {*_secrets(options), *(found[2] for found in PASSWORD.finditer(url))}

    def told(self, text: str) -> str:
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
