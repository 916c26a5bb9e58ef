// A connection that comes back by itself: a phone sleeps, a network goes, and the table is still there.

const WAITS = [300, 600, 1200, 2500, 5000]; // milliseconds before it is tried again
const REFUSED = [1003, 1008]; // not understood, or not let in: trying again would not help

/**
 * @param {string} path below this page's address @param {() => Record<string, string>} asked
 * @param {(message: any) => void} heard @param {(state: "open" | "lost" | "refused") => void} changed @returns {Link}
 */
export function connect(path, asked, heard, changed) {
  /** @type {WebSocket} */
  let socket;
  let tries = 0;
  let over = false;
  const open = () => {
    const address = new URL(path, location.href.replace(/^http/, "ws"));
    address.search = new URLSearchParams(asked()).toString();
    address.hash = "";
    socket = new WebSocket(address);
    socket.onopen = () => { tries = 0; changed("open"); };
    socket.onmessage = ({ data }) => heard(JSON.parse(data));
    socket.onclose = ({ code }) => {
      if (over) return;
      if (REFUSED.includes(code) || (code === 1006 && tries > 20)) return changed("refused");
      changed("lost");
      setTimeout(() => over || open(), WAITS[Math.min(tries++, WAITS.length - 1)]);
    };
  };
  open();
  return {
    send(message) { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); },
    close() { over = true; socket.close(); },
  };
}
