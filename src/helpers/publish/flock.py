"""Locks on open files that end with their process: flock, and where there is none, what Windows has in its place."""

import os
from contextlib import suppress

__all__ = ["LOCK_EX", "LOCK_NB", "LOCK_SH", "flock"]

try:
    from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
except ModuleNotFoundError:
    LOCK_SH, LOCK_EX, LOCK_NB = 1, 2, 4  # type: ignore[misc]
    FAR = 1 << 30  # a byte behind all that is in the file: Windows lets no one read a byte that is locked

    def flock(descriptor: int, kind: int) -> None:  # type: ignore[misc]
        """Lock an open file for this process alone, which is the only kind there is.

        Raises:
            BlockingIOError: another process has it.
        """
        import msvcrt

        here = os.lseek(descriptor, 0, os.SEEK_CUR)
        try:
            os.lseek(descriptor, FAR, os.SEEK_SET)
            with suppress(OSError):  # it was not ours
                msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError as error:
            raise BlockingIOError(error.errno, error.strerror) from None
        finally:
            os.lseek(descriptor, here, os.SEEK_SET)
