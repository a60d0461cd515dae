"""What a study compares: its arms, the contrasts between them, and what two tricks do to each other.

contrast.py            an arm, a contrast of arms
design.py              a study -> its contrasts, by design
factorial.py           all combinations of factors, and fractions of them
fractions.py           which fraction: generators, resolution, aliases
interactions.py        tables of what one trick does with and without another
interaction_words.py   a sentence for each
"""
