"""One report: the job it is made by, the figures it states with their evidence, what it was made
from.

Takes an executed notebook, gives its facts and the proof that it is whole; never knows what a
report is about.

`job.py` has what goes in and comes out, `facts.py` the figures, their proof and their JSON,
`manifest.py` what a report or an edition was made from.
"""
