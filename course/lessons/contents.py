"""The pages of the course in order, and what is on each: the only such list.

The site, the handout, the class report, progress() and the tests read it. To rename, split or renumber pages, change
it here, rename the files, and mend the links (git grep OLD_NAME): the lessons know nothing about pages. It imports no
lesson, so that code that needs only the pages can import it quickly.
"""

import functools
import re
from dataclasses import dataclass, field

from course.base.place import NOTEBOOKS

# The two books, the shortest road to a network of one's own and questions about such networks in any order, and what
# stands beside the first one.
YOUR_NETWORK, QUESTIONS, WARM_UP = "Your network", "Questions", "Warm-up"
LAST_OF_YOUR_NETWORK = "06"
# The map of the second book: a question, and the numbers of the pages that ask a part of it, in a good order.
MAP = {
    "Is it any good?": "07 08",
    "How does it learn better?": "09 10 11",
    "What does it know?": "12 13 14",
    "Must it go step by step?": "15 16 17",
    "What does it write?": "18",
    "Appendices": "19 20 21",
}
# The name of the course, and what it is.
COURSE, SUBJECT = "Letter by letter", "a character RNN from scratch, in NumPy"

# What stands before the minutes in the first line of an extra, as a pattern. An extra is what is good on a page, but is
# not its question: it begins with a heading "## An extra: ..." between Take away and Next, and its cells have a tag.
EXTRA, EXTRA_TAG = r"\*An extra, ", "extra"


@dataclass(frozen=True)
class Page:
    """A page: notebooks/STEM.ipynb.

    stem        begins with the number of the lesson, unless the page stands beside the road, as in "numpy_warm_up"
    title       its name, without the number: a subject in the first book, a question in the second
    parts       texts such as "bits: surprise": a topic (a module of this folder) and its exercises, in the order of the
                page. A page may have several topics, and a topic several pages.
    extras      the same for the exercises of its extra. Nothing later needs them, so on a page of the first book they
                are no part of the network, either
    in_browser  True if the page runs whole in a browser within three minutes on an ordinary computer
    package     the optional package without which it does not run, or ""; requirements: the file that brings it
    """

    stem: str
    title: str
    parts: list = field(default_factory=list)
    extras: list = field(default_factory=list)
    in_browser: bool = False
    package: str = ""
    requirements: str = ""

    @property
    def number(self):
        """The number as text, such as "03", or "" for a page without one."""
        found = re.match(r"(\d+)_", self.stem)
        return found[1] if found else ""

    @property
    def book(self):
        """The book to which it belongs."""
        if not self.number:
            return WARM_UP
        return YOUR_NETWORK if self.number <= LAST_OF_YOUR_NETWORK else QUESTIONS

    @functools.cached_property
    def minutes(self):
        """How long it takes, with its exercises and without its extra, as the page itself says; 0 if it is not here."""
        return self._number_after(r"\*\*Time\*\* ")

    @functools.cached_property
    def extra_minutes(self):
        """How long its extra takes, as the page itself says; 0 if it has none."""
        return self._number_after(EXTRA)

    def _number_after(self, pattern):
        file = NOTEBOOKS / f"{self.stem}.ipynb"
        found = re.search(pattern + r"(\d+)", file.read_text(encoding="utf-8") if file.exists() else "")
        return int(found[1]) if found else 0

    @property
    def name(self):
        """Its name everywhere, such as "03 Backpropagation through time", or "NumPy warm-up"."""
        return f"{self.number} {self.title}".lstrip()

    @property
    def label(self):
        """What a list of exercises calls it: "page 03", or "page numpy_warm_up"."""
        return f"page {self.number or self.stem}"

    @property
    def listed(self):
        """Pairs of a topic and an exercise, in order. Those of the extra come last, as on the page."""
        pairs = [part.partition(": ") for part in [*self.parts, *self.extras]]
        return [(topic, name) for topic, _, names in pairs for name in names.split()]

    @property
    def exercises(self):
        """The names of its exercises, in order, with those of its extra."""
        return [name for _, name in self.listed]

    @property
    def in_its_extra(self):
        """The names of the exercises of its extra, in order."""
        return [name for part in self.extras for name in part.partition(": ")[2].split()]


PAGES = (
    Page(
        "00_meet_the_network",
        "Meet the network",
        [
            "meet: what_comes_next",
        ],
        in_browser=True,
    ),
    Page(
        "01_softmax",
        "Softmax",
        [
            "softmax: one_hot softmax cross_entropy softmax_gradient",
        ],
        in_browser=True,
    ),
    Page(
        "02_forward_pass",
        "Forward pass",
        [
            "forward_pass: rnn_step forward_pass",
        ],
        extras=["forward_pass: catch_forward_pass mend_forward_pass"],
        in_browser=True,
    ),
    Page(
        "03_bptt",
        "Backpropagation through time",
        [
            "bptt: tanh_backward hidden_gradients weight_gradients backward_pass mend_backward_pass",
        ],
        extras=["bptt: numerical_gradient"],
        in_browser=True,
    ),
    Page(
        "04_training",
        "Training",
        [
            "training: chunks sgd_step train_epoch clip_gradients choose_diagnosis",
        ],
        extras=["training: mend_clip_gradients"],
        in_browser=True,
    ),
    Page(
        "05_sampling",
        "Sampling",
        [
            "sampling: draw catch_draw apply_temperature sample_ids",
        ],
        in_browser=True,
    ),
    Page("06_your_network", "Your network", in_browser=True),
    Page("07_experiments_of_2019", "Do the numbers of 2019 come back?"),
    Page(
        "08_tables_and_packers",
        "Why does a table that only counts beat it?",
        [
            "tables: witten_bell mend_witten_bell",
        ],
    ),
    Page(
        "09_far_gradients",
        "How far back does a gradient reach?",
        [
            "far_gradients: leaky_backward",
        ],
    ),
    Page(
        "10_train_well",
        "What is wrong with my training?",
        [
            "softmax: catch_softmax",
            "training: choose_learning_rate mend_train_epoch",
            "overfitting: early_stop",
        ],
    ),
    Page(
        "11_train_in_a_second",
        "Can it learn in a second?",
        [
            "speed: adam_step make_streams",
        ],
    ),
    Page(
        "12_gates",
        "Can it choose what to keep?",
        [
            "gates: flip_flop gru_step gru_step_backward catch_gru_step_backward",
        ],
    ),
    Page(
        "13_what_it_knows",
        "What does it know, and what does it use?",
        [
            "probing: position_probe",
        ],
    ),
    Page(
        "14_mix_and_pack",
        "Do several models know more than the best one?",
        [
            "overfitting: dropout_mask catch_dropout_mask",
            "mixing: mix choose_share",
        ],
    ),
    Page(
        "15_no_loop",
        "Can the loop over time go?",
        [
            "no_loop: linear_loop scan catch_scan scan_backward",
        ],
    ),
    Page(
        "16_attention",
        "What if it may look back at everything?",
        [
            "attention: as_matrix attention attention_backward",
        ],
    ),
    Page(
        "17_a_state_that_corrects_itself",
        "How can a fixed state keep what it was told last?",
        [
            "delta: delta_step catch_delta_step delta_step_backward",
        ],
    ),
    Page("18_what_it_writes", "What does its writing give away?"),
    Page(
        "19_automatic_gradients",
        "Can a machine find the gradients?",
        package="jax",
        requirements="requirements-scale.txt",
    ),
    Page("20_scale_out", "Can many devices train one network?", package="jax", requirements="requirements-scale.txt"),
    Page("21_calm_or_chaotic", "Would it happen again?"),
    Page(
        "numpy_warm_up",
        "NumPy warm-up",
        [
            "warm_up: pick_targets gather_columns row_shares outer_sum move_downhill slope_of",
        ],
        in_browser=True,
    ),
)

# Topics whose functions are no part of the network: check keeps none of them.
PRACTICE = ("meet", "warm_up")
