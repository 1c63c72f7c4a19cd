"""NumPy's matrix products use one thread, however the course is imported, unless a number is set."""

import json
import os
import subprocess
import sys
import textwrap

import pytest
from helpers import ROOT

pytestmark = pytest.mark.slow

VARIABLES = [f"{library}_NUM_THREADS" for library in ("OPENBLAS", "MKL", "BLIS", "OMP", "GOTO")]
VARIABLES += ["VECLIB_MAXIMUM_THREADS"]
CLEAN = {name: value for name, value in os.environ.items() if name not in VARIABLES}
COUNT = """
import numpy, threadpoolctl
found = {library["num_threads"] for library in threadpoolctl.threadpool_info() if library["user_api"] == "blas"}
print(sorted(found))
"""
ORDERS = {
    "the course first": "import course, numpy as np",
    "NumPy first": "import numpy as np, course",
    "NumPy has multiplied already": "import numpy as np; np.ones((500, 500)) @ np.ones((500, 500)); import course",
    "a part of the course": "import numpy as np; from course.models import gates",
}


def threads_after(code, **variables):
    """Return the number of threads, as a list, in a fresh Python that has run the code, without a warning."""
    command = [sys.executable, "-c", textwrap.dedent(code) + COUNT]
    done = subprocess.run(command, cwd=ROOT, env={**CLEAN, **variables}, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module", autouse=True)
def default():
    """The number of threads that NumPy uses by itself. If that is already one, these tests could not fail."""
    found = threads_after("")
    if not found:
        pytest.skip("threadpoolctl does not know the BLAS library of this NumPy")
    if max(found) == 1:
        pytest.skip("NumPy takes one thread by itself on this computer, so there is nothing to see")
    return found


@pytest.mark.parametrize("order", ORDERS)
def test_one_thread_whatever_is_imported_first(order):
    assert threads_after(ORDERS[order]) == [1]


@pytest.mark.parametrize("variable", VARIABLES)
def test_any_variable_that_is_set_is_left_alone_and_no_other_is_added(variable):
    code = f"""
    import os, course
    names = [name for name in os.environ if name in {VARIABLES!r}]
    assert names == [{variable!r}] and os.environ[names[0]] == "2", names
    """
    threads_after(code, **{variable: "2"})


BLOCK = "import sys; sys.modules['threadpoolctl'] = None; "
UNBLOCK = "; del sys.modules['threadpoolctl']"


def test_without_threadpoolctl_the_variables_do_it_if_numpy_comes_later():
    assert threads_after(BLOCK + ORDERS["the course first"] + UNBLOCK) == [1]


def test_without_threadpoolctl_and_with_numpy_loaded_all_goes_on_silently(default):
    assert threads_after(BLOCK + ORDERS["NumPy first"] + UNBLOCK) == default
