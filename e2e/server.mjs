// Starts the real binary with an empty data folder, and the demo's real processes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export const binary = resolve(process.env.JOURNEY_BINARY ?? join(import.meta.dirname, "../target/debug/flarepath"));

/**
 * A running server: `url`, `data`, `stop()`. Without sign-in unless `signIn`; `args` are more flags of `serve`. With `data` it
 * goes on with that folder; `stop({ keep: true })` leaves the folder for another.
 */
export async function startServer({ listen = "127.0.0.1:0", selfProfile = true, signIn = false, args = [], env: more = {}, data: given } = {}) {
  const data = given ?? mkdtempSync(join(tmpdir(), "flarepath-journey-"));
  const env = { ...process.env, FLAREPATH_SELF_PROFILE: String(selfProfile), ...more };
  const child = spawn(binary, ["serve", ...(signIn ? [] : ["--insecure-no-auth"]), "--listen", listen, "--data", data, ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await firstMatch(child, /http:\/\/[^\s]+/);
  return {
    url,
    data,
    stop: async ({ keep = false } = {}) => {
      await end(child);
      if (!keep) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** The demo's processes, pushing each second to `url`; checkout moves to v2 when `deployAfter` has passed. */
export async function startDemo(url, deployAfter = "3s") {
  const child = spawn(binary, ["demo", "--url", url, "--push-every", "1s", "--deploy-after", deployAfter], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await firstMatch(child, /processes .* run/);
  return { stop: () => end(child) };
}

/** Asks the server until `enough` says that the answer is; nothing tells us when a process has pushed. */
export async function waitForAnswer(url, path, enough) {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(url + path, { headers: { accept: "application/json" } });
    if (answer.ok && enough(await answer.json())) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${path} did not come to hold what was expected within a minute`);
}

async function firstMatch(child, pattern) {
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const found = line.match(pattern);
    if (found) {
      child.stdout.resume(); // nobody reads on; a full pipe must not stop the process
      return found[0];
    }
  }
  throw new Error(`${child.spawnargs.join(" ")} ended before it was ready`);
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
