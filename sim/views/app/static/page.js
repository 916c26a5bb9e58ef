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
  async copy() {
    try { await navigator.clipboard.writeText(location.href); return true; } catch { return false; }
  },
  width: () => (document.querySelector(".drawing") ?? document.body).clientWidth,
};
document.addEventListener("DOMContentLoaded", driftback.links);
let resizing;
window.addEventListener("resize", () => { clearTimeout(resizing); resizing = setTimeout(() => emitEvent("resized"), 250); });
