"""A file of the detailed layout: recognised by its first line, checked in a process of its own,
given as tables.
"""

import csv
import datetime
import io
import json
import os
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import helpers
from helpers.contracts.files import opened, resolved, sha256_of
from helpers.contracts.text import from_json
from helpers.imports import judging
from helpers.imports.judging import Judged
from helpers.imports.origin import plain_name, year_faults, years_in
from helpers.imports.recognise import NAMES
from helpers.imports.verdicts import ImportedTable, verdict
from helpers.sources.files.child import read_apart
from helpers.sources.files.findings import REFUSED, WARNING, Finding
from helpers.sources.imported import workplace
from helpers.sources.stream import first_line
from helpers.tables.detailed_layout import KEY, KIND, MONTHS, SWEDISH
from helpers.tables.places import YEARS
from helpers.tables.workbook import Workbook

NEEDED = (*KEY, "antal")
SECONDS = 1200.0
ROOT = Path(helpers.__file__).parent
# As for other files (helpers.sources.files.child): the packages around the child's modules load far
# more than it needs.
START = """
import runpy, sys, types
for name in ("sources", "tables"):
    package = types.ModuleType(f"helpers.{name}")
    package.__path__ = [f"{sys.argv[1]}/{name}"]
    sys.modules[f"helpers.{name}"] = package
runpy.run_module("helpers.imports.detailed_child", run_name="__main__")
"""
NOTES = (
    "Beställt uttag i projektets egen layout, en rad per kommun, månad, åldersgrupp, kön och"
    " medborgarskap. Summorna förutsätter att uttaget är fullständigt: det som inte har någon rad"
    " räknas som noll."
)
PUBLISHED = "ej angivet i filen"


@contextmanager
def judged_apart(
    path: Path, workbook: Workbook, asked: judging.Asked, dry_run: bool = False
) -> Iterator[Judged]:
    """Give any file's verdict, each read in a process of its own in the way that its first line
    calls for.

    The Parquet files of a detailed table are gone afterwards, if they have not been moved into
    place.

    Args:
        path: The file.
        workbook: The tables in hand.
        asked: What the caller says of a file of the other layouts.
        dry_run: Whether nothing may be written in the data folder.
    """
    if columns_of(path) is None:
        yield judging.judge(read_apart(path), workbook, asked, path.name)
        return
    with tempfile.TemporaryDirectory() if dry_run else workplace(workbook.catalogue.root) as folder:
        yield judge(path, workbook, Path(folder), asked)


def columns_of(path: Path) -> tuple[str, list[str]] | None:
    """Return the delimiter and our names of the columns if a file's first line is this layout's
    header; else None.
    """
    try:
        opening = first_line(path)
    except OSError:  # told where the file is read
        opening = None
    if opening is None:
        return None
    delimiter, cells = opening
    folded = [unicodedata.normalize("NFC", cell).strip().casefold() for cell in cells]
    names = [SWEDISH.get(name, name) for name in folded]
    return (delimiter, names) if sorted(names) == sorted(NEEDED) else None


def judge(
    path: Path, workbook: Workbook, folder: Path, asked: judging.Asked | None = None
) -> Judged:
    """Check a file of this layout apart; a sound one has left its Parquet files in the folder.

    Args:
        path: A file that `columns_of` recognises.
        workbook: For the municipalities, and the files that are imported already.
        folder: An empty one on the disk that holds the data folder.
    """
    sha256 = sha256_of(path)
    if known := judging.imported_from(sha256, workbook):
        says = f"Samma innehåll som {known.id}, som redan är importerad ur {known.original}."
        return _refused("samma_fil", says, sha256)
    if fault := _end_fault(path):
        return _refused(*fault, sha256)
    answer = _apart(path, workbook, folder, sha256)
    if isinstance(answer, Finding):
        return _refused(answer.code, answer.says, sha256)
    findings = [Finding(**finding) for finding in answer["findings"]]
    if not _whole_end(path):  # the last number may have lost its last digits
        says = "Sista raden saknar radslut. Är filen hel?"
        findings.append(Finding("utan_radslut", says, WARNING))
    tables = [table for year in answer["years"] for table in _tables(year, folder, path, sha256)]
    asked = asked or judging.Asked()
    told = {"filens namn": years_in(plain_name(path.name))}
    told |= {"--ar": {asked.ar} if asked.ar else set()}
    faults = year_faults({table.ar for table in tables}, told, datetime.date.today().year)
    findings += [Finding(code, says) for code, says in faults]
    findings += judging.what_is_lost(tables, workbook, asked)
    kept = [] if any(finding.level == REFUSED for finding in findings) else tables
    return Judged(verdict(findings), KIND, findings, kept, sha256)


def _end_fault(path: Path) -> tuple[str, str] | None:
    """What is wrong with a file's line ends, as code and words: such a file reads as one line, or
    has lost the end of its last.
    """
    with opened(path) as file:
        start = file.read(1 << 16)
        file.seek(max(0, path.stat().st_size - 1000))
        last = file.read()
    if b"\r" in start and b"\n" not in start:
        return "radslut", "Raderna slutar med CR ensamt. Spara om filen med radslut CRLF eller LF."
    if not last.endswith(b"\n") and last.rstrip(b" \t").endswith((b";", b",")):
        return "avklippt_rad", "Filen slutar mitt i sin sista rad. Hämta den på nytt."
    return None


def _whole_end(path: Path) -> bool:
    with opened(path) as file:
        file.seek(max(0, path.stat().st_size - 1))
        return file.read() in (b"\n", b"\r")


def _refused(code: str, says: str, sha256: str) -> Judged:
    findings = [Finding(code, says)]
    return Judged(verdict(findings), KIND, findings, [], sha256)


def _apart(path: Path, workbook: Workbook, folder: Path, sha256: str) -> dict[str, Any] | Finding:
    """The child's answer, or what became of it."""
    # Arrow's own allocator sets aside a gigabyte of addresses at its start, half the limit.
    lean = {
        "OPENBLAS_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "MALLOC_ARENA_MAX": "2",
    }
    try:
        child = subprocess.run(
            [sys.executable, "-P", "-c", START, str(ROOT)],
            input=json.dumps(_question(path, workbook, folder, sha256)).encode(),
            capture_output=True,
            timeout=SECONDS,
            env={**os.environ, **lean},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding(
            "for_langsam", f"Filen tog mer än {SECONDS:g} s att läsa. Dela upp den på år."
        )
    try:
        if child.returncode == 0:
            return dict(from_json(child.stdout))
    except ValueError:
        pass  # half an answer is no answer
    return Finding(
        "olaslig", f"Filen fick läsaren att avbryta (kod {child.returncode}). Är filen hel?"
    )


def _question(path: Path, workbook: Workbook, folder: Path, sha256: str) -> dict[str, Any]:
    """What the child is asked."""
    delimiter, columns = columns_of(path) or (";", [])
    return {
        "path": str(resolved(path)),
        "delimiter": delimiter,
        "columns": columns,
        "kommunkoder": sorted(workbook.kommuner["kommunkod"]),
        "years": [YEARS[0], YEARS[-1]],
        "folder": str(resolved(folder)),
        "about": {
            "kind": KIND,
            "original": path.name,
            "original_sha256": sha256,
            "version": helpers.__version__,
        },
    }


def _tables(year: dict[str, Any], folder: Path, path: Path, sha256: str) -> list[ImportedTable]:
    """One year's rows as they were written, and their sums per month; labelled if the file calls
    itself synthetic.
    """
    ar = int(year["ar"])
    rows = f"{KIND}_{ar}_fil"
    about: dict[str, object] = {"origin": "county", "trust": "medium", "notes": NOTES}
    label = ""
    if path.name.casefold().startswith("syntetisk"):
        label = "Inte verkliga tal: "
        about |= {"trust": "low", "producer": "Syntetiska uppgifter"}
    detail = ImportedTable(
        kind=KIND,
        ar=ar,
        csv_text="",
        title=f"{label}Mottagna i kommunerna {ar}, detaljerad tabell",
        published=PUBLISHED,
        figures={},
        entry={**about, "path": f"imported/{rows}.parquet", "rows": year["rows"]},
        file=folder / year["file"],
    )
    months = ImportedTable(
        kind=MONTHS,
        ar=ar,
        csv_text=year["months"],
        title=f"{label}Mottagna i kommunerna {ar}, per månad, summerade ur en detaljerad tabell",
        published=PUBLISHED,
        figures=_figures(year["months"]),
        entry=about,
    )
    return [detail, months]


def _figures(months: str) -> dict[tuple[str, int, str], float | None]:
    return {
        (row["kommunkod"], int(row["ar"]), NAMES[int(row["manad"]) - 1]): (
            int(row["antal"]) if row["antal"] else None
        )
        for row in csv.DictReader(io.StringIO(months))
    }
