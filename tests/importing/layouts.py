"""Sound files in each known layout, made from the published tables; the corpus spoils them."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

import openpyxl

CATEGORIES = {
    "kvotflykting": "Kvotflykting (Kategori 1)",
    "anlaggningsboende": "Person från anläggningsboende (ABO) i Migrations-verkets mottagningssystem (Kategori 2)",
    "eget_boende": "Person från eget boende (EBO) i Migrations-verkets mottagningssystem (Kategori 6)",
    "ovriga": "Övriga (Kategori 3 och 8)",
    "anhoriga": "Anhöriga (Kategori 4)",
    "totalt": "Totalt",
}
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
          "december")  # fmt: skip
Rows = list[list[str]]
SMALL = {"1", "2", "3", "4", "5"}  # persons, whose number is hidden


@dataclass(frozen=True)
class Sound:
    """Sound tables as rows of text, for the corpus to copy and spoil."""

    mottagna: Rows
    kommuntal: Rows
    andelstal: Rows
    manad: Rows
    since_2020: bytes


def sound(workbook) -> Sound:
    """Three layouts filled with the published figures of 2018, and the synthetic table by month."""
    return Sound(
        _mottagna(workbook),
        _kommuntal(workbook),
        _andelstal(workbook),
        by_month(workbook, 2026),
        saved(since_2020(workbook)),
    )


def as_csv(rows: Iterable[list[str]], mark: str = ";") -> bytes:
    """Rows as an agency's CSV: a cell with a line break in quotes."""
    return "".join(mark.join(_quoted(cell, mark) for cell in row) + "\r\n" for row in rows).encode(
        "utf-8"
    )


def _quoted(cell: str, mark: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & {mark, "\n", '"'} else cell


def as_xlsx(rows: Rows, title: str = "Tabell") -> "openpyxl.Workbook":
    """Rows as a workbook; digits become numbers."""
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append([_typed(cell) for cell in row])
    return book


def _typed(cell: str) -> object:
    bare = cell.replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"\d+,\d+", bare):
        return float(bare.replace(",", "."))
    return int(bare) if bare.isdigit() and not (len(bare) == 4 and bare[0] == "0") else cell or None


def saved(book: "openpyxl.Workbook") -> bytes:
    """A workbook's bytes."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mottagna(workbook) -> Rows:
    width = 3 + 2 * len(CATEGORIES)
    header = ["", "", ""]
    for label in CATEGORIES.values():
        header += [label, "varav ensamk barn"]
    title = (
        "Kommunmottagna enligt ersättningsförordningen 2018.\nUppdelad på län/kommun och kategori."
    )
    rows = [
        [""] * width,
        ["Rubrik", title],
        ["Uppdaterad", "2019-03-25 10.55"],
        ["", "En not om tabellen."],
        [""],
    ]
    rows = [row + [""] * (width - len(row)) for row in rows] + [header]
    year = workbook.mottagna[workbook.mottagna["ar"] == 2018]
    figures = {
        (row["kommunkod"], row["kategori"]): (int(row["antal"]), int(row["varav_ensamkommande"]))
        for row in year.to_dict("records")
    }
    for lan in workbook.lan.sort_values("lan").to_dict("records"):
        rows += [*_county(workbook, lan, figures), [""] * width]
    return [*rows, ["", "", "Totalt", *_figures(list(workbook.kommuner["kommunkod"]), figures)]]


def _county(workbook, lan: dict, figures: dict) -> Rows:
    own = workbook.kommuner[workbook.kommuner["lanskod"] == lan["lanskod"]]
    label = lan["lan"].upper()
    rows = [
        ["", "", row["kommun"].upper(), *_figures([row["kommunkod"]], figures)]
        for row in own.to_dict("records")
    ]
    rows[0][0] = label
    return [*rows, [label, "", "Delsumma", *_figures(list(own["kommunkod"]), figures)]]


def _figures(koder: list[str], figures: dict) -> list[str]:
    cells = []
    for name in CATEGORIES:
        for part in (0, 1):
            number = sum(figures[kod, name][part] for kod in koder)
            cells.append(f"{number:,}".replace(",", " ") if number else "")
    return cells


def _kommuntal(workbook) -> Rows:
    rows = [["Län", "Kommun", "Länskod", "Kommunkod", "Tal", "Mottagna"]]
    listed = workbook.kommuntal[~workbook.kommuntal["harledd"]]
    year = listed[listed["ar"] == 2018]
    for lan in workbook.lan.to_dict("records"):
        own = year[year["kommunkod"].str[:2] == lan["lanskod"]]
        names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
        label, code = lan["lan"].upper(), str(int(lan["lanskod"]))
        rows += [
            [label, names[row["kommunkod"]].upper(), code, row["kommunkod"], str(row["kommuntal"]),
             str(row["mottagna_efter_anvisning"])]
            for row in own.to_dict("records")
        ]  # fmt: skip
        total = [str(own[name].sum()) for name in ("kommuntal", "mottagna_efter_anvisning")]
        rows.append([label, "", code, "", *total])
    return rows


def _andelstal(workbook) -> Rows:
    own = workbook.andelstal[workbook.andelstal["tabell"] == "andelstal_2018_ac"]
    names = dict(zip(workbook.kommuner["kommunkod"], workbook.kommuner["kommun"], strict=True))
    rows = [["Kommun", "Kommunkod", "Andelstal", "Förväntat", "Utfall"]]
    for row in own.to_dict("records"):
        share = f"{row['andelstal']:.2f}".replace(".", ",")
        rows.append([names[row["kommunkod"]], row["kommunkod"], share, "1-2", str(row["utfall"])])
    shares = f"{own['andelstal'].sum():.2f}".replace(".", ",")
    return [*rows, ["Summa", "", shares, f"{len(own)}-{2 * len(own)}", str(own["utfall"].sum())]]


def by_month(workbook, ar: int, months: int = 12) -> Rows:
    """A SYNTHETIC table by month: no real file has been at hand.

    Half of what each municipality received in 2018 (rounded up, so that no year is repeated) is
    spread evenly over the year, one more in each of the first months where it does not come out
    even. One person more each month is of unknown place. Months from the one after `months` on are
    not yet published. A "Totalt" column sums the months.
    """
    known = workbook.mottagna[
        (workbook.mottagna["ar"] == 2018) & (workbook.mottagna["kategori"] == "totalt")
    ]
    years = {
        kod: (int(antal) + 1) // 2
        for kod, antal in zip(known["kommunkod"], known["antal"], strict=True)
    }
    lan = dict(zip(workbook.lan["lanskod"], workbook.lan["lan"], strict=True))
    rows = [
        [lan[row["lanskod"]], row["kommun"], *_spread(years[row["kommunkod"]], months)]
        for row in workbook.kommuner.to_dict("records")
    ]
    rows.append(["", "Okänd kommun", *_spread(sum(range(1, 13)), months, list(range(1, 13)))])
    sums = [sum(int(row[place] or 0) for row in rows) for place in range(2, 15)]
    rows.append(
        [
            "",
            "Totalt",
            *(
                str(number) if place < months or place == 12 else ""
                for place, number in enumerate(sums)
            ),
        ]
    )
    names = [f"{name} {ar}" for name in MONTHS]
    title = [f"Kommunmottagna {ar}", *[""] * 14]
    return [title, ["Län", "Kommun", *names, "Totalt"], *sorted(rows, key=lambda row: row[1])]


def _spread(total: int, months: int, parts: list[int] | None = None) -> list[str]:
    parts = parts or [total // 12 + (month < total % 12) for month in range(12)]
    told = parts[:months]
    return [*map(str, told), *[""] * (12 - months), str(sum(told))]


def hidden(rows: Rows) -> Rows:
    """The table by month with each municipality's 1 to 5 persons hidden; the sums stand as
    printed.
    """
    sums = {"Totalt", "Okänd kommun"}
    return [
        row if row[1] in sums else [".." if cell in SMALL else cell for cell in row] for row in rows
    ]


def with_information(rows: Rows, title: str = "Tabell") -> "openpyxl.Workbook":
    """The table by month as a workbook, behind a sheet with text."""
    book = as_xlsx(rows, title)
    sheet = book.create_sheet("Information", 0)
    for line in (
        "Statistik om kommunmottagna",
        "Uppdaterad 2027-01-15",
        "Med .. menas färre än sex personer.",
    ):
        sheet.append([line])
    return book


def since_2020(workbook, lan: str = "each", nation: bool = True) -> "openpyxl.Workbook":
    """A SYNTHETIC workbook in the layout that is described of the agency's files since about 2020.

    A sheet Information, the sheet by county, municipality and month, and one by sex and month. Two
    lines of text, then the header. Every municipality stands under its county, "Upplands-Väsby"
    with a hyphen; Bjurholm, where nobody was received, has no row. Below each county stands
    "Totalt", and numbers from 1 to 5 are hidden in the marks that are told of.

    Args:
        workbook: The published tables that the numbers are made from.
        lan: Where the county's name stands: in "each" row, in its "first" row, or in "none".
        nation: Whether the nation's "Totalt" stands last.
    """
    plain = by_month(workbook, 2026, 8)
    places = [2, *range(3, 10), 14]  # eight months and the year so far
    marks = ["..", ". .", "…", "-", "–"]
    rows: Rows = []
    for county in workbook.lan.sort_values("lanskod")["lan"]:
        own = [row for row in plain[2:] if row[0] == county and row[1] != "Bjurholm"]
        own.sort(key=lambda row: row[1])
        sums = [str(sum(int(row[place]) for row in own)) for place in places]
        for row in [*own, [county, "Totalt"]]:
            numbers = sums if row[1] == "Totalt" else [row[place] for place in places]
            shown = [marks[len(rows) % 5] if number in SMALL else number for number in numbers]
            name = row[1].replace("Upplands Väsby", "Upplands-Väsby")
            told = county if lan == "each" or (lan == "first" and row is own[0]) else ""
            rows.append([told, name, *shown])
    unknown = [str(month) for month in range(1, 9)] + ["36"]
    rows.append(["", "Okänd kommun", *unknown])
    known = [row for row in plain[2:] if row[1] not in {"Totalt", "Bjurholm"}]
    total = [str(sum(int(row[place]) for row in known)) for place in places]
    rows += [["Totalt" if lan == "each" else "", "Totalt", *total]] if nation else []
    header = ["Län", "Kommun", *MONTHS[:8], "Totalt"]
    text = [["Nyanlända som tagits emot i en kommun 2026"], ["Efter län, kommun och månad"]]
    if lan == "none":
        header, rows = header[1:], [row[1:] for row in rows]
    book = with_information([*text, header, *rows], "Län, kommun och månad")
    sexes = book.create_sheet("Kön och månad")
    for row in [text[0], ["Kön", *MONTHS[:8], "Totalt"], ["Kvinnor", *total], ["Män", *total]]:
        sexes.append(row)
    return book
