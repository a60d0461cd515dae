"""A battery of tests for numbers of 32 bits that are to be independent and even: the quick forms of the usual ones.

Every test gives p-values, two-sided: a generator that is too even is as wrong as one that is uneven. They are multiplied by the number of all
tests (Bonferroni), so a bound on the least of them is the chance of a false alarm, over the choice of the key, of the battery as a whole.

Numbers are taken in several orders (`rows`): along elements, steps, layers, sequential keys, keys that differ by one bit or by γ, grids. What is even
along elements may repeat itself from step to step.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtr, chdtrc, pdtr, pdtrc

from trickbench.implementations.dropout._randomness import count_p_value, lagged, normal_p_value
from trickbench.implementations.dropout._stream import GAMMA

from .generators import SplitMix, whole

KEY = 0x0123456789ABCDEF
QUICK = 1 << 16
"""Numbers in a row, in the quick form."""


@dataclass(frozen=True)
class Result:
    """The least p-value of a kind of test, times the number of all tests in the battery."""

    test: str
    row: str
    p_value: float


def battery(generator: SplitMix, size: int = QUICK, kinds: Collection[str] | None = None) -> list[Result]:
    """The results of these kinds of tests, or of all, the worst first."""
    found = [(test, row, np.ravel(p_values)) for test, row, p_values in _tests(generator, size, KINDS if kinds is None else kinds)]
    count = sum(p_values.size for _, _, p_values in found)
    results = [Result(test, row, float(min(1.0, p_values.min() * count))) for test, row, p_values in found]
    return sorted(results, key=lambda each: each.p_value)


def _tests(generator: SplitMix, size: int, kinds: Collection[str]) -> Iterator[tuple[str, str, Any]]:
    of_row = {name: test for name, test in OF_ROW.items() if name in kinds}
    for row, numbers in rows(generator, size).items() if of_row else ():
        for name, test in of_row.items():
            yield name, row, test(numbers)
    for argument in WIDTHS:
        if f"avalanche of the {argument}" in kinds:
            yield f"avalanche of the {argument}", "", avalanche(generator, argument, size // 256)
    if "repeated words" in kinds:
        yield "repeated words", "", repeated_words(generator, size)
    if "streams in pairs" in kinds:
        yield "streams in pairs", "", pairs_of_streams(generator)


def rows(generator: SplitMix, size: int) -> dict[str, Any]:
    """The same number of numbers in several orders."""
    count, key = np.arange(size), whole(KEY)
    gray = whole(count ^ (count >> 1))
    step, layer, element = np.unravel_index(count, (size // 256, 4, 64))
    return {
        "elements": generator.numbers(key, 1, 0, count),
        "steps": generator.numbers(key, 1 + count, 0, 0),
        "layers": generator.numbers(key, 1, count, 0),
        "sequential keys": generator.numbers(count, 1, 0, 0),
        "keys that differ by one bit": generator.numbers(key ^ gray, 1, 0, 0),
        "keys that differ by one upper bit": generator.numbers(key ^ (gray << whole(40)), 1, 0, 0),
        "keys that differ by γ": generator.numbers(key + GAMMA * whole(count), 1, 0, 0),
        "small masks of all steps and layers": generator.numbers(key, 1 + step, layer, element),
    }


def even(counts: Any, probabilities: Any = None) -> float:
    """Chi squared: counts that fit their probabilities worse, or better, than chance makes them."""
    expected = counts.sum() * (np.full(counts.size, 1 / counts.size) if probabilities is None else np.asarray(probabilities))
    statistic, freedom = float(((counts - expected) ** 2 / expected).sum()), counts.size - 1
    return min(1.0, 2 * min(chdtr(freedom, statistic), chdtrc(freedom, statistic)))


def rare(count: int, expected: float) -> float:
    """Poisson: so many, or a number further from what is expected."""
    return min(1.0, 2 * min(pdtr(count, expected), pdtrc(count - 1, expected) if count else 1.0))


def ones(numbers: Any) -> Any:
    """How often each bit is 1, over the last axis."""
    return np.unpackbits(numbers.view(np.uint8).reshape(*numbers.shape, 4), axis=-1).sum(axis=-2, dtype=np.int32)


def bits(numbers: Any) -> Any:
    """Each of the 32 bits is 1 in half of the numbers."""
    return count_p_value(ones(numbers), numbers.size, 0.5)


def bytes_(numbers: Any) -> list[float]:
    """Each byte, and the highest and lowest 11 bits, take all their values equally often."""
    fields = [numbers.view(np.uint8)[place::4] for place in range(4)]
    counts = [np.bincount(field, minlength=256) for field in fields]
    return [even(each) for each in (*counts, np.bincount(numbers >> np.uint32(21), minlength=2048), np.bincount(numbers & 2047, minlength=2048))]


def pairs(numbers: Any) -> list[float]:
    """The highest, and the lowest, 5 bits of two numbers at a distance: all 1024 pairs occur equally often."""
    fields = (numbers >> np.uint32(27), numbers & np.uint32(31))
    lags = (1, 2, 3, 4, 5, 8, 16, 64, 256, 512)
    return [even(np.bincount(field[lag:] * np.uint32(32) + field[:-lag], minlength=1024)) for field in fields for lag in lags]


def serial_correlation(numbers: Any) -> Any:
    """Numbers are uncorrelated with those at any distance, forwards and in reverse order; so are they with their bits in reverse order."""
    odd = numbers[: (numbers.size - 1) | 1]
    values = [(odd.astype(np.float64) + 0.5) / 2**31 - 1, (reversed_bits(odd).astype(np.float64) + 0.5) / 2**31 - 1]
    values = [each * np.sqrt(3) for each in values]  # a variance of 1
    return np.concatenate([normal_p_value(lagged(each, mirrored=mirrored)) for each in values for mirrored in (False, True)])


def bits_in_succession(numbers: Any) -> Any:
    """Each bit of a number agrees with that of a later one half of the time."""
    lags = (1, 2, 3, 4, 5, 8, 16, 32, 64, 128, 256)
    different = np.array([ones(numbers[lag:] ^ numbers[:-lag]) for lag in lags])
    return count_p_value(different, numbers.size - np.array(lags)[:, None], 0.5)


def runs(numbers: Any) -> Any:
    """Changes between the upper and the lower half (Wald and Wolfowitz), and lengths of runs upwards, each one's end thrown away (Knuth, 3.3.2 G)."""
    upper = numbers >> np.uint32(31)
    changes = count_p_value(int((upper[1:] != upper[:-1]).sum()), numbers.size - 1, 0.5)
    ends = np.flatnonzero(numbers[1:] <= numbers[:-1])
    lengths, at = [], -1
    for end in ends.tolist():  # a run's end, and the number after it, which would begin the next one and is not independent of the end
        if end > at:
            lengths.append(end - at)
            at = end + 1
    longest = 6
    counts = np.bincount(np.minimum(lengths, longest), minlength=longest + 1)[1:]
    factorial = np.cumprod(np.arange(1.0, longest + 2))
    at_least = np.append(1.0, 1 / factorial[1:longest])  # the first r numbers ascend with probability 1/r!
    return [changes, even(counts, at_least - np.append(at_least[1:], 0.0))]


def birthday_spacings(numbers: Any) -> list[float]:
    """Marsaglia's test: of the gaps between 4096 birthdays in a year of 2^32 days, four are expected to equal another; of reversed bits too."""
    found = []
    for each in (numbers, reversed_bits(numbers)):
        gaps = np.sort(np.diff(np.sort(each.reshape(-1, 4096).astype(np.int64), axis=1), axis=1), axis=1)
        found.append(rare(int((gaps[:, 1:] == gaps[:, :-1]).sum()), len(gaps) * 4096**3 / 2**34))
    return found


def equal_numbers(numbers: Any) -> list[float]:
    """Numbers, or their upper 24 bits, that occur before: a pair is equal with probability 2^-32, or 2^-24."""
    fields = (numbers, numbers >> np.uint32(8))
    return [rare(each.size - np.unique(each).size, taken(each.size, places)) for each, places in zip(fields, (2.0**32, 2.0**24), strict=True)]


def taken(size: int, places: float) -> float:
    """How many of so many numbers are expected to fall on a place that is taken."""
    return size - places * -np.expm1(size * np.log1p(-1 / places))


def ranks(numbers: Any) -> float:
    """The ranks of 32 by 32 bits, modulo 2 (Marsaglia): full, one less, or lower still."""
    matrices = numbers[: numbers.size // 32 * 32].reshape(-1, 32).copy()
    rank, used = np.zeros(len(matrices), int), np.zeros(matrices.shape, bool)
    for bit in range(32):
        has = ((matrices >> np.uint32(bit)) & np.uint32(1) == 1) & ~used
        pivot, there = has.argmax(axis=1), has.any(axis=1)
        chosen = matrices[np.arange(len(matrices)), pivot]
        used[np.flatnonzero(there), pivot[there]] = True
        rank += there
        others = ((matrices >> np.uint32(bit)) & np.uint32(1) == 1) & there[:, None]
        others[np.arange(len(matrices)), pivot] = False
        matrices ^= np.where(others, chosen[:, None], np.uint32(0))
    full = np.prod(1 - 0.5 ** np.arange(1, 33))
    less = full * 2 * (1 - 0.5**32)
    return even(np.bincount(np.clip(rank - 30, 0, 2), minlength=3), [1 - full - less, less, full])


def reversed_bits(numbers: Any) -> Any:
    """The lowest bit first."""
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F)):
        numbers = (numbers >> np.uint32(shift)) & np.uint32(mask) | (numbers & np.uint32(mask)) << np.uint32(shift)
    return numbers.byteswap()


WIDTHS = {"key": 64, "step": 31, "layer": 16, "element": 24}
"""Bits that are changed in each argument."""


def avalanche(generator: SplitMix, argument: str, samples: int) -> Any:
    """A change of one bit of an argument changes each bit of the number, and all 32 together, half of the time."""
    random = np.random.default_rng(5)
    at = {name: random.integers(0, 2**width, samples, np.uint64) for name, width in WIDTHS.items()}
    before = generator.numbers(**at)
    changes = [{**at, argument: at[argument] ^ np.uint64(1 << bit)} for bit in range(WIDTHS[argument])]
    counts = ones(np.array([before ^ generator.numbers(**each) for each in changes]))
    return np.append(count_p_value(counts, samples, 0.5), count_p_value(counts.sum(axis=1), 32 * samples, 0.5))


def repeated_words(generator: SplitMix, size: int) -> float:
    """Words of many keys, steps and layers: none occurs twice, since 64 bits hold so many more."""
    key, few, bit = whole(KEY), np.arange(size // 64), whole(1) << whole(np.arange(64))
    seeds = [
        generator.seed(key, 1 + few, 0),
        generator.seed(key, 1 + few, 1),
        generator.seed(key, 0, 2 + few),
        generator.seed(few, 0, 0),
        generator.seed(key ^ bit, 0, 0),
        generator.seed(key ^ whole(1), 1 + few, 0),
        generator.seed(key + GAMMA * whole(1 + few), 0, 0),
        generator.seed(whole(1 + few) << whole(32), 3, 0),
    ]
    words = generator.word(np.concatenate(seeds)[:, None], whole(np.arange(16))).ravel()
    words = np.concatenate([words, generator.words(key, 0, 1, np.arange(size))])
    return rare(words.size - np.unique(words).size, words.size**2 / 2.0**65)


def pairs_of_streams(generator: SplitMix) -> Any:
    """Streams of other steps, layers and keys are uncorrelated, each with each."""
    near = [(KEY, 1, 0), (KEY, 2, 0), (KEY, 3, 0), (KEY, 1, 1), (KEY, 2, 1), (KEY, 1, 2), (KEY + 1, 1, 0), (KEY + 2, 1, 0), (KEY ^ 2**63, 1, 0)]
    far = [(key, step, layer) for key in (0, 1, 2**32) for step in (1, 2, 1000) for layer in (0, 3)]
    numbers = np.array([generator.numbers(key, step, layer, np.arange(4096)) for key, step, layer in near + far])
    values = ((numbers.astype(np.float64) + 0.5) / 2**31 - 1) * np.sqrt(3)
    found = values @ values.T / np.sqrt(values.shape[1])
    return normal_p_value(found[np.tril_indices(len(found), -1)])


OF_ROW = {
    "bits": bits,
    "bytes": bytes_,
    "pairs": pairs,
    "serial correlation": serial_correlation,
    "bits in succession": bits_in_succession,
    "runs": runs,
    "birthday spacings": birthday_spacings,
    "equal numbers": equal_numbers,
    "ranks": ranks,
}

KINDS = (*OF_ROW, *(f"avalanche of the {argument}" for argument in WIDTHS), "repeated words", "streams in pairs")
