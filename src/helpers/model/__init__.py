"""Pure computation: shares, placement, redistribution, reconciliation, uncertainty.

Takes frames, gives frames and small frozen records; never reads a file, never draws.
"""
