"""Names of places to codes: by rule or by an alias with its evidence, never by likeness."""

import difflib
import re
import unicodedata
from dataclasses import dataclass

import pandas as pd

# Each alias has been seen in a source; the words say why it can mean nothing else.
ALIASES = {
    "malung": ("2023", "Malung-Sälen hette Malung till och med 2007; avkortat i kommuntal 2018"),
    "dalsed": ("1438", "Dals-Ed skrivet utan bindestreck i kommuntal 2018"),
}
COUNTY_ALIASES = {"dalarna": "20", "gotland": "09", "jämtland härjedalen": "23"}
FORMER_CODES = {"1917": ("0331", 2007, "Heby hörde till Västmanlands län (1917) till och med 2006")}
DASHES = re.compile(r"[-\u2010-\u2015\u2212\s\u00a0]+")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


class UnknownPlaceError(ValueError):
    """Why a name or a code is no place we know, and what is nearest."""


@dataclass(frozen=True)
class Found:
    """A municipality's code, and what was done to find it where that is worth telling."""

    kod: str
    note: str = ""


def key(name: str) -> str:
    """Return a name as names are compared here: NFC, no capitals, hyphens and spaces alike.

    >>> key("MALUNG-SÄLEN") == key("Malung\\u00a0Sälen ")
    True
    """
    plain = INVISIBLE.sub("", unicodedata.normalize("NFC", name)).casefold()
    return DASHES.sub(" ", plain).strip()


class Gazetteer:
    """The municipalities and counties by code and by name."""

    def __init__(self, kommuner: pd.DataFrame, lan: pd.DataFrame) -> None:
        self.names = dict(zip(kommuner["kommunkod"].astype(str), kommuner["kommun"].astype(str), strict=True))
        self.counties = dict(zip(lan["lanskod"].astype(str), lan["lan"].astype(str), strict=True))
        self._by_name = {key(name): kod for kod, name in self.names.items()}
        self._by_county = {self._county_key(name): kod for kod, name in self.counties.items()} | COUNTY_ALIASES

    def municipality(self, name: str, kod: str = "", ar: int | None = None) -> Found:
        """Return a municipality from its name, its code, or both.

        A cut or misspelt name is settled by the code in the same row, if the name is part of the
        municipality's or as good as it; else only by an alias.

        Raises:
            UnknownPlaceError: neither is known, or they name two places.
        """
        named = self._named(name)
        if not kod.strip():
            if named is None:
                raise UnknownPlaceError(f"”{name.strip()}” är ingen känd kommun. {self._nearest(name)}")
            return named
        coded = self._coded(kod.strip(), named, ar)
        if named is None and name.strip() and not self._resembles(name, coded.kod):
            raise UnknownPlaceError(
                f"”{name.strip()}” är ingen känd kommun, och koden {coded.kod} är {self.names[coded.kod]}. "
                + self._nearest(name)
            )
        if named is not None and named.kod != coded.kod:
            raise UnknownPlaceError(
                f"Kod och namn säger olika: {kod.strip()} är {self.names[coded.kod]}, men namnet är {name.strip()} "
                f"({named.kod})."
            )
        note = "" if named or not name.strip() else f"”{name.strip()}” lästes som {self.names[coded.kod]} genom koden."
        return Found(coded.kod, " ".join(filter(None, [coded.note, note or (named.note if named else "")])))

    def county(self, name: str) -> str:
        """Return a county's code from its name; "KRONOBERG LÄN" and "Kronobergs län" are one.

        Raises:
            UnknownPlaceError: no such county.
        """
        kod = self._by_county.get(self._county_key(name))
        if kod is None:
            near = difflib.get_close_matches(name.strip().capitalize(), list(self.counties.values()), 3, 0.4)
            step = f" Närmast: {', '.join(near)}." if near else ""
            raise UnknownPlaceError(f"”{name.strip()}” är inget känt län.{step}")
        return kod

    def _named(self, name: str) -> Found | None:
        folded = key(name)
        for candidate in _forms(folded):
            if candidate in self._by_name:
                return Found(self._by_name[candidate])
        if folded in ALIASES:
            kod, evidence = ALIASES[folded]
            return (
                Found(kod, f"”{name.strip()}” lästes som {self.names[kod]}: {evidence}.") if kod in self.names else None
            )
        return None

    def _coded(self, kod: str, named: Found | None, ar: int | None) -> Found:
        if kod in self.names:
            return Found(kod)
        if kod in FORMER_CODES:
            new, since, why = FORMER_CODES[kod]
            if ar is not None and ar < since:
                return Found(new, f"{why}.")
            raise UnknownPlaceError(f"Koden {kod} gäller inte {ar or 'längre'}: {why}; sedan dess {new}.")
        padded = kod.zfill(4)
        if len(kod) == 3 and padded in self.names and named and named.kod == padded:
            return Found(padded, f"Koden {kod} hade tappat sin nolla; namnet visar att det är {padded}.")
        near = difflib.get_close_matches(padded, list(self.names), 3, 0.6)
        raise UnknownPlaceError(f"Koden {kod} är ingen kommun. Närmast: {', '.join(near) or 'ingen'}.")

    def _resembles(self, name: str, kod: str) -> bool:
        """Whether a cut or misspelt name can be the coded place's: its beginning, or nearly the same letters."""
        ours, theirs = key(self.names[kod]), key(name)
        return ours.startswith(theirs) or difflib.SequenceMatcher(None, ours, theirs).ratio() >= 0.8

    def _nearest(self, name: str) -> str:
        near = difflib.get_close_matches(key(name), list(self._by_name), 3, 0.5)
        return f"Närmast: {', '.join(self.names[self._by_name[match]] for match in near) or 'ingen'}."

    @staticmethod
    def _county_key(name: str) -> str:
        return re.sub(r"s$", "", re.sub(r" län$", "", key(name)))


def _forms(folded: str) -> list[str]:
    """A name, and the name without "kommun" or "stad" and without the genitive before it.

    >>> _forms("göteborgs stad")
    ['göteborgs stad', 'göteborgs', 'göteborg']
    """
    bare = re.sub(r" (kommun|stad)$", "", folded)
    return [folded] if bare == folded else [folded, bare, re.sub(r"s$", "", bare)]
