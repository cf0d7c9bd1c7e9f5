// Hashes of what the page consists of.
import { createHash } from "node:crypto";

/** 16 hexadecimal digits, for names of files. `parts` are strings or buffers. */
export function hashOf(parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 16);
}

/** The value of a link's or a script's `integrity` attribute. */
export function integrity(bytes) {
  return `sha384-${createHash("sha384").update(bytes).digest("base64")}`;
}
