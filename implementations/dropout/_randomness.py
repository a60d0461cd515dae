"""What tells independent draws of a known probability from others: p-values, two-sided, each to be multiplied by the number of tests.

A mask's elements are examined as numbers x of mean 0 and variance 1: (dropped - p) / sqrt(p (1-p)).
"""

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.subject import DropoutSubject


def drops(dropout: DropoutSubject, mask: Floats) -> Any:
    """Which elements were dropped, once each: all of the mask, or its first row where rows share one."""
    return np.ravel(mask if dropout.conventions["mask_reach"] == "example" else mask[0]) == 0


def standardised(dropped: Any, rate: float) -> Floats:
    """Numbers of mean 0 and variance 1, if the rate is right."""
    return (dropped - rate) / np.sqrt(rate * (1 - rate))


def count_p_value(dropped: Any, trials: Any, rate: Any) -> Any:
    """So many drops, or a count further from what is expected, in so many trials: exact."""
    from scipy.special import bdtr, bdtrc

    least = np.minimum(bdtr(dropped, trials, rate), np.where(np.asarray(dropped) > 0, bdtrc(np.asarray(dropped) - 1, trials, rate), 1.0))
    return np.minimum(1.0, 2 * least)


def spread_p_value(totals: Floats, trials: int, rate: float) -> float:
    """Counts of rows, columns or patterns that vary more, or less, than chance makes them: chi squared."""
    from scipy.special import chdtr, chdtrc

    statistic = float(((totals - trials * rate) ** 2).sum() / (trials * rate * (1 - rate)))
    return float(min(1.0, 2 * min(chdtr(totals.size, statistic), chdtrc(totals.size, statistic))))


def pattern_p_value(counts: Floats, probabilities: Floats) -> float:
    """Counts of all outcomes of one draw that fit their probabilities worse, or better, than chance makes them: chi squared."""
    from scipy.special import chdtr, chdtrc

    expected = probabilities * counts.sum()
    statistic, freedom = float(((counts - expected) ** 2 / expected).sum()), counts.size - 1
    return float(min(1.0, 2 * min(chdtr(freedom, statistic), chdtrc(freedom, statistic))))


def normal_p_value(deviations: Any) -> Any:
    """Sums of many independent products, in standard deviations.

    The factor 2 covers their skewness: that of a product is (1-2p)² / (p (1-p)), of 301 products with p = 0.4 or of thousands with other rates less
    than 0.01, which makes the tail at seven deviations heavier than the normal one by exp(0.01 · 7³ / 6) = 1.8 at most.
    """
    from scipy.special import erfc

    return np.minimum(1.0, 2 * erfc(np.abs(deviations) / np.sqrt(2)))


def lagged(first: Floats, second: Floats | None = None, *, mirrored: bool = False) -> Floats:
    """Correlations of an odd number of elements at every lag, around the end, in standard deviations; of a sequence with itself without lag 0.

    `mirrored` pairs element i with element lag - i: copies in reverse order. There each pair of one sequence occurs twice and one stands alone.
    """
    count = first.size
    spectrum = np.fft.rfft(first)
    other = spectrum if second is None else np.fft.rfft(second)
    sums = np.fft.irfft(spectrum * (other if mirrored else other.conj()), count)
    if second is not None:
        return sums / np.sqrt(count)
    if not mirrored:
        return sums[1 : count // 2 + 1] / np.sqrt(count)
    alone = first[np.arange(count) * ((count + 1) // 2) % count] ** 2  # 2 i = lag, around the end
    return (sums - alone) / np.sqrt(2 * (count - 1))
