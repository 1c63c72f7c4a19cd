"""All tests of this folder begin as a learner does."""

import pytest

from course.own import kept


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    monkeypatch.setattr(kept, "_right", {})
    return tmp_path / "my_rnn"
