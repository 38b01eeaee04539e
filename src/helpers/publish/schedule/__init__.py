"""Runs by the clock: a systemd timer, a crontab line or a Windows task, and the one runner that all three start."""
