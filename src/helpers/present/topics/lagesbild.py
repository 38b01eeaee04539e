"""How things stand in the county, as its municipalities have answered: who has, which themes are
told in each area, and the ratings in words.
"""

import pandas as pd

from helpers.model.own_words import (
    READINESS,
    SILENT,
    TOLD,
    WHOLE_COUNTY,
    OwnWords,
    answering,
    changed,
    earlier_round,
    heat,
    latest_round,
    theme_counts,
)
from helpers.present.topics.own_words import origin_note, sources_of, told_table
from helpers.present.views import Column, Fact, Fold, Statement, Table, Value, View, is_unknown

CELLS = {
    "fungerar": "fungerar",
    "delvis": "fungerar delvis",
    "ansträngt": "ansträngt",
    TOLD: "utan omdöme",
    SILENT: "inget svar",
}


def lagesbild_views(own: OwnWords, municipalities: pd.DataFrame) -> tuple[View, ...]:
    """Return the latest round of answers; nothing where there is none.

    Args:
        own: A county's own words: `rundor` and `svar`.
        municipalities: `kommunkod`, `kommun`, of the county.
    """
    latest = latest_round(own)
    if latest is None:
        return ()
    last, answers = latest
    answers = answers[~answers["omrade"].isin(READINESS)]
    names = dict(zip(municipalities["kommunkod"], municipalities["kommun"], strict=True))
    return (
        *_rate(own, last, answers, names),
        *_areas(own, answers),
        *_heat(own, answers, municipalities),
        *_themes(own, answers),
        *_change(own, answers, names),
        *_texts(own, answers, names),
        origin_note(own, "lagesbild", "rundor", "svar"),
    )


def _rate(
    own: OwnWords, last: pd.Series, answers: pd.DataFrame, names: dict[str, str]
) -> tuple[View, ...]:
    """How many have answered, and who has not, where that is known."""
    codes = answering(answers)
    count = len(codes) if is_unknown(last["svarade"]) else int(last["svarade"])
    asked, sources = int(last["tillfragade"]), sources_of(own, "rundor")
    values: dict[str, Value] = {
        "form": str(last["form"]),
        "datum": str(last["datum"]),
        "svarade": Fact(count, "kommuner", sources),
        "tillfragade": Fact(asked, "kommuner", sources),
    }
    text = "{svarade} av {tillfragade:kommuner} har svarat ({form}, {datum})."
    if not is_unknown(last["ovriga"]):
        text, values = text + " Dessutom har {ovriga} svarat.", values | {
            "ovriga": str(last["ovriga"])
        }
    missing = [name for code, name in names.items() if code not in codes]
    if count < asked and codes and len(missing) == asked - count:
        text, values = text + " Svar saknas från {saknas}.", values | {"saknas": missing}
    elif count < asked:
        text += " Vilka {rest:kommuner} som inte har svarat står inte i källan."
        values["rest"] = Fact(asked - count, "kommuner", sources)
    return (Statement("svarande", text, values),)


def _areas(own: OwnWords, answers: pd.DataFrame) -> tuple[View, ...]:
    """How many themes are told in each area."""
    counts = theme_counts(answers)
    if counts.empty:
        return ()
    per = counts.groupby("omrade", sort=False).size()
    listed = [f"{area} ({number})" for area, number in per.items()]
    text = "{antal:teman} tas upp: {omraden}."
    number = Fact(len(counts), "teman", sources_of(own, "svar"))
    return (Statement("teman_mening", text, {"antal": number, "omraden": listed}),)


def _heat(
    own: OwnWords, answers: pd.DataFrame, municipalities: pd.DataFrame
) -> tuple[View, ...]:
    """Ratings in words, a row per municipality; nothing where only the whole county is told."""
    if not answering(answers):
        return ()
    frame = heat(answers, municipalities).sort_values("kommun", kind="stable")
    areas = [name for name in frame if name not in ("kommunkod", "kommun")]
    plain = {area: f"omrade_{at}" for at, area in enumerate(areas)}
    words = frame.rename(columns=plain)
    for name in plain.values():
        words[name] = words[name].map(CELLS).fillna("tas inte upp").astype(object)
    columns = [Column("kommun", "Kommun", report="kommun/{kommunkod}")]
    columns += [Column(name, area) for area, name in plain.items()]
    caption = "Läget med kommunernas egna omdömen"
    note = (
        "Utan omdöme: kommunen har berättat om området men inte sagt hur väl det fungerar. Inget"
        " svar är inte detsamma som att det fungerar."
    )
    sources = sources_of(own, "svar")
    return (Table("lagesbild", caption, words, columns, sources, {}, ("kommunkod",), note=note),)


def _themes(own: OwnWords, answers: pd.DataFrame) -> tuple[View, ...]:
    """Every theme of each area; counted where the source says how many tell of it, else with what
    is said.
    """
    counts = theme_counts(answers)
    if counts.empty:
        return ()
    sources, summed = sources_of(own, "svar"), counts["kommuner"].isna().all()
    columns = [Column("omrade", "Område", quoted=True), Column("tema", "Tema", quoted=True)]
    if summed:
        said = answers[answers["svarande"] == WHOLE_COUNTY].drop_duplicates(["omrade", "tema"])
        told = said[["omrade", "tema", "text"]].to_dict("records")
        heads = {"omrade": "Område", "tema": "Tema", "text": "Vad svaren säger"}
        caption = "Teman per område; hur många som tar upp vart och ett står inte i källan"
        rows = [{str(name): cell for name, cell in row.items()} for row in told]
        return (told_table("teman", caption, rows, heads, sources, key="tema"),)
    columns.append(Column("kommuner", "Kommuner som tar upp det", ""))
    caption = "Teman per område"
    return (Table("teman", caption, counts, columns, sources, {}, ("omrade", "tema")),)


def _change(own: OwnWords, answers: pd.DataFrame, names: dict[str, str]) -> tuple[View, ...]:
    """Which ratings have changed since the round before; nothing where there was none."""
    before = earlier_round(own)
    if before is None:
        return ()
    frame = changed(answers, before)
    if frame.empty:
        text = "Inget omdöme har ändrats sedan förra rundan."
        return (Statement("andrade_omdomen", text),)
    frame = frame.assign(
        kommun=frame["svarande"].map(names),
        before=frame["before"].map(CELLS),
        now=frame["now"].map(CELLS),
    )
    columns = [
        Column("kommun", "Kommun"),
        Column("omrade", "Område", quoted=True),
        Column("before", "Förra rundan"),
        Column("now", "Nu"),
    ]
    caption = "Omdömen som har ändrats sedan förra rundan"
    sources = sources_of(own, "svar")
    return (
        Table("andrade_omdomen_tabell", caption, frame, columns, sources, {}, ("kommun", "omrade")),
    )


def _texts(own: OwnWords, answers: pd.DataFrame, names: dict[str, str]) -> tuple[View, ...]:
    """What each municipality has said, folded."""
    said = answers[answers["svarande"] != WHOLE_COUNTY].dropna(subset=["text"])
    if said.empty:
        return ()
    rows: list[dict[str, object]] = [
        {"kommun": names.get(code, code), "omrade": area, "text": text}
        for code, area, text in said[["svarande", "omrade", "text"]].itertuples(index=False)
    ]
    rows.sort(key=lambda row: str(row["kommun"]))
    heads = {"kommun": "Kommun", "omrade": "Område", "text": "Vad kommunen säger"}
    caption = "Vad kommunerna säger"
    table = told_table("svar_texter", caption, rows, heads, sources_of(own, "svar"), key="text")
    return (Fold("svar", "Vad varje kommun säger", (table,)),)
