"""Whether a run has anything to do: light, so that it can be told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from helpers.publish.keys import fingerprint, world
from helpers.publish.plan import Options, Request
from helpers.publish.record import Release, Report, read_release, read_reports
from helpers.publish.releases import Releases


@dataclass(frozen=True)
class Standing:
    """A release that is what a run would make.

    Attributes:
        release: The release.
        folder: Where it lies.
        withdrawn: Whether it was rolled back from, so that readers are shown another.
    """

    release: Release
    folder: Path
    withdrawn: bool

    @property
    def reports(self) -> list[Report]:
        """Its reports."""
        return list(read_reports(self.folder))


def standing(request: Request, options: Options) -> Standing | None:
    """Return the release that is what a run would make; None if there is something to make, or --force says so."""
    if options.force or options.fingerprints is None:
        return None
    releases = Releases(options.out)
    withdrawn = releases.withdrawn
    names = [*([releases.current.name] if releases.current else []), *withdrawn]
    if not names:
        return None
    given = fingerprint_of(request, options, options.fingerprints(), options.notebooks)
    for name in names:
        release = read_release(releases.folder(name))
        if release and release.fingerprint == given and not release.failed and _there(releases.folder(name)):
            return Standing(release, releases.folder(name), name in withdrawn)
    return None


def fingerprint_of(request: Request, options: Options, inputs: Mapping[str, str], notebooks: Path) -> str:
    """Return one checksum over everything that decides what comes out of a run."""
    return fingerprint(request.choices, world(request.name, inputs), notebooks)


def _there(folder: Path) -> bool:
    """Tell whether every file of a release lies there, by its size."""
    return all(
        (path := folder / name).is_file() and path.stat().st_size == file.size
        for report in read_reports(folder)
        for name, file in report.files.items()
    )
