"""The files of a release as they are sent: what each holds here, and whether it lies there."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.contracts.files import checksum
from helpers.contracts.opening import bytes_in
from helpers.errors import SetupError
from helpers.releases.folder import RELEASES
from helpers.releases.record import File, record_of
from helpers.sending.targets import Lying, Target

SMALL = 2 << 20  # bytes; where the target tells no checksum, files up to here are read back
GO_ON = "Run the same command again: it goes on where this one stopped."
UNTOUCHED = f"Readers there see what they saw before. {GO_ON}"


@dataclass(frozen=True)
class Piece:
    """One file of a release: its place at the target, where it lies here, and what it holds."""

    name: str
    path: Path
    size: int
    md5: str
    sha256: str

    def content(self) -> bytes:
        """Return its bytes.

        Raises:
            SetupError: they are not what they were, or gone.
        """
        try:
            content = bytes_in(self.path)
        except OSError as error:
            raise SetupError(
                f"{self.path}: cannot be read ({error.strerror}). {UNTOUCHED}"
            ) from None
        if checksum(content) != self.sha256:
            raise SetupError(f"{self.path}: was changed while it was being sent. {UNTOUCHED}")
        return content


def pieces_of(folder: Path, identity: str, parts: tuple[str, ...]) -> list[Piece]:
    """Return every file of a release's parts, as its record says; what else lies there is not
    sent.
    """
    files = record_of(folder).files
    names = sorted(name for name in files if name.startswith(parts))
    return [_piece(f"{RELEASES}/{identity}/{name}", folder / name, files[name]) for name in names]


def _piece(name: str, path: Path, file: File) -> Piece:
    known = Piece(name, path, file.size, "", file.sha256)
    return replace(known, md5=hashlib.md5(known.content(), usedforsecurity=False).hexdigest())


def lies(target: Target, piece: Piece, found: Lying | None) -> bool:
    """Tell whether a piece lies at the target: by size, and by the checksum the target tells or by
    reading it back.
    """
    if found is None or found.size != piece.size:
        return False
    if found.md5 == piece.md5:
        return True
    if piece.size > SMALL and not found.says_md5:
        return True
    content = target.read(piece.name)
    return content is not None and checksum(content) == piece.sha256
