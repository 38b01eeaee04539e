"""The folder of reports and the releases in it: whose it is, who holds it, what each holds, which
one is shown.

Takes a built folder, gives a release with its record; never removes what no record names.
"""
