"""What each published table must hold: types, units, keys and ranges, checked by pandera.

A column's unit stands in its metadata; `kinds` says how the printed cell is read. A schema is one
step of a new table; data/README.md has them all.
"""

from typing import Any

import pandas as pd

from helpers.contracts.numbers import LIMITS
from helpers.errors import DataError
from helpers.lean import without

with without():
    import pandera.pandas as pa

    # else the first check imports it, and more with it
    from pandera.backends.pandas import builtin_checks  # noqa: F401
    from pandera.engines import pandas_engine
    from pandera.errors import SchemaErrors as SchemaErrors

# it imports geopandas to ask of each column whether it holds shapes, and none of ours does
pandas_engine.is_geopandas_dtype = lambda _: False

KATEGORIER = ("anhoriga", "anlaggningsboende", "eget_boende", "kvotflykting", "ovriga", "totalt")
MATT = (
    "asylsokande",
    "ensamkommande",
    "anvisade_nyanlanda",
    "nyanlanda_bosatta",
    "nyanlanda_sjalvbosatta",
    "skyddssokande_ukraina",
)
JA_NEJ = ("ja", "nej")
YEARS = int(LIMITS["data_year"].least), int(LIMITS["data_year"].most)


def _text(pattern: str | None = None, nullable: bool = False, **more: Any) -> pa.Column:
    checks = [pa.Check.str_matches(pattern)] if pattern else []
    return pa.Column("string", checks, nullable=nullable, metadata={"unit": "text"}, **more)


def _count(unit: str, low: int = 0, high: int | None = None, nullable: bool = True) -> pa.Column:
    checks = [pa.Check.ge(low)] + ([] if high is None else [pa.Check.le(high)])
    return pa.Column("Int64", checks, nullable=nullable, metadata={"unit": unit})


def _number(unit: str, low: float, high: float, nullable: bool = False) -> pa.Column:
    return pa.Column(
        "Float64", pa.Check.in_range(low, high), nullable=nullable, metadata={"unit": unit}
    )


def _one_of(values: tuple[str, ...], nullable: bool = False) -> pa.Column:
    return pa.Column("string", pa.Check.isin(values), nullable=nullable, metadata={"unit": "text"})


def _schema(columns: dict[str, pa.Column], key: list[str], *checks: pa.Check) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(columns, unique=key, strict=True, checks=list(checks))


KOMMUNKOD, LANSKOD, AR = r"^[0-9]{4}$", r"^[0-9]{2}$", _count("år", *YEARS, nullable=False)
PARTS_WITHIN = pa.Check(
    lambda frame: (frame["varav_ensamkommande"] <= frame["antal"]).fillna(True).astype(bool),
    error="varav_ensamkommande must not exceed antal",
)
ENDS_ORDERED = pa.Check(
    lambda frame: (frame["lag"] <= frame["hog"]).fillna(True).astype(bool),
    error="lag must not exceed hog",
)
HIDDEN_IS_BLANK = pa.Check(
    lambda frame: frame["antal"].isna() | frame["sekretess"].isna(),
    error="a cell with sekretess must have no antal",
)
_KOMMUNTAL = {
    "kommunkod": _text(KOMMUNKOD),
    "ar": AR,
    "kommuntal": _count("personer", nullable=False),
}
_ONE_KOMMUNTAL = _schema(
    _KOMMUNTAL
    | {
        "beslutad": _text(r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$", nullable=True),
        "ersatt": _one_of(("ja",), nullable=True),
        "harledd": _one_of(("ja",), nullable=True),
        "kalla": _text(),
    },
    ["kommunkod", "ar", "beslutad"],
)
_MOTTAGNA = {"ar": AR, "kategori": _one_of(KATEGORIER), "antal": _count("personer")}
_LANSTAL = {
    "lanskod": _text(LANSKOD),
    "ar": AR,
    "beslut": _text(),
    "slag": _one_of(("grundbeslut", "ändring"), nullable=True),
    "galler_fran": _text(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", nullable=True),
    "lanstal": _count("personer", nullable=False),
}
_ONE_LANSTAL = _schema(
    _LANSTAL | {"harledd": _one_of(("ja",), nullable=True), "kalla": _text()},
    ["lanskod", "ar", "beslut"],
)
_PROGNOSER = _schema(
    {
        "prognosdatum": _text(r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"),
        "avser_ar": AR,
        "matt": _one_of(MATT),
        "alternativ": _text(),
        "varde": _count("personer"),
        "lag": _count("personer"),
        "hog": _count("personer"),
        "kalla": _text(),
    },
    ["prognosdatum", "avser_ar", "matt"],
    ENDS_ORDERED,
)

SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "lan": _schema(
        {"lanskod": _text(LANSKOD), "lansbokstav": _text(r"^[A-Z]{1,2}$"), "lan": _text()},
        ["lanskod"],
    ),
    "kommuner": _schema(
        {"kommunkod": _text(KOMMUNKOD), "kommun": _text(), "lanskod": _text(LANSKOD)}, ["kommunkod"]
    ),
    "indelningsandringar": _schema(
        {
            "kommunkod": _text(KOMMUNKOD),
            "galler_fran": _text(r"^[0-9]{4}-01-01$"),
            "handelse": _one_of(("bildad", "bytt_lan", "bytt_namn")),
            "tidigare_kod": _text(KOMMUNKOD, nullable=True),
            "tidigare_namn": _text(nullable=True),
            "ur_kommun": _text(KOMMUNKOD, nullable=True),
        },
        ["kommunkod", "handelse"],
    ),
    "folkmangd": _schema(
        {
            "kommunkod": _text(KOMMUNKOD),
            "ar": AR,
            "folkmangd": _count("invånare", 1, nullable=False),
        },
        ["kommunkod", "ar"],
    ),
    "asylsokande_riket": _schema(
        {"ar": AR}
        | {name: _count("personer") for name in ("asylsokande", "kvinnor", "man")}
        | {name: _count("barn") for name in ("ensamkommande", "flickor", "pojkar")},
        ["ar"],
    ),
    "asylsokande_manad": _schema(
        {"ar": AR, "manad": _count("månad", 1, 12, nullable=False)}
        | {name: _count("personer") for name in ("asylsokande", "kvinnor", "man")}
        | {name: _count("barn") for name in ("barn", "ensamkommande")},
        ["ar", "manad"],
    ),
    "mottagna_sammanlagt": _schema(
        {
            # 00 is the nation's mean
            "kommunkod": _text(r"^([0-9]{4}|00)$"),
            "fran_ar": AR,
            "till_ar": AR,
            "per_1000": _number("personer per tusen invånare", 0, 1000),
        },
        ["kommunkod", "fran_ar", "till_ar"],
    ),
    "kommunmottagna_2018": _schema(
        {"kommunkod": _text(KOMMUNKOD)} | _MOTTAGNA | {"varav_ensamkommande": _count("personer")},
        ["kommunkod", "ar", "kategori"],
        PARTS_WITHIN,
    ),
    "kommunmottagna_2018_summor": _schema(
        {"lanskod": _text(LANSKOD)} | _MOTTAGNA | {"varav_ensamkommande": _count("personer")},
        ["lanskod", "ar", "kategori"],
        PARTS_WITHIN,
    ),
    "kommunmottagna_2015_2016": _schema(
        {"kommunkod": _text(KOMMUNKOD)} | _MOTTAGNA, ["kommunkod", "ar", "kategori"]
    ),
    "kommuntal_2018": _schema(
        _KOMMUNTAL | {"mottagna_efter_anvisning": _count("personer")}, ["kommunkod", "ar"]
    ),
    "kommuntal_ostergotland": _schema(_KOMMUNTAL, ["kommunkod", "ar"]),
    "kommuntal_kramfors_2022": _schema(_KOMMUNTAL, ["kommunkod", "ar"]),
    "kommuntal_lansstyrelser": _ONE_KOMMUNTAL,
    "kommuntal_press": _ONE_KOMMUNTAL,
    "kommuntal_skane": _ONE_KOMMUNTAL,
    "kommuntal_forsta_beslut": _ONE_KOMMUNTAL,
    "lanstal": _schema(_LANSTAL, ["lanskod", "ar", "beslut"]),
    "lanstal_lansstyrelser": _ONE_LANSTAL,
    "lanstal_press": _ONE_LANSTAL,
    "fordelningstal_2016": _schema(
        {"lanskod": _text(LANSKOD), "ar": AR, "fordelningstal": _count("barn", nullable=False)},
        ["lanskod", "ar"],
    ),
    "anvisningar_riket": _schema(
        {
            "ar": AR,
            "beslut": _text(),
            "slag": _one_of(("grundbeslut", "ändring", "förslag")),
            "antal": _count("personer", nullable=False),
        },
        ["ar", "beslut"],
    ),
    "prognoser_officiella": _PROGNOSER,
    "prognoser_press": _PROGNOSER,
    "prognoser_harledda": _PROGNOSER,
    "andelstal_2018_ac": _schema(
        {
            "kommun": _text(),
            "andelstal": _number("‰", 0, 1000),
            "forvantat": _text(r"^[0-9]+(-[0-9]+)?$", nullable=True),
            "utfall": _count("barn"),
            "antagande": _text(r"^[0-9]+(-[0-9]+)?$", nullable=True),
        },
        ["kommun"],
    ),
    "andelsnycklar": _schema(
        {
            "nyckel": _text(r"^[a-z0-9_]+$"),
            "beskrivning": _text(),
            "folkmangd": _count("vikt", 1, 100, nullable=False),
            "mottagande": _count("vikt", 0, 100, nullable=False),
            "lattnad": _one_of(JA_NEJ),
            "grundtal": _one_of(JA_NEJ),
            "vald": _one_of(JA_NEJ),
        },
        ["nyckel"],
        pa.Check(lambda frame: (frame["vald"] == "ja").sum() == 1, error="one key must be vald"),
    ),
    "enskilda_uppgifter": _schema(
        {
            "lanskod": _text(LANSKOD),
            "kommunkod": _text(KOMMUNKOD, nullable=True),
            "avser": _text(r"^[0-9]{4}(-[0-9]{4})?$"),
            "matt": _text(),
            "varde": _count("enligt kolumnen enhet", nullable=False),
            "enhet": _text(),
            "sagt_av": _one_of(("myndighet", "länsstyrelse", "press")),
            "kalla": _text(),
        },
        ["lanskod", "kommunkod", "avser", "matt"],
    ),
    "dokumentuppgifter": _schema(
        {
            "dokument": _text(),
            "lanskod": _text(LANSKOD),
            "kommunkod": _text(KOMMUNKOD, nullable=True),
            "avser_ar": AR,
            "matt": _text(),
            "varde": _number("enligt kolumnen enhet", 0, 10_000_000),
            "enhet": _text(),
            "ordalydelse": _text(),
        },
        ["dokument", "matt", "avser_ar", "kommunkod"],
    ),
}

# Kinds of which the project publishes no table of its own: they only come in as files.
ONLY_IMPORTED: dict[str, pa.DataFrameSchema] = {
    "kommunmottagna_manad": _schema(
        {
            # blank: received, but it is not known where
            "kommunkod": _text(KOMMUNKOD, nullable=True),
            "ar": AR,
            "manad": _count("månad", 1, 12, nullable=False),
            "antal": _count("personer"),
            "sekretess": _one_of(("ja",), nullable=True),
        },
        ["kommunkod", "ar", "manad"],
        HIDDEN_IS_BLANK,
    ),
    "kommunmottagna_manad_summor": _schema(
        {
            "lanskod": _text(LANSKOD),
            "ar": AR,
            "manad": _count("månad", 1, 12, nullable=False),
            "antal": _count("personer"),
        },
        ["lanskod", "ar", "manad"],
    ),
}

KINDS = {
    "andelstal": "andelstal_2018_ac",
    "folkmangd": "folkmangd",
    "kommunmottagna": "kommunmottagna_2018",
    "kommunmottagna_manad": "kommunmottagna_manad",
    "kommunmottagna_manad_summor": "kommunmottagna_manad_summor",
    "kommunmottagna_summor": "kommunmottagna_2018_summor",
    "kommuntal": "kommuntal_2018",
    "lanstal": "lanstal",
}


def schema_for(table_id: str, kind: str, entries: str = "sources.toml") -> pa.DataFrameSchema:
    """Return what a table must hold: its own schema, else that of its kind.

    Args:
        table_id: The table.
        kind: As its entry says; "" for none.
        entries: The file with its entry, for messages.

    Raises:
        DataError: no table of that kind is known, or it has neither.
    """
    if table_id in SCHEMAS:
        return SCHEMAS[table_id]
    if kind.startswith("lan_"):
        from helpers.tables.own_schemas import OWN

        if kind in OWN:
            return OWN[kind]
    if kind not in KINDS:
        said = f'kind: "{kind}" is not a kind of table' if kind else "kind: is missing"
        raise DataError(f"data/{entries}, [{table_id}], {said}. Known: {', '.join(KINDS)}.")
    return (SCHEMAS | ONLY_IMPORTED)[KINDS[kind]]


def empty(kind: str) -> pd.DataFrame:
    """Return a table of a kind with its columns and types and no row, and `tabell`.

    >>> list(empty("kommunmottagna_manad_summor"))
    ['lanskod', 'ar', 'manad', 'antal', 'tabell']
    """
    types = {name: _type_name(column) for name, column in schema_for("", kind).columns.items()}
    return pd.DataFrame(
        {name: pd.Series(dtype=dtype) for name, dtype in (types | {"tabell": "string"}).items()}
    )


def kinds(schema: pa.DataFrameSchema) -> dict[str, str]:
    """Return how each column's printed cell is read: "text", "count" or "number".

    >>> kinds(SCHEMAS["lan"])
    {'lanskod': 'text', 'lansbokstav': 'text', 'lan': 'text'}
    """
    by_type = {"string": "text", "Int64": "count", "Float64": "number"}
    return {name: by_type[_type_name(column)] for name, column in schema.columns.items()}


def _type_name(column: pa.Column) -> str:
    name = str(column.dtype)
    return "string" if name.startswith("str") else name
