"""What moves on a page: numbers from Python, a script, and a still for where no script runs.

The script is course/show/NAME.js, one function (root, data) => {...}. It fills an empty box, which then takes the place
of the still, so the still stays wherever no script runs, as on a page that is not trusted. live.js has what the scripts
share, live.css their style. They set no color of text or background, only tints, so they work on light and dark pages,
and they ask for nothing outside of the page.
"""

import hashlib
import html
import json
import re
from pathlib import Path

from course.show.drawing import color

HERE = Path(__file__).parent
TINTS = ("state", "slope", "chance")  # of drawing.KINDS: the tints of the scripts, and blue below 0, orange above


class Live:
    """Shows itself as HTML that moves, and as a text. nbval compares both.

    name   of the script
    data   for the script: what JSON can hold, rounded, so that it is the same on every computer
    text   what is seen before anything is moved
    still  HTML without a script, for where none runs; if it is not given, the text is shown there
    """

    def __init__(self, name, data, text, still=""):
        self.name, self.data, self.text, self.still = name, data, text, still

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        data = json.dumps(self.data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
        # Made of what it shows, so it is the same in each run. Two copies on a page share it, and both move.
        name = "live-" + hashlib.sha256((self.name + data).encode()).hexdigest()[:8]
        tints = "".join(f"--{kind}:{color(kind, 'bar')};" for kind in TINTS)
        style = _style_of(self.name).replace("TINTS", tints).replace("#live", f"#{name}")
        still = self.still or f"<pre>{html.escape(self.text)}</pre>"
        return f"""<style>{style}</style><div id="{name}">{still}</div><script>(() => {{
{_read("live.js")}
const show = {_read(f"{self.name}.js")};
for (const place of document.querySelectorAll("#{name}:not([data-moves])")) {{
  const root = document.createElement("div");
  show(root, {data});
  place.replaceChildren(root);
  place.dataset.moves = "true";
}}
}})();</script>"""


def _style_of(name):
    """Return the rules of live.css that are for all, which come first, and those below the name of a script."""
    for_all, *parts = re.split(r"/\* (\w+) \*/\n", _read("live.css"))
    return for_all + dict(zip(parts[::2], parts[1::2]))[name].strip()


def _read(file):
    return (HERE / file).read_text(encoding="utf-8").strip()
