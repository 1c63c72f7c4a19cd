"""Build the web site of the course in _site: the pages to read, and the same pages to run in the browser.

    python docs/build.py              the pages to read
    python docs/build.py --browser    these, and the pages to run, with a Python that runs in the browser
    python docs/build.py --serve      build nothing: show what was built, at http://127.0.0.1:8000

Nothing is executed: the pages show their stored outputs, which the tests compare. So do the books (book.py).
"""

import argparse
import functools
import hashlib
import http.server
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

import book  # noqa: E402
import get_pyodide  # noqa: E402
import head  # noqa: E402
import home  # noqa: E402
import reference  # noqa: E402
import slides  # noqa: E402
import terms  # noqa: E402
from as_markdown import NOT_STARTED, heard, read_page  # noqa: E402

from course.base.texts import fetch_texts  # noqa: E402
from course.lessons.contents import MAP, PAGES, QUESTIONS, YOUR_NETWORK  # noqa: E402
from course.marking.handout import hand_out  # noqa: E402
from course.tools.publish import COURSE_LINE, colab_link, find_setup_cell  # noqa: E402

SITE = ROOT / "_site"
DOCUMENTS = "docs/teaching docs/goals docs/survey docs/contributing CODE_OF_CONDUCT CHANGELOG LICENSE-TEXT".split()
ONLY_HERE = re.compile(r"\*([^*]+)\*<!-- (\S+\.\w+) -->")  # in a text: what only the site has, and where
TERMS = "docs/terms"  # the list of terms, made from the pages
TEXTS = ("sonnets", "speeches")  # in the public domain: the site includes them, because a browser could not fetch them
IN_BROWSER = {f"{page.stem}.ipynb" for page in PAGES if page.in_browser}
FIRST_START = 37  # megabytes that the first start in a browser brings, counted by the log of a server
LIMITS = (
    "Nothing is sent anywhere: what you write stays in this browser, and is there when you come back. So it is your "
    "copy that opens, even if the course has changed since. To get the newest one, delete yours in the list of files, "
    f"to which the sign at the top left leads. The first start loads {FIRST_START} MB, and a line at the lower edge "
    "says how much of Python is there. Above the page, <b>Run all</b> runs all cells, and ■ stops the one that runs."
)
RUN = "../lite/notebooks/index.html?path=notebooks/{}"
NOT_IN_BROWSER = "This page does not run in the browser: it trains for too long there, or needs what no browser has."
LITE = HERE / "lite"  # what the course adds to JupyterLite
EXTENSION = Path(sys.prefix, "share", "jupyter", "labextensions", "@jupyterlite", "pyodide-kernel-extension")
# What only they can do who can type there, in the words of check.
TO_TYPE = re.compile(r"(Put your code in place of the \.\.\.|Repair it here,) and run the cell( again)?\. | Stuck\? .*")
FENCED = re.compile(
    r"(```.*?```|\$\$.*?\$\$|<summary>.*?</summary>|^#.*?$|^\|.*?$|\[[^]]*\]\([^)]*\))", re.DOTALL | re.MULTILINE
)


def pages():
    """Return the paths of all pages, in order."""
    return [ROOT / "notebooks" / f"{page.stem}.ipynb" for page in PAGES]


def published_address():
    """Return the address that course.tools.publish wrote into the pages, or ""."""
    first = pages()[0]
    setup = find_setup_cell(json.loads(first.read_text(encoding="utf-8")), first.name)
    return COURSE_LINE.search("".join(setup["source"]))[1]


def ways_in(name, address, browser):
    """Return a line of links to open a page, with what to know about them: folded, if it is long."""
    ways, know = [], f"<p>{NOT_IN_BROWSER}</p>" * browser
    if browser and name in IN_BROWSER:
        ways.append(f'<a href="{RUN.format(name)}">Run in the browser</a> ({FIRST_START} MB at first)')
        know = f'<details class="know"><summary>What to know</summary><p>{LIMITS}</p></details>'
    if address:
        ways.append(f'<a href="{colab_link(address, name)}">Open in Colab</a>')
    ways.append(f'<a href="../files/{name}">Download this page</a>')
    ways.append('<a href="../files/course.zip">Download the whole course</a>')
    return f'<div class="ways"><p>{" · ".join(ways)}</p>{know}</div>'


def fold_name(source):
    """Return what a folded cell holds: its first comment, up to a colon or a full stop, without Colab's mark."""
    mark, name = re.match(r"# (@title )?(.+?)(?:[:.]\s|[:.]?$)", source, re.MULTILINE).groups()
    return name + " (only needed to run the page)" * bool(mark)


def where_to_write(told, name, cell, browser):
    """Return the words below an exercise, HTML, for a page on which nobody can type: a link to where one can.

    told  what check says there, as HTML; cell: the id of its cell
    """
    (words,) = re.findall("<div.*?>(.*)</div>", told, re.DOTALL)
    words = TO_TYPE.sub("", words)
    way = '<a href="../README.html#start">Write it in your copy of the course</a>'
    if browser and name in IN_BROWSER:
        way = f'<a href="{RUN.format(name)}#cell-id={cell}">Write it in the browser</a>'
    return f'<p class="try">{way} <span>{words}</span></p>'


def link_functions(text, labels, linked):
    """Return Markdown text with the first mention of each function linked to the reference. linked: names so far."""

    def link(match):
        if match[1] not in labels or match[1] in linked:
            return match[0]
        linked.add(match[1])
        return f"[{match[0]}](#{labels[match[1]]})"

    parts = FENCED.split(text)
    parts[::2] = [re.sub(r"`(\w+)`", link, part) for part in parts[::2]]
    return "".join(parts)


def stage_page(path, address, browser, labels):
    """Return a page for Sphinx: with links below its title, folded answers, and the text of each picture."""
    page = read_page(path)
    linked = set()
    for cell in page["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = link_functions(cell["source"], labels, linked)
            continue
        folded = cell["metadata"].pop("jupyter", {})
        tags = cell["metadata"].setdefault("tags", [])
        tags += ["hide-input"] * bool(folded.get("source_hidden")) + ["hide-output"] * bool(
            folded.get("outputs_hidden")
        )
        if folded.get("source_hidden"):
            name = fold_name(cell["source"]).replace("{", "{{").replace("}", "}}")
            cell["metadata"]["mystnb"] = {"code_prompt_show": name, "code_prompt_hide": name}
        # The words of pictures that only JupyterLab needs have no text: here they would be an empty box.
        cell["outputs"] = [one for one in cell["outputs"] if one.get("data", {}).get("text/plain") != ""]
        for output in cell["outputs"]:
            if picture := output.get("metadata", {}).get("image/png"):
                width = f"{picture['width']}px" if "width" in picture else "100%"
                cell["metadata"].setdefault("mystnb", {})["image"] = {"alt": heard(picture["alt"]), "width": width}
            told = output.get("data", {})
            if NOT_STARTED.match(told.get("text/plain", "")):
                told["text/html"] = where_to_write(told["text/html"], path.name, cell["id"], browser)
    title, _, rest = page["cells"][0]["source"].partition("\n")
    rest = re.sub(r"^\[!\[Open in Colab\].*\n?", "", rest, flags=re.MULTILINE)
    page["cells"][0]["source"] = f"{title}\n\n{ways_in(path.name, address, browser)}\n\n{rest.lstrip()}"
    return page


def table_of_contents(caption, documents):
    """Return a part of the navigation as Markdown."""
    listed = "\n".join(documents)
    return "\n\n```{toctree}\n:hidden:\n" + f":caption: {caption}\n" * bool(caption) + f"\n{listed}\n```\n"


def stage_book(stage, address, browser):
    """Write everything that Sphinx reads into the folder stage."""
    (stage / "notebooks").mkdir(parents=True)
    (stage / "reference").mkdir()
    labels = reference.labels()
    for path in pages():
        text = json.dumps(stage_page(path, address, browser, labels))
        (stage / "notebooks" / path.name).write_text(text, encoding="utf-8")
    for module in reference.MODULES:
        (stage / "reference" / f"{Path(module).stem}.md").write_text(reference.write_module(module), encoding="utf-8")
    shutil.copytree(ROOT / "data", stage / "data", ignore=shutil.ignore_patterns("*.npz", "*.txt", "__pycache__"))
    for name in ("LICENSE", *(f"{name}.md" for name in DOCUMENTS)):
        (stage / name).parent.mkdir(exist_ok=True)
        text = (ROOT / name).read_text(encoding="utf-8")
        (stage / name).write_text(ONLY_HERE.sub(r'<a href="\2">\1</a>', text), encoding="utf-8")
    (stage / TERMS).with_suffix(".md").write_text(terms.as_page(), encoding="utf-8")
    modules = [f"reference/{Path(module).stem}" for module in reference.MODULES]
    stems = {page.number: page.stem for page in PAGES}
    trees = table_of_contents("", ["Install <self>"])
    trees += table_of_contents(YOUR_NETWORK, [f"notebooks/{page.stem}" for page in PAGES if page.book != QUESTIONS])
    for group, numbers in MAP.items():
        trees += table_of_contents(group, [f"notebooks/{stems[number]}" for number in numbers.split()])
    trees += table_of_contents("Reference", [TERMS, *modules, "data/README"])
    trees += table_of_contents("For teachers and maintainers", DOCUMENTS)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    readme = ONLY_HERE.sub(r'<a href="\2">\1</a>', readme)
    (stage / "README.md").write_text(readme + trees, encoding="utf-8")


def stage_files(folder):
    """Write what the pages need to run into a folder, for the download and for JupyterLite."""
    hand_out(folder)
    for path in pages():
        text = json.dumps(read_page(path), ensure_ascii=False)
        (folder / "notebooks" / path.name).write_text(text, encoding="utf-8")


def build_book(stage, output, address):
    """Build the pages to read with Sphinx. address: of the site, if it has one."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-c", HERE, "-D", f"html_baseurl={address}"]
    command += ["-d", stage.parent / "doctrees", stage, output]
    subprocess.run([str(part) for part in command], check=True, cwd=stage.parent)


def write_home(output, address, megabytes):
    """Write the pages of the site that Sphinx knows nothing of. megabytes: as of home."""
    there = [path for path in home.BESIDE if (output / path).exists()]
    (output / "index.html").write_text(home.home(address, megabytes, there), encoding="utf-8")
    (output / "404.html").write_text(home.lost(address), encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", output / "LICENSE.txt")


def stage_python(target):
    """Write the Python of the browser and JupyterLite's kernel into a folder, with the list of the wheels in it."""
    shutil.copytree(get_pyodide.folder(), target, ignore=shutil.ignore_patterns("recipe"))
    shutil.copy(LITE / "python.mjs", target)
    for pattern in ("ipykernel-*.whl", "piplite-*.whl", "pyodide_kernel-*.whl"):
        (wheel,) = (EXTENSION / "static" / "pypi").glob(pattern)
        shutil.copy(wheel, target)
    about = target / get_pyodide.LIST
    packages = dict(map(entry_of, sorted(target.glob("*.whl"))))
    about.write_text(json.dumps({"info": json.loads(about.read_text())["info"], "packages": packages}))
    size = sum(path.stat().st_size for path in target.iterdir() if path.suffix != ".mjs")
    (target / "told.mjs").write_text(f"export const names = {json.dumps(list(packages))}, bytes = {size};\n")


def entry_of(wheel):
    """Return (name, entry for Pyodide's list) of a wheel. All of them are loaded, so nothing says what needs what."""
    name, version, *_ = wheel.name.split("-")
    entry = {"name": name, "version": version, "file_name": wheel.name, "install_dir": "site", "imports": [name]}
    entry |= {"sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(), "depends": [], "package_type": "package"}
    return name.replace("_", "-"), entry | {"unvendored_tests": False}


def build_lite(work, course, output):
    """Build JupyterLite with the files of the course and its own Pyodide."""
    settings = {
        # Only this extension: those of an installed JupyterLab have another version, and nothing would start.
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [str(EXTENSION)],
        "contents": [str(course)],
        "output_dir": str(output),
        "apps": ["notebooks", "lab", "tree"],
        "no_sourcemaps": True,
    }
    config = work / "jupyter_lite_config.json"
    config.write_text(json.dumps({"LiteBuildConfig": settings}), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(LITE), "--config", str(config)]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"JupyterLite could not be built:\n{done.stdout}{done.stderr}")
    stage_python(output / "static" / "pyodide")
    shutil.copy(LITE / "page.js", output)
    # JupyterLite has no setting for a script of one's own or for its service worker's headers (jupyterlite#1409).
    put_before(output / "config-utils.js", 'import "./page.js";\n')
    put_before(output / "service-worker.js", (LITE / "service_worker.js").read_text(encoding="utf-8"))


def put_before(path, text):
    """Put a text in front of a file, which must be there."""
    path.write_text(text + path.read_text(encoding="utf-8"), encoding="utf-8")


def build(output, address, browser):
    """Build the site into the folder output, which is emptied first."""
    if wrong := fetch_texts(TEXTS):
        sys.exit("\n".join(wrong))
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        site, course = work / "site", work / "course"
        stage_book(work / "book", address, browser)
        build_book(work / "book", site, head.site_address(address))
        stage_files(course)
        for path in (ROOT / "data").glob("*.svg"):  # README's picture, which Sphinx does not see
            shutil.copy(path, site / "data")
        (site / "files").mkdir()
        shutil.make_archive(site / "files" / "course", "zip", course)
        for path in (course / "notebooks").glob("*.ipynb"):
            shutil.copy(path, site / "files")
        book.write(site / "files", head.site_address(address))
        slides.write(site / "files")
        if browser:
            shutil.rmtree(course / ".vscode")  # JupyterLite stops at a hidden folder
            build_lite(work, course, site / "lite")
        write_home(site, head.site_address(address), FIRST_START * browser)
        shutil.rmtree(output, ignore_errors=True)
        shutil.move(site, output)
    (output / ".nojekyll").touch()  # otherwise GitHub Pages leaves out folders that begin with _
    size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
    print(f"The site is in {output}: {size / 1e6:.0f} MB.")


def server_of(folder, port):
    """Return a server of the site on this computer. What is not there gets 404.html, as on GitHub Pages."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        error_message_format = (folder / "404.html").read_text(encoding="utf-8").replace("%", "%%")

    return http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Handler, directory=str(folder)))


def serve(folder):
    """Serve the site on this computer, until you press Ctrl-C."""
    with server_of(folder, 8000) as server:
        print(f"Open http://127.0.0.1:{server.server_port} and press Ctrl-C here to end.", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browser", action="store_true", help="also the pages to run in the browser")
    parser.add_argument("--serve", action="store_true", help="show the site that was built")
    parser.add_argument("--output", type=Path, default=SITE, help="the folder of the site, which is emptied first")
    parser.add_argument("--address", help="https://github.com/OWNER/NAME, if course.tools.publish has not written it")
    options = parser.parse_args()
    if options.serve:
        if not (options.output / "index.html").exists():
            parser.error(f"{options.output} holds no site: build it first, with python docs/build.py.")
        return serve(options.output)
    build(
        options.output.resolve(), published_address() if options.address is None else options.address, options.browser
    )


if __name__ == "__main__":
    main()
