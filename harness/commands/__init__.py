"""The commands of the command line, a file each, and what they share: how they end (status.py), and where their words and pages go.

    run.py     report.py    a study: outcome.py is what both end with
    check.py   speed.py     implementations: stdout.py, pages.py
    diagnose.py   list_.py

Everything heavy is imported inside the commands: `--help` answers at once.
"""
