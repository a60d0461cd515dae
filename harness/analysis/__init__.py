"""From the runs of a study to its tables, block by block; the arithmetic of each verdict is that of `inference/`.

blocks.py               a contrast on one dataset: a difference for each seed
effects.py              a difference, its interval and its verdict for each contrast and dataset; resampling.py says how replicates are drawn
looks.py                the same where seeds were added until it was decided; stopped.py is what may then be asked besides
overall.py              each contrast over several datasets
interactions.py         what an interaction is made of: cells and simple effects; interaction_words.py tells it in a sentence
ranking.py              arms against each other over datasets: ranks, interquartile means, performance profiles
sources_of_variance.py  which source of randomness matters
costs.py                time to a target
"""
