"""Pages as readers meet them: a report's, a failed report's, the index, and what changed.

Takes executed notebooks, results and the words of what they are about, gives HTML that has passed
the gate; never runs anything.

`layout.py` makes every page by the templates in `html/`, `exporter.py` the inside of a report's;
`words.py` has their words, and `gate.py` refuses a page that may not be published.
"""
