"""What counties and their municipalities say: what each kind of table of `data/lan/` must hold.

All kinds share the columns that say when, whose words they are, from which document, who may see
them and who has gone through them.
"""

from helpers.lean import without
from helpers.tables.schemas import JA_NEJ, KOMMUNKOD, LANSKOD, _count, _one_of, _schema, _text

with without():
    import pandera.pandas as pa

ID, DAY = r"^[a-z0-9_-]{1,60}$", r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
AVSNITT = (
    "lagesbild",
    "beredskap",
    "strategi",
    "overenskommelse",
    "politik",
    "medel",
    "diskutera",
    "diskutera_alla",
)
VISIBLE = ("publik", "intern")
RATINGS = ("fungerar", "delvis", "ansträngt")
STATUSES = ("rapporterad", "pågår", "inte rapporterad", "inte aktuell")
EVENTS = ("steg", "beslut", "möte", "avtal", "önskemål", "roll", "prognos", "rapport", "uppdrag")
COMPUTED = ("bosatta", "anvisade", "ensamkommande")
WHOLE_COUNTY = "lanet"  # who answers, where a source sums up the answers


def _own(columns: dict[str, pa.Column], *checks: pa.Check) -> pa.DataFrameSchema:
    head = {"id": _text(ID), "lanskod": _text(LANSKOD)}
    foot = {
        "datum": _text(DAY),
        "roll": _text(),
        "kalla": _text(r"^[a-z0-9-]+$"),
        "synlighet": _one_of(VISIBLE),
        "granskad": _text(nullable=True),
    }
    return _schema(head | columns | foot, ["id"], *checks)


SPAN = pa.Check(
    lambda frame: (
        (frame["planerad_fran"].str[:4] <= frame["planerad_till"].str[:4]).fillna(True).astype(bool)
    ),
    error="planerad_fran must not be after planerad_till",
)

OWN: dict[str, pa.DataFrameSchema] = {
    "lan_utsagor": _own(
        {
            "kommunkod": _text(KOMMUNKOD, nullable=True),
            "avsnitt": _one_of(AVSNITT),
            "slag": _text(r"^[a-z_]+$"),
            "ordning": _count("ordning", nullable=False),
            "rubrik": _text(nullable=True),
            "text": _text(),
        }
    ),
    "lan_rundor": _own(
        {
            "form": _text(),
            "tillfragade": _count("kommuner", 1, nullable=False),
            "svarade": _count("kommuner"),
            "ovriga": _text(nullable=True),
        }
    ),
    "lan_svar": _own(
        {
            "runda": _text(ID),
            "svarande": _text(rf"^([0-9]{{4}}|{WHOLE_COUNTY})$"),
            "omrade": _text(),
            "betyg": _one_of(RATINGS, nullable=True),
            "tema": _text(nullable=True),
            "text": _text(nullable=True),
        }
    ),
    "lan_handelser": _own(
        {
            "avsnitt": _one_of(AVSNITT),
            "slag": _one_of(EVENTS),
            "ordning": _count("ordning", nullable=False),
            "rubrik": _text(),
            "organ": _text(nullable=True),
        }
        | {
            name: _text(DAY, nullable=True)
            for name in ("planerad_fran", "planerad_till", "ny_tid", "skedde")
        }
        | {"text": _text(nullable=True)},
        SPAN,
    ),
    "lan_indikatorer": _own(
        {
            "omrade": _text(),
            "ordning": _count("ordning", 1, nullable=False),
            "indikator": _text(),
            "definition": _text(),
            "enhet": _text(),
            "rapporterar": _text(),
            "riktning": _text(),
            "kon": _one_of(JA_NEJ),
            "status": _one_of(STATUSES, nullable=True),
            "beraknas": _one_of(COMPUTED, nullable=True),
        }
    ),
    "lan_medel": _own(
        {
            "namn": _text(),
            "grund": _text(),
            "oppnar": _text(DAY, nullable=True),
            "stanger": _text(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            "far_soka": _text(nullable=True),
            "text": _text(nullable=True),
        }
    ),
}
