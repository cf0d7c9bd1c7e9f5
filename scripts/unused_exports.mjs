// Removes what a library exports to JavaScript and the page never calls: wasm-bindgen keeps every class of a library, and with it the
// code behind it. The streams that leptos brings for server functions are 9 KB of code in each program.
import { leb, readLeb, withSection } from "./wasm_sections.mjs";

const EXPORT_SECTION = 7;
/** Classes of the crate wasm-streams. */
const UNUSED = /^(__wbg_)?intounderlying(bytesource|sink|source)_/;
/** The statements about them, at any indentation. */
const STATEMENTS = [
  /^( *)(export )?class IntoUnderlying\w+ \{[\s\S]*?^\1\}\n/gm,
  /^ *if \(Symbol\.dispose\) IntoUnderlying.*\n/gm,
  /^ *exports\.IntoUnderlying.*\n/gm,
  /^ *const IntoUnderlying\w+ = [\s\S]*?;\n/gm,
];

/** The pair without them; `wasm` is a Buffer, `js` a string. What only they used goes with the next wasm-opt. */
export function withoutUnusedExports(js, wasm) {
  const bare = STATEMENTS.reduce((text, statement) => text.replace(statement, ""), js);
  const rest = /IntoUnderlying\w*/.exec(bare);
  // Something uses a class after all.
  if (rest) throw new Error(`${rest[0]} is still used; see unused_exports.mjs`);
  return { js: bare, wasm: withSection(wasm, EXPORT_SECTION, kept) };
}

function kept(bytes) {
  const [count, first] = readLeb(bytes, 0);
  const out = [];
  let at = first;
  for (let i = 0; i < count; i++) {
    const [length, name] = readLeb(bytes, at);
    const end = readLeb(bytes, name + length + 1)[1];
    if (!UNUSED.test(bytes.toString("utf8", name, name + length))) out.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat([leb(out.length), ...out]);
}
