"""The rules as WebAssembly: printed, compiled, and laid into the page."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[2]


def page_folder() -> Path:
    """Return the folder of the page: in the package, or at the top of the repository."""
    packaged = _PACKAGE / "page"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "page"
