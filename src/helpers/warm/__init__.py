"""Run many notebooks quickly and safely: one warm process, of which each report is a forked,
limited child.

Takes a function, its tasks and what to import first, gives what came of each task; never knows what
a report is about.

It knows notebooks, parameters and files, and nothing of what a report is about. A caller hands in
what to import before the first fork and what to do with each task:

- `engine.WarmEngine` is a papermill engine ("warm"): the cells run in the calling process, outputs
  as from a kernel.
- `supervisor.Supervisor` keeps the warm process and gives an `Outcome` for each task.
- `journal.Journal` keeps one line per finished task, safe against a crash.

Linux only; `processes.can_fork` tells.
"""
