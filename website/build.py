"""Make the site, offline: ``python website/build.py FOLDER [--beside-page]``.

It needs the extra ``docs``. ``--beside-page``: the page is in the folder above, and the site links to it.
"""

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))


def main(folder: Path, beside_page: bool = False) -> int:
    """Make the site in a folder that is new, empty or a site, look through it, and return the exit code."""
    if not all(map(find_spec, ("sphinx", "myst_nb", "pydata_sphinx_theme"))):
        return _refused("the site needs the extra docs: pip install -c constraints.txt -e '.[docs]'")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / "searchindex.js").exists():
        return _refused(f"{folder} holds something else than a site; name a new folder")

    import assemble
    import check
    from sphinx.cmd.build import main as sphinx

    with TemporaryDirectory() as pages:
        assemble.main(Path(pages))
        shutil.rmtree(folder, ignore_errors=True)
        options = ["--quiet", "--fail-on-warning", "--keep-going", "--conf-dir", str(HERE)]
        options += ["--doctree-dir", f"{pages}/.doctrees", *(["--tag", "page"] if beside_page else [])]
        failed = sphinx([*options, pages, str(folder)])
    return failed or check.main(folder)


def _refused(why: str) -> int:
    print(why, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), "--beside-page" in sys.argv[2:]))
