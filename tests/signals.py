"""Ctrl-C for processes that tests start."""

import signal


def hears_ctrl_c() -> None:
    """Undo what a shell does to what it starts in the background, and what its children would inherit: deafness."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
