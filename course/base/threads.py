"""One thread for NumPy's matrix products: at these sizes more threads gain little.

Beside any other busy program, several threads even wait for each other. `import course` imports this. If NumPy was
imported before, it needs threadpoolctl, and without that nothing changes. A number of threads that is set in the
environment is left alone.
"""

import os
import sys

VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
OTHERS = ("OMP_NUM_THREADS", "GOTO_NUM_THREADS")  # some libraries read these, too


def take_one_thread():
    """Let NumPy's matrix products use one thread, unless the environment says how many."""
    if any(name in os.environ for name in (*VARIABLES, *OTHERS)):
        return
    os.environ.update(dict.fromkeys(VARIABLES, "1"))  # read when NumPy is loaded
    if "numpy" in sys.modules:  # too late for that
        try:
            from threadpoolctl import threadpool_limits
        except ImportError:
            return
        threadpool_limits(1, "blas")


def keep_large_blocks():
    """Free a large block once. Linux then keeps later blocks for the next step, which makes training a fifth faster."""
    bytes(16 << 20)


take_one_thread()
keep_large_blocks()
