"""What lesson 05 shows of a network that writes: a slider for the temperature, and a reader that is surprised."""

from typing import Any

import numpy as np

from rnn_helpers import Array, Corpus, Parameters, forward_pass, sample

SEPARATOR = "\n"  # what is read before the first character


def bits_of(parameters: Parameters, corpus: Corpus, text: str, start: int = 0) -> Array:
    """Return how many bits each character of a text costs the network that reads it, (N,), without the first `start`.

    A line end is read before the first character, so that this one has a probability too.
    """
    ids = corpus.encode(SEPARATOR + text)
    probs = forward_pass(ids[:-1], ids[1:], np.zeros(len(parameters.b_h)), parameters).probs  # (N, V)
    return -np.log2(np.take_along_axis(probs, ids[1:, None], axis=1)[:, 0])[start:]


def extra_bits(parameters: Parameters, corpus: Corpus, text: str, places: int, later: int = 12, seed: int = 0) -> Array:
    """Return how many more bits what follows costs if one character is replaced: (places, later), for 1, 2, ... on.

    Each place gets a letter drawn at random. The network reads 50 characters before it.
    """
    rng, letters = np.random.default_rng(seed), [char for char in corpus.chars if char.isalpha()]
    rows = []
    for place in rng.integers(50, len(text) - later - 1, places):
        whole = text[place - 50 : place + later + 1]
        spoiled = whole[:50] + letters[int(rng.random() * len(letters))] + whole[51:]
        rows.append(bits_of(parameters, corpus, spoiled, 51) - bits_of(parameters, corpus, whole, 51))
    return np.array(rows)


def temperature_slider(parameters: Parameters, corpus: Corpus) -> Any:
    """Return a slider, and below it what the network writes at that temperature: needs a notebook with widgets."""
    import ipywidgets

    style = {"description_width": "initial"}
    slider = ipywidgets.FloatSlider(value=0.5, min=0.1, max=2, description="temperature", style=style)
    page = ipywidgets.Textarea(layout={"width": "95%", "height": "180px"})

    def write(change=None):
        page.value = sample(parameters, corpus, 300, temperature=slider.value)

    slider.observe(write, "value")
    write()
    return ipywidgets.VBox([slider, page])
