"""What makes the compiled loop fast: arithmetic and memory, which know nothing of techniques, recipes or runs.

products.py   the three matrix products of a training step; panels.py cuts their compiled form to the caches, tiles.py to the registers
views.py      some rows of a matrix, at no cost; borrowed.py is the compiled form, and that of a whole workspace
aligned.py    vectors that begin at a line of the cache

The loop itself is harness/loop.py, and what it passes through harness/network.py.
"""
