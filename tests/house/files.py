"""Which files are the project's own, and how to read them."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

GENERATED = {
    "__pycache__",
    "html",
    "executed",
    "current",
    "releases",
    "single",
    "logs",
    "tidy",
    "raw",
}
TEXT = {
    "", ".cfg", ".css", ".csv", ".html", ".ipynb", ".j2", ".json", ".lock", ".md", ".mplstyle", ".po",
    ".py", ".svg", ".toml", ".txt", ".yaml", ".yml",
}  # fmt: skip
DOTTED = {".ci", ".github", ".gitattributes", ".gitignore", ".pre-commit-config.yaml"}


def text_files(root: Path) -> Iterator[Path]:
    """Every text file of the project under `root`, generated folders left out, in order."""
    for folder, below, names in os.walk(root):
        below[:] = sorted(name for name in below if _is_ours(Path(folder, name), root))
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix in TEXT and (not name.startswith(".") or name in DOTTED):
                yield path


def _is_ours(folder: Path, root: Path) -> bool:
    """Hidden and generated folders are not ours; src/helpers/pages/html is."""
    if folder.name.startswith(".") or folder.suffix == ".egg-info":
        return folder.name in DOTTED
    inside = folder.relative_to(root).parts
    return folder.name not in GENERATED or (
        inside[0] in ("src", "tests") and folder.name != "__pycache__"
    )


def read(path: Path) -> str:
    """The file's text, as UTF-8."""
    return path.read_bytes().decode("utf-8")


@cache
def nodes_of(text: str) -> tuple[ast.AST, ...]:
    """Every node of a module of this text, the module itself first; parsed and walked once for all
    rules.
    """
    return tuple(ast.walk(ast.parse(text)))
