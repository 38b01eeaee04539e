"""A place elsewhere that files are sent to, whatever kind it is: a folder, an SFTP server, an
object store.

fsspec knows the kinds. What it leaves open is settled here: how a file is put so that a reader
never meets half of it, what passes and is tried again, and what an error of any of its libraries
means in words.
"""

import errno
import logging
import mimetypes
import re
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import fsspec
import stamina

from helpers.contracts.files import bytes_in
from helpers.contracts.marks import remove_own
from helpers.errors import ParameterError, SetupError
from helpers.sending.address import WHOLE_PUT, Discreet, meant

Value = TypeVar("Value")
S3 = {"s3", "s3a"}
EXTRAS = {"s3": "s3", "s3a": "s3", "sftp": "sftp", "ssh": "sftp"}
ATTEMPTS, FIRST_WAIT, LONGEST_WAIT = 5, 0.3, 5.0  # seconds
PATIENCE, SLOWEST = 90.0, 10_000  # seconds for a put, and bytes a second that it may take beyond
# we try again ourselves
ONCE = {"retries": {"total_max_attempts": 1}, "connect_timeout": 10, "read_timeout": 60}
FOR_EVER, NEVER = "public, max-age=31536000, immutable", "no-cache"
PASSING = (ConnectionError, TimeoutError, EOFError)
PASSING_NUMBERS = {errno.EBUSY, errno.EREMOTEIO, errno.EPIPE, errno.EHOSTUNREACH, errno.ENETUNREACH}
PASSING_NAMES = {
    "ConnectionError",
    "HTTPClientError",
    "ClientPayloadError",
    "ResponseParserError",
    "SSHException",
}
LASTING_NAMES = {"AuthenticationException", "BadHostKeyException", "SSLError"}
# paramiko: the line, not the password
CUT_AT_LOGIN = ("transport shut down", "Authentication timeout")
NO_KEY_NAMES = {
    "NoCredentialsError",
    "PartialCredentialsError",
    "AuthenticationException",
    "PasswordRequiredException",
}


@dataclass(frozen=True)
class RemoteFile:
    """A file at the target: its size in bytes and, where the target tells it, its MD5 checksum."""

    size: int
    md5: str = ""

    @property
    def says_md5(self) -> bool:
        """Whether it can be the whole file's: that of a file that was sent in parts has a dash."""
        return re.fullmatch("[0-9a-f]{32}", self.md5) is not None


class Target:
    """A folder at some place that fsspec reaches.

    Args:
        url: As fsspec takes it: `/srv/www`, `s3://bucket/folder`, `sftp://user@host/folder`.
        options: Passed on to the file system.

    Raises:
        ParameterError: it cannot be a place, or an option not be what is written.
        SetupError: the package that knows this kind of place is not installed.
    """

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        self.url, self.discreet = url, Discreet(url, options)
        if wrong := meant(url):
            raise ParameterError(f"{self}: {wrong}")
        self.protocol = fsspec.utils.get_protocol(url)
        self.options = dict(options)
        if self.protocol in S3:
            given = self.options.get("config_kwargs", {})
            if not isinstance(given, Mapping):
                raise ParameterError(
                    '--option config_kwargs: write JSON, as in config_kwargs={"read_timeout": 60}.'
                )
            self.options["config_kwargs"] = {**ONCE, **given}
        elif EXTRAS.get(self.protocol) == "sftp":
            self.options.setdefault("host_key_policy", "known")
        # they log the traceback of every error that they raise, too
        for name in ("asyncio", "paramiko"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        self._here = threading.local()
        self._shared: tuple[Any, str] | None = None
        self._known_kind()

    def __str__(self) -> str:
        return self.discreet.url

    @property
    def here(self) -> Path:
        """The folder on this machine, as its file system takes the address: `file:x` is x."""
        return Path(fsspec.get_filesystem_class("file")._strip_protocol(self.url))

    def files(self) -> dict[str, RemoteFile]:
        """Return every file of the releases at the target, by its place there."""
        return self.ask(self._found)

    def names(self) -> list[str]:
        """Return what exists at the top of the target and of its releases; a link ends with @, a
        folder with /.
        """
        return sorted(self.ask(self._names))

    def strangers(self, folder: str) -> list[str]:
        """Return what below a folder there is neither a file nor a folder, by its place: a link
        above all.
        """
        if self.protocol in WHOLE_PUT:
            return []

        def found(fs: Any, root: str) -> list[str]:
            fs.invalidate_cache()
            lying = fs.find(f"{root}/{folder}", withdirs=True, detail=True)
            return sorted(
                name.removeprefix(root).lstrip("/")
                for name, info in lying.items()
                if info.get("islink") or info["type"] not in ("file", "directory")
            )

        return self.ask(found)

    def read(self, name: str) -> bytes | None:
        """Return a file's content; None where there is no such file."""

        def read(fs: Any, root: str) -> bytes | None:
            try:
                if self.protocol == "file":
                    return bytes_in(self.here / name)
                content: bytes = fs.cat_file(f"{root}/{name}")
            except FileNotFoundError:
                return None
            return content

        return self.ask(read)

    def put(self, name: str, content: bytes, lasting: bool) -> None:
        """Put a file there in one step.

        Args:
            name: Its place.
            content: Its bytes.
            lasting: Whether it will never be of other content, so that whoever has it need not ask
                again.
        """
        self.ask(lambda fs, root: self._put(fs, f"{root}/{name}", content, lasting))

    def copy(self, old: str, new: str) -> None:
        """Copy a file there, without its bytes passing here."""
        self.ask(lambda fs, root: fs.cp_file(f"{root}/{old}", f"{root}/{new}"))

    def make_folders(self, names: Iterable[str]) -> None:
        """Make the folders of these files, where the target has folders."""
        if self.protocol not in WHOLE_PUT:
            for parent in sorted({name.rpartition("/")[0] for name in names}):
                self.ask(partial(_make_folder, parent))

    def remove(self, folder: str, names: Collection[str]) -> None:
        """Remove files from a folder, and folders that are empty then; links are not followed where
        the target shows them.

        Args:
            folder: Its place.
            names: The files' places in it; that one is gone already is no fault.
        """
        if self.protocol == "file":
            remove_own(self.here / folder, names)
            return

        def remove(fs: Any, root: str) -> None:
            top = f"{root}/{folder}"
            found = fs.find(top) if self.protocol in WHOLE_PUT or _is_there(fs, top) else []
            paths = [path for path in found if path.partition(f"{folder}/")[2] in {*names}]
            if paths:
                fs.rm(paths)
            if self.protocol not in WHOLE_PUT:
                parents = {
                    "/".join(path.split("/")[:-depth]) for path in paths for depth in range(1, 7)
                }
                for path in sorted(
                    (path for path in parents if f"{path}/".startswith(f"{top}/")), reverse=True
                ):
                    with suppress(OSError):  # something else lies in it
                        fs.rmdir(path)

        self.ask(remove)

    def ask(self, work: Callable[[Any, str], Value]) -> Value:
        """Return what some work gives, called with the file system and the target's root there.

        What passes (a cut connection, a server that is busy) is waited out and tried again.

        Raises:
            Whatever the file system's library raises; `in_words` says what it means.
        """
        for attempt in stamina.retry_context(
            on=passing,
            attempts=ATTEMPTS,
            timeout=None,
            wait_initial=FIRST_WAIT,
            wait_max=LONGEST_WAIT,
            wait_jitter=FIRST_WAIT,
        ):
            with attempt:
                try:
                    return work(*self._connected())
                except Exception:
                    self._here.__dict__.clear()  # a connection that failed once is of no more use
                    raise
        raise AssertionError("the last attempt gives or raises")

    def in_words(self, error: Exception) -> str:
        """Return what an error of the file system's library means, without secrets."""
        said = self.discreet.without_secrets(str(error).strip() or type(error).__name__)
        if _named(error, NO_KEY_NAMES) and not passing(error):
            return f"{self}: no credentials that the server takes ({said})"
        if isinstance(error, PermissionError):
            return f"{self}: no permission ({said})"
        if isinstance(error, FileNotFoundError):
            return f"{self}: there is no such bucket or folder ({said})"
        if passing(error):
            return (
                f"{self}: the connection was cut or there was no answer, {ATTEMPTS} times ({said})"
            )
        doubt = isinstance(error, TypeError | ValueError | AttributeError) and self.options
        step = " Is an --option of another type than the file system takes?" if doubt else ""
        return f"{self}: {type(error).__name__}: {said}{'.' if doubt else ''}{step}"

    def _known_kind(self) -> None:
        """Refuse a kind that fsspec does not know, or whose package is missing."""
        extra = EXTRAS.get(self.protocol, "")
        try:
            fsspec.get_filesystem_class(self.protocol)
        except ImportError as error:
            remedy = (
                "Install it: make extras, in the workbook's own folder." if extra else f"{error}."
            )
            raise SetupError(
                f"{self}: the package for {self.protocol}:// is not installed. {remedy}"
            ) from None

    def _connected(self) -> tuple[Any, str]:
        """Return the file system and the target's root; one of each thread's own, if it cannot be
        shared.
        """
        if self._shared:
            return self._shared
        if not hasattr(self._here, "opened"):
            options = dict(self.options)
            if options.get("host_key_policy") == "known":
                options["host_key_policy"] = _known_hosts_only()
            try:
                fs, root = fsspec.core.url_to_fs(self.url, skip_instance_cache=True, **options)
            except (TypeError, ValueError, AttributeError) as error:
                said = self.discreet.without_secrets(str(error))
                raise ParameterError(
                    f"{self}: --option: one of them is not what this place takes ({said})."
                ) from None
            opened = fs, root.rstrip("/")
            if fs.async_impl:
                fs.retries = 1
                self._shared = opened
            self._here.opened = opened
        return self._here.opened  # type: ignore[no-any-return]

    def _names(self, fs: Any, root: str) -> list[str]:
        fs.invalidate_cache()
        found: list[str] = []
        for folder in ("", "releases/"):
            with suppress(FileNotFoundError, NotADirectoryError):
                for info in fs.ls(f"{root}/{folder}".rstrip("/"), detail=True):
                    path = str(info["name"]).rstrip("/")
                    link = info.get("islink") or info.get("type") == "link"
                    kind = "@" if link else "/" if info.get("type") == "directory" else ""
                    # a store tells a folder among what lies in it, and a file as what lies there
                    if path != root:
                        found.append(f"{folder}{path.rpartition('/')[2]}{kind}")
        return found

    def _found(self, fs: Any, root: str) -> dict[str, RemoteFile]:
        fs.invalidate_cache()
        found: dict[str, Any] = {}
        if self.protocol in WHOLE_PUT:
            found = fs.find(f"{root}/releases", detail=True)
        elif _is_there(fs, f"{root}/releases"):
            found = fs.find(f"{root}/releases", detail=True, on_error="raise")
        return {
            name.removeprefix(root).lstrip("/"): RemoteFile(
                info["size"], str(info.get("ETag") or "").strip('"')
            )
            for name, info in found.items()
        }

    def _put(self, fs: Any, path: str, content: bytes, lasting: bool) -> None:
        if self.protocol in WHOLE_PUT:
            headers = _headers(path, lasting) if self.protocol in S3 else {}
            fs.pipe_file(path, content, **headers, **_limit(fs, content))
            return
        folder, _, name = path.rpartition("/")
        aside = f"{folder}/.{name}.{uuid4().hex[:8]}"
        try:
            fs.pipe_file(aside, content)
            fs.mv(aside, path)
        except BaseException:
            with suppress(Exception):  # the connection may not allow it any more
                fs.rm_file(aside)
            raise


def passing(error: BaseException) -> bool:
    """Return whether an error may be gone at the next attempt.

    >>> (passing(ConnectionResetError()), passing(OSError(errno.EBUSY, "SlowDown")),
    ...  passing(PermissionError()))
    (True, True, False)
    """
    if _named(error, LASTING_NAMES):
        return any(sign in str(error) for sign in CUT_AT_LOGIN)
    numbered = isinstance(error, OSError) and error.errno in PASSING_NUMBERS
    # paramiko's, without a number
    closed = isinstance(error, OSError) and "closed" in str(error).lower()
    return isinstance(error, PASSING) or numbered or closed or _named(error, PASSING_NAMES)


def _named(error: BaseException, names: set[str]) -> bool:
    """Return whether an error is of a kind, by name: its library need not be installed."""
    return any(kind.__name__ in names for kind in type(error).__mro__)


def _limit(fs: Any, content: bytes) -> dict[str, float]:
    """Return how long a put may take where fsspec can limit it.

    The libraries' own limits begin when a request is sent, and a put is not until the server has
    said "continue": one that says nothing would be waited for without end.
    """
    return {"timeout": PATIENCE + len(content) / SLOWEST} if fs.async_impl else {}


def _headers(path: str, lasting: bool) -> dict[str, str]:
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    text = kind.startswith("text/") or kind == "application/json"
    return {
        "ContentType": f"{kind}; charset=utf-8" if text else kind,
        "CacheControl": FOR_EVER if lasting else NEVER,
    }


def _make_folder(name: str, fs: Any, root: str) -> None:
    fs.makedirs(f"{root}/{name}".rstrip("/"), exist_ok=True)


def _is_there(fs: Any, path: str) -> bool:
    try:
        fs.info(path)
    except FileNotFoundError:
        return False
    return True


def _known_hosts_only() -> Any:
    """Return the policy that refuses an SFTP server whose key is not known: fsspec alone would
    accept any.
    """
    import paramiko

    class KnownHosts(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
        def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
            file = Path("~/.ssh/known_hosts").expanduser()
            known = paramiko.HostKeys(str(file)) if file.is_file() else paramiko.HostKeys()
            if not known.check(hostname, key):
                told = f"its key {key.get_name()} {key.fingerprint} is not the one in {file}"
                raise PermissionError(
                    f"{hostname}: {told}; compare it with the server's and add it"
                )

    return KnownHosts()
