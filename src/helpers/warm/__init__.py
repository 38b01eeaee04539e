"""Run many notebooks quickly and safely: one warm process, of which each report is a forked,
limited child.

Takes a function, its tasks and what to import first, gives what came of each task; never knows what
a report is about, nor what package it is part of.

It knows notebooks, parameters and files. A caller hands in what to import before the first fork and
what to do with each task:

- `engine.WarmEngine` is a papermill engine: the cells run in the calling process, outputs as from a
  kernel.
- `supervisor.Supervisor` keeps the warm process and gives an `Outcome` for each task.

The folder works under any other name and in any other place; README.md says how. Linux only;
`processes.can_fork` tells.
"""
