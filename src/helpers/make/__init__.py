"""A run: what is to be made, what is up to date, the engines that make the rest, and the step to a
release.

Takes a request and options, gives a published release; never knows of children or places.
"""
