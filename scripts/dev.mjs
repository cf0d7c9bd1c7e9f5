// Development server: rebuilds page and server when their sources change; the server restarts after each successful build.
// A debug server reads dist/ from disk, so a new page does not need a restart.
import { spawn } from "node:child_process";
import { existsSync, watch } from "node:fs";

const wasmTarget = process.env.WASM_TARGET_DIR ?? `${process.env.CARGO_TARGET_DIR ?? "target"}/wasm`;
const compiler = existsSync(".tools/wasm32-by-debian") ? { RUSTC: "/usr/bin/rustc" } : {};
const pageEnvironment = { CARGO_TARGET_DIR: wasmTarget, ...compiler };

const children = new Set();
let server = null;

function start(command, args, env = {}) {
  const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  children.add(child);
  child.on("exit", () => children.delete(child));
  child.on("error", (error) => console.error(`dev: cannot start ${command}: ${error.message}`));
  return child;
}

const exited = (child) => new Promise((done) => child.on("exit", (code) => done(code)));

/** A function that runs `build` now, or once more after the run that is under way. */
function oneAtATime(build) {
  let building = false;
  let again = false;
  return async () => {
    again = true;
    if (building) return;
    building = true;
    while (again) {
      again = false;
      await build(() => again);
    }
    building = false;
  };
}

const rebuildPage = oneAtATime(() => exited(start("node", ["scripts/bundle.mjs", "--dev"], pageEnvironment)));

const rebuildServer = oneAtATime(async (outdated) => {
  const code = await exited(start("cargo", ["build", "-p", "flarepath"]));
  if (code === 0 && !outdated()) await restartServer();
});

async function restartServer() {
  if (server && server.exitCode === null && server.signalCode === null) {
    const gone = exited(server);
    server.kill("SIGTERM");
    await gone;
  }
  const target = process.env.CARGO_TARGET_DIR ?? "target";
  server = start(`${target}/debug/flarepath`, ["serve", ...process.argv.slice(2)]);
}

/** Calls `rebuild` when a source in one of the folders changes; once for a file that an editor writes in several steps. */
function onChange(folders, rebuild) {
  let timer;
  const changed = (_event, name) => {
    if (!name || !/\.(rs|toml|sql|html|js|css|svg)$/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(rebuild, 300);
  };
  for (const folder of folders) watch(folder, { recursive: true }, changed);
}

function stop() {
  for (const child of children) child.kill("SIGTERM");
  process.exit(0);
}
process.on("SIGINT", stop);
process.on("SIGTERM", stop);

onChange(["frontend", "crates", "style"], rebuildPage);
onChange(["backend", "crates"], rebuildServer);
await Promise.all([rebuildPage(), rebuildServer()]);
