// Starts the server with an empty data directory, and the demo's processes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

export const binary = resolve(process.env.JOURNEY_BINARY ?? join(import.meta.dirname, "../target/debug/flarepath"));

/**
 * A running server: `url`, `data`, `stop()`. Without sign-in unless `signIn`; `args` are further flags of `serve`. `data` is the
 * data directory of an earlier server, which `stop({ keep: true })` did not delete.
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

/** Starts the demo's processes, which push to `url` every second; v2 of checkout is deployed after `deployAfter`. */
export async function startDemo(url, deployAfter = "8s") {
  const args = ["demo", "--url", url, "--push-every", "1s", "--deploy-after", deployAfter, "--node-modules", "none"];
  const child = spawn(binary, args, {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await firstMatch(child, /processes .* are running/);
  return { stop: () => end(child) };
}

/** Polls the server until `enough` accepts its response: no event reports that a process has pushed. */
export async function waitForAnswer(url, path, enough) {
  for (let attempt = 0; attempt < 1200; attempt++) {
    const answer = await fetch(url + path, { headers: { accept: "application/json" } });
    if (answer.ok && enough(await answer.json())) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`${path} did not return the expected data within four minutes`);
}

async function firstMatch(child, pattern) {
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const found = line.match(pattern);
    if (found) {
      child.stdout.resume(); // a full pipe would block the process
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
