"""Mottagningsboken: published figures read once, checked once, computed purely, shown by thin
notebooks.

A folder is a room; its `__init__` says what it takes, what it gives, what it never does, and where
to begin. Figures pass through `sources`, `tables`, `model` and `present`; notebooks are run by
`make`; a command is in the file of its name in `cli`. docs/architecture.md has the whole.
"""

__version__ = "0.2.0"
