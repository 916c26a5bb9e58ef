"""Share and keep: the link, the scenario as a file, Python lines, the report; and opening a scenario file."""

from asyncio import to_thread
from typing import TYPE_CHECKING, Any

from nicegui import ui

from sim.scenario import ScenarioError
from sim.scenario.reading import LARGEST
from sim.web.shell import spot, tag
from sim.web.state import World, packed, read_yaml

if TYPE_CHECKING:
    from sim.web.explore import Explorer

_LINKS = {"world.yaml": "Scenario file", "lines.py": "Python lines", "report.html": "Report (some seconds)"}


def share(explorer: "Explorer") -> None:
    """Build the section."""
    page = explorer.page
    with tag("section", classes="card", aria_labelledby="share-title"):
        tag("h2", "Share and keep", id="share-title")
        tag("p", "The address of this page holds everything that you chose. Send it to somebody.", classes="muted")
        said = spot("p", "", role="status", id="shared")
        with ui.element("div").classes("buttons"):
            copy = tag("button", "Copy the link", type="button")

            copy.on("click", js_handler="() => driftback.copy()")
            for target, words in _LINKS.items():
                tag("a", words, classes="button", href=f"/get/{target}", data_to=f"/get/{target}", download="")
        tag("label", "Open a scenario file (YAML)", **{"for": "open"})
        chosen = spot("input", "", type="file", id="open", accept=".yaml,.yml")

        async def opened(event: Any) -> None:
            if event.args is None:
                return
            try:
                world = await to_thread(_opened, event.args)
            except (ScenarioError, ValueError) as error:
                page.say(str(error))
                return
            page.say()
            said.set_content(f"Opened {str(event.args['name'])[:80]}.")
            await explorer.choose_world(world)

        chosen.on("change", opened, js_handler=f"async (e) => emit(await driftback.open(e.target, {LARGEST}))")


def _opened(file: Any) -> World:
    """Return the world of a file that was opened.

    Raises
    ------
    ScenarioError, ValueError
        If it cannot be used.
    """
    name, size, text = str(file["name"])[:80], int(file["size"]), str(file["text"])
    if size > LARGEST:
        raise ValueError(f"{name}: {size:,} bytes are too many for a scenario (at most {LARGEST:,})")
    if "\x00" in text or "\ufffd" in text:
        raise ValueError(f"{name}: this is not a text file in UTF-8")
    world = World(packed(read_yaml(text, name)))
    world.scenario()  # so that it is at hand, and not read on the page's own thread
    return world
