"""The rows drawn are scikit-learn's, number for number, and the scaling is its scaler's, to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.utils import resample

from trickbench.harness.splitting import _standardised
from trickbench.harness.strata import divide, sample

CLASSES = st.lists(st.integers(2, 40), min_size=1, max_size=6)
SEEDS = st.integers(0, 2**32 - 1)


def labels_of(counts: list[int], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(np.repeat(np.arange(len(counts)), counts))


@settings(max_examples=150, deadline=None)
@given(CLASSES, st.floats(0.05, 0.9), SEEDS, st.booleans())
def test_a_division_is_the_one_of_train_test_split(counts, share, seed, stratified):
    labels = labels_of(counts, seed)
    rows = np.random.default_rng(seed).permutation(len(labels)) * 3
    size = min(max(len(counts), round(share * len(rows))), len(rows) - len(counts))
    strata = labels if stratified else None
    if size < len(counts) or len(rows) - size < len(counts):
        return
    theirs = train_test_split(rows, test_size=size, random_state=seed, stratify=strata)
    for here, there in zip(divide(rows, size, seed, strata), theirs, strict=True):
        np.testing.assert_array_equal(here, there)


@settings(max_examples=150, deadline=None)
@given(CLASSES, st.floats(0.05, 1), SEEDS, st.booleans())
def test_a_sample_is_the_one_of_resample(counts, share, seed, stratified):
    strata = labels_of(counts, seed) if stratified else None
    rows = np.arange(sum(counts)) * 3
    size = max(1, round(share * len(rows)))
    theirs = resample(rows, n_samples=size, replace=False, random_state=seed, stratify=strata)
    np.testing.assert_array_equal(sample(rows, size, seed, strata), theirs)


def test_a_class_without_rows_here_takes_part_in_nothing():
    labels, rows = np.array([0, 2] * 10), np.arange(20)
    theirs = train_test_split(rows, test_size=6, random_state=1, stratify=labels)
    for here, there in zip(divide(rows, 6, 1, labels), theirs, strict=True):
        np.testing.assert_array_equal(here, there)
    np.testing.assert_array_equal(sample(rows, 7, 1, labels), resample(rows, n_samples=7, replace=False, random_state=1, stratify=labels))


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
@pytest.mark.parametrize("rows", [2, 7, 300])
def test_the_scaling_is_the_scalers_to_the_last_bit(rows, scale):
    inputs = np.random.default_rng(rows).normal(3 * scale, scale, (rows + 50, 9))
    inputs[:, 1] = 0.1  # constant but for the rounding of its sum
    inputs[:, 2] = 0
    inputs[:, 3] = 1e6 * scale + 1e-11 * scale * np.arange(rows + 50)  # varies by no more than the rounding of its sum
    inputs[:, 4] = 1e10 * scale + inputs[:, 5]  # its mean is rounded: without the correction the variance would be off
    expected = StandardScaler().fit(inputs[:rows]).transform(inputs)
    np.testing.assert_array_equal(_standardised(inputs.copy(), rows), expected)
