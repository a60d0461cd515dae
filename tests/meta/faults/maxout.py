"""Faulty forms of Maxout. Each changes one thing of a plain form over (rows, pieces, units)."""

import numpy as np

from ..collection import fault


class Plain:
    """`largest` (rows, pieces, units) to (rows, units); `part` to the share of each piece in its unit's gradient."""

    @staticmethod
    def groups(z, units):
        if z.shape[1] % units or z.shape[1] < units:
            raise ValueError("uneven groups")
        return z.reshape(len(z), -1, units)

    def largest(self, z):
        return z.max(axis=1)

    def part(self, z, a):
        return np.arange(z.shape[1])[:, None] == z.argmax(axis=1, keepdims=True)

    def forward(self, z, a):
        a[:] = self.largest(self.groups(z, a.shape[1]))

    def backward(self, da, z, a, dz):
        z = self.groups(z, a.shape[1])
        dz[:] = (self.part(z, a) * da[:, None, :]).reshape(dz.shape)


FORWARD = ("maxout.group-max",)
BACKWARD = ("maxout.winner-gradient",)
SHAPE = ("maxout.group-max", "maxout.pieces", "maxout.contains-relu", "maxout.contains-abs-leaky")


@fault("maxout", *SHAPE, "maxout.convex", "maxout.not-concave")
class Least(Plain):
    """Takes the smallest of a group."""

    def largest(self, z):
        return z.min(axis=1)


@fault("maxout", *FORWARD, "maxout.contains-abs-leaky")
class LargestSize(Plain):
    """Takes the largest absolute value."""

    def largest(self, z):
        return np.abs(z).max(axis=1)


@fault("maxout", *FORWARD, "maxout.pieces")
class SignedLargestSize(Plain):
    """Takes the value that is largest in size."""

    def largest(self, z):
        return np.take_along_axis(z, np.abs(z).argmax(axis=1, keepdims=True), axis=1)[:, 0]


@fault("maxout", *SHAPE)
class Mean(Plain):
    """Takes the mean of a group."""

    def largest(self, z):
        return z.mean(axis=1)


@fault("maxout", *SHAPE)
class Sum(Plain):
    """Adds a group up."""

    def largest(self, z):
        return z.sum(axis=1)


@fault("maxout", *FORWARD, "maxout.pieces")
class Smooth(Plain):
    """Takes the smooth maximum, log Σ exp, in place of the maximum."""

    def largest(self, z):
        return np.logaddexp.reduce(z, axis=1)


@fault("maxout", *FORWARD, "maxout.pieces", "maxout.convex")
class SecondLargest(Plain):
    """Takes the second largest of a group."""

    def largest(self, z):
        return np.sort(z, axis=1)[:, -2]


@fault("maxout", *FORWARD, "maxout.contains-abs-leaky", "maxout.pieces")
class AtLeastZero(Plain):
    """Starts the search for the largest at 0, so that groups of negative values give 0."""

    def largest(self, z):
        return np.maximum(z.max(axis=1), 0)


@fault("maxout", *FORWARD)
class StartsAtAFiniteNumber(Plain):
    """Starts the search at -1e9: smaller values, and minus infinity, are lost."""

    def largest(self, z):
        return np.maximum(z.max(axis=1), -1e9)


@fault("maxout", *FORWARD, "maxout.pieces")
class LeavesOutTheLast(Plain):
    """Compares all pieces but the last."""

    def largest(self, z):
        return z[:, :-1].max(axis=1)


@fault("maxout", *FORWARD, "maxout.pieces")
class LeavesOutTheFirst(Plain):
    """Compares all pieces but the first."""

    def largest(self, z):
        return z[:, 1:].max(axis=1)


@fault("maxout", *FORWARD, "maxout.pieces")
class OnlyTwo(Plain):
    """Compares the first two pieces, however many there are."""

    def largest(self, z):
        return np.maximum(z[:, 0], z[:, 1])


@fault("maxout", *FORWARD)
class BlindToNaN(Plain):
    """Passes NaN over."""

    def largest(self, z):
        return np.fmax.reduce(z, axis=1)


@fault("maxout", *FORWARD)
class NaNIsZero(Plain):
    """Turns NaN into 0."""

    def largest(self, z):
        return np.nan_to_num(z).max(axis=1)


@fault("maxout", *FORWARD)
class FirstNaNOnly(Plain):
    """Compares with `>` from the first piece on: a NaN in a later piece never wins."""

    def largest(self, z):
        best = z[:, 0].copy()
        for piece in range(1, z.shape[1]):
            best = np.where(z[:, piece] > best, z[:, piece], best)
        return best


@fault("maxout", *FORWARD)
class NaNForAll(Plain):
    """One NaN spoils the whole row."""

    def largest(self, z):
        return z.max(axis=1) + 0 * np.where(np.isnan(z), z, 0).sum(axis=(1, 2))[:, None]


@fault("maxout", *FORWARD)
class ByHalfTheDifference(Plain):
    """Takes (x + y + |x - y|) / 2: small winners beside large losers are lost, and infinities."""

    def largest(self, z):
        best = z[:, 0]
        for piece in range(1, z.shape[1]):
            best = (best + z[:, piece] + np.abs(best - z[:, piece])) / 2
        return best


@fault("maxout", *FORWARD)
class SinglePrecision(Plain):
    """Computes in half the digits."""

    def largest(self, z):
        return z.astype(np.float16 if z.dtype == np.float32 else np.float32).max(axis=1)


@fault("maxout", *FORWARD)
class Clipped(Plain):
    """Clips activations to 1e6."""

    def largest(self, z):
        return np.clip(z.max(axis=1), -1e6, 1e6)


@fault("maxout", *FORWARD)
class AcrossRows(Plain):
    """Takes the largest over the rows of a batch, too."""

    def largest(self, z):
        return np.broadcast_to(z.max(axis=(0, 1)), (len(z), z.shape[2]))


@fault("maxout", *FORWARD)
class WholeRow(Plain):
    """Gives every unit the largest of all groups."""

    def largest(self, z):
        return np.broadcast_to(z.max(axis=(1, 2))[:, None], (len(z), z.shape[2]))


@fault("maxout", *FORWARD)
class FirstRow(Plain):
    """Gives every row the first one's activations."""

    def largest(self, z):
        return np.broadcast_to(z[:1].max(axis=1), (len(z), z.shape[2]))


@fault("maxout", *FORWARD, *BACKWARD)
class Consecutive(Plain):
    """Groups neighbouring columns, and declares no such layout."""

    @staticmethod
    def groups(z, units):
        return Plain.groups(z, units).reshape(len(z), units, -1).swapaxes(1, 2)

    def backward(self, da, z, a, dz):
        z = self.groups(z, a.shape[1])
        dz[:] = (self.part(z, a) * da[:, None, :]).swapaxes(1, 2).reshape(dz.shape)


@fault("maxout", *FORWARD, *BACKWARD)
class DeclaresConsecutive(Plain):
    """Declares neighbouring columns to be a group, and takes columns that lie apart."""

    conventions = {"layout": "consecutive"}  # noqa: RUF012


@fault("maxout", *BACKWARD)
class ConsecutiveGradient(Plain):
    """Reads groups as declared and writes the gradient in the other layout."""

    def backward(self, da, z, a, dz):
        z = self.groups(z, a.shape[1])
        dz[:] = (self.part(z, a) * da[:, None, :]).swapaxes(1, 2).reshape(dz.shape)


@fault("maxout", *FORWARD)
class LeavesColumnsOut(Plain):
    """Ignores the columns that make no whole group."""

    @staticmethod
    def groups(z, units):
        pieces = max(z.shape[1] // units, 1)
        return np.resize(z[:, : pieces * units], (len(z), pieces, units))

    def backward(self, da, z, a, dz):
        z = self.groups(z, a.shape[1])
        dz[:] = np.resize(self.part(z, a) * da[:, None, :], dz.shape)


@fault("maxout", *BACKWARD, "maxout.contains-relu", "maxout.contains-abs-leaky")
class AllPieces(Plain):
    """Hands the gradient to every piece."""

    def part(self, z, a):
        return np.ones(z.shape)


@fault("maxout", *BACKWARD, "maxout.contains-relu")
class EqualShares(Plain):
    """Hands every piece an equal share, as an average does."""

    def part(self, z, a):
        return np.full(z.shape, 1 / z.shape[1])


@fault("maxout", *BACKWARD, "maxout.contains-relu", "maxout.pieces")
class Loser(Plain):
    """Hands the gradient to the smallest."""

    def part(self, z, a):
        return np.arange(z.shape[1])[:, None] == z.argmin(axis=1, keepdims=True)


@fault("maxout", *BACKWARD, "maxout.contains-relu", "maxout.pieces")
class AlwaysTheFirst(Plain):
    """Hands the gradient to the first piece, whichever won."""

    def part(self, z, a):
        return np.broadcast_to(np.arange(z.shape[1])[:, None] == 0, z.shape)


@fault("maxout", *BACKWARD, "maxout.pieces")
class NextPiece(Plain):
    """Hands the gradient to the piece after the winner."""

    def part(self, z, a):
        return np.roll(Plain.part(self, z, a), 1, axis=1)


@fault("maxout", *BACKWARD)
class FirstRowsWinner(Plain):
    """Takes the first row's winners for all rows."""

    def part(self, z, a):
        return Plain.part(self, z[:1], a)


@fault("maxout", *BACKWARD)
class WinnerOfTheSums(Plain):
    """Takes the winner of the batch's sums for all rows."""

    def part(self, z, a):
        return Plain.part(self, z.sum(axis=0, keepdims=True), a)


@fault("maxout", *BACKWARD, "maxout.contains-relu")
class PositiveWinners(Plain):
    """Hands on the gradient of positive winners only, as ReLU does."""

    def part(self, z, a):
        return Plain.part(self, z, a) & (z > 0)


@fault("maxout", *BACKWARD)
class NonzeroWinners(Plain):
    """Hands no gradient to a winner of 0."""

    def part(self, z, a):
        return Plain.part(self, z, a) & (z != 0)


@fault("maxout", *BACKWARD, "maxout.contains-relu", "maxout.contains-abs-leaky", "maxout.pieces")
class UpstreamIgnored(Plain):
    """Takes the upstream gradient for 1."""

    def backward(self, da, z, a, dz):
        super().backward(np.ones_like(da), z, a, dz)


@fault("maxout", *BACKWARD, "maxout.contains-relu", "maxout.contains-abs-leaky")
class UpstreamsSign(Plain):
    """Hands on the size of the upstream gradient."""

    def backward(self, da, z, a, dz):
        super().backward(np.abs(da), z, a, dz)


@fault("maxout", *BACKWARD, "maxout.contains-relu")
class ClippedUpstream(Plain):
    """Clips the upstream gradient to 1."""

    def backward(self, da, z, a, dz):
        super().backward(np.clip(da, -1, 1), z, a, dz)


@fault("maxout", *BACKWARD)
class TimesTheValue(Plain):
    """Multiplies the gradient by the winner's value."""

    def part(self, z, a):
        return Plain.part(self, z, a) * z


@fault("maxout", *BACKWARD)
class TimesPieces(Plain):
    """Multiplies the gradient by the number of pieces."""

    def part(self, z, a):
        return Plain.part(self, z, a) * z.shape[1]


@fault("maxout", *BACKWARD)
class SoftmaxShares(Plain):
    """Shares the gradient as softmax of the pieces does."""

    def part(self, z, a):
        share = np.exp(z - z.max(axis=1, keepdims=True))
        return share / share.sum(axis=1, keepdims=True)


@fault("maxout", *BACKWARD)
class EveryTiedPiece(Plain):
    """Hands each tied piece the whole gradient, which counts it several times."""

    def part(self, z, a):
        return z == a[:, None, :]


@fault("maxout", *BACKWARD, "maxout.contains-relu")
class LastOfTies(Plain):
    """Hands a tie's gradient to the last, and declares the first."""

    def part(self, z, a):
        return (np.arange(z.shape[1])[:, None] == z.shape[1] - 1 - z[:, ::-1].argmax(axis=1, keepdims=True)) & (z == z)  # noqa: PLR0124


@fault("maxout", *BACKWARD)
class NoGradientAtTies(Plain):
    """Hands nothing on where pieces tie."""

    def part(self, z, a):
        tied = z == a[:, None, :]
        return tied & (tied.sum(axis=1, keepdims=True) == 1)


@fault("maxout", *BACKWARD)
class NearTies(Plain):
    """Takes values that are nearly equal for ties."""

    def part(self, z, a):
        near = np.isclose(z, a[:, None, :])
        return near & (near.cumsum(axis=1) == 1)


@fault("maxout", *BACKWARD, "maxout.contains-relu")
class SplitsUndeclared(Plain):
    """Splits a tie's gradient, and declares that the first gets it."""

    def part(self, z, a):
        tied = z == a[:, None, :]
        return tied / tied.sum(axis=1, keepdims=True)


@fault("maxout", *BACKWARD, "maxout.contains-relu")
class DeclaresSplit(Plain):
    """Declares that ties are split, and hands all to the first."""

    conventions = {"ties": "split"}  # noqa: RUF012


@fault("maxout", *BACKWARD)
class SplitsInHalves(Plain):
    """Splits every tie in halves, among three as well."""

    conventions = {"ties": "split"}  # noqa: RUF012

    def part(self, z, a):
        tied = z == a[:, None, :]
        return tied / np.minimum(tied.sum(axis=1, keepdims=True), 2)


@fault("maxout", *BACKWARD)
class SplitsByPieces(Plain):
    """Divides a tie's gradient by the number of pieces in place of the number of ties."""

    conventions = {"ties": "split"}  # noqa: RUF012

    def part(self, z, a):
        tied = z == a[:, None, :]
        return np.where(tied.sum(axis=1, keepdims=True) > 1, tied / z.shape[1], tied)


@fault("maxout", *BACKWARD)
class KeepsItsWinners(Plain):
    """Remembers the winners of the last forward pass: wrong where several layers share the member."""

    def forward(self, z, a):
        super().forward(z, a)
        self.winners = Plain.part(self, self.groups(z, a.shape[1]), a)

    def part(self, z, a):
        return self.winners if self.winners.shape == z.shape else Plain.part(self, z, a) * 0


@fault("maxout", *BACKWARD)
class OneRowOnly(Plain):
    """Writes the gradient of the first row, and zeros for the others."""

    def backward(self, da, z, a, dz):
        super().backward(da, z, a, dz)
        dz[1:] = 0


@fault("maxout", *BACKWARD)
class LosersGetALittle(Plain):
    """Leaks a hundredth of the gradient to the losers."""

    def part(self, z, a):
        return np.where(Plain.part(self, z, a), 1, 0.01)


@fault("maxout", *BACKWARD)
class AddsUp(Plain):
    """Adds to what stands in the output."""

    def backward(self, da, z, a, dz):
        before = dz.copy()
        super().backward(da, z, a, dz)
        dz += before
