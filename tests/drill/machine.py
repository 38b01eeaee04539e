"""What a process can have of the machine: a disk that is small or read-only, for it alone; no
network; another user.
"""

import ctypes
import os
import resource
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

NEW_MOUNTS, PRIVATE, READ_ONLY, BIND, REMOUNT, RECURSIVE = 0x20000, 1 << 18, 1, 4096, 32, 16384
NOBODY = 65534
RIGHTS = "+dac_override,+dac_read_search"  # the interpreter may lie where only root reads


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments):
        raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")


def own_mounts() -> None:
    """Let this process mount for itself alone; gone with it."""
    _call("unshare", NEW_MOUNTS)
    _call("mount", b"none", b"/", None, RECURSIVE | PRIVATE, None)


def small_disk(folder: Path, size: int) -> None:
    """Put a disk of so many bytes at a folder, in memory, with what the folder holds."""
    kept = folder.with_name(f"{folder.name}.kept")
    shutil.copytree(folder, kept, symlinks=True)
    _call("mount", b"tmpfs", os.fsencode(folder), b"tmpfs", 0, f"size={size}".encode())
    shutil.copytree(kept, folder, symlinks=True, dirs_exist_ok=True)


def larger_disk(folder: Path, size: int) -> None:
    """Let the disk at a folder have so many bytes."""
    _call("mount", None, os.fsencode(folder), None, REMOUNT, f"size={size}".encode())


def read_only(folder: Path) -> None:
    """Let nothing be written in a folder, whoever writes."""
    place = os.fsencode(folder)
    _call("mount", place, place, None, BIND, None)
    _call("mount", None, place, None, BIND | REMOUNT | READ_ONLY, None)


def short_files(size: int) -> None:
    """Let no file of this process be longer than so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def without_network() -> list[str]:
    """Return the command that runs another without any network, its own machine's apart."""
    return _first(["unshare", "--net"], ["unshare", "--map-root-user", "--net"])


def as_nobody() -> list[str]:
    """Return the command that runs another as another user; nothing where that is not allowed."""
    user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    return _first(["setpriv", *user, f"--inh-caps={RIGHTS}", f"--ambient-caps={RIGHTS}"])


def _first(*commands: Sequence[str]) -> list[str]:
    for command in commands:
        if (
            shutil.which(command[0])
            and not subprocess.run([*command, "true"], capture_output=True).returncode
        ):
            return list(command)
    return []
