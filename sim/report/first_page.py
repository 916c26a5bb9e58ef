"""The answer on the pages that open with it, and the picture beside it: both from the run that the README begins with.

``python -m sim.report.first_page .`` simulates it and writes the picture, and the answer between the two marks of each
page that has them, in a checkout's folder.
"""

import sys
from pathlib import Path

from sim.report.figures import ensembles as charts
from sim.report.render.plots import draw
from sim.report.render.sheet import png
from sim.report.text import answer

SCENARIO, SEED = "war-ends-early", 7
PICTURE = "docs/images/war-ends-early.png"
PAGES = ("README.md", "website/index.md", "docs/slides.html")
OPENS, CLOSES = "<!-- answer -->", "<!-- /answer -->"


def write_first_pages(folder: Path) -> None:
    """Write the picture and the answer into a checkout.

    Raises
    ------
    ValueError
        If no page has the marks.
    """
    import sim

    many = sim.ensemble(SCENARIO, seed=SEED, control=True)
    lines = sim.assumed(SCENARIO, seed=SEED).splitlines()
    (folder / PICTURE).write_bytes(png(draw(charts.difference(many, many.control))))
    pages = [folder / name for name in PAGES if OPENS in (folder / name).read_text(encoding="utf-8")]
    if not pages:
        raise ValueError(f"none of {', '.join(PAGES)} has the mark {OPENS}")
    first = answer.of_run(many, many.control)
    for page in pages:
        text = page.read_text(encoding="utf-8")
        block = _as_html(first, lines) if page.suffix == ".html" else _as_markdown(first, lines)
        page.write_text(with_answer(text, block), encoding="utf-8")


def with_answer(text: str, block: str) -> str:
    """Return the text of a page with this between its marks.

    >>> with_answer("<!-- answer -->old<!-- /answer -->.", "new")
    '<!-- answer -->\\nnew\\n<!-- /answer -->.'
    """
    before, _, rest = text.partition(OPENS)
    return f"{before}{OPENS}\n{block}\n{CLOSES}{rest.partition(CLOSES)[2]}"


def _as_markdown(first: str, lines: list[str]) -> str:
    return "\n".join([f"**{first}**", "", *(f"* {line}" for line in lines)])


def _as_html(first: str, lines: list[str]) -> str:
    return "\n".join([f"<p>{first}</p>", "<ul>", *(f"<li>{line}</li>" for line in lines), "</ul>"])


if __name__ == "__main__":
    write_first_pages(Path(sys.argv[1]))
