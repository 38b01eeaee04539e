"""Pages as readers meet them: a report's, a failed report's, the index, and what changed.

Takes executed notebooks and results, gives HTML that has passed the gate; never runs anything.
"""
