"""How the national forecasts of unaccompanied children have done."""

import pandas as pd

from helpers.present.figures import forecasts as drawing
from helpers.present.measures import CAME
from helpers.present.views import Column, Fact, Figure, Statement, Table, Value, View, gap

ASYL = "asylsokande_riket"


def record_views(record: pd.DataFrame) -> tuple[View, ...]:
    """Return forecasts beside what came: a sentence on the widest misses, and the figure; or the gap.

    Args:
        record: What `model.forecasts.forecast_record` returned.
    """
    judged = record.dropna(subset=["ratio"])
    if judged.empty:
        return (gap("prognoser", "Ingen prognos kan ännu jämföras med vad som kom."),)
    sources = (*dict.fromkeys(record["tabell"]), ASYL)
    return (_sentence(record, judged, sources), _figure(record, sources))


def _sentence(record: pd.DataFrame, judged: pd.DataFrame, sources: tuple[str, ...]) -> Statement:
    ordered = judged.sort_values("ratio", kind="stable").to_dict("records")
    least, most = ordered[0], ordered[-1]
    values: dict[str, Value] = {
        "count": Fact(len(judged), "prognoser", sources),
        "alla": Fact(len(record), "prognoser", sources),
    }
    for name, row in (("least", least), ("most", most)):
        values |= {
            f"{name}_ar": str(row["ar"]),
            f"{name}_date": str(row["prognosdatum"]),
            f"{name}_prognos": Fact(int(row["prognos"]), "barn", (str(row["tabell"]),), published=True),
            f"{name}_actual": Fact(int(row["actual"]), "barn", (ASYL,), published=True, measure=CAME),
        }
    text = (
        "{count} av {alla:prognoser} är ett enda tal för ett år vars utfall är känt. Av dem låg den för {least_ar} "
        "(gjord {least_date}) mest för högt: {least_prognos} mot {least_actual} som kom. Mest för lågt låg den för "
        "{most_ar} (gjord {most_date}): {most_prognos} mot {most_actual}."
    )
    return Statement("prognoser_mening", text, values)


def _figure(record: pd.DataFrame, sources: tuple[str, ...]) -> Figure:
    columns = [
        Column("made", "Prognos gjord"),
        Column("ar_text", "Avser år"),
        Column("prognos", "Prognos", "barn", published=True),
        Column("low", "Intervall", "barn", high="high", published=True),
        Column("actual", "Kom", "barn", published=True, sources=(ASYL,)),
        Column("ratio", "Kom delat med prognos", "", 2),
    ]
    shown = record.assign(made=record["prognosdatum"], ar_text=record["ar"].astype(str))
    table = Table(
        "prognoser",
        "Prognoser för ensamkommande barn mot antalet som kom",
        shown,
        columns,
        sources,
        {},
        ("ar", "prognosdatum"),
    )
    return Figure(
        "prognoser_figur",
        "Prognoser för ensamkommande barn i riket mot antalet som kom.",
        "En rad per prognos: prognosens tal eller intervall, och en punkt för hur många som kom. "
        "Skalan är logaritmisk.",
        lambda ax, language: drawing.draw_forecasts(record, ax, language),
        drawing.size_forecasts(record),
        table,
    )
