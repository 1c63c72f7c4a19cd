"""stored.py: it finds what would make nbval blind on a page, and no fault on a right page."""

import base64
import io

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from PIL import Image

from course.tools.stored import find_faults

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}


def code(source, *outputs, count=1, tags=(), reason=None):
    metadata = {"tags": list(tags)} if tags else {}
    if reason:
        metadata["nbval_reason"] = reason
    return new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def result(text, count=1, **other):
    return new_output("execute_result", {"text/plain": text, **other}, execution_count=count)


def image(*pixels):
    """Return an image of one row of pixels, as a notebook stores it."""
    data, picture = io.BytesIO(), Image.new("L", (len(pixels), 1))
    picture.putdata(pixels)
    picture.save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


INK, WHITE = image(255, 0, 255), image(255, 255, 255)


def png(text, data=INK):
    return new_output("display_data", {"text/plain": text, "image/png": data})


def error(name, value, *traceback):
    return new_output("error", ename=name, evalue=value, traceback=list(traceback))


OTHER_KERNEL = new_notebook(cells=[code("1;")], metadata={"kernelspec": {"name": "my-env", "display_name": "My"}})

# name of the page: its cells, and what the message must say ("" if the page is right)
STORED = {
    "right": (
        [
            new_markdown_cell("A page."),
            code("print(1)", printed("1\n")),
            code("2", result("2", count=2), count=2),
            code("show()", png("Picture: a curve"), count=3),
            code("time()", count=4, tags=["nbval-ignore-output"], reason="a time"),
            code("2;", count=5, tags=["extra"]),
        ],
        "",
    ),
    "stale": (
        [code("1;", count=1), code("2;", count=7), code("3;", count=3)],
        "Cell 1: its execution count is 7, not 2",
    ),
    "other_run": ([code("1", result("1", count=5))], "its output is from another run: it counts 5"),
    "stderr": ([code("warn()", printed("careful\n", "stderr"))], "text on stderr: 'careful'"),
    "error": ([code("1 / 0", error("ZeroDivisionError", "x"))], "it stores an error, ZeroDivisionError: catch it"),
    "other_kernel": (OTHER_KERNEL, "kernelspec of the page is not python3"),
    "misspelt_tag": ([code("1;", tags=["nbval-ignore-outputs"])], "the tag 'nbval-ignore-outputs' is unknown"),
    "ignored": ([code("1;", tags=["nbval-ignore-output"])], "nbval_reason does not say why"),
    "stored_time": (
        [code("time()", result("3"), tags=["nbval-ignore-output"], reason="a time")],
        "may not store an output",
    ),
    "shell": ([code("x = 1\n!ls")], "'!' stands in it"),
    "raw": ([code("1;"), new_raw_cell("text")], "The page has a raw cell"),
    "no_code": ([new_markdown_cell("# Title")], "The page has no code cell"),
    "empty": ([code(" ")], "Cell 0: it is empty"),
    "figure": ([code("plot()", printed("done\n"), png("<Figure size 640x480 with 1 Axes>"))], "has no text that nbval"),
    "white": (
        [code("plot()", png("Picture: a curve", WHITE))],
        "picture is of one color, so there is nothing to be seen",
    ),
    "broken_picture": ([code("plot()", png("Picture: a curve", "iVBORw0KGgo="))], "its picture cannot be read"),
    "path": ([code("where()", printed("it is in /home/ann/course\n"))], "one computer, '/home/ann/course'"),
    "windows_path": ([code("where()", result(r"'C:\\course'"))], "names a folder of one computer"),
}


@pytest.mark.parametrize("name", STORED)
def test_stored_outputs(name):
    page, expected = STORED[name]
    notebook = new_notebook(cells=page, metadata=KERNEL) if isinstance(page, list) else page
    faults = find_faults(notebook)
    assert any(expected in fault for fault in faults) if expected else not faults, faults
