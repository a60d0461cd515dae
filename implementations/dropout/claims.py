"""What the lecture claims of dropout's masks: how often a unit is dropped, by itself, and anew before every update."""

import itertools
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, equal, not_rejected, true
from ...harness.probe import Probe
from ...harness.subject import DropoutSubject
from ._randomness import count_p_value, drops, lagged, normal_p_value, pattern_p_value, spread_p_value, standardised
from ._thinned import mask_values

RATES = (0.5, 0.3, 0.75, 1 / 3, 0.1, 0.95, 0.003, 0.997)
LARGE = (0.5, 0.95)
UNITS = 301
TIMES = (
    *((1, step, 0) for step in (1, 2, 3, 4, 5, 6, 11, 17, 33, 51, 65, 101, 129, 257, 501, 1001, 1025, 10001, 65537, 2**24 + 1, 2**31 + 1)),
    *((1, step, layer) for step, layer in ((1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (3, 2), (1, 10), (10, 1), (101, 1), (1, 17), (1, 257))),
    *((key, 1, 0) for key in (0, 2, 3, 257, 65537, 2**31, 2**32, 2**32 + 1, 2**33, 2**48, 2**62 + 1, 2**63, 2**64 - 1)),
    *((key, step, layer) for key, step, layer in ((0, 2, 0), (2, 2, 0), (2, 1, 1), (0, 1, 2), (2**63, 2, 1))),
)
"""Keys, steps and layers whose masks must have nothing in common."""


@claim("dropout.rate", kind="statistical", section="Dropout", figures=(18, 19))
def every_unit_is_dropped_with_this_probability_by_itself(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """Each unit is dropped with probability p, independently of the other units, and of its value, without which masks are drawn; what is kept has
    one factor. Every example has a mask of its own, or all of an update share one, as declared.
    """
    key = int(probe.random().integers(2**63))
    tests = [test for index, rate in enumerate(RATES) for test in _of_rate(dropout, rate, key + index)]
    tests += [_of_places(dropout, key), _of_times(dropout)]
    shapes = [_shape(dropout, key, *shape) for shape in ((1, 1), (1, 2), (2, 1), (3, 7), (5, 64), (64, 5), (33, 33))]
    return all_of(*shapes, *(_whole(dropout, rate, key) for rate in RATES), _worst(tests))


Test = tuple[float, int, Case]
"""A p-value, of how many tests of its kind it is the least, and what was seen."""


def _worst(tests: list[Test]) -> Evidence:
    """The least p-value (Bonferroni): every kind of test has the same share of the false alarms, every test of a kind the same share of that."""
    adjusted = [min(1.0, p_value * count * len(tests)) for p_value, count, _ in tests]
    at = int(np.argmin(adjusted))
    return not_rejected(adjusted[at], tests[at][2], cases=sum(count for _, count, _ in tests), tests=sum(count for _, count, _ in tests))


def _least(p_values: Any, given: str, expected: str, shown: Any) -> Test:
    flat = np.ravel(p_values)
    at = int(np.argmin(flat))
    return float(flat[at]), flat.size, Case(given, expected, shown(at))


def _block(dropout: DropoutSubject, rate: float, key: int, rows: int, units: int) -> Any:
    """Independent draws (rows, units): a mask's own rows, or those of successive steps where a mask has only one."""
    if dropout.conventions["mask_reach"] == "example":
        return dropout.mask(rows, units, rate=rate, key=key) == 0
    return np.array([dropout.mask(1, units, rate=rate, key=key, step=step)[0] for step in range(1, rows + 1)]) == 0


def _size(dropout: DropoutSubject, rate: float) -> tuple[int, int]:
    """Rows and units, odd for the correlations' sake; with some rates so many that numbers of 16 bits come round."""
    each = dropout.conventions["mask_reach"] == "example"
    if rate in LARGE:
        return (405, 405) if each else (3, 98415)
    return (405, 135) if each else (45, 1215)


def _of_rate(dropout: DropoutSubject, rate: float, key: int) -> list[Test]:
    dropped = _block(dropout, rate, key, *_size(dropout, rate))
    rows, units = dropped.shape
    count, given = int(dropped.sum()), f"p = {rate:.4g}, key {key}, {rows} rows of {units} units"
    tests = [_least(count_p_value(count, dropped.size, rate), given, f"a share of {rate:.4g} dropped", lambda _: f"{count / dropped.size:.5f}")]
    # chi squared needs some dozen drops and keeps a line
    if min(rate, 1 - rate) * min(rows, units) >= 12:
        for axis, words in ((1, "rows"), (0, "units")):
            totals, trials = dropped.sum(axis=axis), dropped.shape[axis]
            spread = f"{totals.var() / (trials * rate * (1 - rate)):.4g} of it"
            tests.append(_least(spread_p_value(totals, trials, rate), given, f"counts of {words} with the variance of chance", lambda _, s=spread: s))
    if 0.2 < rate < 0.8:
        values = standardised(dropped.ravel(), rate)
        for mirrored in (False, True):
            found = lagged(values, mirrored=mirrored)
            order = "in reverse order, " if mirrored else ""
            tests.append(
                _least(
                    normal_p_value(found), given, f"no correlation of one element with another, {order}at any distance",
                    lambda at, found=found, mirrored=mirrored: f"{found[at]:.3g} standard deviations at distance {at + (not mirrored)}",
                )
            )  # fmt: skip
        tests.append(_patterns(dropped, rate, given))
    return tests


def _patterns(dropped: Any, rate: float, given: str) -> Test:
    """How often each of the 16 patterns of four neighbours occurs."""
    codes = dropped.ravel()[: dropped.size // 4 * 4].reshape(-1, 4) @ (8, 4, 2, 1)
    several = np.array([code.bit_count() for code in range(16)])
    counts = np.bincount(codes, minlength=16).astype(float)
    p_value = pattern_p_value(counts, rate**several * (1 - rate) ** (4 - several))
    return _least(p_value, given, "every pattern of four neighbours as often as chance has it", lambda _: f"counts {counts.astype(int)}")


def _of_places(dropout: DropoutSubject, key: int) -> Test:
    """Each place of a small mask, over many steps."""
    rate, steps, rows, units = 0.4, 120, 3, 5
    masks = np.array([dropout.mask(rows, units, rate=rate, key=key, step=step) for step in range(1, steps + 1)])
    counts = (masks == 0).sum(axis=0)
    expected = f"dropped in a share of {rate} of {steps} steps"
    return _least(
        count_p_value(counts, steps, rate), f"p = {rate}, key {key}, masks of {rows} rows and {units} units: one place", expected,
        lambda at: f"{np.ravel(counts)[at] / steps:.3f} in row {at // units}, unit {at % units}",
    )  # fmt: skip


def _of_times(dropout: DropoutSubject) -> Test:
    """Each step's, layer's and key's mask by itself."""
    rate = 0.4
    dropped = [drops(dropout, dropout.mask(2, UNITS, rate=rate, key=each, step=step, layer=layer)) for each, step, layer in TIMES]
    shares = np.array([each.mean() for each in dropped])
    p_values = count_p_value(np.array([each.sum() for each in dropped]), dropped[0].size, rate)
    named = lambda at: f"{shares[at]:.4f} for key, step and layer {TIMES[at]}"  # noqa: E731
    return _least(p_values, f"p = {rate}, masks of 2 rows and {UNITS} units", f"a share of {rate} dropped", named)


def _shape(dropout: DropoutSubject, key: int, rows: int, units: int) -> Evidence:
    """Everything is written, and rows are the same where they share a mask."""
    mask = dropout.mask(rows, units, rate=0.4, key=key)
    given = f"p = 0.4, key {key}, {rows} rows and {units} units"
    written = true(bool(np.isfinite(mask).all()), Case(given, "a mask without NaN", str(mask.ravel()[:8])), cases=mask.size)
    if dropout.conventions["mask_reach"] == "example":
        return written
    return all_of(written, equal(mask, np.broadcast_to(mask[0], mask.shape), given=lambda at: f"{given}: the first row's factor, in {at},"))


def _whole(dropout: DropoutSubject, rate: float, key: int) -> Evidence:
    """A mask holds 0 and one other number."""
    found = np.unique(dropout.mask(3, 4000, rate=rate, key=key))
    return mask_values(dropout, found, rate, f"p = {rate:.4g}, key {key}, 3 rows of 4000 units")


@claim("dropout.resampled", kind="statistical", section="Dropout", figures=(18, 19))
def every_update_has_a_new_mask(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """Before every update a new mask is drawn: masks of different steps, layers and runs are independent, and the same key, step and layer give the
    same mask again, whatever was drawn in between.
    """
    rate = 0.4
    drawn = [dropout.mask(2, UNITS, rate=rate, key=key, step=step, layer=layer) for key, step, layer in TIMES]
    again = [_again(dropout, drawn[at], rate, *TIMES[at]) for at in range(0, len(TIMES), 3)]
    values = np.array([standardised(drops(dropout, mask), rate) for mask in drawn])
    pairs = np.array([(i, j) for i in range(len(TIMES)) for j in range(i)])
    found = (values @ values.T / np.sqrt(values.shape[1]))[pairs[:, 0], pairs[:, 1]]
    given = f"p = {rate}, masks of 2 rows and {UNITS} units, of different key, step and layer"
    named = lambda at: f"{found[at]:.3g} standard deviations between those of {TIMES[pairs[at][1]]} and {TIMES[pairs[at][0]]}"  # noqa: E731
    tests = [_least(normal_p_value(found), given, "no correlation", named), *_shifted(dropout, int(probe.random().integers(2**63)))]
    return all_of(*again, _worst(tests))


def _again(dropout: DropoutSubject, before: Floats, rate: float, key: int, step: int, layer: int) -> Evidence:
    given = f"p = {rate}, key {key}, step {step}, layer {layer}, drawn again"
    repeated = equal(dropout.mask(2, UNITS, rate=rate, key=key, step=step, layer=layer), before, given=f"{given} after other masks:")
    fresh = dropout.empty(2, UNITS)
    type(dropout)(dropout.implementation, dropout.dtype).method("draw")(np.uint64(key), step, layer, rate, fresh)
    return all_of(repeated, equal(fresh, before, given=f"{given} by another instance:"))


def _shifted(dropout: DropoutSubject, key: int) -> list[Test]:
    """Masks that are copies of each other, shifted or in reverse order."""
    rate, (rows, units) = 0.4, (45, 45) if dropout.conventions["mask_reach"] == "example" else (1, 2025)
    times = [(key, 1, 0), (key, 2, 0), (key, 3, 0), (key, 1, 1), (key, 2, 1), (key + 1, 1, 0), (key, 1001, 0)]
    values = [
        standardised(drops(dropout, dropout.mask(rows, units, rate=rate, key=each, step=step, layer=layer)), rate) for each, step, layer in times
    ]
    tests: list[Test] = []
    for i, j in itertools.combinations(range(len(times)), 2):
        for mirrored in (False, True):
            found = lagged(values[i], values[j], mirrored=mirrored)
            given = f"p = {rate}, masks of {rows} rows and {units} units: those of key, step and layer {times[i]} and {times[j]}"
            order = " in reverse order" if mirrored else ""
            shown = lambda at, found=found: f"{found[at]:.3g} standard deviations at shift {at}"  # noqa: E731
            tests.append(_least(normal_p_value(found), given, f"no correlation{order} at any shift", shown))
    return tests


@claim("dropout.edge-rates", kind="identity", section="not in the notes")
def rates_at_the_ends_are_exact_and_beyond_them_refused(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """p = 0 leaves every unit as it is; p = 1, p outside [0, 1] and NaN are refused with a ValueError that says something; up to the ends a mask
    holds finite numbers alone.
    """
    key = int(probe.random().integers(2**63))
    masks = [dropout.mask(150, 201, rate=zero, key=key + step, step=step) for step, zero in enumerate((0.0, -0.0, 0.0), 1)]
    whole = [*(equal(mask, np.ones((150, 201)), given="p = 0:") for mask in masks), equal(dropout.test_scale(0.0), 1.0, given="p = 0 in testing")]
    inside = (1e-300, 1e-12, 1e-6, 1 - 1e-4, 1 - 1e-7, 1 - 2.0**-40, float(np.nextafter(1, 0)))
    finite = [_finite(dropout, rate, key) for rate in inside]
    refused = (1.0, 1 + 1e-9, 1.5, 2.0, 30.0, 1e300, np.inf, -1e-9, -0.5, -30.0, -np.inf, np.nan)
    return all_of(*whole, *finite, *(_refused(dropout, rate, shape) for rate in refused for shape in ((3, 5), (1, 1))))


def _finite(dropout: DropoutSubject, rate: float, key: int) -> Evidence:
    mask = dropout.mask(30, 41, rate=rate, key=key)
    right = bool((np.isfinite(mask) & (mask >= 0)).all())
    written = true(right, Case(f"p = {rate!r}, key {key}", "finite numbers of at least 0", str(np.unique(mask))), cases=mask.size)
    scale = dropout.test_scale(rate)
    return all_of(written, true(0 <= scale <= 1, Case(f"p = {rate!r} in testing", "a factor in [0, 1]", str(scale))))


def _refused(dropout: DropoutSubject, rate: float, shape: tuple[int, int]) -> Evidence:
    try:
        found = str(dropout.mask(*shape, rate=rate))
    except ValueError as error:
        found = "" if str(error) else "a ValueError without a word"
    except Exception as error:  # noqa: BLE001  whatever it raises is what was got
        found = f"{type(error).__name__}: {error}"
    return true(not found, Case(f"p = {rate!r}, a mask of {shape}", "a ValueError that says what is wrong", found or "one"))
