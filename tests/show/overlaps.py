"""Which writings of a picture leave it, or lie on one another?"""

from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text


def overlaps(picture):
    """Return a sentence for each text that leaves the picture, and for each two that overlap by over two pixels."""
    figure = picture.figure
    FigureCanvasAgg(figure).draw()
    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    boxes = [(text.get_text(), Text.get_window_extent(text)) for text in texts]  # without the ground under it
    right, top = figure.bbox.x1, figure.bbox.y1
    leave = [name for name, box in boxes if box.x0 < 1 or box.y0 < 1 or box.x1 > right - 1 or box.y1 > top - 1]
    found = [f"{name!r} leaves the picture" for name in leave]
    for (one, a), (other, b) in combinations(boxes, 2):
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 2 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2:
            found.append(f"{one!r} lies on {other!r}")
    return found
