"""Shares that are estimated since none are published: said, and how far the estimate misses what
is.
"""

from collections.abc import Mapping

import pandas as pd

from helpers.model.share_keys import Basis, mean_errors
from helpers.model.shares import ESTIMATED
from helpers.present.figures.sources import draw_key_errors, size_key_errors
from helpers.present.language import NO_PERSONS
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Place,
    Statement,
    Table,
    Value,
    View,
    used_in,
)

KEYS = "andelsnycklar"  # the table that estimated shares are cited by
AGAINST = {
    "lan": (
        "Så fel slår uppskattningen: i medeltal {mean} mot fördelningstalen för {count} län {ar}."
    ),
    "kommuner": (
        "Så fel slår uppskattningen: i medeltal {mean} mot andelstalen för {count:kommuner} {ar}."
    ),
}

OWN = " För {lan} gav den {estimated} ‰, mot publicerade {published} ‰ ({own})."

REASONS = {  # what an expected number without an outcome rests on
    "known": "räknat på {andelstal_ar} års andelstal {andelstal} ‰; utfallet saknas här.",
    "estimated": (
        "räknat på ett uppskattat andelstal, {andelstal} ‰. Varken andelstal eller utfall är"
        " publicerat här."
    ),
    "both": (
        "räknat på publicerade och uppskattade andelstal, tillsammans {andelstal} ‰. Utfallet är"
        " inte känt för alla kommuner."
    ),
}


def rests_on_shares(shares: pd.DataFrame) -> str:
    """Return the words for what an expected number rests on that has no outcome beside it.

    Args:
        shares: `estimated`, which may be lacking; published, estimated, or some of both.
    """
    guessed = shares.get(ESTIMATED, pd.Series(False, index=shares.index))
    return REASONS["known" if not guessed.any() else "estimated" if guessed.all() else "both"]


def note_views(place: Place, shares: pd.DataFrame, basis: Basis | None) -> tuple[View, ...]:
    """Return whose shares are estimated and by what, and how far the key has missed; nothing where
    all are published.

    Args:
        place: A county, or a municipality.
        shares: `kommun`, `estimated`; the place's own.
        basis: What the estimate rests on and how the key did; None where there is none.
    """
    if basis is None:
        return ()
    own = shares[shares[ESTIMATED].astype(bool)]
    whole = len(own) == len(shares)
    text = (
        "Andelstalen för {vilka} är uppskattade, eftersom inga är publicerade här: efter {nyckel},"
        " med folkmängden {people_ar} och mottagandet {received_ar}, minst {least} ‰ till varje"
        " kommun och tusen promille i hela landet tillsammans med dem som är publicerade."
    )
    values: dict[str, Value] = {
        "vilka": place.namn if whole else [str(name) for name in own["kommun"]],
        "nyckel": basis.key,
        # as figures of theirs, the tables are cited
        "people_ar": Fact(str(basis.people_ar), "år", basis.people),
        "received_ar": Fact(str(basis.received_ar), "år", basis.received),
        "least": Fact(basis.least, "‰"),
    }
    return (Statement("uppskattade", text, values, "note"), *_misses(place, basis))


def _misses(place: Place, basis: Basis) -> list[View]:
    """One sentence on each check, and the county's own figure where it was published."""
    told: list[View] = []
    for check in basis.checks:
        text = AGAINST[check.slag]
        sources = (KEYS, *check.tabell.split())
        values: dict[str, Value] = {
            "mean": Fact(100 * check.mean_part, "%", sources, decimals=1, of=NO_PERSONS),
            "count": Fact(check.count, "tal", sources),
            "ar": str(check.ar),
        }
        if check.published is not None and check.estimated is not None:
            text += OWN
            values |= {
                "lan": place.lan,
                "own": Fact(
                    100 * (check.estimated / check.published - 1),
                    "%",
                    sources,
                    decimals=1,
                    sign=True,
                    of=NO_PERSONS,
                ),
                "estimated": Fact(check.estimated, "‰", sources, decimals=2),
                "published": Fact(
                    check.published, "‰", tuple(check.tabell.split()), published=True, decimals=2
                ),
            }
        told.append(Statement(f"uppskattade_fel_{check.slag}", text, values, "note"))
    return told


def check_views(errors: pd.DataFrame) -> tuple[View, ...]:
    """Return how far the keys that were tried miss what is published: a sentence, the keys side by
    side, and a figure per check for the key in use.

    Args:
        errors: `nyckel`, `beskrivning`, `vald`, `slag` (lan or kommuner), `ar`, `kod`, `namn`,
            `published`, `estimated`, `error` (‰), `error_part`, `tabell`: what `cases.checked`
            returned.
    """
    means = mean_errors(errors)
    used = errors[errors["vald"]]
    figures = [_errors_figure(rows, slag) for slag, rows in used.groupby("slag", sort=False)]
    return (_chosen(means, used), _keys_table(means, errors), *figures)


def _chosen(means: pd.DataFrame, used: pd.DataFrame) -> Statement:
    rows = {
        str(row["slag"]): row
        for row in means[means["nyckel"] == used["nyckel"].iloc[0]].to_dict("records")
    }
    worst = used.iloc[int(used["error_part"].abs().to_numpy().argmax())]
    sources = _tables(used)
    text = (
        "Där inga andelstal är publicerade uppskattas de efter {nyckel}. Mot fördelningstalen för"
        " {counties} län slår det i medeltal {of_counties} fel, mot andelstalen för"
        " {places:kommuner} {of_places}. Mest fel slår det för {worst}: {estimated} ‰ mot"
        " {published} ‰. Av de nycklar som har prövats är det den vars sämsta medelfel är minst."
    )
    values: dict[str, Value] = {
        "nyckel": str(used["beskrivning"].iloc[0]),
        "counties": Fact(int(rows["lan"]["count"]), "län", sources),
        "places": Fact(int(rows["kommuner"]["count"]), "kommuner", sources),
        "of_counties": _percent(rows["lan"]["mean_part"], sources),
        "of_places": _percent(rows["kommuner"]["mean_part"], sources),
        "worst": str(worst["namn"]),
        "estimated": Fact(float(worst["estimated"]), "‰", (KEYS,), decimals=1),
        "published": Fact(
            float(worst["published"]), "‰", (str(worst["tabell"]),), published=True, decimals=1
        ),
    }
    return Statement("nyckel_vald", text, used_in(text, values))


def _percent(part: float, sources: tuple[str, ...]) -> Fact:
    return Fact(100 * float(part), "%", sources, decimals=1, of=NO_PERSONS)


def _tables(errors: pd.DataFrame) -> tuple[str, ...]:
    return (KEYS, *dict.fromkeys(errors["tabell"]))


def _keys_table(means: pd.DataFrame, errors: pd.DataFrame) -> Table:
    """One row per key that was tried: its mean error in each check, the best first."""
    told = errors.drop_duplicates("nyckel").set_index("nyckel")
    names = list(dict.fromkeys(means["nyckel"]))
    cells: dict[str, list[object]] = {
        "nyckel": [*names],
        "beskrivning": [told["beskrivning"][name] for name in names],
        "vald": ["ja" if told["vald"][name] else "nej" for name in names],
    }
    columns = [Column("beskrivning", "Nyckel")]
    for slag, mean, worst in _ERRORS:
        own = means[means["slag"] == slag].set_index("nyckel")
        for name, label, part in (("mean", mean, "mean_part"), ("worst", worst, "worst_part")):
            cells[f"{slag}_{name}"] = [100 * float(own[part][key]) for key in names]
            columns.append(Column(f"{slag}_{name}", label, "%", 1, of=NO_PERSONS))
    columns.append(Column("vald", "Används"))
    caption = "Nycklar som har prövats mot publicerade tal, den bästa först"
    rows = pd.DataFrame(cells)
    return Table("nycklar", caption, rows, columns, _tables(errors), {}, ("nyckel",))


_ERRORS = (
    ("lan", "Medelfel, län", "Största fel, län"),
    ("kommuner", "Medelfel, kommuner", "Största fel, kommuner"),
)
_FIGURES: Mapping[object, tuple[str, str]] = {
    "lan": (
        "Uppskattad del av platserna för ensamkommande barn mot den publicerade, per län {ar}.",
        "Punktdiagram med en rad per län: hur många procent för högt eller för lågt uppskattningen"
        " ligger. Längst ifrån ligger {worst}, {percent}.",
    ),
    "kommuner": (
        "Uppskattade andelstal mot de publicerade, per kommun {ar}.",
        "Punktdiagram med en rad per kommun: hur många procent för högt eller för lågt"
        " uppskattningen ligger. Längst ifrån ligger {worst}, {percent}.",
    ),
}


def _errors_figure(rows: pd.DataFrame, slag: object) -> Figure:
    caption, alt = _FIGURES[slag]
    published = tuple(dict.fromkeys(rows["tabell"]))
    sources = (KEYS, *published)
    frame = rows.drop(columns="tabell").assign(percent=100 * rows["error_part"])
    far = frame.iloc[int(frame["percent"].abs().to_numpy().argmax())]
    values: dict[str, Value] = {
        "ar": [str(ar) for ar in sorted(set(rows["ar"]))],
        "worst": str(far["namn"]),
        "percent": Fact(float(far["percent"]), "%", sources, decimals=1, sign=True, of=NO_PERSONS),
    }
    columns = [
        Column("namn", "Län" if slag == "lan" else "Kommun"),
        Column("published", "Publicerat", "‰", 2, published=True, sources=published),
        Column("estimated", "Nyckeln ger", "‰", 2, sources=(KEYS,)),
        Column("error", "Fel", "‰", 2, sign=True, sources=published),
        Column("percent", "Fel", "%", 1, sign=True, of=NO_PERSONS, sources=published),
    ]
    table = Table(
        f"nyckelfel_{slag}",
        "Nyckelns fel mot länens tal" if slag == "lan" else "Nyckelns fel mot kommunernas tal",
        frame,
        columns,
        sources,
        {},
        ("kod", "ar"),
    )
    return Figure(
        f"nyckelfel_{slag}_figur",
        caption,
        alt,
        lambda ax, language: draw_key_errors(frame, ax, language),
        size_key_errors(frame),
        table,
        used_in(caption + alt, values),
    )
