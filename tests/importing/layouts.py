"""Sound files in each known layout, made from the published tables; the corpus spoils them."""

import io
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
Rows = list[list[str]]


@dataclass(frozen=True)
class Sound:
    """Sound tables as rows of text, for the corpus to copy and spoil."""

    mottagna: Rows
    kommuntal: Rows
    andelstal: Rows


def sound(workbook) -> Sound:
    """The three layouts, filled with the published figures of 2018."""
    return Sound(_mottagna(workbook), _kommuntal(workbook), _andelstal(workbook))


def as_csv(rows: Iterable[list[str]], mark: str = ";") -> bytes:
    """Rows as an agency's CSV: a cell with a line break in quotes."""
    return "".join(mark.join(_quoted(cell, mark) for cell in row) + "\r\n" for row in rows).encode("utf-8")


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
    title = "Kommunmottagna enligt ersättningsförordningen 2018.\nUppdelad på län/kommun och kategori."
    rows = [[""] * width, ["Rubrik", title], ["Uppdaterad", "2019-03-25 10.55"], ["", "En not om tabellen."], [""]]
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
    rows = [["", "", row["kommun"].upper(), *_figures([row["kommunkod"]], figures)] for row in own.to_dict("records")]
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
    year = workbook.kommuntal[workbook.kommuntal["ar"] == 2018]
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
