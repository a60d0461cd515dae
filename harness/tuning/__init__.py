"""Fair tuning: the same search for every arm, chosen on validation rows, compared on fresh seeds.

keys.py     `[tuning]` in a study file          tuned.py    trials, choice, and the recipes that are compared
search.py   the points of a search              tables.py   trials, budgets, sensitivity as tables
"""
