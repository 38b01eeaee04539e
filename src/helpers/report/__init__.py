"""One report: the job it is made by, the figures it states with their evidence, what it was made
from.

Takes an executed notebook, gives its facts and the proof that it is whole; never knows what a
report is about.
"""
