"""The county's agreement: its aim and organs, the goals of its areas, and the indicators with their
state and the values that tables in hand give.
"""

import pandas as pd

from helpers.model.own_words import OwnWords
from helpers.present.topics.own_words import (
    event_views,
    paragraphs,
    sources_of,
    told_table,
)
from helpers.present.views import (
    Column,
    Fact,
    Fold,
    Statement,
    Table,
    Value,
    View,
    gap,
)

COMPUTED = "räknas ur tabeller här"
WHOLE = "Länet"


def agreement_views(own: OwnWords, values: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return what is known of a county's agreement; nothing where there is none.

    Args:
        own: A county's own words: `utsagor` and `handelser` of the section overenskommelse, and
            `indikatorer`.
        values: `kommunkod`, `kommun`, `bosatta`, `anvisade`, `egen_hand`, `ensamkommande` (persons;
            NA = unknown), `tabell`: what `own_indicators` returned.
        ar: The year of the values.
    """
    if own.told("overenskommelse").empty:
        return ()
    return (
        *event_views(own, "overenskommelse"),
        *paragraphs(own, "overenskommelse", "syfte", "malgrupp", "perspektiv"),
        *_organs(own),
        *_goals(own),
        *_indicators(own),
        *_values(own, values, ar),
    )


def _organs(own: OwnWords) -> tuple[View, ...]:
    """Who does what, and what is decided how."""
    found = []
    for sort, head, caption in (
        ("organ", "Vem", "Vem som gör vad i överenskommelsen"),
        ("process", "Fråga", "Hur länstal, fördelningstal och uppföljning går till"),
    ):
        rows = own.told("overenskommelse", sort)
        told = [
            {"rubrik": name, "text": text}
            for name, text in rows[["rubrik", "text"]].itertuples(index=False)
        ]
        if told:
            heads = {"rubrik": head, "text": "Vad"}
            found.append(told_table(f"avtal_{sort}", caption, told, heads,
                                    sources_of(own, "utsagor")))  # fmt: skip
    return tuple(found)


def _goals(own: OwnWords) -> tuple[View, ...]:
    """Each area's goal, with how many indicators follow it."""
    rows = own.told("overenskommelse", "mal")
    if rows.empty:
        return ()
    counts = own.indikatorer["omrade"].value_counts()
    frame = pd.DataFrame(
        {
            "omrade": rows["rubrik"],
            "mal": rows["text"],
            "antal": [int(counts.get(area, 0)) for area in rows["rubrik"]],
        }
    )
    columns = [
        Column("omrade", "Område", quoted=True),
        Column("mal", "Mål", quoted=True),
        Column("antal", "Indikatorer", ""),
    ]
    caption = "Prioriterade områden och deras mål"
    sources = sources_of(own, "utsagor", "indikatorer")
    return (Table("mal", caption, frame, columns, sources, {}, ("omrade",)),)


def _indicators(own: OwnWords) -> tuple[View, ...]:
    """How many indicators stand how, and each of them with what it counts, folded."""
    rows = own.indikatorer.sort_values("ordning", kind="stable")
    if rows.empty:
        return ()
    table = _listed(rows, sources_of(own, "indikatorer"))
    fold = Fold("alla_indikatorer", "Alla indikatorer, med vad de räknar", (table,))
    return (*indicators_told(own, "indikatorer_mening"), fold)


def indicators_told(own: OwnWords, name: str) -> tuple[Statement, ...]:
    """Return how many of the agreement's indicators are known, and of how many nothing is; nothing
    where there is none.

    Args:
        own: A county's own words: `indikatorer`.
        name: Of the sentence.
    """
    rows, sources = own.indikatorer, sources_of(own, "indikatorer")
    if rows.empty:
        return ()
    computed = rows["beraknas"].notna()
    known = rows["status"].notna()
    silent = int((~computed & ~known).sum())
    values: dict[str, Value] = {
        "alla": Fact(len(rows), "indikatorer", sources),
        "kanda": Fact(int(computed.sum()), "indikatorer", sources, spelled=True),
        "kon": Fact(int((rows["kon"] == "ja").sum()), "indikatorer", sources, spelled=True),
        "utan": Fact(silent, "indikatorer", sources, spelled=True),
    }
    text = (
        "Av {alla:indikatorer} kan {kanda} räknas ur tabeller som finns här. För {utan} saknas"
        " uppgift om vad parterna har rapporterat. Enligt överenskommelsen ska"
        " {kon} av dem redovisas för kvinnor och män var för sig."
    )
    return (Statement(name, text, values),)


def _listed(rows: pd.DataFrame, sources: tuple[str, ...]) -> Table:
    """Every indicator with what it counts."""
    computed = rows["beraknas"].notna()
    frame = pd.DataFrame(
        {
            "nr": [str(number) for number in rows["ordning"]],
            "omrade": rows["omrade"],
            "indikator": rows["indikator"],
            "definition": rows["definition"],
            "enhet": rows["enhet"],
            "rapporterar": rows["rapporterar"],
            "riktning": rows["riktning"],
            "kon": rows["kon"],
            "status": rows["status"].astype(object).where(~computed, COMPUTED),
        }
    )
    heads = {
        "nr": "Nr",
        "indikator": "Indikator",
        "omrade": "Område",
        "definition": "Vad som räknas",
        "enhet": "Enhet",
        "rapporterar": "Vem rapporterar",
        "riktning": "God riktning",
        "kon": "Delas på kön",
    }
    columns = [Column(name, label, quoted=name not in ("kon", "nr"))
               for name, label in heads.items()]  # fmt: skip
    columns.append(Column("status", "Läge"))
    caption = "Överenskommelsens indikatorer"
    return Table("indikatorer", caption, frame, columns, sources, {}, ("nr",))


def _values(own: OwnWords, values: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """The indicators that tables in hand give, per municipality."""
    if own.indikatorer["beraknas"].isna().all():
        return ()
    counted = ["bosatta", "anvisade", "egen_hand", "ensamkommande"]
    if values[counted].isna().all(axis=None):
        text = "Inga indikatorer kan räknas för {ar}: uppgift om mottagandet per kommun saknas här."
        return (gap("indikatorer_varden", text, ar=str(ar)),)
    sources = tuple(dict.fromkeys(values["tabell"].dropna()))
    columns = _value_columns(values)
    total: dict[str, object] = {"kommun": WHOLE} | {
        name: int(values[name].sum()) if values[name].notna().all() else None for name in counted
    }
    caption = "Indikatorer som kan räknas per kommun, {ar}, flest bosatta först"
    note = (
        "Indikator 13 frågar hur boendet ordnades. Källan säger i stället varifrån personen kom."
        " Anhöriga och övriga ingår bara i alla bosatta."
    )
    return (
        Table(
            "indikatorer_kommun",
            caption,
            values.sort_values("bosatta", ascending=False, kind="stable"),
            columns,
            sources,
            {"ar": str(ar)},
            ("kommunkod",),
            total,
            note=note,
        ),
    )


def _value_columns(values: pd.DataFrame) -> list[Column]:
    """The head and the indicators of which something is known."""
    labels = {
        "bosatta": ("Bosatta", "mottagna"),
        "anvisade": ("Varav kvotflyktingar och från anläggningsboende", "mottagna_kategori"),
        "egen_hand": ("Varav från eget boende", "mottagna_kategori"),
        "ensamkommande": ("Varav ensamkommande barn", "ekb_mottagna"),
    }
    shown = [name for name in labels if values[name].notna().any()]
    return [
        Column("kommun", "Kommun", report="kommun/{kommunkod}"),
        *(Column(name, labels[name][0], "personer", measure=labels[name][1]) for name in shown),
    ]
