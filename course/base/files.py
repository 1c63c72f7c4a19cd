"""Write files whole or not at all."""

import contextlib
import glob
import os
import platform
import re
import stat
import time
from pathlib import Path


def write_whole(path, write, *, wait_for_disk=True):
    """Call write(file) on a temporary file beside path, then rename it, so that path is never half-written.

    A process that is killed while it writes leaves its temporary file behind, and the next one that writes to the same
    path deletes it. wait_for_disk: False for what may be lost when the power fails, since waiting takes time.
    """
    if not Path(path).parent.is_dir():
        raise FileNotFoundError(f"There is no folder {str(Path(path).parent)!r}: create it first.")
    path = Path(os.path.realpath(path))  # replace what a symbolic link points to, not the link
    delete_left_over(path)
    temporary = temporary_for(path)
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


def temporary_for(path):
    """Return the path of a temporary file, or folder, beside a path. Its name says which process writes it."""
    return path.with_name(f".{path.name}.{platform.node()}-{os.getpid()}-{time.time_ns()}.part")


def delete_left_over(path):
    """Delete the temporary files of a path that no running process writes. Those of other computers are left alone."""
    beginning = f".{path.name}.{platform.node()}-"
    for left in path.parent.glob(f"{glob.escape(beginning)}*.part"):
        writer = re.fullmatch(r"(\d+)-\d+\.part", left.name.removeprefix(beginning))
        if writer and not _runs(int(writer[1])):
            with contextlib.suppress(OSError):  # another process has just deleted it, or Windows says that it is open
                if left.is_dir():
                    import shutil  # slow to load, and seldom needed

                    shutil.rmtree(left)
                else:
                    left.unlink()


def _runs(pid):
    """Return whether a process with this id runs on this computer. False on Windows, where asking would end it."""
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another user's process
        pass
    return True
