"""Compiled forms against the plain ones of the same declared convention, outputs and state.

They differ by rounding only: a compiled loop may fuse a product and a sum, and takes constant factors out.
"""

import numpy as np

STEPS = 100


def test_compiled_optimisers_walk_the_plain_ones_path(optimizer_twins, random):
    compiled, plain = optimizer_twins
    for scale in (1e-6, 1.0, 1e6):
        gradients = scale * (random.normal(size=(STEPS, 37)) + random.normal(size=37))
        path, state = compiled.walk(gradients)
        expected, expected_state = plain.walk(gradients)
        # A step's own operations round by at most 10 eps/2 of its size; its state has rounded twice a step, by eps/2 each, halved by the root; the
        # position rounds by eps/2 of itself. Over t steps, relative to the length of the path: 5 + t/2 + t/2 eps, below 2 t eps.
        length = np.abs(np.diff(expected, axis=0)).sum(axis=0).max()
        assert np.abs(path - expected).max() <= 2 * STEPS * compiled.eps * length
        assert np.abs(state - expected_state).max(initial=0) <= STEPS * compiled.eps * np.abs(expected_state).max(initial=0)


def test_compiled_activations_give_the_plain_ones_values(activation_twins, random):
    compiled, plain = activation_twins
    width = 21 if compiled.technique == "maxout" else 7
    for scale in (1e-3, 1.0, 30.0):
        z, da = compiled.array(scale * random.normal(size=(11, width))), compiled.array(random.normal(size=(11, 7)))
        a, dz = np.empty_like(da), np.empty_like(z)
        expected_a, expected_dz = np.empty_like(da), np.empty_like(z)
        compiled.forward(z, a)
        plain.forward(z, expected_a)
        # sigmoid: exponential, sum and quotient, each below one unit in the last place, in either form; the others copy
        np.testing.assert_allclose(a, expected_a, rtol=6 * compiled.eps, atol=0)
        compiled.backward(da, z, a, dz)
        plain.backward(da, z, a, expected_dz)
        np.testing.assert_allclose(dz, expected_dz, rtol=2 * compiled.eps, atol=0)


def test_compiled_losses_give_the_plain_ones_values(loss_twins, random):
    compiled, plain = loss_twins
    z, weights = compiled.array(3 * random.normal(size=(33, 5))), compiled.array(random.uniform(0, 2, 33))
    targets = compiled.array(random.dirichlet(np.ones(5), 33))
    dz, expected = np.empty_like(z), np.empty_like(z)
    # float64 sums of 33 positive terms, in another order
    np.testing.assert_allclose(compiled.value(z, targets, weights), plain.value(z, targets, weights), rtol=33 * np.finfo(float).eps)
    compiled.gradient(z, targets, weights, dz)
    plain.gradient(z, targets, weights, expected)
    # exponential, sum of 5, quotient, two products, a difference from at most 1: below 12 roundings of at most the row's share
    np.testing.assert_allclose(dz, expected, rtol=0, atol=12 * compiled.eps * max(1, np.abs(expected).max()))


def test_compiled_penalties_give_the_plain_ones_values(penalty_twins, random):
    compiled, plain = penalty_twins
    weights, gradient = compiled.array(random.normal(size=101)), compiled.array(random.normal(size=101))
    strength, rate = compiled.dtype.type(0.3), compiled.dtype.type(0.7)
    np.testing.assert_allclose(compiled.value(weights, strength), plain.value(weights, strength), rtol=101 * np.finfo(float).eps)
    changed, expected = [gradient.copy(), weights.copy()], [gradient.copy(), weights.copy()]
    for member, (sum_, moved) in ((compiled, changed), (plain, expected)):
        member.add_gradient(weights, strength, sum_)
        member.after_update(moved, strength, rate)
    np.testing.assert_allclose(changed, expected, rtol=0, atol=compiled.eps * 4)  # one product and one sum of numbers below 4


def test_compiled_masks_are_the_plain_ones_bit_for_bit(dropout_twins):
    compiled, plain = dropout_twins
    for rate in (0.0, 1e-12, 0.1, 1 / 3, 0.5, 0.999, np.nextafter(1, 0)):
        for shape in ((0, 3), (1, 1), (3, 5), (8, 64)):
            mask, expected = np.empty(shape, compiled.dtype), np.empty(shape, compiled.dtype)
            compiled.draw(np.uint64(2**64 - 1), 7, 2, rate, mask)
            plain.draw(np.uint64(2**64 - 1), 7, 2, rate, expected)
            assert np.array_equal(mask, expected)


def test_compiled_initial_weights_are_the_plain_ones_bit_for_bit(initializer_twins):
    compiled, plain = initializer_twins
    weights, expected = np.empty((13, 29), compiled.dtype), np.empty((13, 29), compiled.dtype)
    compiled.fill(weights, 13, 29, np.random.default_rng(3))
    plain.fill(expected, 13, 29, np.random.default_rng(3))
    assert np.array_equal(weights, expected)
