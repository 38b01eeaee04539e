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
from helpers.present.topics.own_words import day_text, sources_of, told_table
from helpers.present.views import (
    Column,
    Fact,
    Fold,
    Statement,
    Table,
    Value,
    Verbatim,
    View,
    is_unknown,
    used_in,
)

CELLS = {
    "fungerar": "fungerar",
    "delvis": "fungerar delvis",
    "ansträngt": "ansträngt",
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
    counts = theme_counts(answers)
    names = dict(zip(municipalities["kommunkod"], municipalities["kommun"], strict=True))
    return (
        *_rate(own, last, answers, names),
        *_areas(own, counts),
        *_heat(own, answers, municipalities),
        *_themes(own, answers, counts),
        *_change(own, answers, names),
        *_texts(own, answers, names),
    )


def _rate(
    own: OwnWords, last: pd.Series, answers: pd.DataFrame, names: dict[str, str]
) -> tuple[View, ...]:
    """How many have answered, and who has not, where that is known."""
    codes = answering(answers)
    count, asked, sources = *_counts(last, answers), sources_of(own, "rundor")
    found = [_rate_told(own, last, answers, "svarande", "")]
    if not is_unknown(last["ovriga"]):
        others: dict[str, Value] = {"ovriga": Verbatim(last["ovriga"])}
        found.append(Statement("svarande_ovriga", "Dessutom har {ovriga} svarat.", others))
    missing = [name for code, name in names.items() if code not in codes]
    if count < asked and codes and len(missing) == asked - count:
        found.append(Statement("svar_saknas", "Svar saknas från {saknas}.", {"saknas": missing}))
    elif count < asked:
        text = "Källan säger inte vilka {rest:kommuner} som inte har svarat."
        if asked - count == 1:
            text = "Källan säger inte vilken kommun som inte har svarat."
        rest: dict[str, Value] = {"rest": Fact(asked - count, "kommuner", sources, spelled=True)}
        found.append(Statement("svar_saknas", text, used_in(text, rest)))
    return tuple(found)


def told_by(own: OwnWords, leads: str) -> tuple[Statement, ...]:
    """Return how many have answered in the latest round; nothing where there is none.

    Args:
        own: A county's own words: `rundor` and `svar`.
        leads: Where the answers stand.
    """
    latest = latest_round(own)
    return (_rate_told(own, *latest, "plan_svarande", leads),) if latest else ()


def round_named(last: pd.Series) -> dict[str, Value]:
    """Return how a text names a round: `form` and `datum`."""
    return {"form": Verbatim(last["form"]), "datum": Verbatim(day_text(str(last["datum"])))}


def _counts(last: pd.Series, answers: pd.DataFrame) -> tuple[int, int]:
    """How many have answered, and were asked."""
    known = not is_unknown(last["svarade"])
    return int(last["svarade"]) if known else len(answering(answers)), int(last["tillfragade"])


def _rate_told(
    own: OwnWords, last: pd.Series, answers: pd.DataFrame, name: str, leads: str
) -> Statement:
    count, asked = _counts(last, answers)
    sources = sources_of(own, "rundor")
    values: dict[str, Value] = {
        **round_named(last),
        "svarade": Fact(count, "kommuner", sources),
        "tillfragade": Fact(asked, "kommuner", sources),
    }
    text = "{svarade} av {tillfragade:kommuner} har svarat på frågorna om läget ({form}, {datum})."
    if count == asked:
        text = "Alla {tillfragade:kommuner} har svarat på frågorna om läget ({form}, {datum})."
    return Statement(name, text, used_in(text, values), leads=leads)


def _areas(own: OwnWords, counts: pd.DataFrame) -> tuple[View, ...]:
    """How many themes are told in each area."""
    if counts.empty:
        return ()
    per = counts.groupby("omrade", sort=False).size()
    listed = [Verbatim(f"{area} ({number})") for area, number in per.items()]
    text = "Svaren tar upp {antal:teman}, här efter område: {omraden}."
    number = Fact(len(counts), "teman", sources_of(own, "svar"))
    return (Statement("teman_mening", text, {"antal": number, "omraden": listed}),)


def _heat(own: OwnWords, answers: pd.DataFrame, municipalities: pd.DataFrame) -> tuple[View, ...]:
    """Ratings in words, a row per municipality; nothing where only the whole county is told."""
    if not answering(answers):
        return ()
    frame = heat(answers, municipalities).sort_values("kommun", kind="stable")
    areas = [name for name in frame if name not in ("kommunkod", "kommun")]
    plain = {area: f"omrade_{at}" for at, area in enumerate(areas)}
    words = frame.rename(columns=plain).astype(object)
    for area, name in plain.items():
        words[name] = [
            _in_words(answers, code, str(area), cell)
            for code, cell in zip(words["kommunkod"], words[name], strict=True)
        ]
    columns = [Column("kommun", "Kommun", report="kommun/{kommunkod}")]
    columns += [
        Column(name, "{omrade}", quoted=True, values={"omrade": Verbatim(area)})
        for area, name in plain.items()
    ]
    caption = "Så beskriver kommunerna läget"
    note = (
        "Där inget omdöme står har kommunen inte sagt hur väl det fungerar. Inget svar är inte"
        " detsamma som att det fungerar."
    )
    sources = sources_of(own, "svar")
    return (Table("lagesbild", caption, words, columns, sources, {}, ("kommunkod",), note=note),)


def _in_words(answers: pd.DataFrame, code: str, area: str, cell: object) -> str:
    """A cell of the heat table: its rating, and the themes that are told."""
    if is_unknown(cell):
        return "tas inte upp"
    own = answers[(answers["svarande"] == code) & (answers["omrade"] == area)]
    themes = ", ".join(dict.fromkeys(own["tema"].dropna()))
    rating = "" if cell == TOLD else CELLS[str(cell)]
    return ": ".join(part for part in (rating, themes) if part)


def _themes(own: OwnWords, answers: pd.DataFrame, counts: pd.DataFrame) -> tuple[View, ...]:
    """Every theme of each area; counted where the source says how many tell of it, else with what
    is said.
    """
    if counts.empty:
        return ()
    sources, summed = sources_of(own, "svar"), counts["kommuner"].isna().all()
    columns = [Column("omrade", "Område", quoted=True), Column("tema", "Tema", quoted=True)]
    if summed:
        said = answers[answers["svarande"] == WHOLE_COUNTY].drop_duplicates(["omrade", "tema"])
        return tuple(
            _said_of(str(area), own_rows, "teman" if number == 1 else f"teman_{number}", sources)
            for number, (area, own_rows) in enumerate(said.groupby("omrade", sort=False), 1)
        )
    columns.append(Column("kommuner", "Kommuner som tar upp det", ""))
    caption = "Teman per område"
    table = Table("teman", caption, counts, columns, sources, {}, ("omrade", "tema"))
    return (Fold("teman_fold", "Hur många kommuner som tar upp varje tema", (table,)),)


def _said_of(area: str, said: pd.DataFrame, id: str, sources: tuple[str, ...]) -> Table:
    """What the answers together say of one area, a theme a row."""
    heads = {"tema": "Tema", "text": "Vad svaren säger"}
    rows = [
        {"tema": theme, "text": text}
        for theme, text in said[["tema", "text"]].itertuples(index=False)
    ]
    caption = "Vad svaren säger om {omrade}"
    return told_table(
        id, caption, rows, heads, sources, {"omrade": Verbatim(area[:1].lower() + area[1:])}
    )


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
        Column("before", "Förra rundan", quoted=True),
        Column("now", "Nu", quoted=True),
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
    return (Fold("svar_fold", "Vad varje kommun säger", (table,)),)
