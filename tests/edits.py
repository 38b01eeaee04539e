"""One changed figure or name in each published table, such that the table is still sound."""

from pathlib import Path

from helpers.sources import load_catalogue
from helpers.sources.recording import record

EDITS = {
    "andelsnycklar": ('mottagande (1 del)",3,1,ja', 'mottagande (1 del)",4,1,ja'),
    "andelstal_2018_ac": ("Nordmaling;1,14;1-2;0;2-3", "Nordmaling;1,14;1-2;1;2-3"),
    "anvisningar_riket": (",grundbeslut,15200", ",grundbeslut,15201"),
    "asylsokande_riket": ("2018,21502,8573,", "2018,21503,8573,"),
    "asylsokande_manad": ("2009,1,1932,", "2009,1,1933,"),
    "mottagna_sammanlagt": ("0114,2006,2013,19.5", "0114,2006,2013,19.6"),
    "dokumentuppgifter": ("38 000;personer", "38 001;personer"),
    "enskilda_uppgifter": ("2012,mottagna_nyanlanda,524", "2012,mottagna_nyanlanda,525"),
    "folkmangd": ("0114,2008,38248", "0114,2008,38249"),
    "indelningsandringar": (",Malung,", ",Malungs,"),
    "kommuner": ("0114,Upplands Väsby", "0114,Upplands Vesby"),
    "kommunmottagna_2015_2016": ("0114,2015,totalt,166", "0114,2015,totalt,167"),
    "kommunmottagna_2018": ("0114,2018,anhoriga,32,0", "0114,2018,anhoriga,33,0"),
    "kommunmottagna_2018_summor": ("00,2018,anhoriga,16562,10", "00,2018,anhoriga,16563,10"),
    "kommuntal_2018": ("0114,2018,84,81", "0114,2018,85,81"),
    "kommuntal_kramfors_2022": ("2282,2022,10", "2282,2022,11"),
    "kommuntal_ostergotland": ("0512,2019,3", "0512,2019,4"),
    "kommuntal_forsta_beslut": ("1421,2017,78", "1421,2017,79"),
    "kommuntal_lansstyrelser": ("1315,2019,5", "1315,2019,6"),
    "kommuntal_press": ("2080,2020,59", "2080,2020,60"),
    "kommuntal_skane": ("1281,2020,149", "1281,2020,150"),
    "lan": ("C,Uppsala län", "C,Upsala län"),
    "fordelningstal_2016": ("12,2016,5150", "12,2016,5151"),
    "lanstal_lansstyrelser": (
        "12,2021,SFS 2020:812,grundbeslut,,809",
        "12,2021,SFS 2020:812,grundbeslut,,810",
    ),
    "lanstal_press": ("grundbeslut,,3577", "grundbeslut,,3578"),
    "lanstal": ("grundbeslut,2017-01-01,8781", "grundbeslut,2017-01-01,8782"),
    "prognoser_officiella": ("ensamkommande,main,8000,", "ensamkommande,main,8001,"),
    "prognoser_press": ("ensamkommande,mellan,18000,", "ensamkommande,mellan,18001,"),
    "prognoser_harledda": ("exkl_omfordelning,25000", "exkl_omfordelning,25001"),
}


def edit(data: Path, table_id: str, change: tuple[str, str] | None = None) -> str:
    """Change a table in a data folder and record its checksum; return what `fingerprints` calls its
    file.
    """
    path = load_catalogue(data)[table_id].path
    old, new = change or EDITS[table_id]
    text = (data / path).read_text("utf-8")
    assert text.count(old) == 1, (table_id, text.count(old))
    (data / path).write_text(text.replace(old, new), "utf-8")
    record(table_id, data)
    return path
