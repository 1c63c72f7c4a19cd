"""The line that train shows while it works."""

import time


class ProgressLine:
    """One line on stdout, written over and over; its last text holds no time. What progress=f makes can replace it."""

    def __init__(self, first, total, visible=True):
        """first, total: how many steps are done already, and how many there are."""
        self.first, self.total, self.visible = first, total, visible
        self.started = self.shown = time.monotonic()

    def show(self, done, loss):
        """Show how much is done, the loss and the time left; five times a second are enough."""
        now = time.monotonic()
        if not self.visible or now - self.shown < 0.2:
            return
        self.shown = now
        seconds_left = (now - self.started) / (done - self.first) * (self.total - done)
        bar = "#" * (20 * done // self.total)
        self._write(f"[{bar:.<20}] {done / self.total:4.0%}  loss {loss:.2f}  {seconds_left:.0f} s left")

    def end(self, text, run):
        """Show the last text. run: the TrainingRun that is left, for what shows more than a line."""
        self._write(text, end="\n")

    def _write(self, text, end=""):
        if self.visible:  # JupyterLab writes over the old text without deleting it: fill the line with spaces
            print(f"\r{text:<70}", end=end, flush=True)
