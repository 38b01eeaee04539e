"""Names of places to codes: by rule or by an alias with its evidence, never by likeness."""

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from helpers.contracts.text import cut
from helpers.tables.places import Change, read_changes

# Each alias has been seen in a source; the words say why it can mean nothing else.
ALIASES = {
    "dalsed": ("1438", "Dals-Ed skrivet utan bindestreck i kommuntal 2018"),
    "falu kommun": ("2080", "så skriver Falun kommunens namn"),
    "region gotland": ("0980", "så kallar sig Gotlands kommun sedan 2011"),
}
COUNTY_ALIASES = {"dalarna": "20", "gotland": "09", "jämtland härjedalen": "23"}
# a mark after a name, as sources print it
MARK = re.compile(r"(?<=\w)(?:\*+| [0-9]\)|[¹²³⁴-⁹]+)$")
NATION = {"riket", "hela riket", "sverige", "hela landet", "hela sverige"}
SUM = r"(?:totalt|total|summa|delsumma|samtliga)"
COUNTY = re.compile(rf"(?:{SUM}(?: för)? )?(.+ län)(?:[:,]? {SUM})?")
DASHES = re.compile(r"[-\u2010-\u2015\u2212\s\u00a0]+")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


class UnknownPlaceError(ValueError):
    """Why a name or a code is no place we know, and what is nearest; `code` is the finding's."""

    def __init__(self, says: str, code: str = "okand_kommun") -> None:
        super().__init__(says)
        self.code = code


class ConflictingPlaceError(UnknownPlaceError):
    """Codes and names of a row that each are known, and say different places."""

    def __init__(self, says: str) -> None:
        super().__init__(says, "kod_och_namn")


@dataclass(frozen=True)
class Found:
    """A municipality's code, and what was done to find it where that is worth telling."""

    kod: str
    note: str = ""


@lru_cache(1 << 13)
def key(name: str) -> str:
    """Return a name as names are compared here: NFC, no capitals, hyphens and spaces alike.

    >>> key("MALUNG-SÄLEN") == key("Malung\\u00a0Sälen ")
    True
    """
    plain = INVISIBLE.sub("", unicodedata.normalize("NFC", name)).casefold()
    return DASHES.sub(" ", plain).strip()


class Gazetteer:
    """The municipalities and counties by code and by name, in the division of one year.

    names: Today's code → today's name, of the municipalities there were that year.
    counties: lanskod → name.
    """

    def __init__(
        self,
        kommuner: pd.DataFrame,
        lan: pd.DataFrame,
        changes: pd.DataFrame | None = None,
        ar: int | None = None,
    ) -> None:
        """Take today's places and how they came to be.

        Args:
            kommuner: kommunkod, kommun.
            lan: lanskod, lan.
            changes: The published table `indelningsandringar`; None if no year but today's is asked
                for.
            ar: The year whose division holds; None is today's.
        """
        self._tables, self.ar = (kommuner, lan, changes), ar
        self._years: dict[int, Gazetteer] = {}
        self._known: dict[tuple[str, str], Found] = {}
        self.names = dict(
            zip(kommuner["kommunkod"].astype(str), kommuner["kommun"].astype(str), strict=True)
        )
        self.counties = dict(zip(lan["lanskod"].astype(str), lan["lan"].astype(str), strict=True))
        self._by_name = {key(name): kod for kod, name in self.names.items()}
        self._by_county = {
            self._county_key(name): kod for kod, name in self.counties.items()
        } | COUNTY_ALIASES
        self._aliases, self._former, self._notes = dict(ALIASES), dict[str, str](), dict[str, str]()
        self._not_then: dict[str, str] = {}  # code → why it may not stand in a table of the year
        self._homes = dict[str, str]()  # today's code → the one it had that year
        for change in [] if changes is None else read_changes(changes):
            (self._undo if ar is not None and ar < change.since else self._remember)(change)

    def of_year(self, ar: int) -> "Gazetteer":
        """Return the same places in the division of another year."""
        if ar not in self._years:
            self._years[ar] = Gazetteer(*self._tables, ar)
        return self._years[ar]

    def home(self, kod: str) -> str:
        """Return the county code of a municipality, given by today's code, in the year's
        division.
        """
        return self._homes.get(kod, kod)[:2]

    def municipality(self, name: str, kod: str = "") -> Found:
        """Return a municipality from its name, its code, or both.

        A cut or misspelt name is settled by the code in the same row, if the name is part of the
        municipality's or as good as it; else only by an alias.

        Raises:
            UnknownPlaceError: neither is known or was there that year. ConflictingPlaceError: they
                name two places.
        """
        if (name, kod) not in self._known:
            self._known[name, kod] = self._municipality(name, kod)
        return self._known[name, kod]

    def _municipality(self, name: str, kod: str) -> Found:
        bare = MARK.sub("", name.strip())
        if bare != name.strip():
            found = self.municipality(bare, kod)
            told = f"Fotnotstecknet i ”{cut(name.strip())}” togs bort."
            return Found(found.kod, " ".join(filter(None, [found.note, told])))
        if lan := self.county_row(name):
            what = "hela landet" if lan == "00" else self.counties[lan]
            raise UnknownPlaceError(f"”{cut(name.strip())}” är {what}, ingen kommun.")
        named, shown = self._named(name), cut(name.strip())
        if not kod.strip():
            if named is None:
                raise UnknownPlaceError(f"”{shown}” är ingen känd kommun. {self._nearest(name)}")
            return self._noted(named.kod, named.note)
        coded = self._coded(kod.strip(), named)
        if named is None and name.strip() and not self._resembles(name, coded.kod):
            raise UnknownPlaceError(
                f"”{shown}” är ingen känd kommun, och koden {coded.kod} är"
                f" {self.names[coded.kod]}. " + self._nearest(name)
            )
        if named is not None and named.kod != coded.kod:
            raise ConflictingPlaceError(
                f"Kod och namn säger olika: {kod.strip()} är {self.names[coded.kod]}, men namnet är"
                f" {shown} ({named.kod})."
            )
        note = (
            ""
            if named or not name.strip()
            else f"”{shown}” lästes som {self.names[coded.kod]} genom koden."
        )
        return self._noted(coded.kod, coded.note, note or (named.note if named else ""))

    def county(self, name: str) -> str:
        """Return a county's code from its name; "KRONOBERG LÄN" and "Kronobergs län" are one.

        Raises:
            UnknownPlaceError: no such county.
        """
        kod = self._by_county.get(self._county_key(name))
        if kod is None:
            near = difflib.get_close_matches(
                name.strip().capitalize(), list(self.counties.values()), 3, 0.4
            )
            step = f" Närmast: {', '.join(near)}." if near else ""
            raise UnknownPlaceError(f"”{cut(name.strip())}” är inget känt län.{step}", "okant_lan")
        return kod

    def county_row(self, name: str, kod: str = "") -> str | None:
        """Return whose sum a row among municipalities is, by what it is called or its code: a
        county's code, "00" for the nation, None where it is no such row.

        "Västerbottens län", "Summa Västerbottens län" and "Hela riket" are; "Gotland" is a
        municipality as well, and so is not.
        """
        kod, word = kod.strip(), key(MARK.sub("", name.strip())).rstrip(":")
        if word in NATION or (kod in ("0", "00") and not word):
            return "00"
        if (not word and kod in self.counties) or self._by_county.get(word, "-") == kod:
            return kod
        if word in self._by_county and word not in self._by_name:
            return self._by_county[word]
        called = COUNTY.fullmatch(word)
        return self._by_county.get(self._county_key(called[1])) if called else None

    def code_of_sum_fault(self, name: str, kod: str) -> str:
        """Return what is wrong with the code in a sum's row, if it is a municipality's; else ""."""
        if len(kod.strip()) <= 2:
            return ""
        place = self.names.get(kod.strip().zfill(4), "ingen kommun")
        return (
            f"Kod och namn säger olika: raden är en summa (”{cut(name.strip())}”), men koden"
            f" {cut(kod.strip())} är {place}."
        )

    def _undo(self, change: Change) -> None:
        """Set a place back to what it was before a change that is still to come in the year."""
        kod, name, last = change.kommunkod, self.names[change.kommunkod], change.since - 1
        if change.handelse == "bildad":
            self._not_then[kod] = (
                f"{name} bildades {change.since} ur {self.names[change.ur_kommun]}"
            )
            del self.names[kod]
        elif change.handelse == "bytt_lan":
            self._not_then[kod] = f"{name} hade koden {change.tidigare_kod} till och med {last}"
            self._former[change.tidigare_kod] = kod
            self._homes.setdefault(kod, change.tidigare_kod)
            county = self.counties[change.tidigare_kod[:2]]
            self._notes[kod] = (
                f"{name} hörde till {county} till och med {last}; talen läggs under dagens kod"
                f" {kod}."
            )
        else:
            self._by_name[key(change.tidigare_namn)] = kod

    def _remember(self, change: Change) -> None:
        """Know a place by what it was before a change that has been."""
        kod, name, last = change.kommunkod, self.names[change.kommunkod], change.since - 1
        if change.handelse == "bytt_lan":
            self._not_then[change.tidigare_kod] = (
                f"{name} hade den till och med {last}, i {self.counties[change.tidigare_kod[:2]]};"
                f" sedan dess {kod}"
            )
        elif change.handelse == "bytt_namn":
            self._aliases[key(change.tidigare_namn)] = kod, f"så hette kommunen till och med {last}"

    def _noted(self, kod: str, *notes: str) -> Found:
        return Found(kod, " ".join(filter(None, [*notes, self._notes.get(kod, "")])))

    def _named(self, name: str) -> Found | None:
        for folded in _forms(key(name)):
            if folded in self._by_name:
                kod = self._by_name[folded]
                if kod not in self.names:
                    says = (
                        f"{name.strip()} kan inte stå i en tabell för {self.ar}:"
                        f" {self._not_then[kod]}."
                    )
                    raise UnknownPlaceError(says)
                return Found(kod)
            if folded in self._aliases:
                kod, evidence = self._aliases[folded]
                return Found(kod, f"”{name.strip()}” lästes som {self.names[kod]}: {evidence}.")
        return None

    def _coded(self, kod: str, named: Found | None) -> Found:
        if kod in self._former:
            return Found(self._former[kod])
        if kod in self._not_then:
            raise UnknownPlaceError(
                f"Koden {kod} gäller inte {self.ar or 'längre'}: {self._not_then[kod]}."
            )
        if kod in self.names:
            return Found(kod)
        if kod in self.counties:
            raise UnknownPlaceError(f"Koden {kod} är {self.counties[kod]}, ingen kommun.")
        padded = kod.zfill(4)
        if len(kod) == 3 and padded in self.names and named and named.kod == padded:
            return Found(
                padded, f"Koden {kod} hade tappat sin nolla; namnet visar att det är {padded}."
            )
        near = difflib.get_close_matches(padded, list(self.names), 3, 0.6)
        raise UnknownPlaceError(
            f"Koden {cut(kod)} är ingen kommun. Närmast: {', '.join(near) or 'ingen'}."
        )

    def _resembles(self, name: str, kod: str) -> bool:
        """Whether a cut or misspelt name can be the coded place's: its beginning, or nearly the
        same letters.
        """
        ours, theirs = key(self.names[kod]), key(name)
        return ours.startswith(theirs) or difflib.SequenceMatcher(None, ours, theirs).ratio() >= 0.8

    def _nearest(self, name: str) -> str:
        known = [folded for folded, kod in self._by_name.items() if kod in self.names]
        near = difflib.get_close_matches(key(name), known, 3, 0.5)
        return (
            f"Närmast: {', '.join(self.names[self._by_name[match]] for match in near) or 'ingen'}."
        )

    @staticmethod
    @lru_cache(1 << 10)
    def _county_key(name: str) -> str:
        return re.sub(r"s$", "", re.sub(r" län$", "", key(name)))


def _forms(folded: str) -> list[str]:
    """A name, and the name without "kommun" or "stad" and without the genitive before it.

    >>> _forms("göteborgs stad")
    ['göteborgs stad', 'göteborgs', 'göteborg']
    """
    bare = re.sub(r" (kommun|stad)$", "", folded)
    return [folded] if bare == folded else [folded, bare, re.sub(r"s$", "", bare)]
