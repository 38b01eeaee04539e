"""What a county says itself, out of its tables in `data/lan/`: only what is public, seen from a
day.
"""

import pandas as pd

from helpers.model.own_words import OwnWords, first_day, indicator_values, reference_day
from helpers.sources.catalogue import kind_id
from helpers.tables import Place, Workbook
from helpers.tables.own_checks import COLUMNS
from helpers.tables.questions import ask, question
from helpers.tables.reads import Asked

KINDS = {kind.removeprefix("lan_"): kind for kind in COLUMNS}


def own_words(data: Workbook, place: Place, ar: int, datum: str | None = None) -> OwnWords:
    """Return a county's own words as its reports may show them.

    Args:
        data: The published tables; those of the county that are taken are noted.
        place: The county.
        ar: The report's year.
        datum: The reference date (a day); None gives the one that `reference_day` returns.
    """
    tables = {name: _tables_of(data, kind, place.lanskod) for name, kind in KINDS.items()}
    frames = {name: _public(data, KINDS[name], ids) for name, ids in tables.items()}
    dated = [text for frame in frames.values() for text in frame["datum"]]
    day = first_day(datum) if datum else reference_day(dated, ar)
    documents = {
        own: title
        for ids in tables.values()
        for table in ids
        for own, title in data.catalogue[table].documents.items()
    }
    return OwnWords(day, **frames, tables=tables, documents=documents)


def questions_to_all(data: Workbook, ar: int) -> pd.DataFrame:
    """Return the questions to discuss of some county's document that any county may ask itself.

    Returns:
        lanskod and lan (the county whose document it is), slag, ordning, text, roll, and dokument
        (its title), in order.
    """
    found: pd.DataFrame = ask(data, "asked_of_all", "", ar)
    return found


@question
def asked_of_all(data: Workbook, asked: Asked) -> pd.DataFrame:
    """The public questions of some county's document that any county may ask itself."""
    entries = data.catalogue.entries.items()
    ids = tuple(own for own, entry in entries if entry.kind == KINDS["utsagor"])
    titles = {name: title for own in ids for name, title in data.catalogue[own].documents.items()}
    rows = _public(data, KINDS["utsagor"], ids)
    rows = rows[rows["avsnitt"] == "diskutera_alla"].assign(dokument=rows["kalla"].map(titles))
    rows = rows.assign(lan=[data.county(kod).namn for kod in rows["lanskod"]])
    columns = ["lanskod", "lan", "slag", "ordning", "text", "roll", "dokument"]
    return rows[columns].sort_values(["lanskod", "ordning"], kind="stable", ignore_index=True)


def _tables_of(data: Workbook, kind: str, lanskod: str) -> tuple[str, ...]:
    """The ids of a county's tables of a kind; noted is which tables of the kind there are."""
    data.catalogue.read.add(kind_id(kind))
    return tuple(
        own
        for own, entry in data.catalogue.entries.items()
        if entry.kind == kind and entry.lan == lanskod
    )


def _public(data: Workbook, kind: str, ids: tuple[str, ...]) -> pd.DataFrame:
    """A county's rows of a kind that anyone may see."""
    if not ids:
        return pd.DataFrame({name: pd.Series(dtype="string") for name in COLUMNS[kind]})
    rows = pd.concat([data.published[own] for own in ids], ignore_index=True)
    return rows[rows["synlighet"] == "publik"].drop(columns="synlighet").reset_index(drop=True)


def own_indicators(data: Workbook, place: Place, ar: int) -> pd.DataFrame:
    """Return the indicators that tables in hand give, per municipality; see `indicator_values`."""
    municipalities = data.kommuner[data.kommuner["kommunkod"].isin(place.kommunkoder)]
    return indicator_values(data.rows("mottagna", place, [ar]), municipalities)
