"""Masks and initial weights are draws. Two generators owe each other no bits: what agrees is what is drawn, and how often.

Those that declare one `stream`, a name for how bits are made of the arguments, owe the same bits as well.
"""

from __future__ import annotations

import math
import zlib
from typing import Any

import numpy as np

from ..arrays import Floats
from ..claim import NotApplicable
from ..conformance.calls import Call, make, same
from ..conformance.problems import calls
from ..evidence import FALSE_ALARM, Case, Evidence, all_of, close, not_rejected
from ..probe import Probe
from ..subject import DropoutSubject, InitializerSubject, Subject
from .peers import agreement, computed_once, peers

RATES = (0.0, 0.1, 0.37, 0.8)
UNITS, DRAWS = 64, 64
SHAPES = ((64, 96), (48, 16))
"""Inputs and units of two layers: one with more units than inputs, one with fewer."""


@agreement("dropout", "same-factors")
def masks_of_one_convention_have_the_same_factors_and_rate(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """Forms of a technique that declare the same conventions multiply by the same two factors, in training and in testing, and drop equally often: a
    test of two proportions, rejected at 1e-6 at most for all of an implementation's pairs and rates.
    """
    found, parts = masks_of(dropout, probe), list[Evidence]()
    others = peers(dropout, probe)
    for peer in others:
        for rate, mine, theirs in zip(RATES, found, masks_of(peer, probe), strict=True):
            words = f"rate {rate} against {peer.name}"
            # one quotient, and one rounding to the dtype
            parts.append(
                close(np.array([mine.kept, mine.scale]), np.array([theirs.kept, theirs.scale]), ulps=2, given=f"{words}: kept factor, test_scale")
            )
            parts.append(_proportions(mine, theirs, words, len(others) * len(RATES)))
    return all_of(*parts)


class Masks:
    """What a number of masks of one rate look like."""

    def __init__(self, dropout: Any, rate: float, key: int) -> None:
        # one row a mask: where a mask serves all rows, further ones would be no draws of their own
        drawn = np.array([dropout.mask(1, UNITS, rate=rate, key=np.uint64(key), step=step, layer=1)[0] for step in range(1, DRAWS + 1)])
        self.kept = float(drawn.max())
        self.others = np.setdiff1d(drawn, [0.0, self.kept])
        self.share = float((drawn != 0).mean())
        self.scale = dropout.test_scale(rate)


def _masks(dropout: Any, seed: int) -> list[Masks]:
    key = int(np.random.default_rng([seed, zlib.crc32(dropout.name.encode())]).integers(2**63))
    return [Masks(dropout, rate, key) for rate in RATES]


masks_of = computed_once(_masks)


def _proportions(mine: Masks, theirs: Masks, words: str, tests: int) -> Evidence:
    """Hoeffding: each share of n draws is off its mean by d with probability 2 exp(-2 n d²) at most, so two differ by D with 4 exp(-n D²/2)."""
    difference, count = abs(mine.share - theirs.share), UNITS * DRAWS
    chance = min(1.0, 4 * math.exp(-count * difference**2 / 2)) if not len(mine.others) else 0.0
    got = f"{mine.share:.4f}" if not len(mine.others) else f"a factor of {mine.others[0]:g} as well"
    return not_rejected(
        chance, Case(f"{words}, {count} units", f"a share kept of about {theirs.share:.4f}", got), cases=count, rate=FALSE_ALARM / tests
    )


@agreement("dropout", "same-bits")
def masks_of_one_stream_are_the_same_bits(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """Forms of a technique that declare the same conventions and the same `stream` draw the same masks bit for bit."""
    return _same_bits(dropout, probe)


@agreement("initializer", "same-bits")
def weights_of_one_stream_are_the_same_bits(initializer: InitializerSubject, probe: Probe) -> Evidence:
    """Forms of a technique that declare the same conventions and the same `stream` draw the same weights from the same generator, but for the
    rounding of a factor.
    """
    return _same_bits(initializer, probe)


def _same_bits(examined: Subject, probe: Probe) -> Evidence:
    stream = getattr(examined.implementation.cls, "stream", None)
    if stream is None:
        raise NotApplicable("it declares no `stream`: others may draw otherwise")
    of_stream = [peer for peer in peers(examined, probe) if getattr(peer.implementation.cls, "stream", None) == stream]
    if not of_stream:
        raise NotApplicable(f"no other implementation of its conventions declares the stream {stream}")
    made = [call for rows, width in ((5, 7), (1, 1), (4, 16)) for call in calls(examined, probe.random(), rows, width) if call.written]
    return all_of(*(_equal(make(examined, call), make(peer, call), call, peer) for peer in of_stream for call in made))


def _equal(mine: dict[str, Floats], theirs: dict[str, Floats], call: Call, peer: Subject) -> Evidence:
    if "weights" in mine:  # the factor is rounded once, and its product
        return close(mine["weights"], theirs["weights"], ulps=2, given=f"{call} against {peer.name}")
    return same(mine, theirs, f"{call} against {peer.name}")


@agreement("initializer", "same-distribution")
def initial_weights_of_one_convention_are_distributed_alike(initializer: InitializerSubject, probe: Probe) -> Evidence:
    """Forms of a technique that declare the same conventions draw weights of one distribution: a test of Kolmogorov and Smirnov on two layers,
    and of the second moment, rejected at 1e-6 at most for all of an implementation's pairs.
    """
    found, others, parts = weights_of(initializer, probe), peers(initializer, probe), list[Evidence]()
    for peer in others:
        for shape, mine, theirs in zip(SHAPES, found, weights_of(peer, probe), strict=True):
            words, rate = f"{shape[0]} inputs, {shape[1]} units, against {peer.name}", FALSE_ALARM / (2 * len(others) * len(SHAPES))
            parts += [_distributions(mine, theirs, words, rate), _moments(mine, theirs, words, rate)]
    return all_of(*parts)


def _weights(initializer: Any, seed: int) -> list[Floats]:
    """Eight draws of each layer, from a generator of the implementation's own, so that two of them are independent."""
    random = np.random.default_rng([seed, zlib.crc32(initializer.name.encode())])
    return [np.concatenate([initializer.weights(*shape, random).ravel() for _ in range(8)]) for shape in SHAPES]


weights_of = computed_once(_weights)


def _distributions(mine: Floats, theirs: Floats, words: str, rate: float) -> Evidence:
    """Two samples of n differ by D with probability 2 exp(-n D²) at most (Wei and Dudley 2012, for n of 458 and more)."""
    both = np.sort(np.concatenate([mine, theirs]))
    shares = [np.searchsorted(np.sort(each), both, side="right") / each.size for each in (mine, theirs)]
    distance = float(np.abs(shares[0] - shares[1]).max())
    chance = min(1.0, 2 * math.exp(-mine.size * distance**2))
    return not_rejected(chance, Case(words, "one distribution", f"distributions {distance:.4f} apart"), cases=mine.size, rate=rate)


def _moments(mine: Floats, theirs: Floats, words: str, rate: float) -> Evidence:
    """The mean square of n draws is normal to good approximation, with a variance of that of the squares over n."""
    squares = [each**2 for each in (mine, theirs)]
    spread = math.sqrt(sum(float(each.var()) / each.size for each in squares)) or math.inf
    score = abs(float(squares[0].mean() - squares[1].mean())) / spread
    case = Case(f"{words}: mean square", f"about {squares[1].mean():.5g}", f"{squares[0].mean():.5g}")
    return not_rejected(math.erfc(score / math.sqrt(2)), case, cases=mine.size, rate=rate)


CLAIMS = (
    masks_of_one_convention_have_the_same_factors_and_rate,
    masks_of_one_stream_are_the_same_bits,
    weights_of_one_stream_are_the_same_bits,
    initial_weights_of_one_convention_are_distributed_alike,
)
