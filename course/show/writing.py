"""A slider for the temperature of a network that writes."""

from course.engine import sample


def temperature_slider(parameters, corpus):
    """Return a slider, with the text that the network writes at that temperature below it. It needs Jupyter widgets."""
    import ipywidgets

    style = {"description_width": "initial"}
    slider = ipywidgets.FloatSlider(value=0.5, min=0.1, max=2, description="temperature", style=style)
    page = ipywidgets.Textarea(layout={"width": "95%", "height": "180px"})

    def write(change=None):
        page.value = sample(parameters, corpus, 300, temperature=slider.value)

    slider.observe(write, "value")
    write()
    return ipywidgets.VBox([slider, page])
