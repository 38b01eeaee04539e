"""What one notebook leaves changed, the next in its place finds as new, and so does whoever asked
for both.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import nbformat
import pytest

from helpers.warm.outcome import Limits
from helpers.warm.slot import Order
from helpers.warm.supervisor import Supervisor
from tests.patience import PATIENCE
from tests.publish.samples import notebook_of
from tests.warm.test_supervisor import IMPORTABLE

pytestmark = pytest.mark.xdist_group("caller")


class Way(NamedTuple):
    """A way in which one notebook may reach the next.

    Attributes:
        spoil: A cell that changes something for its whole process.
        look: An expression of what is changed.
        needs: What both import.
    """

    spoil: str
    look: str
    needs: str


WAYS = {
    "the environment": Way("os.environ['LEFT'] = '1'", "os.environ.get('LEFT')", "os"),
    "the folder": Way("os.chdir('/')", "os.getcwd()", "os"),
    "where modules are found": Way(
        "sys.path.insert(0, '/left')", "'/left' in sys.path", "sys"
    ),
    "the modules that are there": Way(
        "sys.modules['left'] = sys; del sys.modules['colorsys']",
        "'left' in sys.modules, 'colorsys' in sys.modules",
        "sys, colorsys",
    ),
    "its own names": Way(
        "left = 1", "'left' in globals(), hasattr(sys.modules['__main__'], 'left')", "sys"
    ),
    "what is built in": Way(
        "builtins.left = 1; builtins.copyright = None",
        "hasattr(builtins, 'left'), builtins.copyright is None",
        "builtins",
    ),
    "patched modules": Way(
        "string.capwords = repr; string.Template.delimiter = '%'",
        "string.capwords.__name__, string.Template.delimiter",
        "string",
    ),
    "settings of figures": Way(
        "matplotlib.rcParams['figure.dpi'] = 31; matplotlib.rcParams['font.size'] = 3",
        "matplotlib.rcParams['figure.dpi'], matplotlib.rcParams['font.size']",
        "matplotlib, matplotlib.pyplot",
    ),
    "open figures": Way(
        "matplotlib.pyplot.ioff(); matplotlib_inline.config.InlineBackend.close_figures = False;"
        " matplotlib.pyplot.figure(31)",
        "matplotlib.pyplot.get_fignums(), matplotlib_inline.config.InlineBackend().close_figures",
        "matplotlib, matplotlib.pyplot, matplotlib_inline.config",
    ),
    "options of pandas": Way(
        "pandas.set_option('display.max_rows', 31)",
        "pandas.get_option('display.max_rows')",
        "pandas",
    ),
    "chance": Way(
        "random.seed(1)", "random.getstate() == random.Random(1).getstate()", "random"
    ),
    "numpy's chance": Way(
        "numpy.random.seed(1); numpy.set_printoptions(precision=1)",
        "bool((numpy.random.get_state()[1] == numpy.random.RandomState(1).get_state()[1]).all()),"
        " numpy.get_printoptions()['precision']",
        "numpy",
    ),
    "filters of warnings": Way(
        "warnings.filterwarnings('error', 'left')",
        "any(one[1] and one[1].pattern == 'left' for one in warnings.filters)",
        "warnings",
    ),
    "logging": Way(
        "logging.basicConfig(level=1, force=True); logging.disable(30);"
        " logging.getLogger('left').setLevel(31)",
        "logging.root.level, len(logging.root.handlers), logging.root.manager.disable,"
        " logging.getLogger('left').level",
        "logging",
    ),
    "how deep it may call": Way(
        "sys.setrecursionlimit(7777)", "sys.getrecursionlimit()", "sys"
    ),
    "decimal": Way(
        "decimal.getcontext().prec = 3; decimal.DefaultContext.prec = 3",
        "decimal.getcontext().prec, decimal.DefaultContext.prec",
        "decimal",
    ),
    "the mask of new files": Way(
        "os.umask(0o077)", "open('/proc/self/status').read().split('Umask:')[1].split()[0]", "os"
    ),
    "its priority": Way("os.nice(1)", "os.nice(0)", "os"),
    "handlers of signals": Way(
        "signal.signal(signal.SIGUSR1, signal.SIG_IGN); signal.alarm(9999)",
        "str(signal.getsignal(signal.SIGUSR1)), signal.getitimer(signal.ITIMER_REAL)[0] > 0",
        "signal",
    ),
    "limits": Way(
        "resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); resource.setrlimit("
        "resource.RLIMIT_NOFILE, (99, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))",
        "resource.getrlimit(resource.RLIMIT_NOFILE)",
        "resource",
    ),
    "the language": Way(
        "locale.setlocale(locale.LC_NUMERIC, 'C.UTF-8')",
        "locale.setlocale(locale.LC_NUMERIC)",
        "locale",
    ),
    "the time zone": Way(
        "os.environ['TZ'] = 'XYZ-9'; time.tzset()", "time.tzname[0], time.timezone", "os, time"
    ),
    "the collector of garbage": Way(
        "gc.disable(); gc.set_threshold(31)", "gc.isenabled(), gc.get_threshold()", "gc"
    ),
    "how long threads run": Way("sys.setswitchinterval(0.5)", "sys.getswitchinterval()", "sys"),
    "what the streams wait for": Way(
        "os.set_blocking(0, False)", "os.get_blocking(0)", "os"
    ),
}  # fmt: skip
SHARED = (
    "helpers.warm.client:practise",
    *sorted({name for way in WAYS.values() for name in way.needs.split(", ")}),
)


def look_of(way: Way) -> str:
    """A cell that prints what is found."""
    return f"import json, {way.needs}\nprint(json.JSONEncoder().encode([{way.look}]))"


def run(path: str) -> None:
    """Run a notebook in the process that this is; a slot's child finds this by its name."""
    import papermill

    from helpers.warm.engine import register

    papermill.execute_notebook(
        path, path, engine_name=register("warm"), kernel_name="python3", progress_bar=False
    )


def notebook(folder: Path, spoil: bool) -> str:
    """A notebook that spoils in every way and looks, or that looks."""
    cells = []
    for way in WAYS.values():
        cells += [f"import {way.needs}\n{way.spoil};"] if spoil else ["None"]
        cells += [look_of(way)]
    path = folder / f"{len(list(folder.iterdir()))}.ipynb"
    nbformat.write(notebook_of(cells), path)
    return str(path)


def found_in(path: str) -> dict[str, object]:
    """What a notebook found, by way."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    looks = cells[-2 * len(WAYS) :][1::2]
    texts = ["".join(out.text for out in cell.outputs if "text" in out) for cell in looks]
    return dict(zip(WAYS, map(json.loads, texts), strict=True))


@contextmanager
def one_slot(folder: Path) -> Iterator[object]:
    """What runs notebooks one after the other in a slot."""
    limits = Limits(wall=PATIENCE, cpu=PATIENCE)
    with Supervisor(Order(run, limits, 1, folder, SHARED)) as supervisor:
        yield lambda path: [
            outcome.found for _, outcome in supervisor.outcomes([path]) if outcome.found
        ]


@contextmanager
def one_nursery(_: Path) -> Iterator[object]:
    """What runs notebooks one after the other as papermill does."""
    yield run


@pytest.fixture(scope="module", params=[one_slot, one_nursery], ids=["slot", "caller"])
def found(request, tmp_path_factory):
    """What is found by way: in a process as new, in the one that is spoilt, in the next in its
    place; and by the caller before and after.
    """
    folder, scratch = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("scratch")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", IMPORTABLE)
        with request.param(scratch) as runs:
            before, seen = own(), []
            for spoil in (False, True, False):
                path = notebook(folder, spoil)
                assert not runs(path)
                seen.append(found_in(path))
            return [*seen, before, own()]


def own() -> dict[str, object]:
    """What this process finds."""
    names: dict[str, object] = {}
    for way in WAYS.values():
        exec(f"import {way.needs}", names)
    return {name: eval(f"[{way.look}]", names) for name, way in WAYS.items()}


@pytest.mark.parametrize("way", WAYS)
def test_what_a_notebook_leaves_changed_the_next_in_its_place_and_its_caller_find_as_new(
    found, way
):
    new, spoilt, following, before, after = (one[way] for one in found)
    assert spoilt != new
    assert following == new
    assert after == before
