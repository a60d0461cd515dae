"""Whether verdicts can be trusted: false ones counted, planted effects looked for, intervals held against what they promise.

python -m pytest tests/calibration -m slow                          compares with docs/calibration.md
TRICKBENCH_REWRITE=1 python -m pytest tests/calibration -m slow     writes it
"""
