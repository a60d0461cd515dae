"""`trickbench check`: claims held against implementations.

command.py      what was asked for, the checks, what is said of them; `recheck` in Python
plan.py         which claims are held against which implementations
perform.py      one check: a claim, an implementation, a verdict
run.py          the checks of a plan, one after the other or in worker processes; patience.py says how long these may take
verdicts.py     what came out: counts, exit status, plain records
output.py       what is printed and written

What a claim is stands outside, where techniques find it: claim.py, evidence.py, probe.py, subject.py.
"""
