"""The published tables are what was published: compared with the agency's own file where it is at
hand.
"""

import csv
import os
from pathlib import Path

import pytest

from helpers.sources import read_published

SHARED = Path(os.environ.get("MOTTAGNING_SHARED", Path(__file__).parents[3] / "shared"))
AGENCY = SHARED / "data/raw/Kommunmottagna_enligt_ersattningsforordningen_2018.csv"
KATEGORIER = ["kvotflykting", "anlaggningsboende", "eget_boende", "ovriga", "anhoriga", "totalt"]


def test_the_share_table_stands_exactly_as_printed(workbook):
    """Länsstyrelsen Västerbotten, Antal och andelar 2019: first row, Umeå, and the sum row."""
    table = read_published(workbook.catalogue, "andelstal_2018_ac")
    assert table.iloc[0].tolist() == ["Nordmaling", "1,14", "1-2", "0", "2-3"]
    assert table.iloc[12].tolist() == ["Umeå", "11,97", "18", "11", "27-28"]
    assert table.iloc[15].tolist() == ["Summa", "31,26", "40-53", "35", "66-70"]


def test_the_tables_have_as_many_places_as_sweden(workbook):
    assert len(workbook.lan) == 21
    assert len(workbook.kommuner) == 290
    assert (workbook.kommuner["kommunkod"].str[:2] == workbook.kommuner["lanskod"]).all()


def test_every_table_says_who_published_it_and_how_far_it_is_trusted(workbook):
    for table in workbook.catalogue.tables.values():
        assert table.producer
        assert table.title
        assert table.licence
        assert len(table.sha256) == 64


@pytest.mark.skipif(
    not AGENCY.is_file(), reason="the agency's own file is not at hand; set MOTTAGNING_SHARED"
)
def test_our_transcription_holds_every_cell_of_the_agencys_own_file(workbook):
    rows = list(csv.reader(AGENCY.open(encoding="utf-8-sig", newline=""), delimiter=";"))
    names = {
        row.kommun.upper().replace("-", " "): row.kommunkod
        for row in workbook.kommuner.itertuples()
    }
    ours = workbook.mottagna[workbook.mottagna["ar"] == 2018].set_index(["kommunkod", "kategori"])
    header = next(
        number
        for number, row in enumerate(rows)
        if len(row) > 3 and row[3].startswith("Kvotflykting")
    )
    own = [
        row
        for row in rows[header + 1 :]
        if len(row) > 2 and row[2] and row[2] not in ("Delsumma", "Totalt")
    ]
    assert len(own) == 290
    for row in own:
        cells = [int(cell.replace(" ", "").replace("\u00a0", "") or 0) for cell in row[3:15]]
        kod = names[row[2].replace("-", " ")]
        printed = dict(zip(KATEGORIER, zip(cells[::2], cells[1::2], strict=True), strict=True))
        for kategori, pair in printed.items():
            assert tuple(ours.loc[(kod, kategori), ["antal", "varav_ensamkommande"]]) == pair, (
                row[2],
                kategori,
            )
