"""What every page has in common: head, navigation, the address, messages."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from nicegui import Client, context, ui
from nicegui.element import Element

from sim.report.text import doubt
from sim.scenario.errors import listed
from sim.web.state import State

PAGES = {"/": "Explore", "/world": "One run", "/play": "Play a capital", "/lessons": "Lessons"}
_STATIC = Path(__file__).parent / "static"


async def _nothing() -> None:
    """Do nothing."""


@dataclass
class Page:
    """One reader's page: its state, its width, and where it says what went wrong."""

    state: State
    client: Client
    problems: Any
    width: int = 720
    redraws: list[Callable[[], Any]] = field(default_factory=list)
    begin: Callable[[], Any] = _nothing  # called once the width is known, and again when a browser comes back

    def say(self, *problems: str) -> None:
        """Show what could not be done; nothing clears it."""
        self.problems.set_content(listed(problems))

    def address(self) -> None:
        """Write the state into the address."""
        self.client.run_javascript(f"driftback.at({self.state.query()!r})")

    @property
    def gone(self) -> bool:
        """Whether the reader has left."""
        return self.client.is_deleted


@cache
def _head() -> str:
    css, js = ((_STATIC / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return f"<style>{css}</style><script>{js}</script>"


@contextmanager
def page(path: str, state: State, problems: list[str]) -> Iterator[Page]:
    """Build the frame of a page that shows a state; what is built within goes into its body."""
    client = context.client
    ui.add_head_html(_head())
    tag("a", "To the content", href="#content", classes="skip")
    with tag("nav", aria_label="Pages"), tag("ul"):
        for target, name in PAGES.items():
            with tag("li"):
                link = tag("a", name, href=target, data_to=target)
                if target == path:
                    link.props["aria-current"] = "page"
    tag("h1", f"{PAGES[path]}: does Pyongyang drift back to Beijing?", id="content", tabindex="-1")
    tag("p", doubt.OPEN, classes="muted")
    said = spot("div", listed(problems), role="alert", classes="problems")
    made = Page(state, client, said)
    yield made

    async def resized(event: Any) -> None:
        width = event.args
        if isinstance(width, int | float) and abs(width - made.width) > 40:
            made.width = int(min(max(width, 300), 860))
            for redraw in made.redraws:
                redraw()
        await made.begin()

    ui.on("resized", resized)
    client.on_connect(lambda: client.run_javascript("driftback.arrived()") and None)


def tag(name: str, words: str = "", /, classes: str = "", **attributes: Any) -> Element:
    """Return a plain HTML element: around words, or without any around what is built within."""
    return _dressed(spot(name, words) if words else ui.element(name), classes, attributes)


def spot(name: str, content: str = "", /, classes: str = "", **attributes: Any) -> Any:
    """Return a plain HTML element whose content may be set anew: Markup as it is, any other text escaped."""
    return _dressed(ui.html(content, tag=name, sanitize=lambda text: str(escape(text))), classes, attributes)


def _dressed(element: Element, classes: str, attributes: dict[str, Any]) -> Element:
    """Return an element with its classes and attributes, which are written with _ for -."""
    if classes:
        element.classes(classes)
    for key, value in attributes.items():
        element.props[key.replace("_", "-")] = value
    return element


def table(frame: Any, caption: str) -> Markup:
    """Return a table as HTML, its numbers short."""
    shown = frame.reset_index().map(lambda value: f"{value:.3g}" if isinstance(value, float) else str(value))
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in shown.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(value)}</td>" for value in row) + "</tr>" for row in shown.to_numpy().tolist()
    )
    named = f'<caption class="hidden">{escape(caption)}</caption>'
    return Markup(f"<table>{named}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
