"""The warm process: imports once what every task needs, then forks slots that fork the tasks."""

import gc
import importlib
import os
import sys
from collections import deque
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, cast

from . import processes, slot, tree
from .outcome import End, Outcome
from .processes import WarmError, apart, tried
from .slot import Errand, Order, Surroundings

_called: set[str] = set()  # by `warm_up`


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
    """Serve the process at the other end of a descriptor, this program's first argument; the others
    are `Supervisor`'s `around` and `ahead`.
    """
    line, around, *ahead = sys.argv[1:]
    serve(Connection(int(line)), around, ahead)


def serve(line: Connection, around: str, ahead: Iterable[str] = ()) -> None:
    """Be the warm process of the supervisor at the other end of a line, until it closes.

    Args:
        line: Its end.
        around: The context manager in which it imports.
        ahead: What it imports and calls while it waits for its order, as `warm_up` does.
    """
    # there is nothing to collect while modules are imported, and looking for it takes a tenth of
    # the time
    gc.disable()
    order = _Waiting(line, around, deque(ahead)).ordered()
    if order is None:
        return
    try:
        with importing(around):
            order.handed()
            warm_up(order.warm)
        order.ready()
        _settle()
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


@dataclass
class _Waiting:
    """A warm process before its order: it imports ahead, and runs errands as they come."""

    line: Connection
    around: str
    ahead: deque[str]
    errand: Connection | None = None  # open until the process that does it has ended

    def ordered(self) -> Order | None:
        """Return the order that ends the waiting; None where the other end has closed."""
        while True:
            if self.ahead and not self.line.poll():
                self._import_next()
                continue
            if self.errand and self.line not in wait([self.line, self.errand]):
                self._end_errand()
                continue
            try:
                asked = self.line.recv()
            except EOFError:
                return None
            if self.errand:
                self._end_errand()
            if isinstance(asked, Order):
                return asked
            if isinstance(asked, Surroundings):
                asked.take()
            else:
                self._do(asked)

    def _import_next(self) -> None:
        try:
            with importing(self.around):
                warm_up((self.ahead.popleft(),))
        except Exception:
            self.ahead.clear()  # the order names it too, and whoever sends that is told
        if not self.ahead:
            _settle()  # while there is time: what is then left for after the order is little

    def _do(self, asked: Errand) -> None:
        """Answer an errand: in a fork, as long as there is something to import meanwhile."""
        if not (self.ahead and processes.alone()):
            with importing(self.around):
                answer = tried(asked.work)
            self.line.send(answer)
            return
        self.errand, theirs = Pipe(duplex=False)
        parent = os.getpid()
        if processes.fork() == 0:
            try:
                processes.die_with_parent(parent)
                with importing(self.around):
                    answer = tried(asked.work)
                self.line.send(answer)
                theirs.send(True)
            finally:
                os._exit(0)
        theirs.close()

    def _end_errand(self) -> None:
        """Wait for the end of an errand's process, and answer for it if it has not."""
        assert self.errand is not None
        try:
            self.errand.recv()
        except EOFError:
            self.line.send((None, WarmError("a fork of it ended without an answer")))
        self.errand.close()
        self.errand = None
        os.wait()


def _settle() -> None:
    """Throw away what nothing refers to, and keep the collector from the rest: else that of the
    children would write to every page they share.
    """
    gc.collect()
    gc.freeze()


def warm_up(names: tuple[str, ...]) -> None:
    """Import each module, and call each function that is named as "module:function": once in this
    process and what is forked from it.
    """
    for name in names:
        found = named(name)
        if ":" in name and name not in _called:
            found()
            _called.add(name)


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
