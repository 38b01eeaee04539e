"""The drill: each fault that a run must hold against is brought about for real, and what happens is
put in a table.

`python -m tests.drill --small` takes about two minutes with small notebooks and three of the real
ones; `python -m tests.drill` makes 312 real reports, 13 of them faulty, and kills the run 50 times.
"""
