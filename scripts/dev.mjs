// Development server: trunk rebuilds the page, cargo rebuilds the server, which restarts after each successful build.
// A debug server reads dist/ from disk, so a new page does not need a restart.
import { spawn } from "node:child_process";
import { existsSync, watch } from "node:fs";

const children = new Set();
let server = null;
let building = false;
let again = false;

function start(command, args, env = {}) {
  const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  children.add(child);
  child.on("exit", () => children.delete(child));
  child.on("error", (error) => console.error(`dev: cannot start ${command}: ${error.message}`));
  return child;
}

const exited = (child) => new Promise((done) => child.on("exit", (code) => done(code)));

async function rebuildServer() {
  if (building) {
    again = true;
    return;
  }
  building = true;
  do {
    again = false;
    const code = await exited(start("cargo", ["build", "-p", "flarepath"]));
    if (code === 0 && !again) await restartServer();
  } while (again);
  building = false;
}

async function restartServer() {
  if (server && server.exitCode === null && server.signalCode === null) {
    const gone = exited(server);
    server.kill("SIGTERM");
    await gone;
  }
  const target = process.env.CARGO_TARGET_DIR ?? "target";
  server = start(`${target}/debug/flarepath`, ["serve", ...process.argv.slice(2)]);
}

let timer;
function changed(_event, name) {
  if (!name || !/\.(rs|toml|sql|html|js|css)$/.test(name)) return;
  clearTimeout(timer);
  timer = setTimeout(rebuildServer, 300); // editors write a file in several steps
}

function stop() {
  for (const child of children) child.kill("SIGTERM");
  process.exit(0);
}
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

const wasmTarget = process.env.WASM_TARGET_DIR ?? `${process.env.CARGO_TARGET_DIR ?? "target"}/wasm`;
const compiler = existsSync(".tools/wasm32-by-debian") ? { RUSTC: "/usr/bin/rustc" } : {};
start("trunk", ["watch"], { CARGO_TARGET_DIR: wasmTarget, NO_COLOR: "true", ...compiler });
for (const folder of ["backend", "crates"]) watch(folder, { recursive: true }, changed);
await rebuildServer();
