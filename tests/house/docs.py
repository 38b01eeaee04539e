"""What is written about the workbook agrees with what it is."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from .files import read, text_files

ASSUMPTION = re.compile(r"(?<![\w-])A\d{1,2}(?![\w-])")
PARTS = ("Claim", "Evidence", "Effect", "Where used")
LINK = re.compile(r"(?<!\\)\]\(<?([^)\s>]+)>?[^)]*\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
TAGS = ("Data", "Method", "Code")
# Written in halves, so that this list is not what it looks for.
FORBIDDEN = """
/wo~rk/  /tmp/sp~ec  .libr~ary  pypi~.org  python~hosted  npmjs~.org  npmjs~.com  deb.deb~ian
conda.~anaconda  index~-url  find~-links  trusted~-host
""".replace("~", "").split()
TICKET = re.compile("iss~ues? *#?[0-9]|iss~ue #".replace("~", ""), re.IGNORECASE)


def documents(root: Path) -> list[Path]:
    """The project's Markdown: at the top, in docs/, and beside data and code."""
    beside = [*root.glob("data/*.md"), *root.glob("src/**/*.md")]
    return sorted([*root.glob("*.md"), *root.glob("docs/**/*.md"), *beside])


def undocumented_commands(root: Path, commands: dict[str, Iterable[str]]) -> list[str]:
    """Commands ("mottagning report") and options ("--lan") that no document names."""
    text = "\n".join(map(read, documents(root)))
    found = []
    for command, options in commands.items():
        if not re.search(rf"{re.escape(command)}(?![\w-])", text):
            found.append(f"{command}: no document names it")
        found += [
            f"{command} {option}: no document names the option"
            for option in options
            if not re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", text)
        ]
    return found


def loose_assumptions(root: Path) -> list[str]:
    """Assumptions that are used but not written down, or written down without one of their
    parts.
    """
    path = root / "docs" / "assumptions.md"
    if not path.is_file():
        return ["docs/assumptions.md: missing"]
    sections = dict(_sections(read(path)))
    found = [
        f"{where}: {name} is not in docs/assumptions.md"
        for where, name in _referenced(root)
        if name not in sections
    ]
    found += [
        f"docs/assumptions.md: {name} lacks {part}"
        for name, text in sections.items()
        for part in PARTS
        if not re.search(rf"^\W*{part}\b", text, re.MULTILINE | re.IGNORECASE)
    ]
    return found + ([] if sections else ["docs/assumptions.md: no heading begins with A1"])


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Each assumption's id and what stands under its heading."""
    parts = re.split(r"^#+ +(A\d+)\b", text, flags=re.MULTILINE)
    return zip(parts[1::2], parts[2::2], strict=True)


def _referenced(root: Path) -> Iterator[tuple[str, str]]:
    """Where an assumption is named in code, notebooks and documents, and which."""
    for path in text_files(root):
        inside = path.relative_to(root)
        if path.suffix in {".py", ".ipynb", ".md", ".po"} and inside.parts[0] != "tests":
            for name in sorted(set(ASSUMPTION.findall(read(path)))):
                yield inside.as_posix(), name


def unmentioned_tables(root: Path, tables: Iterable[str]) -> list[str]:
    """Published tables that no document names by id."""
    text = "\n".join(map(read, documents(root)))
    return [f"{name}: no document names this table" for name in tables if f"`{name}`" not in text]


def broken_links(root: Path) -> list[str]:
    """Relative links whose file or heading is not there."""
    found = []
    for path in documents(root):
        for target in LINK.findall(FENCE.sub("", read(path))):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, heading = target.partition("#")
            there = path.parent / file if file else path
            if not there.exists():
                found.append(f"{path.relative_to(root)}: {target} is not there")
            elif heading and there.suffix == ".md" and heading not in headings(there):
                found.append(f"{path.relative_to(root)}: {target} has no such heading")
    return found


def headings(path: Path) -> set[str]:
    """A document's headings as a link names them."""
    titles = re.findall(r"^#+ +(.+?)\s*$", FENCE.sub("", read(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def other_commands(root: Path) -> list[str]:
    """The first commands README shows must be the two that a new user needs, and no more."""
    blocks = [body for _, body in FENCE.findall(read(root / "README.md")) if "make " in body]
    lines = [line.split("#")[0].strip() for line in blocks[0].splitlines()] if blocks else []
    made = [line for line in lines if line.startswith("make")]
    return [] if made == ["make reports", "make test"] else [f"README.md: first shows {made}"]


def unknown_targets(root: Path) -> list[str]:
    """`make something` in a document where the Makefile has no such target."""
    known = set(re.findall(r"^([a-z]+):", read(root / "Makefile"), re.MULTILINE))
    return [
        f"{path.relative_to(root)}: make {name} does not exist"
        for path in documents(root)
        for name in sorted(set(re.findall(r"(?:^|`)make ([a-z]+)", read(path), re.MULTILINE)))
        if name not in known
    ]


def untagged_changes(root: Path) -> list[str]:
    """Changelog entries that do not say whether data, method or code changed."""
    entries = re.findall(r"^[-*] +(.+)$", read(root / "CHANGELOG.md"), re.MULTILINE)
    untagged = [entry for entry in entries if not re.match(rf"\W*({'|'.join(TAGS)})\b", entry)]
    found = [f"CHANGELOG.md: begin with Data, Method or Code: {entry}" for entry in untagged]
    return found if entries else ["CHANGELOG.md: has no entry"]


def workplace_words(root: Path) -> list[str]:
    """Words that tell of a workplace, a ticket or a package registry instead of the workbook."""
    found = []
    for path in text_files(root):
        text = read(path)
        words = [word for word in FORBIDDEN if word in text.lower()] + TICKET.findall(text)
        found += [f"{path.relative_to(root)}: {word!r} does not belong here" for word in words]
    return found


def untidy_text(root: Path) -> list[str]:
    """Text files that are not UTF-8 in composed form (NFC) with plain line ends."""
    found = []
    for path in text_files(root):
        where = path.relative_to(root)
        try:
            text = read(path)
        except UnicodeDecodeError as error:
            found.append(f"{where}: not UTF-8 at byte {error.start}")
            continue
        if not unicodedata.is_normalized("NFC", text):
            found.append(f"{where}: letters are decomposed; write them in NFC")
        if "\r" in text:
            found.append(f"{where}: holds carriage returns")
    return found
