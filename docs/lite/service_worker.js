// Stands before JupyterLite's service worker: a browser shares memory between a page and its Python, which the button
// that stops a cell needs, only if each answer carries these headers. Many servers of static files cannot send them.
const listen = self.addEventListener.bind(self);
self.addEventListener = (kind, act) =>
  listen(kind, (event) => {
    if (kind === "fetch") {
      const answer = event.respondWith.bind(event);
      event.respondWith = (given) => answer(Promise.resolve(given).then(isolated));
    }
    return act(event);
  });

function isolated(given) {
  if (given.type !== "basic") return given;
  const { status, statusText } = given;
  const headers = new Headers(given.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  return new Response([204, 304].includes(status) ? null : given.body, { status, statusText, headers });
}
