"""Shared by the tests in Firefox: a new Firefox for each test, driven by its own WebDriver BiDi.

Playwright cannot drive an installed Firefox. A request to any other host fails the test.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
import websocket  # comes with Jupyter

FIREFOX = shutil.which("firefox-esr")
needs_firefox = pytest.mark.skipif(FIREFOX is None, reason="Firefox ESR is not installed: apt-get install firefox-esr")
EVENTS = ["network.beforeRequestSent", "network.responseCompleted", "log.entryAdded"]
LOCAL = ("http://127.0.0.1:", "data:", "blob:")
# A driven Firefox turns off telemetry, updates, safe browsing and the like by itself. Its few remaining requests go to
# a closed port of this computer, as do a page's requests to other hosts: nothing leaves, and nothing waits.
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.failover_direct": False,
    "network.proxy.allow_bypass": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "browser.chrome.site_icons": False,  # it would request one from above the site's folder
}


class Tab:
    """The tab of a Firefox, with the functions of a Playwright tab that test_browser.py uses to run a page."""

    def __init__(self, address):
        self.socket = websocket.create_connection(f"{address}/session", timeout=180, suppress_origin=True)
        self.limit, self.number, self.outside, self.errors = 180, 0, [], []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=EVENTS)
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method, **params):
        """Send Firefox a command, record the events that it sends in between, and return the result."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        end = time.monotonic() + self.limit
        while True:
            self.socket.settimeout(max(0.01, end - time.monotonic()))
            try:
                message = json.loads(self.socket.recv())
            except websocket.WebSocketTimeoutException:
                raise TimeoutError(f"Firefox did not end {method} within {self.limit:g} seconds.") from None
            if message["type"] == "event":
                self.note(message["method"], message["params"])
            elif message["type"] == "error":
                raise RuntimeError(f"Firefox could not do {method}: {message['message']}")
            elif message["id"] == self.number:
                return message["result"]

    def note(self, event, params):
        """Record a request to another host, and faults: a missing file, an error in a script."""
        if event == "network.beforeRequestSent" and not params["request"]["url"].startswith(LOCAL):
            self.outside.append(params["request"]["url"])
        if event == "network.responseCompleted" and params["response"]["status"] >= 400:
            self.errors.append(f"{params['response']['status']}: {params['request']['url']}")
        if event == "log.entryAdded" and (params["level"], params["type"]) == ("error", "javascript"):
            self.errors.append(params["text"])

    def set_default_timeout(self, milliseconds):
        self.limit = milliseconds / 1000

    def goto(self, url):
        self.ask("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def evaluate(self, code, argument=None):
        """Return the value of JavaScript code, which may be a promise, or a function that is then called."""
        call = f"typeof value === 'function' ? value({json.dumps(argument)}) : value"
        text = f"(async () => {{ const value = ({code}); return JSON.stringify(await ({call})); }})()"
        target = {"context": self.context}
        done = self.ask("script.evaluate", expression=text, target=target, awaitPromise=True)
        if done["type"] == "exception":
            raise RuntimeError(f"The script failed: {done['exceptionDetails']['text']}")
        return json.loads(done["result"].get("value", "null"))

    def wait_for_function(self, code):
        end = time.monotonic() + self.limit
        while time.monotonic() < end:
            with contextlib.suppress(RuntimeError):  # the page may be loading anew
                if self.evaluate(f"Boolean({code})"):
                    return
            time.sleep(0.1)
        raise TimeoutError(f"This did not come true within {self.limit:g} seconds: {code}")


def address_of(process, log):
    """Wait until Firefox reports the address where it listens, and return it."""
    end = time.monotonic() + 180
    while process.poll() is None and time.monotonic() < end:
        found = re.search(r"listening on (ws://\S+)\n", log.read_text(encoding="utf-8"))
        if found:
            return found[1]
        time.sleep(0.05)
    pytest.fail(f"Firefox did not start. It said: {log.read_text(encoding='utf-8')[-1000:]}")


@pytest.fixture
def tab():
    """The tab of a new Firefox with a fresh profile."""
    with tempfile.TemporaryDirectory(prefix="firefox_", ignore_cleanup_errors=True) as folder:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        Path(folder, "user.js").write_text("\n".join(lines), encoding="utf-8")
        log = Path(folder, "log.txt")
        command = [FIREFOX, "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port", "0"]
        with log.open("w") as output:
            process = subprocess.Popen(command, env={**os.environ, "HOME": folder}, stdout=output, stderr=output)
        try:
            tab = Tab(address_of(process, log))
            yield tab
            tab.ask("browser.close")
            process.wait(timeout=20)
            tab.socket.shutdown()
        finally:
            process.kill()
            process.wait()
    assert tab.outside == [], f"the site asked another host: {tab.outside[0]}"
