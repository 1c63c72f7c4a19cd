"""docs/build.py --serve sends the site's own page for what is not there."""

import threading
import urllib.error
import urllib.request

import pytest
from helpers import ROOT

pytest.importorskip("pypandoc", reason="the site needs docs/requirements.txt")


def test_what_is_not_there_gets_the_page_for_it(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(ROOT / "docs")
    import build

    (tmp_path / "index.html").write_text("the front")
    (tmp_path / "404.html").write_text("<p style='width: 100%'>This page isn’t here.</p>", encoding="utf-8")
    with build.server_of(tmp_path, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with urllib.request.urlopen(f"{address}/") as answer:
            assert answer.read() == b"the front"
        with pytest.raises(urllib.error.HTTPError) as lost:
            urllib.request.urlopen(f"{address}/a/b.html")
        assert lost.value.code == 404
        assert lost.value.read().decode() == (tmp_path / "404.html").read_text(encoding="utf-8")
        server.shutdown()
