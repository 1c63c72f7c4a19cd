"""What the pages show: pictures, the unrolled network, the walk, live training."""

import logging

# On its first start matplotlib reads all fonts of the computer. If that is slow, it prints a message on the page.
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
