"""Pure computation: shares, placement, redistribution, reconciliation, uncertainty.

Takes frames, gives frames and small frozen records; never reads a file, never draws,
never says a sentence to a reader, never holds the year of a rule: those are handed in.
"""
