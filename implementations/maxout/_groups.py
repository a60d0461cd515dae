"""How many pieces a unit has, read from the shapes."""

from ...harness.arrays import Matrix
from ...harness.kernel import kernel


@kernel
def pieces_of(z: Matrix, a: Matrix) -> int:
    """The columns of `z` for each column of `a`; raises ValueError where that is no whole number of at least 1."""
    pieces = max(z.shape[1] // max(a.shape[1], 1), 1)
    if pieces * a.shape[1] != z.shape[1]:
        raise ValueError("The columns of z are no whole multiple of those of a; give z the same number of pieces for every unit of a.")
    return pieces
