"""How reception is spread over the country: counties, municipalities, shares and evenness."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers.model.nation import county_spread, extremes, national_rate
from helpers.present.figures.rates import draw_per_capita, draw_rates, size_per_capita, size_rates
from helpers.present.figures.spread import draw_shares, draw_spread, size_shares, size_spread
from helpers.present.views import (
    Column,
    Fact,
    Figure,
    Statement,
    Table,
    Value,
    View,
    gap,
    is_unknown,
)

RATE = "per 1 000 invånare"


def answer(counties: pd.DataFrame, ar: int) -> Statement:
    """Return how many were received, the highest and the lowest county, and how many are above the
    nation; or the gap.

    Args:
        counties: `lan`, `antal` (persons), `folkmangd` (inhabitants), `per_1000` (persons received
            per 1 000 inhabitants; NA = unknown), `tabell`, `people_tabell`, highest first.
        ar: The year.
    """
    if counties["per_1000"].isna().any():
        text = (
            "Hur mottagandet fördelades i landet {ar} går inte att säga: uppgift saknas för en"
            " del av kommunerna."
        )
        return gap("svar_riket", text, ar=str(ar))
    sources = sources_of(counties)
    nation = national_rate(counties).iloc[0]
    if not nation["antal"]:  # and then nothing is spread, evenly or not
        none: dict[str, Value] = {"ar": str(ar), "antal": Fact(0, "personer", tables_of(counties))}
        return Statement(
            "svar_riket", "Kommunerna tog emot {antal:nyanlända} {ar}.", none, "answer"
        )
    highest, lowest = counties.iloc[0], counties.iloc[-1]
    text = (
        "Kommunerna tog emot {antal:nyanlända} {ar}, {per_1000} per tusen invånare: högst i {hogst}"
        " ({hogst_per_1000}) och lägst i {lagst} ({lagst_per_1000}). I {over} av {alla} län var"
        " mottagandet per invånare större än i riket."
    )
    values: dict[str, Value] = {
        "antal": Fact(int(nation["antal"]), "personer", tables_of(counties), measure="mottagna"),
        "ar": str(ar),
        "per_1000": Fact(float(nation["per_1000"]), RATE, sources, decimals=1),
        "hogst": str(highest["lan"]),
        "hogst_per_1000": Fact(float(highest["per_1000"]), RATE, sources, decimals=1),
        "lagst": str(lowest["lan"]),
        "lagst_per_1000": Fact(float(lowest["per_1000"]), RATE, sources, decimals=1),
        "over": Fact(int((counties["per_1000"] > nation["per_1000"]).sum()), "län", sources),
        "alla": Fact(len(counties), "län", sources),
    }
    return Statement("svar_riket", text, values, "answer")


def tables_of(frame: pd.DataFrame, column: str = "tabell") -> tuple[str, ...]:
    """Return the published tables a frame's reception comes from, as the model noted them.

    Args:
        frame: `tabell` (ids joined by blanks), unless another column is named.
        column: The column that holds them.
    """
    return tuple(dict.fromkeys(" ".join(frame[column]).split()))


def people_of(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the published tables a frame's population comes from, as the model noted them.

    Args:
        frame: `people_tabell` (ids joined by blanks).
    """
    return tables_of(frame, "people_tabell")


def sources_of(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the published tables that a frame of reception against population rests on.

    Args:
        frame: `tabell`, `people_tabell` (ids joined by blanks).
    """
    return (*tables_of(frame), *people_of(frame))


def county_views(counties: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return the counties in order of reception per 1 000 inhabitants, with the nation as a line;
    or the gap.

    Args:
        counties: `lanskod`, `lan`, `antal` (persons), `folkmangd` (inhabitants), `per_1000`
            (persons received per 1 000 inhabitants; NA = unknown), `tabell`, `people_tabell`,
            highest first.
        ar: The year.
    """
    if counties["per_1000"].isna().all():
        return (gap("lan_ordning", "Uppgift om länens mottagande {ar} saknas här.", ar=str(ar)),)
    values = {"ar": str(ar)}
    known = counties.dropna(subset=["per_1000"])
    rate = national_rate(counties)["per_1000"].iloc[0]
    drawn = counties.assign(unit=counties["lan"], kommunkod=counties["lanskod"], level="kommun")
    nation = pd.DataFrame({"unit": ["Riket"], "level": ["riket"], "per_1000": [rate]})
    drawn = pd.concat([drawn, nation], ignore_index=True)
    figure = Figure(
        "lan_ordning_figur",
        "Mottagna per tusen invånare i länen {ar}, i fallande ordning.",
        "En rad per län med antal mottagna per tusen invånare, "
        "från {hogst} överst till {lagst} nederst. "
        "Riket: {riket}.",
        lambda ax, language: draw_per_capita(_nation_in(drawn, language.t("Riket")), ax,
        language),
        size_per_capita(drawn),
        Table("lan_ordning", "Mottagna per tusen invånare i länen {ar}", counties,
              _rate_columns("lan", "Län", counties), sources_of(counties), values, ("lanskod",)),
        {
            **values,
            "hogst": str(known["lan"].iloc[0]),
            "lagst": str(known["lan"].iloc[-1]),
            "riket": Fact(None if is_unknown(rate) else float(rate), decimals=1),
        },
    )  # fmt: skip
    return (figure,)


def _nation_in(drawn: pd.DataFrame, name: str) -> pd.DataFrame:
    """Only the nation is a word; the counties are names."""
    return drawn.assign(unit=drawn["unit"].where(drawn["level"] != "riket", name))


def _rate_columns(
    name: str, label: str, frame: pd.DataFrame, published: bool = False
) -> list[Column]:
    report = "lan/{lanskod}" if name == "lan" else "kommun/{kommunkod}"
    return [
        Column(name, label, report=report),
        Column(
            "antal",
            "Mottagna",
            "personer",
            published=published,
            sources=tables_of(frame),
            measure="mottagna",
        ),
        Column(
            "folkmangd",
            "Folkmängd 31 december",
            "invånare",
            published=published,
            sources=people_of(frame),
        ),
        Column("per_1000", "Per tusen invånare", "", 1),
    ]


def municipality_views(rates: pd.DataFrame, counties: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return the ten municipalities highest and lowest as tables, and the spread within each
    county; or the gap.

    Args:
        rates: `kommunkod`, `kommun`, `lanskod`, `antal` (persons), `folkmangd` (inhabitants),
            `per_1000` (persons received per 1 000 inhabitants; NA = unknown), `tabell`,
            `people_tabell`.
        counties: `lanskod`, `lan`, in the order of their rows.
        ar: The year.
    """
    if rates["per_1000"].isna().all():
        return (
            gap(
                "kommuner_ordning", "Uppgift om kommunernas mottagande {ar} saknas här.", ar=str(ar)
            ),
        )
    highest, lowest = extremes(rates, counties)
    captions = (
        "De {antal:kommuner} som tog emot flest per tusen invånare {ar}",
        "De {antal:kommuner} som tog emot färst per tusen invånare {ar}",
    )
    top = _extreme_table("kommuner_hogst", captions[0], highest, ar)
    low = _extreme_table("kommuner_lagst", captions[1], lowest, ar)
    return (top, low, _spread_figure(rates, counties, ar))


def _extreme_table(id: str, caption: str, frame: pd.DataFrame, ar: int) -> Table:
    kommun, *figures = _rate_columns("kommun", "Kommun", frame, published=True)
    count = Fact(len(frame), "kommuner", sources_of(frame), spelled=True)
    values: dict[str, Value] = {"antal": count, "ar": str(ar)}
    return Table(
        id,
        caption,
        frame,
        [kommun, Column("lan", "Län"), *figures],
        sources_of(frame),
        values,
        ("kommunkod",),
    )


def _spread_figure(rates: pd.DataFrame, counties: pd.DataFrame, ar: int) -> Figure:
    spread = county_spread(rates, counties)
    known = counties[["lanskod", "lan"]].merge(
        rates.dropna(subset=["per_1000"]), on="lanskod", validate="1:m"
    )
    widest = spread.iloc[int((spread["highest"] - spread["lowest"]).to_numpy().argmax())]
    values: dict[str, Value] = {
        "ar": str(ar),
        "lan": str(widest["lan"]),
        "lowest": Fact(float(widest["lowest"]), decimals=1),
        "highest": Fact(float(widest["highest"]), decimals=1),
    }
    columns = [
        Column("lan", "Län", report="lan/{lanskod}"),
        Column("kommuner", "Kommuner"),
        Column("lowest", "Lägst", RATE, 1),
        Column("median", "Median", RATE, 1),
        Column("highest", "Högst", RATE, 1),
    ]
    sources = sources_of(rates)
    caption = "Mottagna per tusen invånare i länens kommuner {ar}: spridning"
    return Figure(
        "spridning_figur",
        "Mottagna per tusen invånare {ar}: en punkt per kommun, en rad per län.",
        "En rad per län med en punkt per kommun och ett streck vid medianen. Störst är"
        " spridningen i {lan}, från {lowest} till {highest} per tusen invånare.",
        lambda ax, language: draw_spread(known, ax, language),
        size_spread(known),
        Table("spridning", caption, spread, columns, sources, {"ar": str(ar)}, ("lanskod",)),
        values,
        reading=(
            "Strecket är medianen: hälften av länets kommuner ligger till vänster om det."
            " Små kommuner kan ligga högt per invånare med få personer."
        ),
    )


def quota_views(quotas: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return the counties' länstal per 1 000 inhabitants: a sentence and the figure; or the gap.

    Args:
        quotas: `lanskod`, `lan`, `lanstal` (persons), `folkmangd` (inhabitants), `beslut`,
            `per_1000` (persons per 1 000 inhabitants; NA = unknown), `people_tabell`, highest
            first.
        ar: The year.
    """
    if quotas.empty or quotas["per_1000"].isna().all():
        text = (
            "Länstal per tusen invånare kan inte räknas för {ar}: länstalen eller folkmängden"
            " saknas."
        )
        return (gap("lanstal_lan", text, ar=str(ar)),)
    sources = (*tables_of(quotas), *people_of(quotas))
    known = quotas.dropna(subset=["per_1000"])
    highest, lowest = known.iloc[0], known.iloc[-1]
    values: dict[str, Value] = {
        "ar": str(ar),
        "hogst": str(highest["lan"]),
        "hogst_tal": Fact(float(highest["per_1000"]), RATE, sources, decimals=1),
        "lagst": str(lowest["lan"]),
        "lagst_tal": Fact(float(lowest["per_1000"]), RATE, sources, decimals=1),
    }
    text = (
        "I förhållande till folkmängden var länstalet {ar} högst för {hogst}, {hogst_tal} per tusen"
        " invånare, och lägst för {lagst}, {lagst_tal}."
    )
    figure = Figure(
        "lanstal_lan_figur",
        "Länstal per tusen invånare {ar}.",
        "En rad per län med länstalet per tusen invånare, från {hogst} ({hogst_tal}) till {lagst}"
        " ({lagst_tal}).",
        lambda ax, language: draw_rates(
            quotas,
            ax,
            language,
            language.t("Länstal per {antal} invånare", antal=language.number(1000)),
        ),
        size_rates(quotas),
        _quota_table(quotas, ar),
        values,
    )
    return (Statement("lanstal_lan", text, values), figure)


def _quota_table(quotas: pd.DataFrame, ar: int) -> Table:
    columns = [
        Column("lan", "Län", report="lan/{lanskod}"),
        Column("lanstal", "Länstal", "personer", published=True, sources=tables_of(quotas)),
        Column("folkmangd", "Folkmängd 31 december", "invånare", sources=people_of(quotas)),
        Column("per_1000", "Per tusen invånare", "", 1),
        Column("beslut", "Beslut", published=True, sources=tables_of(quotas)),
    ]
    sources, values = (*tables_of(quotas), *people_of(quotas)), {"ar": str(ar)}
    return Table(
        "lanstal_lan_tal",
        "Länstal per tusen invånare {ar}",
        quotas,
        columns,
        sources,
        values,
        ("lanskod",),
    )


def share_views(shares: pd.DataFrame, ar: int) -> tuple[View, ...]:
    """Return who received more than its part of the population: a sentence and the figure; or the
    gap.

    Args:
        shares: `lanskod`, `lan`, `antal` (persons), `folkmangd` (inhabitants), `received_share`,
            `people_share`, `difference` (0–1), `beyond` (persons), `tabell`, `people_tabell`, the
            largest surplus first.
        ar: The year.
    """
    if shares["difference"].isna().any():
        text = (
            "Länens delar av mottagandet {ar} kan inte räknas: uppgift saknas för en del av"
            " kommunerna."
        )
        return (gap("delar", text, ar=str(ar)),)
    percents = {
        "received_percent": "received_share",
        "people_percent": "people_share",
        "points": "difference",
    }
    shown = shares.assign(**{name: shares[share] * 100 for name, share in percents.items()})
    values = _share_values(shown, ar)
    figure = Figure(
        "delar_figur",
        "Länens del av de mottagna mot deras del av befolkningen {ar}.",
        "En rad per län: hur många procentenheter länets del av de mottagna ligger över eller under"
        " dess del av befolkningen, från {mest} ({mest_enheter}) till {minst} ({minst_enheter}).",
        lambda ax, language: draw_shares(shown, ax, language),
        size_shares(shown),
        _share_table(shown, ar),
        values,
    )
    text = (
        "{fler} av {alla} län tog emot fler nyanlända {ar} än deras del av befolkningen motsvarar."
        " {mest} låg mest över ({mest_enheter:procentenheter}, {mest_personer:personer}) och"
        " {minst} mest under ({minst_enheter:procentenheter}, {minst_personer:personer})."
    )
    return (Statement("delar", text, values), figure)


def _share_values(shown: pd.DataFrame, ar: int) -> dict[str, Value]:
    sources = sources_of(shown)
    ends: Mapping[str, Mapping[Any, Any]] = {
        "mest": shown.iloc[0].to_dict(),
        "minst": shown.iloc[-1].to_dict(),
    }
    values: dict[str, Value] = {
        "ar": str(ar),
        "fler": Fact(int((shown["difference"] > 0).sum()), "län", sources),
        "alla": Fact(len(shown), "län", sources),
    }
    for name, row in ends.items():
        values[name] = str(row["lan"])
        values[f"{name}_enheter"] = Fact(
            float(row["points"]),
            "procentenheter",
            sources,
            decimals=1,
            sign=True,
            of=float(shown["antal"].sum()),
        )
        values[f"{name}_personer"] = Fact(
            float(row["beyond"]), "personer", sources, decimals=0, sign=True
        )
    return values


def _share_table(shown: pd.DataFrame, ar: int) -> Table:
    columns = [
        Column("lan", "Län", report="lan/{lanskod}"),
        Column("antal", "Mottagna", "personer", measure="mottagna"),
        Column("received_percent", "Del av de mottagna", "%", 1, of=float(shown["antal"].sum())),
        Column("people_percent", "Del av befolkningen", "%", 1, of=float(shown["folkmangd"].sum())),
        Column(
            "points", "Skillnad", "procentenheter", 1, sign=True, of=float(shown["antal"].sum())
        ),
        Column("beyond", "Fler eller färre än länets del", "personer", 0, sign=True),
    ]
    sources, caption = sources_of(shown), "Länens del av de mottagna och av befolkningen {ar}"
    return Table("delar_tal", caption, shown, columns, sources, {"ar": str(ar)}, ("lanskod",))
