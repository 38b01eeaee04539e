"""A county's own words as frames: what stands how at a reference date, who has answered, which
themes are told where, how many days are left.
"""

import calendar
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from helpers.model.shares import ESTIMATED

DONE, DONE_LATE, LATE, MOVED, RUNNING, AHEAD, WISHED = (
    "done",
    "done_late",
    "late",
    "moved",
    "running",
    "ahead",
    "wished",
)
SILENT, TOLD = "silent", "told"  # a cell of the heat table without a rating
WHOLE_COUNTY = "lanet"
READINESS = (  # areas of answers that say what a municipality can, not how things stand
    "politisk vilja",
    "organisatorisk förmåga",
    "bostäder",
    "utbildning, arbete",
    "skola, barnomsorg",
)


@dataclass(frozen=True)
class OwnWords:
    """What a county and its municipalities say, have decided and must do; only what is public.

    Attributes:
        day: The reference date.
        utsagor: kommunkod, avsnitt, slag, ordning, rubrik, text.
        rundor: id, form, tillfragade, svarade (municipalities; NA = counted), ovriga.
        svar: runda, svarande (kommunkod or "lanet"), omrade, betyg, tema, text.
        handelser: avsnitt, slag, ordning, rubrik, organ, planerad_fran, planerad_till, ny_tid,
            skedde, text.
        indikatorer: omrade, ordning, indikator, definition, enhet, rapporterar, riktning, kon,
            status, beraknas.
        medel: namn, grund, oppnar, stanger, far_soka, text.
        tables: Kind, such as "utsagor", → the ids of its published tables.
        documents: Document id → its title.

    All frames have datum, roll, kalla (a document id) and granskad as well.
    """

    day: datetime.date
    utsagor: pd.DataFrame
    rundor: pd.DataFrame
    svar: pd.DataFrame
    handelser: pd.DataFrame
    indikatorer: pd.DataFrame
    medel: pd.DataFrame
    tables: Mapping[str, tuple[str, ...]]
    documents: Mapping[str, str]

    def told(self, avsnitt: str, *slag: str) -> pd.DataFrame:
        """Return the statements of a section, in order; of some sorts, where any are named."""
        rows = self._sections.get(avsnitt, self.utsagor.iloc[:0])
        return rows[rows["slag"].isin(slag)] if slag else rows

    def events(self, *avsnitt: str) -> pd.DataFrame:
        """Return the events of sections with their `status` at the reference date, in order."""
        rows = self._dated
        return rows[rows["avsnitt"].isin(avsnitt)]

    @cached_property
    def _sections(self) -> Mapping[str, pd.DataFrame]:
        """The statements of each section, in order; a report asks for some twenty times."""
        rows = self.utsagor.sort_values("ordning", kind="stable")
        return {str(name): own for name, own in rows.groupby("avsnitt", sort=False)}

    @cached_property
    def _dated(self) -> pd.DataFrame:
        """All events with their status at the reference date, in order."""
        return status_at(self.handelser, self.day).sort_values("ordning", kind="stable")


def first_day(text: str) -> datetime.date:
    """Return the first day of a year, a month or a day as it is written.

    >>> first_day("2018-03"), first_day("2018")
    (datetime.date(2018, 3, 1), datetime.date(2018, 1, 1))
    """
    year, month, day = (int(part) for part in [*text.split("-"), "1", "1"][:3])
    return datetime.date(year, month, day)


def last_day(text: str) -> datetime.date:
    """Return the last day of a year, a month or a day as it is written.

    >>> last_day("2018-02"), last_day("2018")
    (datetime.date(2018, 2, 28), datetime.date(2018, 12, 31))
    """
    year, *rest = (int(part) for part in text.split("-"))
    month = rest[0] if rest else 12
    day = rest[1] if len(rest) == 2 else calendar.monthrange(year, month)[1]
    return datetime.date(year, month, day)


def reference_day(dated: Sequence[str], ar: int) -> datetime.date:
    """Return the day that a report looks from where none is given: the last day that the county's
    own words are of, or the last of the report's year where that is later.

    >>> reference_day(["2022-02-23"], 2018), reference_day(["2018-03"], 2018)
    (datetime.date(2022, 2, 23), datetime.date(2018, 12, 31))
    """
    own = max((last_day(text) for text in dated), default=datetime.date(ar, 12, 31))
    return own if own.year > ar else _within_year(dated, ar)


def _within_year(dated: Sequence[str], ar: int) -> datetime.date:
    """The last day of the year; or the last of a document of that year that is dated to the day."""
    exact = [last_day(text) for text in dated if len(text) == 10 and text.startswith(str(ar))]
    loose = [text for text in dated if len(text) < 10 and text.startswith(str(ar))]
    return max(exact) if exact and not loose else datetime.date(ar, 12, 31)


def status_at(events: pd.DataFrame, day: datetime.date) -> pd.DataFrame:
    """Return events, a row each, with their `status` at a day: done (or done late), late, moved to
    a later time, running, ahead, or only wished for.

    Args:
        events: slag, planerad_fran, planerad_till, ny_tid, skedde (days, months or years; NA =
            unknown).
        day: The reference date.
    """
    rows = events.to_dict("records")
    status = [_status({str(name): _known(row[name]) for name in row}, day) for row in rows]
    return events.assign(status=pd.Series(status, index=events.index, dtype=object))


def _known(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def _status(row: Mapping[str, str], day: datetime.date) -> str:
    planned, happened = row["planerad_till"], row["skedde"]
    if happened and first_day(happened) <= day:
        late = planned and first_day(happened) > last_day(planned)
        return DONE_LATE if late else DONE
    if row["slag"] == "önskemål":
        return WISHED
    if row["ny_tid"]:
        return LATE if last_day(row["ny_tid"]) < day else MOVED
    if planned and last_day(planned) < day:
        # an agreement whose time is over is over, not late
        return DONE if row["slag"] == "avtal" else LATE
    begins = row["planerad_fran"] or planned
    return RUNNING if begins and first_day(begins) <= day else AHEAD


def days_left(funds: pd.DataFrame, day: datetime.date) -> pd.DataFrame:
    """Return calls for funds, a row each, with `dagar`, the days left to the last day (negative:
    closed), those that close first on top and the closed last.

    Args:
        funds: stanger (a day).
        day: The reference date.
    """
    left = [(last_day(text) - day).days for text in funds["stanger"]]
    found = funds.assign(dagar=pd.Series(left, index=funds.index, dtype="Int64"))
    order = found.assign(over=found["dagar"] < 0)
    return found.loc[order.sort_values(["over", "dagar"], kind="stable").index]


def latest_round(own: OwnWords) -> tuple[pd.Series, pd.DataFrame] | None:
    """Return the row of the latest round by the reference date, and its answers; None if none."""
    rounds = own.rundor[[first_day(text) <= own.day for text in own.rundor["datum"]]]
    if rounds.empty:
        return None
    last = rounds.sort_values("datum", kind="stable").iloc[-1]
    return last, own.svar[own.svar["runda"] == last["id"]]


def earlier_round(own: OwnWords) -> pd.DataFrame | None:
    """Return the rows of answers of the round before the latest; None where there is none."""
    rounds = own.rundor[[first_day(text) <= own.day for text in own.rundor["datum"]]]
    if len(rounds) < 2:
        return None
    before = rounds.sort_values("datum", kind="stable").iloc[-2]
    answers: pd.DataFrame = own.svar[own.svar["runda"] == before["id"]]
    return answers


def answering(answers: pd.DataFrame) -> list[str]:
    """Return the codes of the municipalities that have rows of their own, in order."""
    return sorted(code for code in answers["svarande"].unique() if code != WHOLE_COUNTY)


def theme_counts(answers: pd.DataFrame) -> pd.DataFrame:
    """Return themes per area, a row each, with how many municipalities tell of it; most first.

    Args:
        answers: svarande, omrade, tema.

    Returns:
        omrade, tema, kommuner (NA where a source sums up the answers and does not say).
    """
    known = answers.dropna(subset=["tema"])
    rows = []
    for (area, theme), own in known.groupby(["omrade", "tema"], sort=False):
        codes = set(own["svarande"])
        count = pd.NA if codes == {WHOLE_COUNTY} else len(codes - {WHOLE_COUNTY})
        rows.append({"omrade": area, "tema": theme, "kommuner": count})
    frame = pd.DataFrame(rows, columns=["omrade", "tema", "kommuner"])
    frame["kommuner"] = frame["kommuner"].astype("Int64")
    areas = {area: at for at, area in enumerate(known["omrade"].unique())}
    order = frame.assign(area=frame["omrade"].map(areas), few=-frame["kommuner"].fillna(0))
    return frame.loc[order.sort_values(["area", "few"], kind="stable").index].reset_index(drop=True)


def heat(answers: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """Return one row per municipality and one column per area: its rating, "told" where it has
    answered without one, "silent" where it has not answered at all, NA where not on that area.

    Args:
        answers: svarande, omrade, betyg.
        municipalities: kommunkod, kommun.
    """
    areas = [area for area in answers["omrade"].unique() if area not in READINESS]
    answered = set(answering(answers))
    rows = []
    for code, name in municipalities[["kommunkod", "kommun"]].itertuples(index=False):
        row: dict[str, object] = {"kommunkod": code, "kommun": name}
        for area in areas:
            row[area] = _cell(answers, code, area) if code in answered else SILENT
        rows.append(row)
    return pd.DataFrame(rows, columns=["kommunkod", "kommun", *areas])


def _cell(answers: pd.DataFrame, code: str, area: str) -> object:
    own = answers[(answers["svarande"] == code) & (answers["omrade"] == area)]
    ratings = own["betyg"].dropna()
    if not ratings.empty:
        return str(ratings.iloc[0])
    return pd.NA if own.empty else TOLD


def changed(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Return the ratings that differ between two rounds, a row each: svarande, omrade, before, now.

    Args:
        now, before: svarande, omrade, betyg.
    """
    keys = ["svarande", "omrade"]
    two = [frame.dropna(subset=["betyg"]).drop_duplicates(keys) for frame in (before, now)]
    both = two[0].merge(two[1], on=keys, suffixes=("_before", "_now"))[
        [*keys, "betyg_before", "betyg_now"]
    ]
    both = both.rename(columns={"betyg_before": "before", "betyg_now": "now"})
    return both[both["before"] != both["now"]].reset_index(drop=True)


def readiness(answers: pd.DataFrame, load: pd.DataFrame) -> pd.DataFrame:
    """Return what municipalities say they can beside what they may need: a row each, the five
    ratings as columns (NA = not rated).

    Args:
        answers: svarande, omrade, betyg.
        load: kommunkod and what a municipality may need.
    """
    rated = answers[answers["omrade"].isin(READINESS)].dropna(subset=["betyg"])
    wide = rated.pivot_table(index="svarande", columns="omrade", values="betyg", aggfunc="first")
    wide = wide.reindex(columns=list(READINESS)).astype(object)
    return load.merge(wide, left_on="kommunkod", right_index=True, how="left", validate="1:1")


def can_and_need(
    own: OwnWords, municipalities: pd.DataFrame, ahead: pd.DataFrame, kommuntal: pd.DataFrame
) -> pd.DataFrame:
    """Return what municipalities said in the latest round that they can, beside what they may need:
    a row each, as `readiness` does.

    Args:
        own: A county's own words: `rundor` and `svar`.
        municipalities: kommunkod, kommun, of the county.
        ahead: kommunkod, expected_low, expected_high (children), and perhaps tabell and estimated.
        kommuntal: kommunkod, kommuntal (persons; NA = unknown), tabell.

    Returns:
        kommunkod, kommun, the needs, `tabell_barn` and `tabell_tal` that they are of (NA =
        unknown), perhaps estimated, and the five ratings (NA = not rated).
    """
    latest = latest_round(own)
    children = ahead.reindex(
        columns=[
            *("kommunkod", "expected_low", "expected_high", "tabell"),
            *({ESTIMATED} & set(ahead)),
        ]
    ).rename(columns={"tabell": "tabell_barn"})
    quotas = kommuntal.reindex(columns=["kommunkod", "kommuntal", "tabell"]).rename(
        columns={"tabell": "tabell_tal"}
    )
    load = municipalities[["kommunkod", "kommun"]]
    for more in (children, quotas):
        load = load.merge(more, on="kommunkod", how="left", validate="1:1")
    return readiness(own.svar.iloc[:0] if latest is None else latest[1], load)


def indicator_values(received: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators that follow from received per category, per municipality (persons; NA =
    unknown): bosatta (all), anvisade, egen_hand, ensamkommande; and `tabell`.

    Args:
        received: kommunkod, kategori, antal, varav_ensamkommande, tabell, of one year.
        municipalities: kommunkod, kommun.
    """
    wide = received.pivot_table(
        index="kommunkod", columns="kategori", values="antal", aggfunc="first"
    ).reindex(columns=["totalt", "kvotflykting", "anlaggningsboende", "eget_boende"])
    whole = received[received["kategori"] == "totalt"].set_index("kommunkod")
    found = pd.DataFrame(
        {
            "bosatta": wide["totalt"],
            "anvisade": wide["kvotflykting"] + wide["anlaggningsboende"],
            "egen_hand": wide["eget_boende"],
            "ensamkommande": whole["varav_ensamkommande"],
        }
    ).astype("Int64")
    found["tabell"] = whole["tabell"]
    return municipalities[["kommunkod", "kommun"]].merge(
        found, left_on="kommunkod", right_index=True, how="left", validate="1:1"
    )
