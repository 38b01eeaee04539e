"""What people write by hand, read strictly: typed contracts, the one reader of numbers, the one
table of limits.

Takes a YAML file or values, gives a typed model or all that is wrong with it; never computes a
result.

`reading.py` reads YAML, `numbers.py` has the one reader of numbers and every limit, `files.py`
opens, writes and locks files, `marks.py` knows the folders that are ours, `text.py` shows what is
hidden in a text and cuts what is long.
"""
