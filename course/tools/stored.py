"""Is a page stored so that the tests check all of it?

nbval runs the cells of a page and compares what they print with what is stored. find_faults() looks for everything that
would make it blind. The tests call it for every page (conftest.py), and run_page calls it before it saves one.
"""

import base64
import io
import re

from PIL import Image, UnidentifiedImageError

from course.lessons.contents import EXTRA_TAG

UNCHECKED = "nbval-ignore-output"
TAGS = (UNCHECKED, EXTRA_TAG)  # that a cell may have
BANNED = {
    r"\bclear_output\(": "nbval keeps what clear_output deletes",
    r"\bdisplay_id\b|\bupdate_display\(": "a display that another cell updates is not compared; watching.py can",
    r"\bos\.system\(": "what os.system prints is not captured under nbval; use subprocess.run",
    r"^\s*!": "a shell command that fails is not an error in a notebook; use subprocess.run",
    r"NBVAL_|PYTEST_VALIDATE": "nbval's comments work only in some places; use a tag",
}
LOCAL_PATH = re.compile(r"(?<![\w/.~])/(?:root|home|Users|tmp|var|private|work|content)/|\b[A-Z]:\\")


def find_faults(notebook):
    """Return what makes nbval blind on a page, one sentence each. Code cells count from 0, as nbval counts them."""
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    faults = []
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        faults.append("The kernelspec of the page is not python3.")
    if not code_cells:
        faults.append("The page has no code cell, so nbval passes it over.")
    if any(cell.cell_type == "raw" for cell in notebook.cells):
        faults.append("The page has a raw cell: nobody runs or checks it.")
    for number, cell in enumerate(code_cells):
        if cell.execution_count != number + 1:
            faults.append(
                f"Cell {number}: its execution count is {cell.execution_count}, not {number + 1}: "
                "run the page with python -m course.tools.run_page."
            )
        faults += [f"Cell {number}: {fault}" for fault in [*faults_of_source(cell), *faults_of_outputs(cell)]]
    return faults


def faults_of_source(cell):
    """Yield what is wrong with the code and the tags of a cell."""
    tags, reason = cell.metadata.get("tags", []), cell.metadata.get("nbval_reason")
    if not cell.source.strip():
        yield "it is empty."
    for pattern, why in BANNED.items():
        found = re.search(pattern, cell.source, re.MULTILINE)
        if found:
            yield f"{found[0].strip()!r} stands in it: {why}."
    for tag in tags:
        if tag not in TAGS:
            yield f"the tag {tag!r} is unknown: it can be {' or '.join(TAGS)}."
    if UNCHECKED in tags and not reason:
        yield "it is not checked, and metadata.nbval_reason does not say why."


def fault_of_image(data):
    """Return what is wrong with an image in a notebook: it cannot be read, or it is blank. Else ""."""
    try:
        with Image.open(io.BytesIO(base64.b64decode(data))) as image:
            darkest_and_brightest = image.convert("RGB").getextrema()  # of red, green and blue
    except (UnidentifiedImageError, OSError, ValueError) as error:
        return f"its picture cannot be read: {error}."
    if all(low == high for low, high in darkest_and_brightest):
        return "its picture is of one color, so there is nothing to be seen on it: run the page again."
    return ""


def faults_of_outputs(cell):
    """Yield what is wrong with the stored outputs of a cell."""
    if UNCHECKED in cell.metadata.get("tags", []) and cell.outputs:
        yield "it is not compared, so it may not store an output either, such as the time that another computer took."
    for output in cell.outputs:
        data = output.get("data", {})
        text = str(data.get("text/plain", ""))
        if output.output_type == "execute_result" and output.execution_count != cell.execution_count:
            yield f"its output is from another run: it counts {output.execution_count}."
        if output.output_type == "error":
            yield f"it stores an error, {output.ename}: catch it, and print what it says."
        if output.output_type == "stream" and output.name == "stderr":
            yield f"it stores a warning or other text on stderr: {output.text.strip()[:80]!r}."
        if {"image/png", "image/jpeg"} & set(data) and (not text or text.startswith("<")):
            yield f"its picture has no text that nbval could compare, only {text!r}: show it as pictures.Picture."
        for kind in {"image/png", "image/jpeg"} & set(data):
            yield from filter(None, [fault_of_image(data[kind])])
        path = LOCAL_PATH.search("\n".join(texts_of_output(output)))
        if path:
            yield f"its output names a folder of one computer, {path.string[path.start() :].split()[0][:80]!r}."


def texts_of_output(output):
    """Return all texts of an output, but not its pictures."""
    data = [str(value) for kind, value in output.get("data", {}).items() if not kind.startswith("image/")]
    return [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", []), *data]
