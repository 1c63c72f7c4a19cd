"""rnn_helpers as it was imported, whatever a page has written over its functions since."""

import contextlib

import rnn_helpers

_IMPORTED = dict(vars(rnn_helpers))


@contextlib.contextmanager
def engine_as_imported():
    """Put the functions of rnn_helpers back for a while: what is right must not depend on a page."""
    now = dict(vars(rnn_helpers))
    vars(rnn_helpers).update(_IMPORTED)
    try:
        yield
    finally:
        vars(rnn_helpers).update(now)
