"""Whether a run has anything to do: light, so that it can be told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.publish.keys import fingerprint, world
from helpers.publish.plan import Options, Request
from helpers.publish.record import Release, Report, record_of, verify
from helpers.publish.releases import Releases


@dataclass(frozen=True)
class Standing:
    """A release that is what a run would make.

    Attributes:
        release: The release.
        reports: Its reports.
        withdrawn: Whether it was rolled back from, so that readers are shown another.
    """

    release: Release
    reports: list[Report]
    withdrawn: bool


def standing(request: Request, options: Options) -> Standing | None:
    """Return the release that is what a run would make; None if there is something to make, or --force says so.

    A file that was changed since it was last found whole is compared by content; by `options.verify` all are.
    """
    releases = Releases(options.out)
    if options.force or options.fingerprints is None or releases.fault:
        return None
    withdrawn = releases.withdrawn
    names = [*([releases.current.name] if releases.current else []), *withdrawn]
    if not names:
        return None
    given = fingerprint_of(request, options, options.fingerprints(), options.notebooks)
    for name in names:
        record = record_of(releases.folder(name))
        release = record.release
        same = release and release.fingerprint == given and not release.failed
        if release and same and not verify(record, glance=not options.verify):
            return Standing(release, record.reports, name in withdrawn)
    return None


def fingerprint_of(request: Request, options: Options, inputs: Mapping[str, str], notebooks: Path) -> str:
    """Return one checksum over everything that decides what comes out of a run."""
    return fingerprint(request.choices, world(request.name, inputs), notebooks)
