"""The process that reads an untrusted detailed table, within limits, and writes it as Parquet."""

import dataclasses
import io
import json
import sys
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from helpers.imports.detailed_rows import (
    HIDDEN,
    UNKNOWN,
    Checked,
    Coder,
    Numbers,
    check,
    shift,
    unpack,
)
from helpers.sources.files.findings import Finding
from helpers.tables.detailed_layout import KIND

# rows in a row group: small enough that one municipality's rows are a small part of a year's
GROUP = 1 << 17
UNITS = {"ar": "år", "manad": "månad 1–12", "antal": "personer", "sekretess": "sant/falskt"}
TYPES = {"ar": pa.int16(), "manad": pa.int8()}
WORDS = ("kommunkod", "aldersgrupp", "kon", "medborgarskap")
META = b"mottagning"


def years(packed: Numbers, coder: Coder) -> dict[int, Numbers]:
    """Return each year's rows, as parts of the same array.

    Args:
        packed: Rows sorted by year first.
        coder: What the years are counted from.
    """
    first = coder.years[0]
    codes = np.arange(coder.years[1] - first + 2) << shift("ar")
    ends = np.searchsorted(packed, codes)
    return {
        first + number: packed[start:end]
        for number, (start, end) in enumerate(pairwise(ends))
        if end > start
    }


def write_parquet(path: Path, packed: Numbers, coder: Coder, about: Mapping[str, object]) -> None:
    """Write rows, a row group at a time, to a new file.

    Args:
        path: Where; it must not be a file that anyone reads.
        packed: One year's rows, sorted.
        coder: What their codes mean.
        about: What the file says of itself, as JSON in its metadata.
    """
    words = {name: pa.array(coder.words(name), pa.string()) for name in WORDS}
    schema = _schema(about)
    with pq.ParquetWriter(path, schema, compression="zstd", write_page_checksum=True) as writer:
        for start in range(0, len(packed), GROUP):
            part = packed[start : start + GROUP]
            writer.write_table(
                pa.table(_columns(part, words, coder), schema=schema), row_group_size=GROUP
            )


def _schema(about: Mapping[str, object]) -> pa.Schema:
    text = pa.dictionary(pa.int32(), pa.string())
    types = {"kommunkod": text, **TYPES, "aldersgrupp": text, "kon": text, "medborgarskap": text}
    types |= {"antal": pa.int32(), "sekretess": pa.bool_()}
    fields = [
        pa.field(name, kind, metadata={"unit": UNITS.get(name, "text")})
        for name, kind in types.items()
    ]
    return pa.schema(fields, metadata={META: json.dumps(about)})


def _columns(part: Numbers, words: dict[str, pa.Array], coder: Coder) -> dict[str, pa.Array]:
    counts = unpack(part, "antal")
    columns = {
        name: pa.DictionaryArray.from_arrays(unpack(part, name).astype("int32"), words[name])
        for name in WORDS
    }
    return columns | {
        "ar": pa.array(unpack(part, "ar") + coder.years[0], TYPES["ar"]),
        "manad": pa.array(unpack(part, "manad"), TYPES["manad"]),
        "antal": pa.array(counts, pa.int32(), mask=counts >= UNKNOWN),
        "sekretess": pa.array(counts == HIDDEN),
    }


def month_sums(packed: Numbers, coder: Coder) -> str:
    """Return the sums per municipality and month of one year's rows, as a table in published form.

    A sum of which any part is unknown or suppressed is blank. `sekretess` is blank too: in a table
    by month it marks a figure below six (A14), which a sum with a suppressed part need not be.
    """
    starts = np.flatnonzero(np.diff(packed >> shift("manad"), prepend=-1))
    counts = unpack(packed, "antal")
    sums = np.add.reduceat(np.where(counts >= UNKNOWN, 0, counts), starts)
    unknown = np.logical_or.reduceat(counts >= UNKNOWN, starts)
    kommunkod = pa.DictionaryArray.from_arrays(
        unpack(packed[starts], "kommunkod"), pa.array(coder.words("kommunkod"))
    )
    table = {
        "kommunkod": kommunkod.cast(pa.string()),
        "ar": unpack(packed[starts], "ar") + coder.years[0],
        "manad": unpack(packed[starts], "manad"),
        "antal": pa.array(sums, pa.int64(), mask=unknown),
        "sekretess": pa.array([""] * len(starts)),
    }
    text = io.BytesIO()
    pc.write_csv(
        pa.table(table), text, pc.WriteOptions(quoting_style="none", quoting_header="none")
    )
    return text.getvalue().decode("utf-8")


MEMORY, WRITTEN = 2 << 30, 2 << 30  # bytes of address space; bytes in one file
SECONDS = 900  # of computing: a hundred million rows


def limit() -> None:
    """Bind this process to its limits, where the system has such."""
    try:
        import resource
    except ImportError:  # Windows: the wall limit still holds
        return
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_FSIZE: WRITTEN,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Check a table and, if it is sound, write one Parquet file per year into the folder given.

    Args:
        asked: path, delimiter, columns, kommunkoder, years (first and last), folder, about (what
            the files say of themselves).

    Returns:
        findings, and for each year its file's name, its number of rows and its sums per month as
        CSV text.
    """
    coder = Coder(asked["kommunkoder"], tuple(asked["years"]))
    checked = check(Path(asked["path"]), asked["delimiter"], asked["columns"], coder)
    return {
        "findings": [dataclasses.asdict(finding) for finding in checked.findings],
        "years": [_written(year, checked, asked) for year in years(checked.packed, coder)],
    }


def _written(year: int, checked: Checked, asked: dict[str, Any]) -> dict[str, Any]:
    rows = years(checked.packed, checked.coder)[year]
    file = Path(asked["folder"], f"{KIND}_{year}.parquet")
    write_parquet(file, rows, checked.coder, {**asked["about"], "ar": year, "rows": len(rows)})
    return {
        "ar": year,
        "file": file.name,
        "rows": len(rows),
        "months": month_sums(rows, checked.coder),
    }


def main() -> None:
    """Answer the question on standard input, both in JSON; the parent judges the exit."""
    limit()
    asked = json.load(sys.stdin)
    try:
        told = answer(asked)
    except MemoryError:
        says = f"Filen kräver mer än {MEMORY >> 30} GiB minne att läsa. Dela upp den på år."
        told = {"findings": [dataclasses.asdict(Finding("for_stor", says))], "years": []}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
