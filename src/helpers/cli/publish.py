"""The command that publishes a release elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from helpers.cli.options import Json, reader
from helpers.cli.releases import Out
from helpers.cli.terminal import plain_bar, plain_console, print, print_json, retries_told
from helpers.errors import ParameterError, SetupError
from helpers.make.plan import REPORTS
from helpers.releases.building import stopped_in_order
from helpers.releases.contents import Release, faults, read_release
from helpers.releases.store import ANOTHER, Releases, first_of

if TYPE_CHECKING:
    from helpers.sending.send import Sent
    from helpers.sending.targets import Target


AGAIN = (
    "Make it whole: mottagning reports --verify, for the same edition. Or publish another of"
    " mottagning releases."
)


def publish(  # long: one option a line
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET", help="A folder, s3://bucket/folder, sftp://user@host/folder …"
        ),
    ],
    release: Annotated[
        str | None,
        typer.Option(
            metavar="ID", help="The release to publish.", show_default="the one readers see here"
        ),
    ] = None,
    out: Out = None,
    keep: Annotated[
        int,
        typer.Option(
            metavar="N",
            parser=reader("kept"),
            help="Releases that stay there, the newest included.",
        ),
    ] = 5,
    notebooks: Annotated[
        bool, typer.Option("--notebooks", help="Send the executed notebooks too.")
    ] = False,
    option: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Passed on to fsspec's file system, such as endpoint_url; repeatable.",
        ),
    ] = None,
    adopt: Annotated[
        bool,
        typer.Option(
            "--adopt", help="Take over a place that holds other things; they are listed first."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Copy a release to another place and let readers there see it: the index last, in one step."""
    from helpers.sending.address import placed, refuse_no_place, refuse_own
    from helpers.sending.send import claim_target, send
    from helpers.sending.targets import Target

    refuse_no_place(target)
    own = out or REPORTS
    place = Target(target, placed(option or []))
    refuse_own(place, own)
    folder, found = chosen(own, release)
    if taken := claim_target(place, adopt):
        print(f"Taken over with what lies there: {', '.join(taken)}.", file=sys.stderr)
    with stopped_in_order(), _progress(place.discreet.without_secrets) as begin:
        done = send(place, folder, found, keep, notebooks, begin)
    _say(place, done, as_json)


def chosen(out: Path, identity: str | None) -> tuple[Path, Release]:
    """Return the folder of a release, the published one if none is named, and what it is.

    Raises:
        ParameterError: there is no such release. SetupError: its files are not what its record
            says.
    """
    releases = Releases(out)
    if identity and identity not in releases.order:
        known = ", ".join(releases.order) or "none"
        raise ParameterError(f"{out}: there is no release {identity!r}. Here are: {known}.")
    folder = releases.folder(identity) if identity else releases.current
    if folder is None:
        raise ParameterError(f"{out}: nothing is published here. Run mottagning reports.")
    wrong, release = faults(folder), read_release(folder)
    if wrong or release is None:
        again = AGAIN if folder == releases.current else ANOTHER
        raise SetupError(f"{folder}: {first_of(wrong)}. Nothing was sent. {again}")
    return folder, release


def _say(place: "Target", done: "Sent", as_json: bool) -> None:
    """Print what was done at the target."""
    if as_json:
        told = {"target": str(place), **asdict(done), "release": done.release.id}
        print_json(told)
        return
    removed = f", {len(done.removed)} older releases removed" if done.removed else ""
    found = done.release
    print(f"Readers of {place} see release {found.id}, {found.edition}: {found.reports} reports.")
    if done.left:
        why = (
            "were sent by an earlier version, or their record is damaged, and are left as they are"
        )
        print(
            f"Older releases there {why}: {', '.join(done.left)}. Remove their folders by hand.",
            file=sys.stderr,
        )
    print(
        f"{done.sent} files sent, {done.copied} copied there, {done.stood} lay there"
        f" already{removed}."
    )


@contextmanager
def _progress(tell: Callable[[str], str]) -> Iterator[Callable[[int], Callable[[str], None]]]:
    """Yield a function to call with the number of files; it returns a function to call with each
    finished one.
    """
    console = plain_console(stderr=True)
    with plain_bar(console, disable=not console.is_terminal) as bar:

        def begin(total: int) -> Callable[[str], None]:
            task = bar.add_task("Files", total=total)
            return lambda _: bar.advance(task)

        with retries_told(console, tell):
            yield begin
