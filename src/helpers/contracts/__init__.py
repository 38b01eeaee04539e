"""What people write by hand, read strictly: typed contracts, the one reader of numbers, the one
table of limits.

Takes a YAML file or values, gives a typed model or all that is wrong with it; never computes a
result.
"""
