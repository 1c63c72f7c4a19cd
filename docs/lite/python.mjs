// Starts Pyodide for JupyterLite's kernel, in its worker, and tells the page (page.js) what it does:
// {course: {came, of}} bytes so far, {course: {ready: true}}, and {course: {stop}}, an array that stops a running cell.
import { loadPyodide as load } from "./pyodide.mjs";

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

export async function loadPyodide({ bytes, packages, ...options }) {
  count(bytes);
  // The kernel would install jedi if it were not among the packages. It is left out: 1.7 MB and a slow import.
  const pyodide = await load({ ...options, packages: packages.filter((name) => name !== "jedi") });
  if (self.crossOriginIsolated) {
    const stop = new Uint8Array(new SharedArrayBuffer(1));
    pyodide.setInterruptBuffer(stop);
    say({ stop });
  }
  const plain = pyodide.runPythonAsync;
  pyodide.runPythonAsync = async (code, ...more) => {
    const result = await plain(code, ...more);
    if (code.includes("import pyodide_kernel")) {
      pyodide.runPython("pyodide_kernel.ipython_shell.Completer.use_jedi = False");
      say({ ready: true });
    }
    return result;
  };
  return pyodide;
}
