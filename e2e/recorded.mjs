// A recorded run of the demo, around the deployment of version 2 of checkout.
import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { binary } from "./server.mjs";

const RECORDING = resolve(import.meta.dirname, "../backend/testdata/recorded");

/** Pushes the recording up to a quarter of an hour after the deployment, with times that end now. Returns when that was. */
export async function replay(url) {
  const args = ["demo", "--url", url, "--replay", RECORDING, "--ending-now", "--until", "deploy+15m"];
  const { stdout } = await promisify(execFile)(binary, args);
  const [, deployed, end] = stdout.match(/version 2 at (\S+), until (\S+)\. Stop/).map(Date.parse);
  return { deployed, end };
}
