"""What sentences count, in Swedish: many → one. The English of both stands in the catalogue, as a plural entry."""

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
