"""Whose figures a row of a table by month holds: a municipality's, a county's, the nation's, or nobody knows whose."""

import re

from helpers.tables.importing.names import ConflictingPlaceError, Found, Gazetteer, UnknownPlaceError, key

UNKNOWN_PLACE = ""
UNKNOWN_WORDS = {"okänd kommun", "okänd", "kommun okänd", "okända kommuner"}
NATION_WORDS = {"riket", "hela riket", "sverige", "hela landet"}
SUM_WORDS = {"totalt", "total", "summa", "delsumma"}
COUNTY = re.compile(r"(?:(?:totalt|summa|delsumma) )?(.+ län)(?: (?:totalt|summa|delsumma))?")


def place_of(told: dict[str, str], gazetteer: Gazetteer, lanskod: str) -> Found:
    """Return whose row it is: four digits, two for a county's sum, "00" for the nation's, or UNKNOWN_PLACE.

    Args:
        told: What the row says under kommun, kommunkod, län and länskod, where there are such columns.
        gazetteer: The places of the table's year.
        lanskod: The county code of the municipality last read, for a Delsumma that does not name its own.

    Raises:
        UnknownPlaceError: the row names no place. ConflictingPlaceError: its name and codes say different ones.
    """
    kommun, lan = told.get("kommun", ""), told.get("län", "")
    word, home = key(kommun).rstrip("*:¹²³ "), key(lan)
    if word in UNKNOWN_WORDS:
        return Found(UNKNOWN_PLACE)
    if word in NATION_WORDS or home in NATION_WORDS | SUM_WORDS or (word in SUM_WORDS - {"delsumma"} and not lan):
        return Found("00")
    if word == "delsumma" and not lan and lanskod:
        return Found(lanskod)
    if not word and not lan:
        raise UnknownPlaceError("Raden har siffror men ingen kommun.")
    if word in SUM_WORDS or not word:
        return Found(gazetteer.county(lan))
    if county := COUNTY.fullmatch(word):
        return Found(gazetteer.county(county[1]))
    found = gazetteer.municipality(kommun, told.get("kommunkod", ""))
    _check_county(found.kod, kommun, lan, told.get("länskod", ""), gazetteer)
    return found


def _check_county(kod: str, kommun: str, lan: str, lanskod: str, gazetteer: Gazetteer) -> None:
    home = gazetteer.home(kod)
    if (lan and gazetteer.county(lan) != home) or (lanskod and lanskod.zfill(2) != home):
        says = f"Län och kommun säger olika: {kommun} ({kod}) ligger i {gazetteer.counties[home]}, inte i "
        raise ConflictingPlaceError(f"{says}{lan or lanskod}.")
