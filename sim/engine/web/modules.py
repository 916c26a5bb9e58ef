"""The modules of WebAssembly that travel with the page, and the fingerprint of the rules that they were made from."""

import re
from pathlib import Path

from sim.engine.web import page_folder

MODULES = ("months", "reasons")


def module_file(module: str) -> Path:
    """Return where a module lies."""
    return page_folder() / "engine" / f"{module}.wasm"


def shipped_module(module: str) -> bytes:
    """Return a module as it travels with the page."""
    return module_file(module).read_bytes()


def shipped_fingerprint() -> str:
    """Return the fingerprint that the modules of the package carry.

    Raises
    ------
    ValueError
        If they are not of one making.
    """
    fingerprints = {match for module in MODULES for match in re.findall(rb"\0([0-9a-f]{64})\0", shipped_module(module))}
    if len(fingerprints) != 1:
        raise ValueError("the modules do not carry one fingerprint: make them anew, python -m research.web_engine")
    return str(fingerprints.pop().decode())
