"""The one place where ASCII identifiers meet the Swedish a reader sees; and what sentences count,
with its plural.
"""

NOUNS = {
    "andra år": "annat år",
    "barn": "barn",
    "dragningar": "dragning",
    "ensamkommande barn": "ensamkommande barn",
    "gånger": "gång",
    "intervall": "intervall",
    "kommuner": "kommun",
    "kommunrader": "kommunrad",
    "kända prognoser": "känd prognos",
    "nyanlända": "nyanländ",
    "personer": "person",
    "platser": "plats",
    "procentenheter": "procentenhet",
    "prognoser": "prognos",
    "tidigare prognoser": "tidigare prognos",
    "tryckta intervall": "tryckt intervall",
}


KATEGORIER = {
    "kvotflykting": "Kvotflyktingar",
    "anlaggningsboende": "Från anläggningsboende",
    "eget_boende": "Från eget boende",
    "anhoriga": "Anhöriga",
    "ovriga": "Övriga",
    "totalt": "Totalt",
}
TABELLER = {
    "folkmangd": "Folkmängd",
    "asylsokande": "Asylsökande i riket",
    "mottagna": "Mottagna per kommun",
    "kategorier": "Mottagna efter kategori",
    "manader": "Mottagna per månad",
    "kommuntal": "Kommuntal",
    "lanstal": "Länstal",
    "anvisningar": "Anvisningar i riket",
    "prognoser": "Prognos, ensamkommande",
    "andelstal": "Andelstal",
    "utfall": "Utfall, ensamkommande",
}
MATT = {
    "nyanlanda_bosatta": "Nyanlända som beräknas bosätta sig",
    "anvisningsbara_platser": "Anvisningsbara platser i riket",
    "lanstal": "Länstal",
    "lanstal_forslag": "Föreslaget länstal",
    "prognos_ekb": "Prognos, ensamkommande barn i riket",
    "prognos_nyanlanda": "Prognos, nyanlända att anvisa i riket",
    "forvantat_ekb": "Förväntat antal ensamkommande barn",
    "antagande_ekb": "Antagande, ensamkommande barn",
    "svarande_kommuner": "Kommuner som svarat på lägesbilden",
    "kommuner_i_lanet": "Kommuner i länet",
    "diskussionsgrupper": "Diskussionsgrupper på Migrationsrådet",
    "prioriteringar": "Föreslagna prioriteringar",
    "ekb_riket_hittills": "Ensamkommande barn i riket hittills under året",
    "utfall_ekb": "Mottagna ensamkommande barn",
    "prognos_ekb_lan": "Prognos för länet, ensamkommande barn",
    "prognos_asylsokande": "Prognos, asylsökande i riket",
    "kommuntal": "Kommuntal",
    "samhallsorientering_deltagare": "Deltagare i samhällsorientering per vecka",
    "overenskommelse_forsta_ar": "Överenskommelsens första år",
    "overenskommelse_sista_ar": "Överenskommelsens sista år",
}
KAPACITET = {
    "platser_hem": "Platser i hem",
    "platser_familjehem": "Platser i familjehem",
    "bostader": "Bostäder",
    "skolplatser": "Skolplatser",
    "personal": "Personal",
}
MANADER = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)
VERDICTS = {  # where an outcome lies against what chance gives (A20)
    "fewer": "färre än slumpen brukar ge",
    "within": "inom det som slumpen ger",
    "more": "fler än slumpen brukar ge",
}
TRUST = {"high": "hög", "medium": "medel", "low": "låg"}
CHECKS = {
    "andelstal_sum": "Summan av andelstalen",
    "utfall_sum": "Summan av utfallet",
    "forvantat_cells": "Tryckta intervall som återskapas, förväntat",
    "forvantat_sum_low": "Summaradens lägre tal, förväntat",
    "forvantat_sum_high": "Summaradens högre tal, förväntat",
    "forvantat_inside": "Produkten inom summaradens intervall, förväntat",
    "antagande_cells": "Tryckta intervall som återskapas, antagande",
    "antagande_sum_low": "Summaradens lägre tal, antagande",
    "antagande_sum_high": "Summaradens högre tal, antagande",
    "antagande_inside": "Produkten inom summaradens intervall, antagande",
    "forvantat_ekb": "Dokumentets produkt, förväntat",
    "antagande_ekb": "Dokumentets produkt, antagande",
    "kommuner_i_lanet": "Antal kommuner i länet",
    "lanstal": "Kommuntalen mot länstalet",
    "lanstal_forslag": "Föreslaget länstal mot beslutat",
    "riket": "Kommuntalen mot rikets tal",
    "kategorier": "Kategorierna mot kommunens totalsumma",
    "asylsokande": "Kvinnor och män mot alla asylsökande",
    "ensamkommande": "Flickor och pojkar mot alla ensamkommande",
    "antal": "Kommunerna mot länets delsumma",
    "varav_ensamkommande": "Kommunernas ensamkommande mot länets delsumma",
    "manad": "Månadens tal i kommunerna mot tryckt summa",
    "helar": "Årets tolv månader mot årets tal",
}


def tables_of(check: str) -> tuple[str, ...]:
    """Return the published tables that a reconciliation check is about.

    >>> (tables_of("kommuntal_2018.lanstal"),
    ...  tables_of("overlap.kommunmottagna_2018.kommunmottagna_kolada.cell"))
    (('kommuntal_2018',), ('kommunmottagna_2018', 'kommunmottagna_kolada'))
    """
    parts = check.split(".")
    return tuple(parts[1:3]) if parts[0] == "overlap" else (parts[0],)


def check_label(check: str) -> str:
    """Return what a reconciliation check compares, in Swedish.

    >>> check_label("andelstal_2018_ac.utfall_sum"), check_label("lanstal.SFS 2018:1592")
    ('Summan av utfallet', 'Länens lista mot rikets tal')
    """
    table, _, rest = check.partition(".")
    if table == "overlap":
        return (
            "Kommunens tal i två källor"
            if rest.endswith(".cell")
            else "Samma uppgifter i två källor"
        )
    if table == "lanstal":
        return "Länens lista mot rikets tal"
    if table == "dokumentuppgifter" and rest == "lanstal":
        return "Dokumentets länstal mot beslutat"
    return CHECKS[rest.split(".")[-1]]
