"""The folder of reports and the releases in it: whose it is, who holds it, what each holds, which
one is shown.

Takes a built folder, gives a release with its record; never removes what no record names.

`folder.py` tells whether a folder is ours and holds its lock; an edition is made in `building.py`,
recorded by `contents.py`, published and shown by `store.py`; `compare.py` finds what changed
between two; `state.py` reads and writes the small files among them.
"""
