"""A program under one thread and under two of numpy's own algebra, which share the products of long vectors."""

import os
import subprocess
import sys


def print_under_threads(code: str) -> tuple[str, str]:
    """Return what a program prints under one thread and under two."""
    one, two = (
        subprocess.run([sys.executable, "-c", code], env=os.environ | {"OPENBLAS_NUM_THREADS": threads},
                       capture_output=True, text=True, check=True).stdout
        for threads in ("1", "2")
    )  # fmt: skip
    return one, two
