"""What this process may use of the machine."""

import os


def processors() -> int:
    """Return how many processors this process may use: in a container, or under taskset, not all that there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # macOS and Windows do not tell
