"""Maxout with units innermost, in one pass for the usual numbers of pieces."""

from ...harness.arrays import Matrix
from ...harness.kernel import kernel
from ._groups import pieces_of
from ._passes import backward_of, backward_of_any, forward_of, forward_of_any

_forward_of_two, _forward_of_three, _forward_of_four = forward_of(2), forward_of(3), forward_of(4)
_backward_of_two, _backward_of_three, _backward_of_four = backward_of(2), backward_of(3), backward_of(4)


class Maxout:
    @kernel
    def forward(z: Matrix, a: Matrix) -> None:
        pieces = pieces_of(z, a)
        if pieces == 2:
            _forward_of_two(z, a)
        elif pieces == 3:
            _forward_of_three(z, a)
        elif pieces == 4:
            _forward_of_four(z, a)
        else:
            forward_of_any(z, a, pieces)

    @kernel
    def backward(da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        pieces = pieces_of(z, a)
        if pieces == 2:
            _backward_of_two(da, z, a, dz)
        elif pieces == 3:
            _backward_of_three(da, z, a, dz)
        elif pieces == 4:
            _backward_of_four(da, z, a, dz)
        else:
            backward_of_any(da, z, a, dz, pieces)
