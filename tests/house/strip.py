"""Strip notebooks of output, counts and stray metadata: python -m tests.house.strip FILE ...

pre-commit itself stops a commit whose files a hook has changed.
"""

import json
import sys
from pathlib import Path
from typing import Any

from .notebooks import METADATA


def stripped(content: dict[str, Any]) -> dict[str, Any]:
    """The notebook with code, prose, ids and tags alone."""
    kept = content["metadata"]
    metadata = {
        key: {name: kept[key][name] for name in sorted(names) if name in kept[key]}
        for key, names in METADATA.items()
        if key in kept
    }
    return {
        **content,
        "cells": [_stripped_cell(cell) for cell in content["cells"]],
        "metadata": metadata,
    }


def _stripped_cell(cell: dict[str, Any]) -> dict[str, Any]:
    tags = {"tags": cell["metadata"]["tags"]} if cell["metadata"].get("tags") else {}
    emptied = {"execution_count": None, "outputs": []} if cell["cell_type"] == "code" else {}
    return {**cell, "metadata": tags, **emptied}


def strip(path: Path) -> bool:
    """Strip one file in place; whether it had to be changed."""
    before = path.read_bytes()
    content = stripped(json.loads(before))
    after = (json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
    if after != before:
        path.write_bytes(after)
    return after != before


if __name__ == "__main__":
    for name in sys.argv[1:]:
        if strip(Path(name)):
            print(f"stripped {name}")
