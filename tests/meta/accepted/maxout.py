"""Forms of Maxout that look wrong and are right, and conventions honestly declared."""

import numpy as np

from ..collection import sound


def strided(z, a):
    return z.reshape(len(z), pieces(z, a), a.shape[1])


def consecutive(z, a):
    return z.reshape(len(z), a.shape[1], pieces(z, a))


def pieces(z, a):
    return max(z.shape[1] // max(a.shape[1], 1), 1)


@sound("maxout", seen="CONV act-maxout-tie-convention")
class MaskedSplit:
    """Divides the mask of winners by their number, as reduce_max does; NaN gets NaN."""

    conventions = {"ties": "split"}  # noqa: RUF012

    def forward(self, z, a):
        a[:] = strided(z, a).max(axis=1)

    def backward(self, da, z, a, dz):
        tied = strided(z, a) == a[:, None, :]
        dz[:] = (tied * (da / tied.sum(axis=1))[:, None, :]).reshape(dz.shape)


@sound("maxout", seen="CONV act-maxout-tie-convention")
class ReciprocalSplit:
    """Multiplies by one over the number of ties, and reads neighbouring columns."""

    conventions = {"ties": "split", "layout": "consecutive"}  # noqa: RUF012

    def forward(self, z, a):
        a[:] = consecutive(z, a).max(axis=2)

    def backward(self, da, z, a, dz):
        tied = consecutive(z, a) == a[:, :, None]
        dz[:] = (tied * (1 / tied.sum(axis=2, keepdims=True)).astype(np.result_type(da, np.float32)) * da[:, :, None]).reshape(dz.shape)


@sound("maxout")
class Selection:
    """Picks the winner by its index, in both directions."""

    def forward(self, z, a):
        groups = strided(z, a)
        a[:] = np.take_along_axis(groups, groups.argmax(axis=1, keepdims=True), axis=1)[:, 0]

    def backward(self, da, z, a, dz):
        groups = strided(z, a)
        dz[:] = 0
        np.put_along_axis(dz.reshape(groups.shape), groups.argmax(axis=1, keepdims=True), da[:, None, :], axis=1)


@sound("maxout")
class Tournament:
    """Lets pieces play one after the other; an equal rival does not win."""

    def forward(self, z, a):
        groups = strided(z, a)
        a[:] = groups[:, 0]
        for piece in range(1, groups.shape[1]):
            np.maximum(a, groups[:, piece], out=a)

    def backward(self, da, z, a, dz):
        groups, left = strided(z, a), da.copy()
        out = dz.reshape(groups.shape)
        for piece in range(groups.shape[1]):
            wins = groups[:, piece] == a
            out[:, piece] = np.where(wins, left, 0)
            left = np.where(wins, 0, left)


@sound("maxout")
class Sorted:
    """Sorts each group, and takes the last; NaN is sorted last."""

    conventions = {"layout": "consecutive"}  # noqa: RUF012

    def forward(self, z, a):
        a[:] = np.sort(consecutive(z, a), axis=2)[:, :, -1]

    def backward(self, da, z, a, dz):
        groups = consecutive(z, a)
        dz[:] = (np.eye(groups.shape[2], dtype=da.dtype)[groups.argmax(axis=2)] * da[:, :, None]).reshape(dz.shape)


@sound("maxout")
class NegatedMinimum:
    """The smallest of the negative values, negated."""

    def forward(self, z, a):
        a[:] = -(-strided(z, a)).min(axis=1)

    def backward(self, da, z, a, dz):
        groups = -strided(z, a)
        dz[:] = np.where(np.arange(groups.shape[1])[:, None] == groups.argmin(axis=1, keepdims=True), da[:, None, :], 0).reshape(dz.shape)
