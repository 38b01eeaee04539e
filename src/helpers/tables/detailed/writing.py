"""Write a checked table as Parquet, one file a year, and add up its months."""

import io
import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

from helpers.tables.detailed.coding import HIDDEN, UNKNOWN, Coder, Numbers, shift, unpack

GROUP = 1 << 17  # rows in a row group: small enough that one municipality's rows are a small part of a year's
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
    return {first + number: packed[start:end] for number, (start, end) in enumerate(pairwise(ends)) if end > start}


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
            writer.write_table(pa.table(_columns(part, words, coder), schema=schema), row_group_size=GROUP)


def _schema(about: Mapping[str, object]) -> pa.Schema:
    text = pa.dictionary(pa.int32(), pa.string())
    types = {"kommunkod": text, **TYPES, "aldersgrupp": text, "kon": text, "medborgarskap": text}
    types |= {"antal": pa.int32(), "sekretess": pa.bool_()}
    fields = [pa.field(name, kind, metadata={"unit": UNITS.get(name, "text")}) for name, kind in types.items()]
    return pa.schema(fields, metadata={META: json.dumps(about)})


def _columns(part: Numbers, words: dict[str, pa.Array], coder: Coder) -> dict[str, pa.Array]:
    counts = unpack(part, "antal")
    columns = {name: pa.DictionaryArray.from_arrays(unpack(part, name).astype("int32"), words[name]) for name in WORDS}
    return columns | {
        "ar": pa.array(unpack(part, "ar") + coder.years[0], TYPES["ar"]),
        "manad": pa.array(unpack(part, "manad"), TYPES["manad"]),
        "antal": pa.array(counts, pa.int32(), mask=counts >= UNKNOWN),
        "sekretess": pa.array(counts == HIDDEN),
    }


def month_sums(packed: Numbers, coder: Coder) -> str:
    """Return the sums per municipality and month of one year's rows, as a table in published form.

    A sum of which any part is unknown or suppressed is blank. `sekretess` is blank too: in a table by month it marks
    a figure below six (A14), which a sum with a suppressed part need not be.
    """
    starts = np.flatnonzero(np.diff(packed >> shift("manad"), prepend=-1))
    counts = unpack(packed, "antal")
    sums = np.add.reduceat(np.where(counts >= UNKNOWN, 0, counts), starts)
    unknown = np.logical_or.reduceat(counts >= UNKNOWN, starts)
    kommunkod = pa.DictionaryArray.from_arrays(unpack(packed[starts], "kommunkod"), pa.array(coder.words("kommunkod")))
    table = {
        "kommunkod": kommunkod.cast(pa.string()),
        "ar": unpack(packed[starts], "ar") + coder.years[0],
        "manad": unpack(packed[starts], "manad"),
        "antal": pa.array(sums, pa.int64(), mask=unknown),
        "sekretess": pa.array([""] * len(starts)),
    }
    text = io.BytesIO()
    pc.write_csv(pa.table(table), text, pc.WriteOptions(quoting_style="none", quoting_header="none"))
    return text.getvalue().decode("utf-8")
