// On each page of JupyterLite: says how much of Python has come, and makes the button that stops a cell work.
"use strict";

// With its service worker the page is isolated, so that it can share memory with Python: load it again, once.
const alone = crossOriginIsolated;
const isolated = (async () => {
  const lite = new URL("./", document.currentScript.src);
  if (alone || !navigator.serviceWorker || sessionStorage.courseTried) return;
  sessionStorage.courseTried = "yes";
  const registered = await navigator.serviceWorker.register(new URL("service-worker.js?enableCache=false", lite));
  const worker = registered.installing ?? registered.waiting ?? registered.active;
  while (worker.state !== "activated") await new Promise((done) => (worker.onstatechange = done));
  location.reload();
  await new Promise(() => {});
})().catch(console.warn);

// The kernel is not told. Else it reads files through shared memory, too, and where the page is slow it reads them while
// they are being written there, and Python ends (coincident 1.2). Through the service worker it reads them as ever.
Object.defineProperty(globalThis, "crossOriginIsolated", { value: false });

const NO_STOP = "This browser does not let a page stop a cell: restart the kernel (⟳). What you kept in my_rnn stays.";
const stops = new Set();
const megabytes = (bytes) => Math.round(bytes / 1e6);

function show(text) {
  let banner = document.getElementById("course-python");
  if (!banner) {
    banner = document.createElement("div");
    banner.id = "course-python";
    banner.setAttribute("role", "status");
    banner.style = `position: fixed; bottom: 0; left: 0; right: 0; z-index: 9999; padding: 0.6em 1em; text-align: center;
      font: 15px/1.4 system-ui, sans-serif; background: #0b3d66; color: white`;
    document.body.append(banner);
  }
  banner.hidden = !text;
  if (banner.textContent !== text) banner.textContent = text;
}

function hear({ came, of, stop, ready }) {
  if (stop) stops.add(stop);
  if (ready) show("");
  else if (came < of) show(`Loading Python: ${megabytes(came)} of ${megabytes(of)} MB. Cells that you run wait for it.`);
  else if (came) show("Python is loaded, and starts. Cells that you run wait for it.");
}

// Each worker of JupyterLite is a Python.
globalThis.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data }) => data?.course && hear(data.course));
  }
};

// JupyterLite has gone to the last cell: show the first ones, which run now.
function toTheTop(notebook) {
  notebook.activeCellIndex = 0;
  notebook.node.querySelector(".jp-WindowedPanel-outer").scrollTop = 0;
}

(async () => {
  while (!globalThis.jupyterapp) await new Promise((done) => setTimeout(done, 100));
  const { commands, shell, started } = globalThis.jupyterapp;
  await started;
  commands.commandExecuted.connect((_, { id }) => {
    if (id === "notebook:run-all-cells") setTimeout(toTheTop, 0, shell.currentWidget.content);
    if (id !== "notebook:interrupt-kernel") return;
    if (!alone) commands.execute("apputils:notify", { message: NO_STOP, type: "warning" });
    else if (shell.currentWidget.sessionContext.session?.kernel?.status === "busy")
      for (const stop of stops) stop[0] = 2; // the number of the signal SIGINT
  });
})();
