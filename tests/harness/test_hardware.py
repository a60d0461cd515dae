"""The machine's limits: work is counted as it is done, the best round counts, and arrays begin with a cache line. No time is asserted."""

import numpy as np
import pytest

from trickbench.harness.timing import hardware


def test_the_processor_has_a_name_and_cores():
    name, cores, *_ = hardware.processor().split(", ")
    assert name
    assert int(cores.split()[0]) >= 1


LIMITS = {
    "bandwidth": lambda threads: hardware.bandwidth(2**16, threads),
    "products": lambda threads: hardware.matrix_product_peak("float32", threads),
}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("limit", LIMITS)
def test_every_limit_is_a_positive_number(monkeypatch, limit, threads):
    monkeypatch.setattr(hardware, "PRODUCT_SIZES", (64,))
    assert 0 < LIMITS[limit](threads) < float("inf")


def test_the_best_round_counts(monkeypatch):
    clock = iter([0.0, 10.0, 10.0, 12.0, 12.0, 16.0, 16.0, 17.0])  # one round to find that a unit fills it, then three: 2, 4 and 1 s
    monkeypatch.setattr(hardware.time, "perf_counter", lambda: next(clock))
    assert hardware.best_rate([lambda _: None], rounds=3, seconds=5.0) == 1.0


def test_a_round_is_filled_with_repeats():
    done = []
    hardware.best_rate([lambda repeats: done.append(repeats) or sum(range(100 * repeats))], rounds=1, seconds=1e-3)
    assert done == sorted(done)
    assert done[-1] > 1


def test_a_stream_moves_the_bytes_that_it_says():
    for name, stream in hardware.streams(2**20).items():
        y, x, scale, passes = stream.call.args
        arrays = [y, x] if x.size else [y]
        assert sum(array.nbytes for array in arrays) == pytest.approx(2**20, rel=0.01)
        assert stream.amount == passes * (sum(array.nbytes for array in arrays) + y.nbytes), name  # all read, y written
        before = y.copy()
        stream.call()
        assert np.allclose(y, before + passes * scale * x if x.size else before * scale**passes)


def test_arithmetic_neither_overflows_nor_vanishes():
    values = hardware.filled((64,), np.float32, 0.5)
    hardware._polynomial(values, np.float32(0.5), 10)
    assert np.allclose(values, 1)  # the fixed point of v/2 + 1/2


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_arrays_begin_with_a_cache_line(dtype):
    arrays = [hardware.filled((count, 3), dtype, 2.0) for count in range(5)]
    assert all(array.ctypes.data % 64 == 0 for array in arrays[1:])
    assert all((array == 2).all() and array.dtype == dtype and array.shape == (count, 3) for count, array in enumerate(arrays))
