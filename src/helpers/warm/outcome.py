"""What a task may use, and what became of it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What one task may use.

    Attributes:
        wall: Seconds from start to end.
        cpu: Seconds of processor time of its process.
        memory: Bytes of address space beyond what the warm process had.
        file: Bytes of any one file it writes.
    """

    wall: float
    cpu: int
    memory: int = 2 << 30
    file: int = 64 << 20

    def impose(self) -> None:
        """Put this process, and all it starts, under the limits but that of wall time."""
        import resource  # not on Windows, where nothing is run under limits

        self.impose_sizes()
        # the first sends SIGXCPU, which tells why
        resource.setrlimit(resource.RLIMIT_CPU, (self.cpu, self.cpu + 5))

    def impose_sizes(self) -> None:
        """Put this process, and all it starts, under the limits of memory and files."""
        import resource

        had = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
        for kind, asked in (
            (resource.RLIMIT_AS, had + self.memory),
            (resource.RLIMIT_FSIZE, self.file),
            (resource.RLIMIT_CORE, 0),
        ):
            # a limit that is there already stays: what parted has one
            before = resource.getrlimit(kind)[1]
            most = asked if before == resource.RLIM_INFINITY else min(asked, before)
            resource.setrlimit(kind, (most, most))

    def impose_time(self) -> None:
        """Let this process have the processor time from now on; what it starts has at least as
        much, and no more.
        """
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(
            resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + self.cpu, most)
        )


class End(StrEnum):
    """How a task's process ended."""

    VALUE = "the work gave a value"
    RAISED = "the work raised an error"
    EXITED = "the process ended early"
    KILLED = "the process was ended by a signal"
    ALARM = "a step took longer than it may"
    CPU = "more processor time than allowed"
    WALL = "more time than allowed"
    WORKER = "the process that looked after it ended"


@dataclass(frozen=True)
class Outcome:
    """What became of one task.

    Attributes:
        end: How it ended; `value` is what the work returned if it is VALUE.
        found: What was found, in words, where there is no value.
        seconds, cpu: Wall and processor time, children included.
        peak: Bytes in memory at most, what it shares with the warm process included.
    """

    end: End
    value: Any = None
    found: str = ""
    seconds: float = 0.0
    cpu: float = 0.0
    peak: int = 0
