// A file that belongs to world.json: as long as it says, and with its digest. Whatever else comes is refused in words.

/** Return the answer with a file. @param {FileList} world @param {string} name */
export async function fetched({ files }, name) {
  const known = files?.[name];
  if (!known) throw new Error(`world.json does not know ${name}: it is of another edition`);
  const address = new URL(`../${name}`, import.meta.url);
  // The browser compares the digest itself, at any address (crypto.subtle is for secure ones alone), and does not say what is wrong.
  const integrity = `sha256-${known.sha256}`;
  const found = await fetch(address, { integrity }).catch(() => null);
  if (found?.ok) return found;
  // no service worker is to keep a file that is refused
  for (const name of (await globalThis.caches?.keys().catch(() => [])) ?? []) await (await caches.open(name)).delete(address);
  const anew = await fetch(address, { integrity, cache: "reload" }).catch(() => null); // what the browser keeps may be of another edition
  if (anew?.ok) return anew;
  throw new Error(await wrong(address, name, known.bytes));
}

/** @param {URL} address @param {string} name @param {number} bytes */
async function wrong(address, name, bytes) {
  const found = await fetch(address).catch(() => null);
  if (found && !found.ok) return `${name} is missing (${found.status})`;
  const length = await found?.arrayBuffer().then((content) => content.byteLength, () => null);
  if (length === null || length === undefined) return `${name} could not be fetched as a whole`;
  if (length === bytes) return `${name} was changed, or is of another edition than world.json`;
  return `${name} has ${length} bytes and not ${bytes}: it was cut, or is of another edition than world.json`;
}

/**
 * Return the numbers of sets.bin, a row a set, eight bytes a number. They come compressed, the first bytes of all
 * numbers first, so that like stands beside like. @param {ArrayBuffer} packed
 */
export async function unpacked(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const planes = new Uint8Array(await new Response(stream).arrayBuffer());
  const count = planes.length / 8;
  const numbers = new Uint8Array(planes.length);
  for (let byte = 0; byte < 8; byte++)
    for (let n = 0; n < count; n++) numbers[8 * n + byte] = planes[byte * count + n];
  return numbers.buffer;
}
