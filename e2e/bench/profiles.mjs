// Synthetic profiles, identical in every run, shaped like real ones. A few wide paths near the
// root (four choices a level for twelve levels, the first preferred), many rare ones below, 10 to 50 frames deep,
// names of about nineteen letters. A hundred thousand stacks are about two million tree nodes and 59 MB of text.
import { existsSync, mkdirSync, openSync, closeSync, renameSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { NAMES } from "./names.mjs";
import { pprofOf } from "./pprof.mjs";

const PREFERRED_DEPTH = 12;
const PREFERRED = 4;

/** xorshift32, seeded: the same numbers everywhere. */
function random(seed) {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % limit;
  };
}

/** An endless sequence of stacks, each an array of indices into NAMES, root first, and its value. */
export function* stacks(seed = 1) {
  const next = random(seed);
  for (;;) {
    const depth = 10 + next(40);
    const stack = new Array(depth);
    for (let level = 0; level < depth; level++) {
      // Squaring favours the first.
      const share = next(1 << 16) / (1 << 16);
      const width = level < PREFERRED_DEPTH ? PREFERRED : NAMES.length;
      stack[level] = (Math.floor(share * share * width) + level * 37) % NAMES.length;
    }
    yield { stack, value: 1 + next(100) };
  }
}

/** A growing call tree: nodes are numbered in order of arrival, the root is 0. */
class Trie {
  constructor() {
    this.children = new Map();
    this.size = 1;
  }

  add(stack) {
    let at = 0;
    for (const frame of stack) {
      const key = at * NAMES.length + frame;
      let child = this.children.get(key);
      if (child === undefined) {
        child = this.size++;
        this.children.set(key, child);
      }
      at = child;
    }
  }
}

/** Stacks up to a number of tree nodes, or a number of stacks. */
export function take({ nodes = Infinity, count = Infinity, seed = 1 }) {
  const trie = new Trie();
  const taken = [];
  const source = stacks(seed);
  while (taken.length < count && trie.size < nodes) {
    const { value: sample } = source.next();
    if (nodes < Infinity) trie.add(sample.stack);
    taken.push(sample);
  }
  return { samples: taken, nodes: nodes < Infinity ? trie.size : undefined };
}

/** Writes folded stacks. Returns only small values. */
export function writeFolded(path, { samples }) {
  const file = openSync(`${path}.new`, "w");
  let lines = [];
  for (const { stack, value } of samples) {
    lines.push(`${stack.map((f) => NAMES[f]).join(";")} ${value}\n`);
    if (lines.length === 4096) {
      writeSync(file, lines.join(""));
      lines = [];
    }
  }
  writeSync(file, lines.join(""));
  closeSync(file);
  renameSync(`${path}.new`, path);
}

/** A gzipped pprof of about this many bytes before compression. */
function writePprof(path, bytes) {
  let count = Math.ceil(bytes / 75);
  let body = pprofOf(take({ count }).samples);
  // One correction is enough: the size of a profile is nearly linear in its samples.
  count = Math.ceil((count * bytes) / body.length);
  body = pprofOf(take({ count }).samples);
  writeFileSync(`${path}.new`, gzipSync(body, { level: 6 }));
  renameSync(`${path}.new`, path);
}

/** The call tree of samples as objects, children in the order of arrival and, as `sorted`, by their totals. */
export function treeOf(samples) {
  const node = (frame) => ({ frame, self: 0, total: 0, children: new Map() });
  const root = node(-1);
  for (const { stack, value } of samples) {
    let at = root;
    at.total += value;
    for (const frame of stack) {
      let child = at.children.get(frame);
      if (!child) at.children.set(frame, (child = node(frame)));
      at = child;
      at.total += value;
    }
    at.self += value;
  }
  const todo = [root];
  while (todo.length > 0) {
    const at = todo.pop();
    at.sorted = [...at.children.values()].sort((a, b) => b.total - a.total);
    todo.push(...at.sorted);
  }
  return root;
}

/** The nested set that Grafana's data sources send to the panel, in pre-order. */
export function nestedSet({ samples }) {
  const set = { levels: [], values: [], selfs: [], labels: [], names: ["total", ...NAMES] };
  const todo = [[treeOf(samples), 0]];
  while (todo.length > 0) {
    const [node, level] = todo.pop();
    set.levels.push(level);
    set.values.push(node.total);
    set.selfs.push(node.self);
    set.labels.push(node.frame + 1);
    for (const child of node.children.values()) todo.push([child, level + 1]);
  }
  return set;
}

/** Creates missing files; returns their paths by name. */
export function makeProfiles(folder, wanted) {
  mkdirSync(folder, { recursive: true });
  const files = {};
  for (const [name, spec] of Object.entries(wanted)) {
    const path = join(folder, spec.pprof ? `${name}.pb.gz` : `${name}.folded`);
    if (!existsSync(path)) {
      if (spec.pprof) writePprof(path, spec.pprof);
      else writeFolded(path, take(spec));
    }
    files[name] = { path, bytes: statSync(path).size };
  }
  return files;
}
