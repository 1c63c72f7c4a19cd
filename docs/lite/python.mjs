// Starts Pyodide for JupyterLite's kernel, in its worker, and tells the page (page.js) what it does:
// {course: {came, of}} bytes so far, and in the end {course: {ready: true, stop}}, with an array that stops a running cell.
import { loadPyodide as load } from "./pyodide.mjs";
import { bytes, names } from "./told.mjs";

const say = (what) => postMessage({ course: what });

// Count what comes. The browser unpacks what a server packed, so these are the bytes of the files.
function count(of) {
  const plain = globalThis.fetch;
  const here = new URL(".", import.meta.url).href;
  let came = 0;
  globalThis.fetch = async (what, ...more) => {
    const answer = await plain(what, ...more);
    if (!answer.ok || !new URL(what.url ?? what, here).href.startsWith(here)) return answer;
    const counter = new TransformStream({
      transform(part, out) {
        came += part.byteLength;
        say({ came, of });
        out.enqueue(part);
      },
    });
    return new Response(answer.body.pipeThrough(counter), answer);
  };
  say({ came, of });
}

// The kernel runs each cell in a context of its own, and NumPy keeps its print options in the context: hand it on. And
// jedi is left out, 1.7 MB and a slow import: completion has to be told so.
const BEFORE_THE_FIRST_CELL = `
import contextvars
from pyodide_kernel import ipython_shell


def hand_on(context=contextvars.copy_context()):
    def take(_):
        for variable, value in context.items():
            variable.set(value)

    def keep(_):
        nonlocal context
        context = contextvars.copy_context()

    ipython_shell.events.register("pre_run_cell", take)
    ipython_shell.events.register("post_run_cell", keep)


hand_on()
ipython_shell.Completer.use_jedi = False
`;

// Loads each wheel in the folder. What jupyter-lite.json names as packages is what the kernel must not install by
// itself, with jedi, which is left out.
export async function loadPyodide(options) {
  count(bytes);
  const pyodide = await load({ ...options, packages: names });
  const plain = pyodide.runPythonAsync;
  pyodide.runPythonAsync = async (code, ...more) => {
    const result = await plain(code, ...more);
    if (code.includes("import pyodide_kernel")) {
      pyodide.runPython(BEFORE_THE_FIRST_CELL, { globals: pyodide.toPy({}) });
      const stop = self.crossOriginIsolated && new Uint8Array(new SharedArrayBuffer(1));
      if (stop) pyodide.setInterruptBuffer(stop);
      say({ ready: true, stop });
    }
    return result;
  };
  return pyodide;
}
