"""Words where they do not belong: of the domain in rooms that say they know none of it, and a
reader's sentence in the model.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .architecture import Module, modules
from .files import read

BLIND = ("make", "report", "releases", "pages", "sending", "clock")
DATA = Path(__file__).parents[2] / "data"
# What reports are about. What more there is comes from data/*.toml: kinds and columns of tables,
# measures and the words that readers know them by.
DOMAIN = {
    "lan", "län", "lanskod", "lansbokstav", "lanstal", "länstal", "kommun", "kommunen", "kommuner",
    "kommunkod", "kommunkoder", "kommuntal", "andelstal", "ekb", "ensamkommande", "barn", "prognos",
    "prognoser", "utfall", "mottagande", "oversikter", "scenario", "scenarios", "scenarier",
    "county", "counties", "municipality", "municipalities", "forecast", "forecasts", "refugee",
    "refugees", "unaccompanied", "asylum", "migrationsverket", "sweden",
}  # fmt: skip
# said of anything at all
GENERAL = {"efter", "kategori", "unnamed"}
NAMES = {"share", "shares"}  # as a name it is a figure; in a sentence things share other things
EXCEPTIONS = {
    ("report/facts.py", "utfall"): "an example in docs/report.schema.json",
    ("report/facts.py", "barn"): "an example in docs/report.schema.json",
    ("report/facts.py", "lan"): "an example in docs/report.schema.json",
    ("report/facts.py", "county"): "a kind of publisher, as sources.toml writes it",
}
WORD = re.compile(r"[^\W\d_]+")
SWEDISH = re.compile(r"\b(?:och|inte|som|för|det|ett|av|är|har|från|på|vid|om)\b")


@cache
def domain() -> frozenset[str]:
    """Every word of the domain, in lower case."""
    sources = tomllib.loads(read(DATA / "sources.toml"))
    measures = tomllib.loads(read(DATA / "measures.toml"))
    tables = [entry for entry in sources.values() if isinstance(entry, dict)]
    said = [str(entry.get("kind", "")) for entry in tables]
    said += [name for entry in tables for name in dict(entry.get("columns", {})).values()]
    said += [f"{name} {entry['word']}" for name, entry in measures.items()]
    found = {word for text in said for word in _words(str(text)) if len(word) > 4}
    return frozenset(DOMAIN | (found - GENERAL))


def _words(text: str) -> Iterator[str]:
    """The words of a text or of a name, in lower case: a name's parts are words."""
    parted = re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", text.replace("_", " "))
    yield from (word.lower() for word in WORD.findall(parted))


def _said(module: Module) -> Iterator[tuple[int, str, bool]]:
    """Line, text and whether it is a name, for every name and every string of a module."""
    for node in module.nodes:
        line = getattr(node, "lineno", 1)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield line, node.value, False
        for field in ("id", "attr", "arg", "name", "asname"):
            if isinstance(name := getattr(node, field, None), str):
                yield line, name, True


def _words_of_the_domain(package: Path) -> Iterator[tuple[str, str, str]]:
    """Place, line and word of all that a blind room says of the domain."""
    known = domain()
    for module in modules(package):
        if module.room not in BLIND:
            continue
        where = module.path.relative_to(package).as_posix()
        for line, text, name in _said(module):
            for word in _words(text):
                if word in known or (name and word in NAMES):
                    yield where, f":{line}", word
    for room in BLIND:
        for template in sorted((package / room).rglob("*.j2")):
            where = template.relative_to(package).as_posix()
            yield from ((where, "", word) for word in _words(read(template)) if word in known)


def domain_words(package: Path) -> list[str]:
    """Words of the domain in rooms that know nothing of it, exceptions left out."""
    return sorted(
        {
            f"{where}{line}: {where.partition('/')[0]} knows no {word}; let its caller hand it in"
            for where, line, word in _words_of_the_domain(package)
            if (where, word) not in EXCEPTIONS
        }
    )


def idle_exceptions(package: Path) -> list[str]:
    """Exceptions that nothing needs any more."""
    needed = {(where, word) for where, _, word in _words_of_the_domain(package)}
    return [
        f"EXCEPTIONS: {where} no longer says {word}"
        for where, word in EXCEPTIONS
        if (where, word) not in needed and (package / where).exists()
    ]


def readers_sentences(package: Path) -> list[str]:
    """Swedish sentences in the model, which words nothing; its docstrings are the maintainer's."""
    return [
        f"{module.where}:{node.lineno}: model words nothing, but says {node.value[:40]!r}"
        for module in modules(package)
        if module.room == "model"
        for node in _strings(module)
        if len(node.value.split()) > 2 and SWEDISH.search(node.value)
    ]


def _strings(module: Module) -> Iterator[ast.Constant]:
    """Every string of a module that is no docstring."""
    docstrings = {id(node.value) for node in module.nodes if isinstance(node, ast.Expr)}
    for node in module.nodes:
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if text and id(node) not in docstrings:
            yield node


RULES = (domain_words, idle_exceptions, readers_sentences)
