"""A picture on the page: its SVG, what it says in a table, and the files that keep it."""

from typing import Any

from nicegui import ui

from sim.report.figures.data import Figure
from sim.report.render import svg
from sim.web.shell import Page, spot, table, tag

FILES = {"png": "PNG", "svg": "SVG", "csv": "CSV", "py": "Python"}


class Card:
    """A place for a picture that changes; its drawing keeps up with the width of the page."""

    def __init__(self, page: Page, name: str, title: str, widest: int = 860) -> None:
        self.page, self.name, self.widest = page, name, widest
        self.figure: Figure | None = None
        with tag("section", classes="card", aria_labelledby=f"{name}-title", id=name) as self.place:
            tag("h2", title, id=f"{name}-title")
            self.above = ui.element("div")
            self.drawing = spot("div", "Being lived ...", classes="drawing")
            with ui.element("details"):
                tag("summary", "The numbers as a table")
                self.numbers = spot(
                    "div", "", classes="scroll", tabindex="0", role="region", aria_label=f"{title}: table"
                )
            gets(name, title)
        page.redraws.append(self.redraw)

    @property
    def width(self) -> int:
        """The width to draw for, in pixels."""
        return min(self.page.width, self.widest)

    def show(self, figure: Figure, drawn: str, numbers: str, **data: Any) -> None:
        """Show a picture that was drawn already; ``data`` marks what it shows."""
        self.figure = figure
        self.drawing.set_content(drawn)
        self.numbers.set_content(numbers)
        for key, value in data.items():
            self.place.props[f"data-{key}"] = value
        self.place.update()

    def redraw(self) -> None:
        """Draw again for another width."""
        if self.figure is not None:
            self.drawing.set_content(svg.draw(self.figure, self.width))


def gets(name: str, title: str) -> None:
    """Build the links that keep a picture as a file."""
    with ui.element("div").classes("gets"):
        tag("span", "Keep as:")
        for kind, words in FILES.items():
            tag("a", words, href=f"/get/{name}.{kind}", data_to=f"/get/{name}.{kind}", download="",
                aria_label=f"{title} as {words}")  # fmt: skip


def drawn(figure: Figure, width: int) -> tuple[Figure, str, str]:
    """Return a picture with its SVG and its table, made outside the page's own thread."""
    return figure, svg.draw(figure, width), table(figure.data, figure.head.title)
