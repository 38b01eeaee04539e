"""Which scenes the drill has, the longest first."""

from collections.abc import Sequence

from tests.drill import big as whole
from tests.drill import disks, readers, real, reports, stops
from tests.drill.scene import Scene


def scenes(big: bool, only: Sequence[str] | None = None) -> list[Scene]:
    """Return the scenes of the big drill or the small one; of some lines only, if they are
    named.
    """
    every = [*readers.SCENES, *real.SCENES, reports.SCENE, *stops.SCENES, *disks.SCENES]
    every = [*whole.SCENES, *every] if big else every
    return [
        scene for scene in every if not only or any(line.number in only for line in scene.lines)
    ]
