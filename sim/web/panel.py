"""The controls as HTML: native fields that a keyboard and a screen reader know, typed by words, colour and edge."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from nicegui import ui
from nicegui.element import Element

from sim.article.register import assumptions, claims, switches
from sim.scenario import Scenario
from sim.web.controls import CONTROLS, Control, Slider, Switches
from sim.web.shell import spot, tag
from sim.web.state import World

Moved = Callable[[str, str], Any]  # called with the name of a control and what was written

_THROTTLE = 0.03  # seconds between two events of a slider that is dragged


def panel(world: World, moved: Moved) -> None:
    """Build the controls of a world."""
    base = World(world.base).scenario()
    for control in CONTROLS:
        _control(control, base, world, moved)


def _control(control: Control, base: Scenario, world: World, moved: Moved) -> None:
    with ui.element("div").classes(f"control {control.kind}"):
        name = f"control-{control.name}"
        tag("span", control.kind.title(), classes="kind", id=f"{name}-kind")
        if isinstance(control, Switches):
            _switches(control, world, moved)
            return
        tag("label", control.label, **{"for": name})
        if isinstance(control, Slider):
            _slider(control, name, base, world, moved)
        else:
            choose(name, control.options, world.get(control.name) or "", lambda value: moved(control.name, value),
                   described=f"{name}-kind {name}-help")  # fmt: skip
        tag("span", control.help, classes="muted", id=f"{name}-help")


def _slider(control: Slider, name: str, base: Scenario, world: World, moved: Moved) -> None:
    value = world.get(control.name)
    start = control.read(base) if value is None else value
    shown = spot("div", control.shown(start), classes="value", aria_hidden="true")
    slider = ui.element("input")
    range_fields(slider, control.low, control.high, control.step, start, control.shown(start))
    slider.props["id"] = name
    slider.props["aria-describedby"] = f"{name}-kind {name}-help"

    async def on_input(event: Any) -> None:
        said = control.shown(control.parse(str(event.args)))
        shown.set_content(said)
        slider.props["aria-valuetext"] = said
        await moved(control.name, str(event.args))

    slider.on("input", on_input, js_handler="(e) => emit(e.target.value)", throttle=_THROTTLE)


def range_fields(slider: Element, low: float, high: float, step: float, start: float, said: str) -> None:
    """Make an input a slider; its own value is left to the browser, so that no echo moves it back."""
    # in this order: a browser forces a value into the range that it knows at that moment
    for key, value in (("type", "range"), ("min", low), ("max", high), ("step", step), ("defaultValue", start)):
        slider.props[key] = value
    slider.props["aria-valuetext"] = said


def choose(
    name: str, options: Mapping[str, str], value: str, moved: Callable[[str], Any], described: str = ""
) -> Element:
    """Return a list to choose from: what is chosen is given to ``moved``."""
    option, chosen = Markup('<option value="{}">{}</option>'), Markup('<option value="{}" selected>{}</option>')
    items = Markup("").join((chosen if key == value else option).format(key, words) for key, words in options.items())
    found = spot("select", items, id=name)
    if described:
        found.props["aria-describedby"] = described
    found.on("change", lambda event: moved(str(event.args)), js_handler="(e) => emit(e.target.value)")
    return found


def _switches(control: Switches, world: World, moved: Moved) -> None:
    known = {each: claim.says for each, claim in claims().items()} | {each: a.says for each, a in assumptions().items()}
    off = set((world.get(control.name) or "").split(",")) - {""}
    with ui.element("details"):
        count = spot("summary", f"{control.label}: {len(off) or 'none'}")

        async def switch(source: str, on: bool) -> None:
            (off.discard if on else off.add)(source)
            count.set_content(f"{control.label}: {len(off) or 'none'}")
            await moved(control.name, ",".join(off))

        with tag("fieldset"):
            tag("legend", "Ticked: the model reckons with it")
            for source in (each for each in known if each in switches()):
                _check(source, known[source], source not in off, switch)


def _check(source: str, says: str, on: bool, switch: Callable[[str, bool], Any]) -> None:
    with tag("label", classes="check"):
        box = tag("input", type="checkbox", defaultChecked=on)
        box.on("change", lambda event: switch(source, bool(event.args)), js_handler="(e) => emit(e.target.checked)")
        tag("span", f"{source}: {says}")
