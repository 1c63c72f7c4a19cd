"""Write files whole or not at all."""

import os
import platform
import stat
import time
from pathlib import Path


def write_whole(path, write, *, wait_for_disk=True):
    """Call write(file) on a temporary file beside path, then rename it, so that path is never half-written.

    wait_for_disk: False for what may be lost when the power fails, since waiting takes time.
    """
    if not Path(path).parent.is_dir():
        raise FileNotFoundError(f"There is no folder {str(Path(path).parent)!r}: create it first.")
    path = Path(os.path.realpath(path))  # replace what a symbolic link points to, not the link
    # Its name says who writes it: other processes may write to the same path.
    temporary = path.with_name(f".{path.name}.{platform.node()}-{os.getpid()}-{time.time_ns()}.part")
    try:
        with open(temporary, "xb") as file:
            write(file)
            if wait_for_disk:
                file.flush()
                os.fsync(file.fileno())
        if os.name == "posix" and path.exists():  # keep its permissions
            os.chmod(temporary, stat.S_IMODE(path.stat().st_mode))
        os.replace(temporary, path)
    except BaseException:  # an interrupt leaves nothing behind either
        temporary.unlink(missing_ok=True)
        raise
