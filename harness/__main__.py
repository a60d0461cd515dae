"""`python -m trickbench.harness` is `trickbench`."""

from .cli import main

main()
