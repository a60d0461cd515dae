"""Two commits compared on a machine that is shared and noisy: `tox -e asv-compare -- BASE HEAD`.

    commits.py     a wheel of each commit, an environment for its requirements; both are kept under .asv/compare
    worker.py      runs in such an environment: finds the tracked benchmarks, times one when it is told to
    side.py        the other end of a worker
    paired.py      one visit of one benchmark: both commits in turns on one core, A B B A or B A A B, as a log ratio
    sequential.py  what many visits say: a test and an interval that may be looked at after every visit
    comparing.py   passes over the benchmarks until each is decided or the budget is spent
    output.py      the table, the JSON, the exit status

A process has habits of its own: where its arrays and its machine code lie makes it faster or slower than its twin by some percent, for as long as
it lives. So the unit of the statistics is a pass, with new processes on both sides, and never a sample.
"""
