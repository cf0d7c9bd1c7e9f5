// Shortens the names of imports in a pair of wasm and JavaScript: names by wasm-bindgen such as
// `__wbg_append_8c7dd8d641a5f01b` are in both files, and their digits do not compress. They become `a0`, `a1`, …

const IMPORT_SECTION = 2;
const HEADER_BYTES = 8;
const NAMED_BY_HASH = /_[0-9a-f]{16}$/;

/** The pair with short names; `wasm` is a Buffer, `js` a string. */
export function shortenImports(js, wasm) {
  const section = findSection(wasm, IMPORT_SECTION);
  if (!section) return { js, wasm };
  const names = new Map();
  const body = renamed(wasm.subarray(section.body, section.end), (name) => {
    if (!NAMED_BY_HASH.test(name) || !js.includes(name)) return name;
    if (!names.has(name)) names.set(name, `a${names.size.toString(36)}`);
    return names.get(name);
  });
  const known = js.replace(/\b\w+_[0-9a-f]{16}\b/g, (name) => names.get(name) ?? name);
  const parts = [wasm.subarray(0, section.start), Buffer.from([IMPORT_SECTION]), leb(body.length), body, wasm.subarray(section.end)];
  return { js: known, wasm: Buffer.concat(parts) };
}

function findSection(wasm, id) {
  for (let start = HEADER_BYTES; start < wasm.length; ) {
    const [size, body] = readLeb(wasm, start + 1);
    if (wasm[start] === id) return { start, body, end: body + size };
    start = body + size;
  }
  return null;
}

/** Renames the fields of the imports; copies everything else. */
function renamed(bytes, rename) {
  const [count, first] = readLeb(bytes, 0);
  const out = [leb(count)];
  let at = first;
  for (let i = 0; i < count; i++) {
    const [moduleLength, module] = readLeb(bytes, at);
    const [nameLength, name] = readLeb(bytes, module + moduleLength);
    const end = skipDescription(bytes, name + nameLength);
    const short = Buffer.from(rename(bytes.toString("utf8", name, name + nameLength)));
    out.push(bytes.subarray(at, module + moduleLength), leb(short.length), short, bytes.subarray(name + nameLength, end));
    at = end;
  }
  return Buffer.concat(out);
}

/** End of the import's type. wasm-bindgen imports only functions. */
function skipDescription(bytes, at) {
  if (bytes[at] !== 0) throw new Error(`import of kind ${bytes[at]}: expected a function (0); extend short_names.mjs`);
  return readLeb(bytes, at + 1)[1];
}

function readLeb(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

function leb(value) {
  const out = [];
  do {
    out.push((value & 127) | (value > 127 ? 128 : 0));
    value = Math.floor(value / 128);
  } while (value > 0);
  return Buffer.from(out);
}
