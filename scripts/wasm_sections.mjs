// Reads and replaces sections of a wasm file (WebAssembly 2.0, section 5.5).
const HEADER_BYTES = 8;

/** The file with another body for the section of this id; as it is where there is none. `change` takes and returns a Buffer. */
export function withSection(wasm, id, change) {
  const section = findSection(wasm, id);
  if (!section) return wasm;
  const body = change(wasm.subarray(section.body, section.end));
  return Buffer.concat([wasm.subarray(0, section.start), Buffer.from([id]), leb(body.length), body, wasm.subarray(section.end)]);
}

function findSection(wasm, id) {
  for (let start = HEADER_BYTES; start < wasm.length; ) {
    const [size, body] = readLeb(wasm, start + 1);
    if (wasm[start] === id) return { start, body, end: body + size };
    start = body + size;
  }
  return null;
}

/** An unsigned LEB128 number at `at`, and where it ends. */
export function readLeb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

export function leb(value) {
  const out = [];
  do {
    out.push((value & 127) | (value > 127 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return Buffer.from(out);
}
