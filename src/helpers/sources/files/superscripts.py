"""Marks that a workbook sets high beside a number: a reader gives 85¹ as 851."""

import io
import re
import zipfile
from typing import IO
from xml.parsers import expat

from helpers.sources.files.findings import RefusedFileError

TEXTS = re.compile(r"xl/(?:sharedStrings[0-9]*|worksheets/[^/]+)\.xml")
HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def superscripts(data: bytes) -> dict[str, str]:
    """Return the texts of a workbook that have digits set high, as they are read → with those
    digits as such.

    Args:
        data: A workbook that has been looked over: its parts are of bounded size.

    Raises:
        RefusedFileError: the same text stands in it with and without.
    """
    watch = _Watch()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if TEXTS.fullmatch(part.filename):
                with archive.open(part) as stream:
                    watch.follow(stream)
    both = sorted(set(watch.raised) & watch.plain)
    if both:
        raise RefusedFileError(
            "upphojd_oklar",
            f"”{both[0][:40]}” står både med och utan upphöjd siffra. Skriv noten i en egen cell.",
        )
    return watch.raised


class _Watch:
    """The texts as they stream past: whole, and with what is set high."""

    def __init__(self) -> None:
        self.raised: dict[str, str] = {}
        self.plain: set[str] = set()
        self.read = self.shown = ""
        self.high = self.inside = False

    def follow(self, stream: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.ParseFile(stream)

    def _start(self, tag: str, given: dict[str, str]) -> None:
        tag = tag.rsplit(":", 1)[-1]
        if tag in ("si", "is"):
            self.read = self.shown = ""
        elif tag == "r":
            self.high = False
        elif tag == "vertAlign":
            self.high = given.get("val") == "superscript"
        elif tag == "t":
            self.inside = True

    def _text(self, said: str) -> None:
        if self.inside:
            self.read += said
            self.shown += said.translate(HIGH) if self.high else said

    def _end(self, tag: str) -> None:
        tag = tag.rsplit(":", 1)[-1]
        if tag == "t":
            self.inside = False
        elif tag == "r":
            self.high = False
        elif tag in ("si", "is") and self.read != self.shown:
            self.raised[self.read] = self.shown
        elif tag in ("si", "is") and re.search("[0-9]", self.read):
            self.plain.add(self.read)
