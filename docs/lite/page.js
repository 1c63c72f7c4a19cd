// On each page of JupyterLite: says how much of Python has come, makes the button that stops a cell work, and shows what
// runs. The page waits for it before it loads JupyterLite.

// With its service worker the page is isolated, so that it can share memory with Python: load it again, once.
const alone = crossOriginIsolated;
if (!alone && navigator.serviceWorker && !sessionStorage.courseTried)
  try {
    sessionStorage.courseTried = "yes";
    const script = new URL("service-worker.js?enableCache=false", import.meta.url);
    const registered = await navigator.serviceWorker.register(script);
    const worker = registered.installing ?? registered.waiting ?? registered.active;
    while (worker.state !== "activated") await new Promise((done) => (worker.onstatechange = done));
    location.reload();
    await new Promise(() => {});
  } catch (error) {
    console.warn(error);
  }

// The kernel is not told. Else it reads files through shared memory, too, and where the page is slow it reads them while
// they are being written there, and Python ends (coincident 1.2). Through the service worker it reads them as ever.
Object.defineProperty(globalThis, "crossOriginIsolated", { value: false });

const NO_STOP = "This browser does not let a page stop a cell: restart the kernel (⟳). What you kept in my_rnn stays.";
const stops = new Set();
const place = location.hash; // #cell-id=..., from a page to read
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

// On a phone, the line of a folded cell begins where the page begins, and breaks.
const narrow = document.createElement("style");
narrow.textContent = `@media (max-width: 600px) {
  body .jp-InputPlaceholder { width: 100%; height: auto; }
  body .jp-Placeholder-prompt { display: none; }
  body .jp-Placeholder-content { flex: 1; min-width: 0; }
  body :is(.jp-Placeholder-contentContainer, .jp-PlaceholderText) { max-width: 100%; white-space: normal; }
}`;
document.head.append(narrow);

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

// JupyterLab goes to the last cell of "Run all", again and again while cells get their heights. Keep another one in
// view, from its top or, if it is too high, with its end, until somebody moves or types. A scroll is heard before it is
// painted, so nobody sees the jump.
async function keepInView(cellToShow) {
  let moved = false;
  for (const kind of ["wheel", "touchstart", "pointerdown", "keydown"])
    addEventListener(kind, () => (moved = true), { capture: true, once: true });
  const put = () => {
    const view = cellToShow()?.node.closest(".jp-WindowedPanel-outer");
    if (!view || moved) return;
    const cell = cellToShow().node.getBoundingClientRect(), frame = view.getBoundingClientRect();
    view.scrollTop += cell.height < frame.height ? cell.top - frame.top : cell.bottom - frame.bottom;
  };
  addEventListener("scroll", put, { capture: true });
  for (; !moved; await new Promise((done) => setTimeout(done, 200))) put();
  removeEventListener("scroll", put, { capture: true });
}

// The cell that has been running for half a second; in between the last such cell, before all of them the first one.
function cellThatRuns(notebook) {
  let shown = notebook.widgets[0], running, since;
  return () => {
    const now = notebook.widgets.find(({ model }) => model.executionState === "running");
    if (now !== running) [running, since] = [now, Date.now()];
    if (running && Date.now() - since > 500) shown = running;
    return shown;
  };
}

(async () => {
  while (!globalThis.jupyterapp) await new Promise((done) => setTimeout(done, 100));
  const { commands, shell, started } = globalThis.jupyterapp;
  await started;
  commands.commandExecuted.connect((_, { id }) => {
    if (id === "notebook:run-all-cells") keepInView(cellThatRuns(shell.currentWidget.content));
    if (id !== "notebook:interrupt-kernel") return;
    if (!alone) commands.execute("apputils:notify", { message: NO_STOP, type: "warning" });
    else if (shell.currentWidget.sessionContext.session?.kernel?.status === "busy")
      for (const stop of stops) stop[0] = 2; // the number of the signal SIGINT
  });
  // Who comes to an exercise finds it in view, and what it needs, the cells above it, runs.
  const wanted = /cell-id=(.*)/.exec(place)?.[1];
  const exercise = () => shell.currentWidget?.content.widgets?.find(({ model }) => model.id === wanted);
  if (!wanted) return;
  keepInView(exercise);
  while (!exercise()) await new Promise((done) => setTimeout(done, 100));
  const { content, sessionContext } = shell.currentWidget;
  await sessionContext.ready;
  content.activeCellIndex = content.widgets.indexOf(exercise());
  commands.execute("notebook:run-all-above");
})();
