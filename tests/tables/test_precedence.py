"""Tables that a user has imported or fetched: new years appear, doubled figures are settled and
listed.
"""

import re

import pytest

from helpers import cases, tables
from helpers.contracts.files import sha256_of
from helpers.errors import DataError
from helpers.model import reception
from helpers.sources import aside

ENTRY = """
[{id}]
path = "imported/{id}.csv"
kind = "{kind}"
precedence = {precedence}
producer = "Prov"
title = "Prov"
published = "prov"
read_on = 2026-01-01
licence = "prov"
origin = "official"
trust = "medium"
sha256 = "{sha256}"
"""


def add(data, table_id, rows, precedence=30, kind="kommunmottagna", columns=None):
    folder = data / "imported"
    folder.mkdir(exist_ok=True)
    header = columns or "kommunkod,ar,kategori,antal,varav_ensamkommande"
    file = folder / f"{table_id}.csv"
    file.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    with (folder / "entries.toml").open("a", encoding="utf-8") as entries:
        entries.write(
            ENTRY.format(id=table_id, kind=kind, precedence=precedence, sha256=sha256_of(file))
        )


def totals(workbook, ar, change=None):
    """One row per municipality with a year's totals as another source would print them."""
    koder = list(workbook.kommuner["kommunkod"])
    known = workbook.mottagna[
        (workbook.mottagna["ar"] == 2018) & (workbook.mottagna["kategori"] == "totalt")
    ]
    antal = dict(zip(known["kommunkod"], known["antal"], strict=True)) | (change or {})
    return [f"{kod},{ar},totalt,{antal[kod]}," for kod in koder]


def test_a_new_year_appears_in_every_area_and_names_its_table(workbook, data_copy):
    add(data_copy, "kommunmottagna_kolada", totals(workbook, 2017))
    loaded = tables.load(data_copy)
    table = reception.reception_by_year(
        loaded.mottagna, loaded.country.kommunkoder, range(2016, 2019)
    ).set_index("ar")
    assert table.loc[2017, "antal"] == 44_216
    assert table.loc[2017, "tabell"] == "kommunmottagna_kolada"
    assert table.loc[2016, "antal"] == 68_761


def test_the_table_with_precedence_counts_and_the_difference_is_listed_never_averaged(
    workbook, data_copy
):
    add(data_copy, "kommunmottagna_kolada", totals(workbook, 2018, {"2480": 409}))
    loaded = tables.load(data_copy)
    own = loaded.mottagna[
        (loaded.mottagna["kommunkod"] == "2480") & (loaded.mottagna["ar"] == 2018)
    ]
    assert own.loc[own["kategori"] == "totalt", "antal"].tolist() == [405]
    ledger = cases.ledger(loaded).set_index("check")
    pair = "overlap.kommunmottagna_2018.kommunmottagna_kolada"
    assert ledger.loc[pair, ["published", "recomputed"]].tolist() == [290, 289]
    cell = ledger.loc[f"{pair}.cell"]
    assert (cell["subject"], cell["published"], cell["recomputed"], cell["known"]) == (
        "2480",
        405,
        409,
        True,
    )


def test_a_population_in_two_sources_is_compared_too(data_copy):
    add(
        data_copy,
        "folkmangd_kolada",
        ["2480,2018,127118"],
        kind="folkmangd",
        columns="kommunkod,ar,folkmangd",
    )
    loaded = tables.load(data_copy)
    ledger = cases.ledger(loaded).set_index("check")
    cell = ledger.loc["overlap.folkmangd.folkmangd_kolada.cell"]
    assert (cell["subject"], cell["published"], cell["recomputed"]) == ("2480", 127_119, 127_118)


def test_an_imported_file_of_the_agency_supersedes_the_projects_own_figure(workbook, data_copy):
    add(data_copy, "kommunmottagna_2018_fil", ["2480,2018,totalt,407,"], precedence=10)
    loaded = tables.load(data_copy)
    own = loaded.mottagna[loaded.mottagna["tabell"] == "kommunmottagna_2018_fil"]
    assert own["antal"].tolist() == [407]


def test_a_blank_figure_never_displaces_a_known_one(workbook, data_copy):
    add(data_copy, "kommunmottagna_2018_fil", ["2480,2018,totalt,,"], precedence=10)
    loaded = tables.load(data_copy)
    own = loaded.mottagna[
        (loaded.mottagna["kommunkod"] == "2480") & (loaded.mottagna["ar"] == 2018)
    ]
    assert own.loc[own["kategori"] == "totalt", "antal"].tolist() == [405]


def test_two_tables_of_equal_rank_with_the_same_figure_are_refused(workbook, data_copy):
    add(data_copy, "kommunmottagna_ny", ["2480,2018,totalt,407,"], precedence=20)
    with pytest.raises(DataError, match="share a key, the first at kommunkod 2480, ar 2018"):
        tables.load(data_copy)


def test_an_imported_table_of_a_kind_that_is_not_known_is_set_aside(data_copy, monkeypatch):
    heard: list[str] = []
    monkeypatch.setattr(aside, "listeners", [heard.append])
    add(data_copy, "hemligt", ["1"], kind="hemligt", columns="x")
    assert "hemligt" not in tables.load(data_copy).catalogue.entries
    assert "entries.toml, [hemligt]" in heard[0]
    assert "is not a kind of table" in heard[0]


def test_a_table_of_ours_without_a_schema_joins_its_kind_or_is_refused_where_its_entry_is(
    data_copy,
):
    whole = (data_copy / "published" / "kommuntal_2018.csv").read_text("utf-8").splitlines()
    entry = (data_copy / "sources.toml").read_text("utf-8")
    (own,) = re.findall(r"(?ms)^\[kommuntal_2018\]\n.*?(?=^\[(?!kommuntal_2018\.))", entry)
    later = [re.sub(r"(^|,)2018(,|$)", r"\g<1>2017\2", line) for line in whole]
    (data_copy / "published" / "kommuntal_ny.csv").write_text("\n".join(later) + "\n", "utf-8")
    named = own.partition("\n[")[0].replace("kommuntal_2018", "kommuntal_ny") + "\n"
    named = re.sub(
        r'sha256 = "\w+"',
        f'sha256 = "{sha256_of(data_copy / "published/kommuntal_ny.csv")}"',
        named,
    )
    (data_copy / "sources.toml").write_text(f"{entry}\n{named}", "utf-8")
    assert "kommuntal_ny" in set(tables.load(data_copy).kommuntal["tabell"])
    nameless = named.replace('kind = "kommuntal"\n', "")
    (data_copy / "sources.toml").write_text(f"{entry}\n{nameless}", "utf-8")
    with pytest.raises(DataError, match=r"data/sources.toml, \[kommuntal_ny\], kind: is missing"):
        tables.load(data_copy)


def test_an_imported_table_is_checked_like_any_other(data_copy):
    add(data_copy, "kommunmottagna_kolada", ["9999,2017,totalt,5,"])
    with pytest.raises(DataError, match="'9999' is not a known code"):
        tables.load(data_copy)


def test_an_imported_table_may_not_take_the_id_of_the_projects_own(data_copy):
    add(data_copy, "folkmangd", ["2480,2017,5"], kind="folkmangd", columns="kommunkod,ar,folkmangd")
    with pytest.raises(DataError, match=r"the id is taken by sources\.toml"):
        tables.load(data_copy)


def test_a_second_share_table_of_a_county_leaves_its_printed_totals_as_they_were(data_copy):
    """Its blank outcome, intervals and sums are not checked, and the county's own products rest on
    its own table.
    """
    printed = (data_copy / "published/andelstal_2018_ac.csv").read_text("utf-8").splitlines()[1:-1]
    rows = [f"{name};{share};;;" for name, share, *_ in (line.split(";") for line in printed)]
    columns = "Kommun;Andelstal;Förväntat;Utfall;Antagande"
    add(data_copy, "andelstal_2019_ac", [*rows, "Summa;31,26;;;"], 10, "andelstal", columns)
    with (data_copy / "imported/entries.toml").open("a", encoding="utf-8") as entries:
        entries.write('lan = "24"\nar = 2019\ndelimiter = ";"\ndecimal = ","\nsum_row = "Summa"\n')
        entries.write(
            'columns = { "Kommun" = "kommun", "Andelstal" = "andelstal", "Förväntat" = "forvantat", '
        )
        entries.write('"Utfall" = "utfall", "Antagande" = "antagande" }\n')
    loaded = tables.load(data_copy)
    ledger = cases.ledger(loaded)
    one_source = ~ledger["check"].str.startswith("overlap.")
    assert ledger.loc[~ledger["agrees"] & one_source, "check"].tolist() == [
        "andelstal_2018_ac.utfall_sum",
        "andelstal_2018_ac.antagande_inside",
    ]
    assert ledger.set_index("check").loc["andelstal_2019_ac.andelstal_sum", "agrees"]
    assert cases.printed_table(loaded, loaded.county("AC"))["ar"].unique().tolist() == [2019]


def test_a_forecast_that_several_sources_tell_counts_once_and_what_differs_is_in_the_ledger(
    workbook,
):
    """October 2017: 23 500 (a länsstyrelse) and 23 000 (The Local); July: 28 000 and, derived,
    25 000.
    """
    rows = workbook.prognoser.query("avser_ar == 2017 and matt == 'asylsokande'")
    of_month = rows.set_index(rows["prognosdatum"].str[:7])["varde"]
    assert of_month.index.is_unique
    assert (of_month["2017-07"], of_month["2017-10"]) == (28_000, 23_500)
    differs = cases.ledger(workbook).query("check.str.match('overlap.prognoser.*cell')")
    pairs = differs[["published", "recomputed"]].to_numpy().tolist()
    assert pairs == [[28_000, 25_000], [23_500, 23_000]]
    assert differs["known"].all()
