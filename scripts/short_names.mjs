// Shortens the names of imports in a pair of wasm and JavaScript: names by wasm-bindgen such as
// `__wbg_append_8c7dd8d641a5f01b` are in both files, and their digits do not compress. They become `a0`, `a1`, …

import { leb, readLeb, withSection } from "./wasm_sections.mjs";

const IMPORT_SECTION = 2;
const NAMED_BY_HASH = /_[0-9a-f]{16}$/;

/** The pair with short names; `wasm` is a Buffer, `js` a string. */
export function shortenImports(js, wasm) {
  const names = new Map();
  const short = (name) => {
    if (!NAMED_BY_HASH.test(name) || !js.includes(name)) return name;
    if (!names.has(name)) names.set(name, `a${names.size.toString(36)}`);
    return names.get(name);
  };
  const shortened = withSection(wasm, IMPORT_SECTION, (body) => renamed(body, short));
  return { js: js.replace(/\b\w+_[0-9a-f]{16}\b/g, (name) => names.get(name) ?? name), wasm: shortened };
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
