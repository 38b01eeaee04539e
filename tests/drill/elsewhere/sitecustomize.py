"""Found by every Python process that the drill starts elsewhere: its clock stands so many seconds
on.
"""

import copyreg
import datetime
import os
import time

SHIFT = int(os.environ.get("DRILL_CLOCK", "0"))  # seconds
_time, _time_ns, _real = time.time, time.time_ns, datetime.datetime


class _Kind(type):
    """Let what the real class has made count as this one's."""

    def __instancecheck__(cls, found: object) -> bool:
        return isinstance(found, _real)


class _Shifted(_real, metaclass=_Kind):
    """The class of points in time, by the clock that is shifted; as large as the real one."""

    __slots__ = ()

    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(seconds=SHIFT)

    @classmethod
    def utcnow(cls):
        return super().utcnow() + datetime.timedelta(seconds=SHIFT)

    @classmethod
    def today(cls):
        return cls.now()


_Shifted.__name__ = _Shifted.__qualname__ = "datetime"
_Shifted.__module__ = "datetime"
if SHIFT:
    import pandas  # noqa: F401  compiled against the real class, so it must come before the other

    time.time = lambda: _time() + SHIFT
    time.time_ns = lambda: _time_ns() + SHIFT * 10**9
    copyreg.pickle(_real, lambda found: (_Shifted, found.__reduce_ex__(2)[1]))
    datetime.datetime = _Shifted  # type: ignore[misc]
