"""In Colab: keeps the learner's functions on Google Drive, because the machine of a page ends with its session.

What is known of google.colab.drive is from its source, https://github.com/googlecolab/colabtools: mount opens a window
and waits for the answer. A no comes as MessageError, and what fails as ValueError, NotImplementedError or an error of
pexpect. A Drive that is connected has a folder MyDrive.
"""

import os
import shutil

from course.base.place import ROOT, TO_KEEP, in_colab, lasting, own_folder

QUESTION = (
    "May your functions be kept on your Google Drive, in the folder my_rnn, where the next page finds them? Colab asks "
    "you in a window. It asks for all of your Drive, but the course uses this folder alone. If you say no, your "
    "functions are kept until this Colab session ends."
)


def keep_on_drive():
    """Move own_folder() to Google Drive, if the learner agrees. Return a list of one sentence, [] if nothing is new."""
    if not in_colab() or (lasting() and os.path.isdir(own_folder().parent)):
        return []
    if lasting():  # but that Drive is no longer connected
        os.environ.pop("MY_RNN", None)
    drive = ROOT.parent / "drive"
    mine = drive / "MyDrive" / "my_rnn"
    try:
        if not os.path.isdir(mine.parent):
            _ask_once(drive)
        mine.mkdir(exist_ok=True)
        if own_folder().is_dir():  # from before the Drive was connected
            shutil.copytree(own_folder(), mine, copy_function=_copy_if_newer, dirs_exist_ok=True)
        if not os.access(mine, os.W_OK):
            raise OSError("my_rnn can only be read there")
    except (Exception, KeyboardInterrupt) as error:  # the stop button is a no, too
        why = "" if type(error).__name__ == "MessageError" else f" ({str(error).splitlines()[0]})" if str(error) else ""
        says = f"Your functions are kept until this Colab session ends, not on Google Drive{why}. {TO_KEEP}"
        return [f"{says} What lies there from before is safe, and comes back then."]
    os.environ["MY_RNN"] = str(mine)  # for child processes, too
    return ["Your functions are kept on your Google Drive, in the folder my_rnn."]


def _ask_once(drive):
    """Connect the Drive, unless this machine has asked before."""
    asked = ROOT / ".asked_for_drive"
    if asked.exists():
        raise OSError("it is not connected")
    print(QUESTION, flush=True)
    asked.touch()
    from google.colab import drive as of_colab

    of_colab.mount(str(drive))


def _copy_if_newer(here, there):
    if not os.path.exists(there) or os.path.getmtime(there) < os.path.getmtime(here):
        shutil.copyfile(here, there)
