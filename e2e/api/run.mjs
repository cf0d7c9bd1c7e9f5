// Calls every operation of the API document with generated requests, and checks each response against the document: no 5xx,
// no status and no content type that is not described, bodies as their schemas say (https://schemathesis.readthedocs.io).
//
//   node e2e/api/run.mjs [FOLDER]     FOLDER is the Python environment of e2e/api/requirements.txt, .tools/api by default
//
// The requests are the same in each run, except for ids that the server returned before.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startServer } from "../server.mjs";

const python = resolve(process.argv[2] ?? join(import.meta.dirname, "../../.tools/api"));
const ann = { name: "ann", password: "correct horse battery" };
/** Generated requests for an operation, besides those at the bounds of its parameters and fields. */
const EXAMPLES = "4";
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
];

/** With these the administrator may end the access that the other requests need: they are called last. */
const ENDING = [
  "/api/v1/tokens/{id}", // revokes any token, that of the caller included
  "/api/v1/bindings/{id}", // takes roles away
  "/api/v1/users/{id}", // disables accounts
  "/api/v1/users/{id}/sessions", // ends sessions
];
/** The same of the account itself, which takes a session. */
const ENDING_OWN = [
  "/api/v1/me/sessions", // DELETE signs out everywhere
  "/api/v1/me/sessions/{id}", // signs out
  "/api/v1/me/password", // starts a new session
  "/api/v1/me/tokens/{id}", // revokes the administrator's token
  "/api/v1/me/tokens/{id}/rotate", // replaces it
];

const failed = [];
const server = await startServer({ signIn: true, selfProfile: false, env: { FLAREPATH_LOG__LEVEL: "error" } });
try {
  const { token, cookie } = await claim();
  await addProfile(token);
  const asToken = ["-H", `Authorization: Bearer ${token}`];
  const asSession = ["-H", `Cookie: ${cookie}`, "-H", `Origin: ${server.url}`, "--include-path-regex", "^/api/v1/me"];
  await validate();
  await run("anonymous", []);
  await run("administrator", [...asToken, ...paths("--exclude-path", ENDING)]);
  await run("session", [...asSession, ...paths("--exclude-path", ENDING_OWN)]);
  await stillWorks(token);
  await run("session, ending", [...asSession.slice(0, 4), ...paths("--include-path", ENDING_OWN)]);
  await run("administrator, ending", [...asToken, ...paths("--include-path", ENDING)]);
} finally {
  await server.stop();
}
if (failed.length > 0) {
  console.error(`The server and its API document differ, see above: ${failed.length} of 6 checks failed`);
  process.exit(1);
}

/** Creates the administrator and a token. */
async function claim() {
  const claimed = await send("/api/v1/claim", JSON.stringify(ann), { "content-type": "application/json" });
  const cookie = claimed.headers.getSetCookie().find((text) => text.startsWith("fp_session=")).split(";")[0];
  const draft = JSON.stringify({ name: "check", role: "admin" });
  const created = await send("/api/v1/me/tokens", draft, { "content-type": "application/json", cookie });
  return { token: (await created.json()).secret, cookie };
}

/** Something to be found by the queries of the examples. */
async function addProfile(token) {
  const headers = { "content-type": "application/octet-stream", authorization: `Bearer ${token}` };
  await send("/api/v1/profiles?service=flarepath&name=process_cpu", "main;serve;encode 300\nmain;serve;read 100\n", headers);
}

async function send(path, body, headers) {
  const answer = await fetch(server.url + path, { method: "POST", body, headers: { origin: server.url, ...headers } });
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

/** Otherwise everything after that was refused, and nothing was checked. */
async function stillWorks(token) {
  const answer = await fetch(`${server.url}/api/v1/users`, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error("the administrator lost access during the run: exclude the operation that ends it");
}

/** The document itself. */
async function validate() {
  const file = join(server.data, "openapi.json");
  writeFileSync(file, await (await fetch(`${server.url}/api/openapi.json`)).text());
  await program("python", ["-m", "openapi_spec_validator", file]);
}

async function run(who, args) {
  console.log(`API document, as ${who}:`);
  await program("schemathesis", [
    ...["run", `${server.url}/api/openapi.json`, "--phases", "examples,coverage,fuzzing", "--max-examples", EXAMPLES],
    ...["--generation-deterministic", "--no-shrink", "--continue-on-failure", "--warnings", "off", "--no-color"],
    ...["--request-timeout", "30", "--checks", CHECKS.join(",")],
    ...args,
  ]);
}

function paths(option, all) {
  return all.flatMap((path) => [option, path]);
}

async function program(name, args) {
  const child = spawn(join(python, "bin", name), args, { cwd: server.data, stdio: "inherit" });
  const [code] = await once(child, "close");
  if (code !== 0) failed.push(name);
}
