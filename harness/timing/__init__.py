"""`trickbench speed`: implementations of one technique timed against each other in one run.

command.py      what was asked for, the races, the result; `speed` in Python
plan.py         which implementations are timed on which sizes
workload.py     one method of an implementation, bound to its arrays: arguments.py fills them, costs.py and count.py say what it costs at least
run.py          every contest raced: race.py takes the samples, threads.py holds libraries to one thread
hardware.py     what this machine can do at most, measured in the same run
statistics.py   from samples to ratios, intervals and verdicts
output.py       what is printed

The package is not called after its command, because `trickbench.harness.speed` is the function.
"""
