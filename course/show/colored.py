"""A text in which a color behind each letter shows a number, such as its surprise: once, or several rows to compare."""

import html

from matplotlib.colors import to_rgb

from course.show.drawing import color

STRONGEST = 0.6  # how much of the color, so that dark letters on a light page and light ones on a dark page stay clear


class ColoredText:
    """A text in which the color behind each character shows its number: none at 0, strong where the number is high.

    values  a number for each character; or {name: such numbers}: then each line of the text has one row for each name
    full    from this number on the color is strongest; None: that is the highest of all numbers

    Shown as HTML: letters that can be selected, each with its number as a tooltip. The repr lists all numbers.
    """

    def __init__(self, title, text, values, unit, *, full=None):
        rows = values if isinstance(values, dict) else {"": values}
        self.title, self.text, self.unit = title, text, unit
        self.rows = {name: [float(value) for value in row] for name, row in rows.items()}
        self.full = float(full or max(max(row) for row in self.rows.values()) or 1)

    def lines(self):
        """Yield (name, [(character, number), ...]): the rows of the first line of the text, then of the second one."""
        end = 0
        for line in self.text.splitlines(keepends=True):
            start, end = end, end + len(line)
            for name, row in self.rows.items():
                yield name, list(zip(line, row[start:end]))

    def __repr__(self):
        if "" in self.rows:
            pairs = [f"{visible(char)} {value:.1f}" for char, value in zip(self.text, self.rows[""])]
            rows = ["   ".join(pairs[k : k + 10]) for k in range(0, len(pairs), 10)]
        else:
            rows = [
                f"{name}: {'  '.join(f'{visible(c)} {value:.1f}' for c, value in row)}" for name, row in self.lines()
            ]
        return "\n".join([f"{self.title} ({self.unit})", *rows])

    def _repr_html_(self):
        strongest = html.escape(f"strongest: {self.full:.1f} {self.unit} or more")
        red, green, blue = (round(255 * part) for part in to_rgb(color("slope", "bar")))
        wide, body = max(map(len, self.rows)), []
        for name, row in self.lines():
            # A name keeps away from the letters when they are copied. Lines without names need no space for them.
            who = f'<b style="user-select:none;opacity:.75">{html.escape(name.ljust(wide))}  </b>' if wide else ""
            spans = []
            for char, value in row:
                share = STRONGEST * min(max(value / self.full, 0), 1)
                style = f"background:rgba({red},{green},{blue},{share:.2f});padding:2px 0"
                label = html.escape(f"{visible(char)}: {value:.1f} {self.unit}")
                shown = "↵" if char == "\n" else html.escape(char)
                # Where styles are removed, as on GitHub, there are no colors, so the number is shown.
                number = f'<sub style="display:none">{value:.1f} </sub>'
                spans.append(f'<span style="{style}" title="{label}">{shown}{number}</span>')
            body.append(who + "".join(spans))
        together = len(self.rows) if wide else len(body)  # with names, the rows of one line; else the whole text
        look = "margin:0 0 10px;padding:0;font-size:15px;line-height:1.65;letter-spacing:1px;overflow:visible"
        look += ";background:transparent;color:inherit;white-space:pre;border:0"
        blocks = ["\n".join(body[k : k + together]) for k in range(0, len(body), together)]
        text = "".join(f'<pre style="{look}">{block}</pre>' for block in blocks)
        return (
            f'<div role="group" aria-label="{html.escape(self.title)}" tabindex="0" style="overflow-x:auto">'
            f'<div style="margin:0 0 6px"><b>{html.escape(self.title)}</b> ({strongest})</div>{text}</div>'
        )


def visible(char):
    """Replace white space by a visible sign: ␣ for a space, ↵ for a line end."""
    return {" ": "␣", "\n": "↵", "\t": "⇥"}.get(str(char), str(char))
