"""Runs by the clock: schedules for systemd, cron and Windows, the runner they start, the history,
the status.

Takes a schedule or the folder of reports, gives units to install and how things stand; never makes
a report itself.
"""
