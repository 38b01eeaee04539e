"""The warm process: imports once what every task needs, then forks slots that fork the tasks."""

import gc
import importlib
import os
import sys
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, cast

from . import processes, slot, tree
from .apart import apart, tried
from .errors import WarmError
from .outcome import End, Outcome
from .slot import Errand, Order


class Slot:
    """The warm process's side of one slot: it lives as long as needed, and is replaced when it
    dies.
    """

    def __init__(self, order: Order, others: list[Connection]) -> None:
        self.order, self.others = order, others
        self._fork()

    def _fork(self) -> None:
        self.line, theirs = Pipe()
        parent = os.getpid()
        self.pid = processes.fork()
        if self.pid == 0:
            for end in (*self.others, self.line):
                end.close()
            processes.die_with_parent(parent)
            try:
                slot.serve(theirs, self.order, tree.run)
            finally:
                os._exit(0)
        theirs.close()
        self.others.append(self.line)

    def take(self) -> Outcome:
        """Return what came of the slot's task; if the slot is gone, end what it left and fork
        another.
        """
        try:
            return cast(Outcome, self.line.recv())
        except (EOFError, OSError):
            self.others.remove(self.line)
            self.line.close()
            return Outcome(End.WORKER, found=End.WORKER.value)


def main() -> None:
    """Serve the process at the other end of a descriptor, this program's first argument; the second
    is `Supervisor`'s `around`.
    """
    # there is nothing to collect while modules are imported, and looking for it takes a tenth of
    # the time
    gc.disable()
    line, around = Connection(int(sys.argv[1])), sys.argv[2]
    order = _ordered(line, around)
    if order is None:
        return
    try:
        with importing(around):
            warm_up(order.warm)
        order.ready()
        gc.collect()
        gc.freeze()  # else the children's collector would write to every page they share
        gc.enable()
        processes.adopt_orphans()
        ends: list[Connection] = [line]
        slots = [Slot(order, ends) for _ in range(order.slots)]
    except Exception as error:
        line.send(
            str(error) if isinstance(error, WarmError) else f"{type(error).__name__}: {error}"
        )
        return
    line.send("")
    try:
        _serve(line, slots)
    finally:
        processes.end_children()


def _ordered(line: Connection, around: str) -> Order | None:
    """Run errands as they come, and return the order that ends them; None where the other end has
    closed.
    """
    while True:
        try:
            asked = line.recv()
        except EOFError:
            return None
        if isinstance(asked, Order):
            return asked
        with importing(around):
            answer = tried(asked.work)
        line.send(answer)


def warm_up(names: tuple[str, ...]) -> None:
    """Import each module, and call each function that is named as "module:function"."""
    for name in names:
        found = named(name)
        if ":" in name:
            found()


def importing(around: str) -> AbstractContextManager[object]:
    """Return the context manager of that name, "module:function"; one that does nothing if
    empty.
    """
    return cast(AbstractContextManager[object], named(around)()) if around else nullcontext()


def named(name: str) -> Any:
    """Return what a name, "module" or "module:function", is the name of."""
    module, _, function = name.partition(":")
    found = importlib.import_module(module)
    return getattr(found, function) if function else found


def _serve(line: Connection, slots: list[Slot]) -> None:
    """Pass (slot, task) on as they come and (slot, outcome) back, and run errands, until the other
    end closes.
    """
    while True:
        ready = wait([line, *(own.line for own in slots)])
        for number, own in enumerate(slots):
            if own.line in ready:
                outcome = own.take()
                if outcome.end is End.WORKER:
                    processes.end_children(spare={other.pid for other in slots if other is not own})
                    own._fork()
                line.send((number, outcome))
        if line in ready:
            try:
                asked = line.recv()
            except EOFError:
                return
            if isinstance(asked, Errand):
                line.send(tried(partial(apart, asked.work)))
            else:
                number, task = asked
                slots[number].line.send(task)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    sys.stderr.flush()
    # all that it held ends with it; taking it down piece by piece takes a third of a second
    os._exit(0)
