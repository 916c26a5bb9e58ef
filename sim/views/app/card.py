"""A picture on the page: its SVG, what it says in a table, and the files that keep it."""

from typing import Any

from nicegui import ui

from sim.views import svg
from sim.views.app.shell import Page, raw, table, tag
from sim.views.app.state import State
from sim.views.figures import Figure

FILES = {"png": "PNG", "svg": "SVG", "csv": "CSV", "py": "Python"}


class Card:
    """A place for a picture that changes; its drawing keeps up with the width of the page."""

    def __init__(self, page: Page, name: str, title: str) -> None:
        self.page, self.name = page, name
        self.figure: Figure | None = None
        with tag("section", classes="card", aria_labelledby=f"{name}-title", id=name) as self.place:
            tag("h2", title, id=f"{name}-title")
            self.above = ui.element("div")
            self.drawing = tag("div", "Being lived ...", classes="drawing")
            with ui.element("details"):
                tag("summary", "The numbers as a table")
                self.numbers = raw("div", "", classes="scroll", tabindex="0", role="region", aria_label=f"{title}: table")
            if name in KEEPS:
                gets(name, title)
        page.redraws.append(self.redraw)

    def show(self, figure: Figure, drawn: str, numbers: str, **data: Any) -> None:
        """Show a picture that was drawn already; ``data`` marks what it shows."""
        self.figure = figure
        self.drawing.set_content(drawn)  # type: ignore[attr-defined]
        self.numbers.set_content(numbers)  # type: ignore[attr-defined]
        for key, value in data.items():
            self.place.props[f"data-{key}"] = value
        self.place.update()

    def redraw(self) -> None:
        """Draw again for another width."""
        if self.figure is not None:
            self.drawing.set_content(svg.draw(self.figure, self.page.width))  # type: ignore[attr-defined]


KEEPS = ("fan", "drifted", "options", "capitals")  # pictures that an address alone makes again


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


def state_mark(state: State) -> str:
    """Return what marks a picture as that of a state."""
    return state.query()
