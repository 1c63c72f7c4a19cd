"""The pencils of all pictures: what each color means, boxes, arrows and small charts, and the image of a picture.

A picture answers one question. Its title, a short sentence without a full stop, is the answer. Names stand on the
things that they name, so there are no legends. Every picture has a text with its key numbers, because nbval does not
compare pixels: a Picture shows itself as an image and as this text, which is also its alternative text.

Lengths are in inches, and an inch is a hundred pixels of the page. A picture is 7 wide, as a page of JupyterLab is.
"""

import base64
import html
import io
import re
import textwrap

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure  # not pyplot, which would display every figure a second time
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle
from PIL import Image
from PIL.PngImagePlugin import PngInfo

WIDTH = 7.0
# What a color means, and its three strengths: the ground of a box, a line or writing, a bar. Lines have a contrast of
# at least 4.5 to white. For eyes that confuse some colors, neighbours differ in lightness, too, and what leads back is
# dashed. On a dark page one rule of CSS turns a picture over, and keeps its hues.
KINDS = {
    "letter": ("#ECEEF1", "#6B737E", "#A3ABB5"),  # what is read: characters, ids, one-hot rows; what was there before
    "state": ("#DCE9F5", "#0072B2", "#4A97CC"),  # what the network remembers; in charts, the network
    "chance": ("#FAEDC4", "#8C6A00", "#DDAA22"),  # probabilities, gates, and what is drawn by them
    "weight": ("#D6F1E5", "#00714A", "#3DAA82"),  # what is learned
    "slope": ("#FBDFCF", "#A02B00", "#E0803F"),  # what comes back: slopes, surprise, loss
    "first": ("#E5E0F6", "#43318F", "#8F83D1"),  # one of the things that a chart compares
    "second": ("#F7DFEB", "#8C2461", "#CF7FAC"),  # another one; where a table of counts takes part, the table
    "ink": ("#1F2328", "#1F2328", "#1F2328"),  # writing
    "quiet": ("#5B626B", "#5B626B", "#5B626B"),  # small writing beside the things
    "rule": ("#C4CAD2", "#C4CAD2", "#C4CAD2"),  # axes and what is only there to hold the rest
    "page": ("#FFFFFF", "#FFFFFF", "#FFFFFF"),
}
NIGHT = {  # the same at night, for what is drawn as SVG or HTML: a style turns the colors of images
    "letter": ("#262c34", "#a7aeb8", "#5d6671"),
    "state": ("#15344e", "#58b0ea", "#2f7db5"),
    "chance": ("#3b3113", "#f0d67c", "#c79a22"),
    "slope": ("#47230f", "#ff9a63", "#c9682b"),
    "ink": ("#e8eaed",) * 3,
    "quiet": ("#a7aeb8",) * 3,
    "rule": ("#3d4550",) * 3,
    "page": ("#14181e",) * 3,
}
SIZES = {"title": 12, "text": 10.5, "small": 9}  # in points; 9 points are 12.5 pixels, the least that reads well


def color(kind, use="line"):
    """Return the color of a meaning, a key of KINDS: for a "ground", for a "line" or writing, or for a "bar"."""
    return KINDS[kind][("ground", "line", "bar").index(use)]


def shade(kind, share):
    """Return a color between white, at 0, and the bars of a meaning, at 1: for numbers that are told by color."""
    return to_hex([(1 - share) + share * part for part in to_rgb(color(kind, "bar"))])


def claim(holds, title, otherwise):
    """Return the title of a picture: a claim where the numbers bear it out, and a plain one after others were tried."""
    return title if holds else otherwise


def signed(value, digits=4):
    """Return a number as text, with a real minus, and never -0."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")


def named(char):
    """Return a character, or a name for one that is hard to see."""
    return {" ": "space", "\n": "line end", ",": "comma"}.get(char, char)


def plain(text):
    """Return a text as it is read out: without the signs of formulas, and with a minus as Python writes it."""
    text = re.sub(r"[${}]", "", text)
    for sign, words in {r"\,": " ", "−": "-", "→": "->", "·": "*", "×": "*"}.items():
        text = text.replace(sign, words)
    return text


RUNS_LINE = 0.17  # inches that a line of runs takes


def room_for_runs(runs):
    """Return the inches that the line of runs takes under a picture, where it may become several lines."""
    return 0.1 + RUNS_LINE * len(_lines_of_runs(runs)) if runs else 0.0


def write_runs(figure, runs):
    """Write under a picture, in its lowest room_for_runs inches, how often something was trained. Return it as text.

    runs  fields in this order, with " · " between them; what does not apply is left out: starts, tries of each row,
          what they were chosen by, how long each learned, what it was scored on, what a bar is, which of them is yours
    """
    width, height = figure.get_size_inches()
    for k, line in enumerate(reversed(_lines_of_runs(runs))):
        place = 0.15 / width, (0.1 + RUNS_LINE * (k + 0.5)) / height
        figure.text(*place, line, va="center", fontsize=SIZES["small"], color=color("quiet"))
    return f"runs: {runs}"


def _lines_of_runs(runs):
    """Return the lines that fit the width of a picture. A line ends where a field ends, if that is not too long."""
    lines = []
    for field in runs.split(" · "):
        if lines and len(lines[-1]) + len(field) <= 100:
            lines[-1] += f" · {field}"
        else:
            lines = [*lines[:-1], *(f"{line} ·" for line in lines[-1:])]
            lines += textwrap.wrap(field, 100, break_on_hyphens=False)
    return lines


def in_words(text):
    """Return a display that only screen readers notice. JupyterLab gives an image no alternative text, whatever is
    stored with it (the function renderImage of its package rendermime), so an image of one clear pixel, which its class
    jp-sr-only hides, carries the text."""
    pixel = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    image = f'<img class="jp-sr-only" width="1" height="1" src="{pixel}" alt="{html.escape(text)}">'
    return {"text/plain": "", "text/html": image}


class Picture:
    """A matplotlib figure with a text that says what is on it."""

    def __init__(self, figure, text):
        self.figure, self.text = figure, text

    def __repr__(self):
        return self.text

    def png(self):
        """Return the image: twice as many pixels as it is shown with, and few colors, which makes the file small."""
        small, about = io.BytesIO(), PngInfo()
        about.add_itxt("Description", self.text)  # so that a test can see that image and text belong together
        self.figure.set(dpi=200, facecolor="white")  # black labels on no ground would be lost on a dark page
        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()
        image = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
        image.quantize(64, dither=Image.Dither.NONE).save(small, "png", pnginfo=about)
        return small.getvalue()

    def _repr_png_(self):
        width, height = (round(100 * inches) for inches in self.figure.get_size_inches())
        return self.png(), {"alt": self.text, "needs_background": "light", "width": width, "height": height}

    def bundle(self):
        """Return the image with its text, and what is to be known about it, as display(raw=True) takes them."""
        image, about = self._repr_png_()
        return {"text/plain": self.text, "image/png": base64.b64encode(image).decode()}, {"image/png": about}

    def _ipython_display_(self):
        from IPython.display import display

        data, about = self.bundle()
        display(data, metadata=about, raw=True)
        display(in_words(self.text), raw=True)


class Sheet(Picture):
    """A picture that is drawn by hand: (0, 0) is its lower left corner. `say` adds to its text all that it shows."""

    def __init__(self, title, height):
        super().__init__(Figure(figsize=(WIDTH, height), facecolor="white"), "")
        self.lines = [f"Picture: {plain(title)}"]
        self.axes = self.figure.add_axes((0, 0, 1, 1))
        self.axes.set(xlim=(0, WIDTH), ylim=(0, height))
        self.axes.set_axis_off()
        self.runs = ""
        self.write(0.15, height - 0.22, title, size="title", align="left", weight="bold")

    @property
    def text(self):
        return "\n".join([*self.lines, self.runs] if self.runs else self.lines)

    @text.setter
    def text(self, nothing):
        """Lines are added by say."""

    def say(self, *lines):
        """Add lines to the text of the picture. Write them beside the drawing that they describe."""
        self.lines += map(plain, lines)

    def with_runs(self, runs):
        """Write under the drawing how often something was trained (see write_runs), and return the sheet. Call it last.

        The sheet grows by this room at its lower edge, so nothing that is drawn moves.
        """
        if more := room_for_runs(runs):
            width, height = self.figure.get_size_inches()
            self.axes.set_ylim(-more, height)
            self.figure.set_size_inches(width, height + more)
            for chart in self.figure.axes[1:]:
                left, bottom, wide, tall = chart.get_position().bounds
                share = height / (height + more)
                chart.set_position((left, 1 - share * (1 - bottom), wide, tall * share))
            self.runs = write_runs(self.figure, runs)
        return self

    def write(self, x, y, text, kind="ink", size="text", align="center", on=None, **more):
        """Write text. on: the kind of ground to put under it, so that no line runs through it."""
        under = {"boxstyle": "round,pad=0.18", "fc": color(on, "ground"), "ec": "none"} if on else None
        style = {"color": color(kind), "fontsize": SIZES[size], "ha": align, "va": "center", "zorder": 5}
        return self.axes.text(x, y, text, bbox=under, **style | more)

    def box(self, x, y, text, kind, width=0.5, height=0.42, size="text", **more):
        """Draw a box with round corners around (x, y): a thing of this kind, with its name or its numbers."""
        corner, radius = (x - width / 2 + 0.05, y - height / 2 + 0.05), "round,pad=0.05,rounding_size=0.07"
        look = {"fc": color(kind, "ground"), "ec": color(kind), "lw": 1.3, "zorder": 4} | more
        self.axes.add_patch(FancyBboxPatch(corner, width - 0.1, height - 0.1, radius, **look))
        self.write(x, y, text, size=size)

    def circle(self, x, y, text, kind="ink", radius=0.15):
        """Draw an operation: a sum, a product, a function."""
        self.axes.add_patch(Circle((x, y), radius, fc="white", ec=color(kind), lw=1.3, zorder=4))
        self.write(x, y, text, kind)

    def cell(self, x, y, text, ground, width, height, kind="ink", size="text", **more):
        """Draw one field of a table around (x, y). ground: a kind, or a color such as shade returns."""
        fill = color(ground, "ground") if ground in KINDS else ground
        look = {"fc": fill, "ec": "white", "lw": 1.2, "zorder": 2} | more
        self.axes.add_patch(Rectangle((x - width / 2, y - height / 2), width, height, **look))
        self.write(x, y, text, kind, size)

    def bar(self, start, end, kind, thickness=0.24):
        """Draw a bar from one point to another, which lie above or beside each other."""
        (x, y), (to_x, to_y) = start, end
        width, height = (abs(to_x - x), thickness) if x != to_x else (thickness, abs(to_y - y))
        corner = ((x + to_x - width) / 2, (y + to_y - height) / 2)
        look = {"fc": color(kind, "bar"), "ec": color(kind), "lw": 1, "zorder": 2}
        self.axes.add_patch(Rectangle(corner, width, height, **look))

    def line(self, *points, kind="rule", width=1.0, style="-", zorder=1):
        """Draw a line through the points."""
        self.axes.plot(*zip(*points), color=color(kind), lw=width, ls=style, zorder=zorder)

    def arrow(self, *points, kind="ink", back=False, width=1.4, zorder=3):
        """Draw an arrow through the points; dashed if it leads back."""
        *way, start, end = points
        style = {"color": color(kind), "lw": width, "ls": (0, (4, 2)) if back else "-", "zorder": zorder}
        if way:
            self.axes.plot(*zip(*way, start), solid_capstyle="round", solid_joinstyle="round", **style)
        tip = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0, "shrinkB": 0}
        self.axes.add_patch(FancyArrowPatch(start, end, **style, **tip))

    def chart(self, left, bottom, width, height, **limits):
        """Return axes for a small chart; its place in the units of the sheet. limits: as of Axes.set."""
        whole_width, whole_height = self.figure.get_size_inches()
        place = (left / whole_width, bottom / whole_height, width / whole_width, height / whole_height)
        axes = self.figure.add_axes(place, facecolor="none")
        dress(axes)
        axes.set(**limits)
        return axes


def dress(axes):
    """Give axes the look of the course: two quiet rules, small quiet numbers, no frame and no grid."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(color("rule"))
    axes.tick_params(colors=color("quiet"), labelsize=SIZES["small"], length=3)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set(color=color("quiet"), fontsize=SIZES["small"])
