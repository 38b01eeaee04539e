"""Runs by the clock: schedules for systemd, cron and Windows, the runner they start, the history,
the status.

Takes a schedule or the folder of reports, gives units to install and how things stand; never makes
a report itself.

`schedule.py` has what a schedule is and when it runs; `systemd.py`, `crontab.py` and `windows.py`
word it; `runner.py` is what they start; `history.py` has the record of runs and the status.
"""
