"""A county's länstal divided by weighted factors, on the terminal or as JSON."""

from collections.abc import Sequence
from pathlib import Path

from helpers.cli.checking import as_text, records
from helpers.cli.terminal import print_table
from helpers.errors import ParameterError
from helpers.model.allocation import Method
from helpers.model.volumes import FACTORS
from helpers.present.language import Language
from helpers.tables import load
from helpers.tables.keys import divide, factors_of

ENGLISH = Language("en")
SAYS = (
    "Computed by us, not a decision. The law names the factors and not their weights; how a factor becomes a key is "
    "assumption A18."
)


def kommuntal(
    lan: str, lanstal: int, ar: int, weights: Sequence[str], method: Method, factors: Path | None, as_json: bool
) -> None:
    """Print the division.

    Raises:
        ParameterError: a weight cannot be read or used, or the file of factors holds faults.
    """
    data = load()
    place = data.county(lan)
    asked = parsed(weights)
    table, favoured = divide(data, place, lanstal, ar, asked, method, factors_of(data, place, ar, factors))
    if as_json:
        told = {"lan": place.kod, "ar": ar, "lanstal": lanstal, "weights": asked, "method": method}
        print(as_text({**told, "municipalities": records(table), "methods": records(favoured)}))
        return
    total = {"kommun": "Sum", "before": None, "key": 1.0, "quota": float(lanstal), "kommuntal": lanstal}
    rows = [_row(row, ar) for row in [*records(table), total]]
    print_table(f"{place.namn}: länstal {ENGLISH.number(lanstal)} by {_worded(asked)}", rows, right=tuple(rows[0])[1:])
    halves = [f"{row['method']} {ENGLISH.number(row['smaller'], 1, sign=True)}" for row in records(favoured)]
    print(f"– Whole persons by {method}. What the smaller half gets beyond its exact part: {', '.join(halves)}.")
    print(f"– {SAYS}")


def parsed(weights: Sequence[str]) -> dict[str, float]:
    """Return weights written as factor=number; the population alone where none is given.

    >>> parsed([]), parsed(["folkmangd=2", "mottagande=0.5"])
    ({'folkmangd': 1.0}, {'folkmangd': 2.0, 'mottagande': 0.5})
    """
    found, problems = {}, []
    for text in weights or ["folkmangd=1"]:
        name, _, number = text.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            problems.append(f"--weight: found {text!r}; write factor=number, one of {', '.join(FACTORS)}.")
    if problems:
        raise ParameterError(*problems)
    return found


def _row(row: dict[str, object], ar: int) -> dict[str, object]:
    before = row["before"]
    return {
        "municipality": row["kommun"],
        f"kommuntal {ar}": "" if before is None else ENGLISH.number(int(str(before))),
        "key %": ENGLISH.number(100 * float(str(row["key"])), 1),
        "exact": ENGLISH.number(float(str(row["quota"])), 1),
        "kommuntal": ENGLISH.number(int(str(row["kommuntal"]))),
    }


def _worded(weights: dict[str, float]) -> str:
    return ", ".join(f"{name} {ENGLISH.number(weight)}" for name, weight in weights.items())
