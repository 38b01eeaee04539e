"""Mottagningsboken: published figures read once, checked once, computed purely, shown by thin
notebooks.
"""

__version__ = "0.2.0"
