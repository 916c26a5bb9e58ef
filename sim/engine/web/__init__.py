"""Where the page lies, and the rules as WebAssembly in it; ``python -m research.web_engine`` makes them."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[2]


def page_folder() -> Path:
    """Return the folder of the page: in the package, or at the top of the repository."""
    packaged = _PACKAGE / "page"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "page"
