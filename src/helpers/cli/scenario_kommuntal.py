"""`mottagning scenario kommuntal`: divide a county's länstal by weighted factors."""

from collections.abc import Sequence
from pathlib import Path

from helpers.cases.division import divide, factors_of
from helpers.cli.options import all_of, whole
from helpers.cli.terminal import print, print_json, print_table, records
from helpers.contracts.numbers import LIMITS, Unread, in_english, read_number
from helpers.errors import ParameterError
from helpers.model.allocation import FACTORS, Method
from helpers.present.language import Language
from helpers.tables import load

ENGLISH = Language("en")
SAYS = (
    "Computed by us, not a decision. The law names the factors and not their weights; how a factor"
    " becomes a key is assumption A18."
)


def kommuntal(  # long: one option a line
    lan: str,
    lanstal: str,
    ar: str,
    weights: Sequence[str],
    method: Method,
    factors: Path | None,
    as_json: bool,
) -> None:
    """Print the division.

    Raises:
        ParameterError: a number cannot be read, a weight cannot be used, or the file of factors
            holds faults.
    """
    data = load()
    place, (persons, year), asked = all_of(
        lambda: data.county(lan), lambda: _asked(lanstal, ar), lambda: read_weights(weights)
    )
    table, favoured = divide(
        data, place, persons, year, asked, method, factors_of(data, place, year, factors)
    )
    if as_json:
        told = {
            "lan": place.kod,
            "ar": year,
            "lanstal": persons,
            "weights": asked,
            "method": method,
        }
        print_json({**told, "municipalities": records(table), "methods": records(favoured)})
        return
    total = {
        "kommun": "Sum",
        "before": None,
        "key": 1.0,
        "quota": float(persons),
        "kommuntal": persons,
    }
    rows = [_row(row, year) for row in [*records(table), total]]
    print_table(
        f"{place.namn}: länstal {ENGLISH.number(persons)} by {_worded(asked)}",
        rows,
        right=tuple(rows[0])[1:],
    )
    halves = [
        f"{row['method']} {ENGLISH.number(row['smaller'], 1, sign=True)}"
        for row in records(favoured)
    ]
    print(
        f"– Whole persons by {method}. What the smaller half gets beyond its exact part:"
        f" {', '.join(halves)}."
    )
    print(f"– {SAYS}")


def _asked(lanstal: str, ar: str) -> tuple[int, int]:
    """Return the länstal and the year.

    Raises:
        ParameterError: either cannot be read.
    """
    problems: list[str] = []
    persons = whole("--lanstal", lanstal, "lanstal", problems)
    year = whole("--ar", ar, "year", problems)
    if persons is None or year is None:
        raise ParameterError(*problems)
    return persons, year


def read_weights(weights: Sequence[str]) -> dict[str, float]:
    """Return weights written as factor=number; the population alone where none is given.

    Raises:
        ParameterError: every weight that is not written so.

    >>> read_weights([]), read_weights(["folkmangd=2", "mottagande=0.5"])
    ({'folkmangd': 1.0}, {'folkmangd': 2.0, 'mottagande': 0.5})
    """
    found: dict[str, float] = {}
    problems = []
    for text in weights or ["folkmangd=1"]:
        name, equals, number = text.partition("=")
        read = read_number(number, LIMITS["weight"])
        if not equals or not name.strip():
            problems.append(
                f"--weight: found {text!r}; write factor=number, one of {', '.join(FACTORS)}."
            )
        elif isinstance(read, Unread):
            problems.append(f"--weight {name.strip()}: {in_english(read)}.")
        else:
            found[name.strip()] = float(read)
    if problems:
        raise ParameterError(*problems)
    return found


def _row(row: dict[str, object], ar: int) -> dict[str, object]:
    before = "" if row["before"] is None else ENGLISH.number(int(str(row["before"])))
    return {
        "municipality": row["kommun"],
        f"kommuntal {ar}": f"{before} (derived)" if row.get("harledd") else before,
        "key %": ENGLISH.number(100 * float(str(row["key"])), 1),
        "exact": ENGLISH.number(float(str(row["quota"])), 1),
        "kommuntal": ENGLISH.number(int(str(row["kommuntal"]))),
    }


def _worded(weights: dict[str, float]) -> str:
    return ", ".join(f"{name} {ENGLISH.number(weight)}" for name, weight in weights.items())
