"""More of the corpus: tables of other years, and figures written in every odd way that still can be
read.
"""

import copy

from .corpus import Build, Case, andelstal, at, book, find, in_bytes, kommuntal, mottagna
from .layouts import Rows, as_csv


def year(ar: int, *changes) -> Build:
    """The kommunmottagna layout said to be of another year, changed."""

    def build(sound) -> bytes:
        rows = copy.deepcopy(sound.mottagna)
        rows[1][1] = rows[1][1].replace("2018", str(ar))
        for change in changes:
            change(rows)
        return as_csv(rows)

    return build


def moved(name: str, lan: str, other: str) -> Build:
    """A change that moves a municipality's row from one county to another, and its figures from sum
    to sum.
    """

    def change(rows: Rows) -> None:
        row = rows.pop(find(rows, name))
        rows.insert(find(rows, lan) + 1, row)
        for label, sign in ((lan, 1), (other, -1)):
            total = next(cells for cells in rows if cells[0] == label and cells[2] == "Delsumma")
            total[3:] = [
                _shown(_number(sum_) + sign * _number(own))
                for sum_, own in zip(total[3:], row[3:], strict=True)
            ]

    return change


def merged(name: str, into: str) -> Build:
    """A change that puts a municipality's figures into the one it was formed out of."""

    def change(rows: Rows) -> None:
        own, target = rows.pop(find(rows, name)), rows[find(rows, into)]
        target[3:] = [
            _shown(_number(one) + _number(other))
            for one, other in zip(target[3:], own[3:], strict=True)
        ]

    return change


def _number(cell: str) -> int:
    return int(cell.replace(" ", "") or 0)


def _shown(number: int) -> str:
    return str(number) if number else ""


heby = moved("HEBY", "VÄSTMANLANDS LÄN", "UPPSALA LÄN")
knivsta = merged("KNIVSTA", "UPPSALA")


def _one_more(rows: Rows) -> None:
    """One person more in one municipality and every sum: the figures are no other year's."""
    own = find(rows, "KARLSHAMN")
    subtotal = next(
        number for number, row in enumerate(rows) if number > own and row[2] == "Delsumma"
    )
    for row in (rows[own], rows[subtotal], rows[-1]):
        for column in (3, 13):
            row[column] = str(_number(row[column]) + 1)


def _mark(mark: str):
    """A small number hidden by the agency behind a mark."""

    def change(rows: Rows) -> None:
        row = next(row for row in rows[1:] if row[1] and row[5].isdigit() and 1 <= int(row[5]) <= 5)
        row[5] = mark

    return change


def _heby_in_kommuntal(rows: Rows) -> None:
    """Heby under its old county and code, with one person more than any year in hand."""
    own = rows.pop(find(rows, "HEBY"))
    old = next(
        number for number, row in enumerate(rows) if row[0] == "VÄSTMANLANDS LÄN" and not row[1]
    )
    new = next(number for number, row in enumerate(rows) if row[0] == "UPPSALA LÄN" and not row[1])
    for column in (4, 5):
        moved_figure = int(own[column])
        own[column] = str(moved_figure + 1)
        rows[old][column] = str(int(rows[old][column]) + moved_figure + 1)
        rows[new][column] = str(int(rows[new][column]) - moved_figure)
    rows.insert(old, ["VÄSTMANLANDS LÄN", "HEBY", "19", "1917", *own[4:]])


def _as_text(made, own) -> None:
    own["N8"].value = str(own["N8"].value)


def _hidden_row(made, own) -> None:
    made.create_sheet("Först", 0)
    own.row_dimensions[9].hidden = True


def _in_nation(old: str, new: str) -> Build:
    return in_bytes(lambda data: data.replace(old.encode(), new.encode()))


REFUSED = [
    Case(
        "heby2006.csv",
        year(2006),
        "fel_lan",
        "HEBY ligger i Västmanlands län",
        ar=None,
        title="Heby too early",
    ),
    Case(
        "heby2018.csv",
        year(2018, heby),
        "fel_lan",
        "HEBY ligger i Uppsala län",
        title="Heby too late",
    ),
    Case(
        "heby_kod.csv",
        kommuntal(lambda rows: None),
        "okand_kommun",
        "hade koden 1917 till och med 2006",
        ar=2006,
    ),
    Case(
        "knivsta.csv", year(2002, heby), "okand_kommun", "Knivsta bildades 2003 ur Uppsala", ar=None
    ),
    Case("utan_knivsta.csv", year(2003, heby, knivsta), "kommun_saknas", "Knivsta", ar=None),
    Case("for_tidigt.csv", year(1999), "ar_utanfor", "2000–2030", ar=None),
    Case(
        "indelning.csv",
        andelstal(lambda rows: None),
        "annan_indelning",
        "annan indelning",
        lan="19",
        ar=2006,
    ),
    Case(
        "tva_rader.csv",
        kommuntal(lambda rows: rows.insert(2, rows[1])),
        "dubblett",
        "står redan",
        title="twice",
    ),
    Case(
        "utfall_dolt.csv",
        andelstal(lambda rows: _hidden_outcome(rows)),
        "summa_haller_inte",
        "99 står tryckt",
    ),
]


def _hidden_outcome(rows: Rows) -> None:
    rows[find(rows, "Bjurholm")][4] = ".."
    rows[find(rows, "Summa")][4] = "99"


WARNED = [
    Case(
        "2006.csv",
        year(2006, heby, _one_more),
        "alias",
        "Heby hörde till Västmanlands län till och med 2006",
        ar=None,
    ),
    Case(
        "2002.csv", year(2002, heby, knivsta), "alias", "talen läggs under dagens kod 0331", ar=None
    ),
    Case(
        "heby1917.csv",
        kommuntal(_heby_in_kommuntal),
        "lagat_namn",
        "under dagens kod 0331",
        ar=2006,
    ),
    Case("tal_som_text.xlsx", book(_as_text), "tal_som_text", "1 tal är sparade som text"),
    Case("dold_i_blad.xlsx", book(_hidden_row), "dold_rad", "dold i bladet ”Tabell”"),
    Case("hart.csv", _in_nation("44 216", "44\u00a0216"), "mellanslag", "lästes som vanliga"),
    Case("smalt.csv", _in_nation("44 216", "44\u2009216"), "mellanslag", "lästes som vanliga"),
    Case("smalt_hart.csv", _in_nation("44 216", "44\u202f216"), "mellanslag", "lästes som vanliga"),
    Case("minus.csv", andelstal(at("Bjurholm", 3, "1\u22122")), "minustecken", "lästes som ”-”"),
    *[
        Case(f"dolt_{ord(mark):x}.csv", kommuntal(_mark(mark)), "ej_redovisat", f"”{mark}”")
        for mark in "-–—…"
    ],
    Case("fotnot_1.csv", mottagna(at("KARLSHAMN", 13, "170 1)")), "fotnotstecken", "170 1)"),
    Case("falu.csv", mottagna(at("FALUN", 2, "FALU KOMMUN")), "alias", "lästes som Falun"),
    Case(
        "gotland.csv", mottagna(at("GOTLAND", 2, "Region Gotland")), "alias", "lästes som Gotland"
    ),
]
