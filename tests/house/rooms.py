"""The rooms as they tell of themselves: each package's own first words, as the table in
docs/architecture.md and in the README beside the packages.
"""

import ast
import sys
from pathlib import Path

from .architecture import ROOMS
from .files import read

BEGIN, END = (
    "<!-- rooms: make format writes this table, of what each package says in its __init__.py -->",
    "<!-- end of rooms -->",
)
HEAD = ("| room | what it is | in, out, never | may import |", "| --- | --- | --- | --- |")
FREE = {"errors", "lean"}  # small modules, no rooms; most may import them


def table(package: Path) -> str:
    """The table of rooms, in the order in which they build on each other."""
    return "\n".join([*HEAD, *(_row(package, room) for room in ROOMS if room not in FREE)])


def untold(package: Path) -> list[str]:
    """Rooms whose first words do not say what goes in and out, and what never does."""
    told = {room: _face(package, room)[1] for room in ROOMS if room not in FREE}
    return [
        f"{room}: its docstring has no sentence that begins with Takes and says never"
        for room, how in told.items()
        if not (how.startswith("Takes ") and "never" in how)
    ]


def stale(package: Path, document: Path) -> list[str]:
    """Whether a document holds another table than the rooms tell."""
    inside = read(document).partition(BEGIN)[2].partition(END)[0].strip()
    return (
        []
        if inside == table(package)
        else [f"{document.name}: the table of rooms is not theirs; run make format"]
    )


def write(package: Path, document: Path) -> None:
    """Put the table into a document."""
    before, _, rest = read(document).partition(BEGIN)
    after = rest.partition(END)[2]
    document.write_text(f"{before}{BEGIN}\n{table(package)}\n{END}{after}", "utf-8")


def _row(package: Path, room: str) -> str:
    says, how = _face(package, room)
    others = ", ".join(f"`{other}`" for other in ROOMS if other in ROOMS[room] - FREE)
    return f"| `{room}` | {says} | {how} | {others or '–'} |"


def _face(package: Path, room: str) -> tuple[str, str]:
    """A room's first paragraph and its second, each in one line."""
    path = package / room / "__init__.py" if (package / room).is_dir() else package / f"{room}.py"
    first, _, rest = (ast.get_docstring(ast.parse(read(path))) or "").partition("\n\n")
    return " ".join(first.split()), " ".join(rest.partition("\n\n")[0].split())


if __name__ == "__main__":
    for name in sys.argv[2:]:
        write(Path(sys.argv[1]), Path(name))
