"""Which writings of a picture leave it, or lie on one another?"""

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text


def overlaps(picture):
    """Return a sentence for each text that leaves the picture, and for each two that overlap by over two pixels."""
    figure = picture.figure
    FigureCanvasAgg(figure).draw()
    unseen = {id(text) for axes in figure.axes for text in _beyond_the_limits(axes)}
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    # Text.get_window_extent: without the ground under it
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in texts if id(text) not in unseen]
    right, top = figure.bbox.x1, figure.bbox.y1
    leave = [name for name, box in boxes if box.x0 < 1 or box.y0 < 1 or box.x1 > right - 1 or box.y1 > top - 1]
    found = [f"{name!r} leaves the picture" for name in leave]
    for (one, a), (other, b) in combinations(boxes, 2):
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 2 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2:
            found.append(f"{one!r} lies on {other!r}")
    return found


def _beyond_the_limits(axes):
    """Return the labels of ticks that matplotlib keeps, but does not draw."""
    found = []
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            if not axes.axison or not low - 1e-9 * abs(low) <= tick.get_loc() <= high + 1e-9 * abs(high):
                found += [tick.label1, tick.label2]
    return found
