"""How long and how much memory a detailed table takes to import, beside plain pandas.

    python -m benchmarks.large_tables --rows 100000 1000000 10000000

Each measurement is a process of its own, ours and pandas in turn, so that both meet the same
machine. Both read the same synthetic table, check the same things and must come to the same sums.
"""

import argparse
import contextlib
import io
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pc

from helpers.make.plan import processors

ROOT = Path(__file__).parents[1]
ROWS, REPEATS, SEED = (100_000, 1_000_000, 10_000_000), 3, 20180316
AT_ONCE = 1 << 20  # rows made at a time
SHOWN = "2480"  # the municipality whose months are read back
KEY = ["kommunkod", "ar", "manad", "aldersgrupp", "kon", "medborgarskap"]
AGES = ["0–5", "6–12", "13–17", "18–24", "25–44", "45–64", "65–"]
LABELS: dict[str, list[str]] = {
    "manad": [str(month) for month in range(1, 13)],
    "ar": [str(year) for year in range(2008, 2023)],
    "aldersgrupp": AGES,
    "kon": ["kvinna", "man"],
    "medborgarskap": [f"Syntetiskt land {number:02d}" for number in range(1, 15)],
}


def make(path: Path, rows: int) -> Path:
    """Write a synthetic table: monthly, every municipality, 15 years, by age, sex and citizenship,
    cut at `rows`.

    The figures are drawn by lot from a fixed seed and mean nothing; two in a hundred are
    suppressed, one in a thousand is blank.
    """
    labels = {"kommunkod": list(_kommuner()["kommunkod"]), **LABELS}
    lot = np.random.default_rng(SEED)
    schema = pa.schema([(name, pa.string()) for name in [*KEY, "antal"]])
    options = pc.WriteOptions(delimiter=";", quoting_style="none", quoting_header="none")
    with pc.CSVWriter(path, schema, write_options=options) as writer:
        for start in range(0, rows, AT_ONCE):
            left = np.arange(start, min(rows, start + AT_ONCE))
            columns = {"antal": _counts(lot, len(left))}
            for name, words in labels.items():
                left, code = np.divmod(left, len(words))
                columns[name] = pa.array(words).take(pa.array(code))
            if left.any():
                raise SystemExit(
                    f"{rows} rows are more than the synthetic table has; ask for fewer."
                )
            writer.write_table(pa.table([columns[name] for name in schema.names], schema=schema))
    return path


def _counts(lot: np.random.Generator, rows: int) -> pa.Array:
    printed = pa.array([*(str(count) for count in range(40)), "..", ""])
    drawn, kind = lot.poisson(3, rows).clip(max=39), lot.random(rows)
    return printed.take(pa.array(np.where(kind < 0.001, 41, np.where(kind < 0.021, 40, drawn))))


def _kommuner() -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / "published" / "kommuner.csv", dtype=str)


def ours(path: Path, data: Path) -> pd.DataFrame:
    """Import the table as a user does, then read one municipality's months by column."""
    from helpers import cli, tables

    with contextlib.redirect_stdout(io.StringIO()) as said:
        try:
            cli.main(["data", "import", str(path), "--data", str(data)])
        except SystemExit as end:
            if end.code:
                raise SystemExit(said.getvalue()[:2000]) from None
    rows = tables.detail(tables.load(data), ["ar", "manad", "antal", "sekretess"], [SHOWN])
    return _months(rows.assign(okant=rows["antal"].isna()))


def plain(path: Path, data: Path) -> pd.DataFrame:
    """Read, join and check the table in plain pandas, then sum one municipality's months."""
    kommuner = pd.read_csv(data / "published" / "kommuner.csv", dtype=str)
    text = {name: str for name in ("kommunkod", "aldersgrupp", "kon", "medborgarskap", "antal")}
    rows = pd.read_csv(path, sep=";", dtype=text, keep_default_na=False)  # type: ignore[call-overload]
    rows = rows.merge(kommuner, on="kommunkod", how="left", validate="m:1", indicator=True)
    rows["sekretess"] = rows["antal"] == ".."
    rows["antal"] = pd.to_numeric(rows["antal"].mask(rows["antal"].isin(["..", ""]))).astype(
        "Int64"
    )
    rows["okant"] = rows["antal"].isna()
    sound = {
        "kommunkod": rows["_merge"] == "both",
        "ar": rows["ar"].between(2000, 2030),
        "manad": rows["manad"].between(1, 12),
        "aldersgrupp": rows["aldersgrupp"].str.strip() != "",
        "kon": rows["kon"].isin(["kvinna", "man", "okänt"]),
        "medborgarskap": rows["medborgarskap"].str.strip() != "",
        "antal": rows["okant"] | rows["antal"].between(0, 1_000_000).fillna(False),
        "key": ~rows.duplicated(KEY),
    }
    faulty = [name for name, holds in sound.items() if not holds.all()]
    if faulty:
        raise SystemExit(f"plain pandas refuses {path.name}: {faulty}")
    return _months(rows[rows["kommunkod"] == SHOWN])


def _months(rows: pd.DataFrame) -> pd.DataFrame:
    """Sums per month; unknown where a part is."""
    sums = rows.groupby(["ar", "manad"]).agg(
        antal=("antal", "sum"), okant=("okant", "any"), sekretess=("sekretess", "any")
    )
    return sums.assign(antal=sums["antal"].mask(sums["okant"])).reset_index()


WAYS = {"ours": ours, "plain": plain}


def run_here(way: str, path: Path, data: Path) -> None:
    """Do it one way in this process; print the sums, and the peak memory of it and of its child at
    their worst.
    """
    sums = WAYS[way](path, data)
    kib = _own_peak() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(json.dumps({"sums": json.loads(sums.to_json(orient="values")), "mib": kib / 1024}))


def _own_peak() -> int:
    """This process's peak in KiB; getrusage would also count the process that started it, before
    exec.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(
        next(
            line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")
        )
    )


def run_apart(way: str, path: Path, data: Path) -> dict[str, Any]:
    """Do it in a process of its own and return its sums, peak MiB and seconds, start and imports
    included.
    """
    shutil.rmtree(data / "imported", ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks.large_tables", "--run", way, str(path), str(data)]
    started = time.perf_counter()
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return {**json.loads(ran.stdout), "seconds": time.perf_counter() - started}


def data_folder(folder: Path) -> Path:
    """Return a copy of the project's data folder in another, made where there is none."""
    data = folder / "data"
    if not data.exists():
        shutil.copytree(
            ROOT / "data", data, ignore=shutil.ignore_patterns("raw", "tidy", "imported")
        )
    return data


def measure(rows: int, folder: Path, repeats: int = REPEATS) -> dict[str, float]:
    """Measure both ways on a table of so many rows, in turn; return medians.

    Raises:
        SystemExit: the two come to different sums.
    """
    data = data_folder(folder)
    path = make(folder / f"syntetisk_mottagna_{rows:09d}.csv", rows)  # no year's digits
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for _ in range(repeats):
        for way, runs in found.items():
            runs.append(run_apart(way, path, data))
    if len({json.dumps(run["sums"]) for runs in found.values() for run in runs}) != 1:
        raise SystemExit(f"{rows} rows: the two ways come to different sums.")
    file_mib = path.stat().st_size / 2**20
    path.unlink()
    medians = {
        f"{way}_{what}": statistics.median(run[what] for run in runs)
        for way, runs in found.items()
        for what in ("seconds", "mib")
    }
    return {"rows": rows, "file_mib": file_mib, **medians}


def table(found: list[dict[str, float]]) -> str:
    """Return the measurements as a Markdown table."""
    lines = [
        (
            "| rows | ours, s | pandas, s | ratio | ours, MiB | pandas, MiB | ratio | ours, rows/s"
            " | pandas, rows/s |"
        ),
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in found:
        seconds, mib = ((one[f"ours_{what}"], one[f"plain_{what}"]) for what in ("seconds", "mib"))
        speed = [one["rows"] / taken for taken in seconds]
        cells = [
            f"{one['rows']:,.0f}", *(f"{taken:.1f}" for taken in seconds), f"{seconds[0] / seconds[1]:.2f}",
            *(f"{peak:,.0f}" for peak in mib), f"{mib[0] / mib[1]:.2f}", *(f"{rate:,.0f}" for rate in speed),
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cell.replace(',', ' ') for cell in cells)} |")
    return "\n".join(lines)


def growth(found: list[dict[str, float]]) -> str:
    """Return a sentence on the memory that the largest table took beyond the smallest, over what
    its file is larger by; nothing of one size.
    """
    small, large = found[0], found[-1]
    if large["file_mib"] <= small["file_mib"]:
        return ""
    ratio = (large["ours_mib"] - small["ours_mib"]) / (large["file_mib"] - small["file_mib"])
    return (
        f"\n\nBeyond the smallest table, ours took {ratio:.1f} MiB of memory for each MiB more of"
        " file."
    )


def main() -> None:
    """Measure at each size and print the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.large_tables", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, help="sizes to measure")
    parser.add_argument("--repeats", type=int, default=REPEATS, help="times each way is measured")
    parser.add_argument(
        "--run", nargs=3, metavar=("WAY", "FILE", "DATA"), help="one measurement, in this process"
    )
    given = parser.parse_args()
    if given.run:
        run_here(given.run[0], Path(given.run[1]), Path(given.run[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for rows in given.rows:
            print(f"{rows} rows ...", file=sys.stderr)
            found.append(measure(rows, Path(folder), given.repeats))
    print(f"{processors()} cores, pandas {pd.__version__}, pyarrow {pa.__version__}\n")
    print(f"{table(found)}{growth(found)}")


if __name__ == "__main__":
    main()
