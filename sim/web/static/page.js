// What the page does in the browser: the address, the links that carry it, and files that are opened.
const driftback = {
  // Put the state into the address, and into every link that goes on with it.
  at(query) {
    history.replaceState(history.state, "", location.pathname + (query ? "?" + query : ""));
    driftback.links();
  },
  links() {
    for (const link of document.querySelectorAll("a[data-to]")) link.href = link.dataset.to + location.search;
  },
  // Open a scenario file; its text goes to the server as an event.
  async open(input, most) {
    const file = input.files[0];
    if (!file) return null;
    const text = file.size > most ? "" : await file.text();
    input.value = "";
    return { name: file.name, size: file.size, text };
  },
  // Load a game: its file holds the address.
  async load(input) {
    const file = input.files[0];
    if (!file) return;
    let query = "";
    if (file.size < 50000) {
      try { query = String(JSON.parse(await file.text()).game ?? ""); } catch { query = ""; }
    }
    location.href = "/play?" + (query || "damaged_game=1");
  },
  async copy() {
    const said = document.querySelector("#shared");
    try { await navigator.clipboard.writeText(location.href); said.textContent = "Copied."; }
    catch { said.textContent = "Copy the address from the bar above."; }
  },
  // Tell the server how wide pictures can be.
  arrived() { driftback.links(); emitEvent("resized", driftback.width()); },
  width: () => (document.querySelector(".drawing") ?? document.body).clientWidth,
};
document.addEventListener("DOMContentLoaded", driftback.links);
let resizing;
window.addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(() => emitEvent("resized", driftback.width()), 250); });
