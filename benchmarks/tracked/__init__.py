"""What is measured of every commit: the suite that `asv.conf.json` names and `benchmarks/compare` compares two commits by.

The suite of the present checkout runs against wheels of many commits, older ones included. So it is the ruler and never takes its inputs from
what it measures; what a commit lacks is skipped (`NotImplementedError` in `setup`), and no axis depends on what is installed. asv calls `setup`
before every sample, which is why preparation is kept (`functools.cache`) and why a call of a few microseconds is repeated within the benchmark.
A benchmark whose work changes gets another `version`: asv then drops its older results instead of joining two curves.

`modules` of a benchmark says which modules it runs, beyond those that these import: by their source `benchmarks/compare` knows what a change can
touch. A name that ends with `.*` is a whole folder.
"""

import contextlib
import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # one core is measured; and a process without threads can be forked
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

with contextlib.suppress(Exception):  # loaded once, before asv forks a process for each benchmark; a commit without it skips them one by one
    import numba  # noqa: F401
    import scipy.linalg  # noqa: F401  the second BLAS, loaded before both are limited
    from threadpoolctl import threadpool_limits

    from trickbench.harness import registry

    limit = threadpool_limits(1)  # asv may have loaded NumPy before this file was read: the variables above come too late for it
    registry.implementations()
