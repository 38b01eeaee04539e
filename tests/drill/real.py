"""The real notebooks, tables and command: calls and sources that must be refused, and pages that
must be the same.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.drill.machine import without_network
from tests.drill.process import ROOT, command
from tests.drill.project import copy_to, differing, edition, elsewhere, pages_in, release, reports
from tests.drill.scene import Ground, Line, NotHeldError, Scene, alone, checked, demand

NOWHERE = "http://192.0.2.1:9"  # an address that leads to no one
HERE = {"http_proxy": NOWHERE, "https_proxy": NOWHERE, "ALL_PROXY": NOWHERE}

EMPTY = Line(
    "F12",
    "empty selection",
    "a report of a year without figures",
    "EMPTY, or sentences that say so",
)
CALL = Line(
    "F14",
    "unknown, missing, mistyped parameter",
    "command, YAML",
    "exit 2, all told at once, nothing started",
)
CODE = Line("F15", "code in a name, ../ in a code", "command, YAML", "refused, nothing executed")
STALE = Line(
    "F21",
    "stale source",
    "last year's bytes under a new name",
    "exit 5: same sha256 as …",
)
OFFLINE = Line(
    "F25", "no network", "none at all for the whole run", "all delivered, pages the same"
)
CHANGED = Line(
    "F26",
    "another place and time",
    "clock, locale, zone, seed, folder, user, umask",
    "the same bytes",
)

YEAR_WITHOUT = 2030


def empty(ground: Ground) -> str:
    """F12: a county's report of a year of which nothing is known."""
    ran = command(["report", "--lan", "AC", "--ar", YEAR_WITHOUT, "--out", ground.folder / "tom"])
    demand(ran.returncode == 0, f"exit {ran.returncode}: {ran.stderr[-300:]}")
    gaps = (ground.folder / "tom" / "lan" / "24.html").read_text("utf-8").count('class="gap"')
    demand(gaps, "no sentence says that anything is missing")
    return f"{gaps} sentences say what is not known"


def calls(ground: Ground) -> str:
    """F14: everything wrong with an edition and with a call is told in one go."""
    out = ground.folder / "out"
    bad = ground.folder / "fel.yaml"
    bad.write_text('titel: Prov\nar: "tjugo"\nlan: 24\nkommuner: [0114]\n', "utf-8")
    said = _refused(["reports", "--edition", bad, "--out", out], 2)
    lacking = [
        name for name in ("titel", "title", "ar", "kommuner", "prognoser_ekb") if name not in said
    ]
    demand(not lacking, f"says nothing of {lacking}: {said}")
    other = _refused(["report", "--lan", "XX", "--ar", "tjugo", "--out", out], 2)
    demand("ar" in other, other)
    demand(not out.exists(), "the folder was made")
    return f"exit 2, {len(said.splitlines())} faults of the YAML at once; nothing started"


def code(ground: Ground) -> str:
    """F15: names that are code and codes that are paths."""
    out, trace = ground.folder / "out", ground.folder / "trace"
    bad = ground.folder / "kod.yaml"
    bad.write_text(
        f"title: Prov\nar: 2018\nprognoser_ekb: [1500]\n'open({str(trace)!r}, \"w\")': 1\n", "utf-8"
    )
    _refused(["reports", "--edition", bad, "--out", out], 2)
    paths = edition(
        ground.folder / "vägar.yaml", title="Prov", lan=["../24"], kommuner=["../2480", "2480/.."]
    )
    _refused(["reports", "--edition", paths, "--out", out], 2)
    _refused(["report", "--kommunkod", "../2480", "--ar", 2018, "--out", out], 2)
    single = ground.folder / "en.yaml"
    single.write_text(f"lan: AC\nar: 2018\n'x = open({str(trace)!r}, \"w\")': 1\n", "utf-8")
    _refused(["report", "--file", single, "--out", out], 2)
    demand(not trace.exists() and not out.exists(), "something was executed or made")
    return "exit 2, four times; nothing executed"


def stale(ground: Ground) -> str:
    """F21: a county's shares of 2018 once more, said to be those of 2019."""
    data = ground.folder / "data"
    shutil.copytree(ROOT / "data", data, ignore=shutil.ignore_patterns("raw", "tidy"))
    shutil.copy(
        data / "published" / "andelstal_2018_ac.csv", data / "published" / "andelstal_2019_ac.csv"
    )
    catalogue = data / "sources.toml"
    head = "[andelstal_2018_ac]"
    entry = head + catalogue.read_text("utf-8").split(head, 1)[1].split("\n[", 1)[0]
    again = entry.replace("2018_ac", "2019_ac").replace("\nar = 2018", "\nar = 2019")
    catalogue.write_text(f"{catalogue.read_text('utf-8')}\n{again}\n", "utf-8")
    prov = edition(ground.folder / "prov.yaml", title="Prov", lan=["AC"])
    said = _refused(
        ["reports", "--edition", prov, "--out", ground.folder / "out", "--data", data], 5
    )
    demand("same sha256" in said, said)
    return said[-150:]


def alike(ground: Ground) -> Iterator[tuple[str, str | NotHeldError]]:
    """F25 and F26: a county, a municipality and the nation here, without a network, and
    elsewhere.
    """
    title = 'Prov <script>alert("å")</script>'
    prov = edition(
        ground.folder / "prov.yaml",
        title=title,
        lan=["AC"],
        kommuner=["2480"],
        oversikter=["riket"],
    )
    home = copy_to(ground.folder / "projekt")
    reports(prov, ground.folder / "here", project=home)
    here = release(ground.folder / "here")

    def same(out: Path) -> str:
        there = release(out)
        demand(not (other := differing(here, there)), f"{len(other)} files differ: {other[:5]}")
        demand(pages_in(there) == 3, sorted(there))
        return f"{pages_in(there)} reports and {len(there)} files, byte for byte"

    def offline() -> str:
        wrap = without_network()
        reports(prov, ground.folder / "offline", project=home, wrap=wrap, environment=HERE)
        return f"{same(ground.folder / 'offline')}; {'no interface at all' if wrap else 'proxies that lead nowhere'}"

    def moved() -> str:
        copy = copy_to(ground.folder / "en annan mapp å", home)
        _, whose = elsewhere(prov, copy, copy / "ut")
        return f"{same(copy / 'ut')}; {whose}"

    yield from checked({OFFLINE.number: offline, CHANGED.number: moved})


def _refused(arguments: list, code: int) -> str:
    """Run the command, demand its exit code and a plain message, and return that."""
    ran = command(arguments)
    demand(ran.returncode == code, f"exit {ran.returncode}: {ran.stdout[-200:]}{ran.stderr[-300:]}")
    demand("Traceback" not in ran.stderr, ran.stderr[-300:])
    return ran.stderr.strip()


SCENES = (
    Scene((OFFLINE, CHANGED), alike),
    alone(EMPTY, empty),
    alone(CALL, calls),
    alone(CODE, code),
    alone(STALE, stale),
)
