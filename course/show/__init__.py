"""What the pages show: pictures, a walk, live training. In page_08.py and its like: what one page alone shows."""

import logging

# On its first start matplotlib reads all fonts of the computer. If that is slow, it prints a message on the page.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
