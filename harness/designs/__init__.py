"""What a study compares: its arms, and the contrasts between them.

contrast.py    an arm, a contrast of arms
design.py      a study -> its contrasts, by design
factorial.py   all combinations of factors, and fractions of them
fractions.py   which fraction: generators, resolution, aliases
"""
