"""What a reader waits for."""

from playwright.sync_api import Page


def settled(page: Page, *parts: str) -> None:
    """Wait until all pictures show a state whose address has these parts, with all runs."""
    page.wait_for_function(
        """parts => {
            const fan = document.querySelector("#fan"), last = document.querySelector("#capitals");
            return fan.dataset.runs === "1000" && last.dataset.state && location.search.slice(1) === last.dataset.state
                && parts.every((part) => last.dataset.state.includes(part));
        }""",
        arg=list(parts),
    )
