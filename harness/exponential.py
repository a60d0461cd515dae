"""e to a power of at most 0, without a call or a branch, so that a loop over it vectorises; one form for each float type.

    x = k ln 2 + r,  k whole,  abs(r) ≤ (ln 2)/2        eˣ = 2ᵏ eʳ        eʳ from its Taylor series

k is rounded by adding and subtracting a number so large that no fraction fits beside it, and so stands in the low bits of the sum. ln 2 is
taken off in two parts, the first with enough zero bits at its end that k times it is exact (Cody and Waite 1980), and what r loses by
rounding is added again at the end. The first term left out, in float64 r¹⁴/14!, in float32 r⁸/8!, is below 2⁻⁵⁷ and 2⁻²⁷. 2ᵏ is put together from
bits, in two factors, because k goes down to −1076 (−150) and an exponent only to −1022 (−126). Error: below 1 unit in the last place where the
result is not subnormal (seen: 0.87 in float64; in float32 0.93, the worst of all numbers).
"""

from __future__ import annotations

import numpy as np

from .kernel import kernel

LOWEST = np.float64(-746.0)  # e to this power is 0
ROUNDER = np.float64(1.5 * 2.0**52)
ROUNDER_BITS = ROUNDER.view(np.int64)
LN2_HIGH = np.float64.fromhex("0x1.62e42feep-1")
LN2_LOW = np.float64.fromhex("0x1.a39ef35793c76p-33")

SINGLE_LOWEST = np.float32(-104.0)
SINGLE_ROUNDER = np.float32(1.5 * 2.0**23)
SINGLE_ROUNDER_BITS = SINGLE_ROUNDER.view(np.int32)
SINGLE_LN2_HIGH = np.float32(float.fromhex("0x1.62e4p-1"))
SINGLE_LN2_LOW = np.float32(float.fromhex("0x1.7f7d1cf8p-20"))
SINGLE_LOG2_E = np.float32(1.4426950408889634)
SINGLE_TERMS = tuple(np.float32(1 / each) for each in (5040, 720, 120, 24, 6, 2))
SINGLE_BIAS, SINGLE_MANTISSA, SINGLE_HALF = np.int32(127), np.int32(23), np.int32(1)


@kernel
def exponential(x: float) -> float:
    """e to the power of a float64 of at most 0; −∞ gives 0, NaN stays NaN."""
    x = LOWEST if x < LOWEST else x  # noqa: FURB136  max would not pass NaN when compiled
    shifted = np.float64(x * 1.4426950408889634 + ROUNDER)  # 1 / ln 2
    whole = shifted - ROUNDER
    high, low = x - whole * LN2_HIGH, whole * LN2_LOW
    r = high - low
    lost = (high - r) - low
    series = r * (1 / 6227020800.0) + 1 / 479001600.0  # 1/13! and 1/12!
    series = series * r + 1 / 39916800.0
    series = series * r + 1 / 3628800.0
    series = series * r + 1 / 362880.0
    series = series * r + 1 / 40320.0
    series = series * r + 1 / 5040.0
    series = series * r + 1 / 720.0
    series = series * r + 1 / 120.0
    series = series * r + 1 / 24.0
    series = series * r + 1 / 6.0
    series = series * r + 0.5
    power = 1.0 + (r + (series * r * r + lost))
    k = shifted.view(np.int64) - ROUNDER_BITS
    half = k >> 1
    return power * power_of_two(half) * power_of_two(k - half)


@kernel
def power_of_two(k: int) -> float:
    """2 to the power k, for −1022 ≤ k ≤ 1023, by writing the exponent of a float64."""
    return np.int64((k + 1023) << 52).view(np.float64)


@kernel
def single_exponential(x: np.float32) -> np.float32:
    """e to the power of a float32 of at most 0, as `exponential`, in float32 throughout: sixteen at once instead of eight, and half the terms."""
    x = SINGLE_LOWEST if x < SINGLE_LOWEST else x  # noqa: FURB136
    shifted = np.float32(x * SINGLE_LOG2_E + SINGLE_ROUNDER)
    whole = shifted - SINGLE_ROUNDER
    high, low = x - whole * SINGLE_LN2_HIGH, whole * SINGLE_LN2_LOW
    r = high - low
    lost = (high - r) - low
    series = r * SINGLE_TERMS[0] + SINGLE_TERMS[1]
    series = series * r + SINGLE_TERMS[2]
    series = series * r + SINGLE_TERMS[3]
    series = series * r + SINGLE_TERMS[4]
    series = series * r + SINGLE_TERMS[5]
    power = np.float32(1) + (r + (series * r * r + lost))
    k = np.int32(shifted.view(np.int32) - SINGLE_ROUNDER_BITS)
    half = np.int32(k >> SINGLE_HALF)
    return power * single_power_of_two(half) * single_power_of_two(np.int32(k - half))


@kernel
def single_power_of_two(k: np.int32) -> np.float32:
    """2 to the power k, for −126 ≤ k ≤ 127."""
    return np.int32(np.int32(k + SINGLE_BIAS) << SINGLE_MANTISSA).view(np.float32)
