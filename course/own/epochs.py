"""Page 06 trains a learner's network epoch by epoch: the loop around train_epoch, with a stop button and samples."""

import time

import numpy as np

from course.base.ready import in_notebook
from rnn_helpers import Parameters, initialize_parameters


class Epochs:
    """A training by the functions of a network, and what it came to after each epoch.

    kept  [(parameters, losses), ...], after each epoch: the losses are those of all epochs so far; kept[0] is the start
    """

    def __init__(self, network, corpus, hidden_size, seq_length):
        """network: the functions, as own_functions().network holds them."""
        self.network, self.corpus, self.seq_length = network, corpus, seq_length
        self.steps_per_epoch = (len(corpus.ids) - 1) // seq_length
        if not self.steps_per_epoch:
            raise ValueError(f"The text has {len(corpus.ids)} characters, too few for one sequence of {seq_length}.")
        start = initialize_parameters(hidden_size, corpus.vocab_size, np.random.default_rng(0))
        self.kept = [(start, np.empty(0))]

    @property
    def parameters(self):
        """What the network has learned so far."""
        return self.kept[-1][0]

    @property
    def losses(self):
        """The smoothed loss after each step so far."""
        return self.kept[-1][1]

    def take(self, run):
        """Go on from what load_run returned."""
        self.kept.append((run.parameters, run.losses))

    def go_on(self, num_epochs, learning_rate):
        """Train until the text has been read num_epochs times. The stop button returns to the last whole epoch."""
        epoch = len(self.losses) // self.steps_per_epoch
        clock = TimeLeft(epoch, num_epochs)
        try:
            while epoch < num_epochs:
                parameters = Parameters(*[array.copy() for array in self.parameters])
                smoothed = self.losses[-1] if len(self.losses) else None
                new = self.network.train_epoch(self.corpus.ids, parameters, self.seq_length, learning_rate, smoothed)
                self.kept.append((parameters, np.concatenate([self.losses, new])))
                epoch += 1
                clock.show(epoch)
                if epoch < 4 or epoch % 5 == 0 or epoch == num_epochs:
                    print(f"epoch {epoch:2}  smoothed loss {new[-1]:6.2f}  {self.write('', 48)!r}")
        except KeyboardInterrupt:
            print(f"Stopped. Whole epochs that are kept: {epoch}. Run this cell again to go on.")
        clock.end(epoch)

    def write(self, beginning, length, temperature=1.0, seed=0, epoch=-1):
        """Return a beginning and what the network goes on with, as on page 05. epoch: of which one; 0 is the start."""
        parameters, chars = self.kept[epoch][0], self.corpus.chars
        line_end = "\n" if "\n" in chars else chars[0]  # it is read first, so that a word begins
        *first_ids, last_id = self.corpus.encode(line_end + beginning)
        h = np.zeros(len(parameters.b_h))
        for char_id in first_ids:
            h = self.network.rnn_step(char_id, h, parameters)
        ids = self.network.sample_ids(parameters, h, last_id, length, np.random.default_rng(seed), temperature)
        return beginning + self.corpus.decode(ids)


class TimeLeft:
    """A line that says how long the loop will still take. Its last text has no time in it.

    In a notebook it is one display, which is updated. Elsewhere nothing is shown.
    """

    def __init__(self, first, total):
        """first, total: the epochs done already, and the number of epochs."""
        self.first, self.total = first, total
        self.started, self.display = time.monotonic(), None
        self.end(first)

    def show(self, done):
        """Show how many epochs are done, and how long the others take at this speed."""
        left = (time.monotonic() - self.started) / (done - self.first) * (self.total - done)
        left = f"{left:.0f} seconds" if left < 100 else f"{left / 60:.0f} minutes"
        self._put(f"{done} of {self.total} epochs, about {left} left")

    def end(self, done):
        """Show how many epochs were done."""
        self._put(f"{done} of {self.total} epochs")

    def _put(self, text):
        if not in_notebook():
            return
        from IPython.display import display

        what = {"text/plain": text}
        if self.display is None:
            self.display = display(what, display_id=True, raw=True)
        else:
            self.display.update(what, raw=True)
