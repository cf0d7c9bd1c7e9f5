// The service `sessions` of `flarepath demo`: signs people in, checks their cookies and renders their accounts; profiled by @pyroscope/nodejs.
//
// It has a leak: `rememberSession` keeps every session that anyone has had. At the limit of its heap the process says so and ends, and
// the demo starts it again. It also ends when its standard input closes. Only the requests are synthetic.
import Pyroscope from "@pyroscope/nodejs";
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { Metrics } from "./exposition.mjs";

const { values: args } = parseArgs({
  options: Object.fromEntries(
    ["url", "pod", "region", "version", "every", "heap-limit-mb"].map((name) => [name, { type: "string" }]),
  ),
});

const MB = 1e6;
const HEAP_LIMIT = Number(args["heap-limit-mb"]) * MB;
const REQUESTS_PER_SECOND = 20;
// One request in so many signs in, and so makes the heap grow, by some 50 kB.
const SIGN_IN_ONE_IN = 4;
// One cookie in so many was not signed by this service, and is refused.
const FORGED_ONE_IN = 50;
// Time for the last profile. Afterwards the demo would kill the process.
const LAST_PUSH_MS = 2500;

const SIGN_IN = ["POST", "/sessions"];
const ACCOUNT = ["GET", "/account"];
const metrics = new Metrics([[...SIGN_IN, 201], [...ACCOUNT, 200], [...ACCOUNT, 401]]);

const WORDS = ["amber", "basket", "canvas", "denim", "ember", "felt", "garnet", "hazel", "indigo", "jasper", "kettle", "linen"];
const SECRET = "of the demo";

/** Sessions by their number. Nothing is ever removed: this is the leak. */
const sessions = new Map();

// xorshift32, seeded by the pod: replicas do the same work, each its own.
let state = [...args.pod].reduce((seed, letter) => (seed * 31 + letter.charCodeAt(0)) | 0, 17) || 1;
function below(end) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % end;
}

function sentence(count) {
  return Array.from({ length: count }, () => WORDS[below(WORDS.length)]).join(" ");
}

function rememberSession(person) {
  const viewed = [];
  for (let place = 0; place < 240; place += 1) {
    const words = [];
    while (words.length < 14) words.push(WORDS[below(WORDS.length)]);
    viewed.push({ place, title: `${words[0]} ${words[1]}`, note: words.join(" "), cents: below(20000) });
  }
  const session = { number: sessions.size, person, viewed };
  sessions.set(session.number, session);
  return session;
}

function sign(number) {
  return createHmac("sha256", SECRET).update(String(number)).digest("hex");
}

function signIn() {
  const session = rememberSession(sentence(2));
  return { status: 201, body: `${session.number}.${sign(session.number)}` };
}

function checkCookie(cookie) {
  const [number, signature] = cookie.split(".");
  const expected = Buffer.from(sign(number));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? sessions.get(Number(number)) : undefined;
}

function renderAccount(session) {
  const cheapest = [...session.viewed].sort((a, b) => a.cents - b.cents).slice(0, 40);
  const rows = cheapest.map(({ title, note, cents }) => `<li>${title.toUpperCase()}: ${note.replaceAll("amber", "AMBER")}, ${cents / 100}</li>`);
  return `<h1>${session.person}</h1><ul>${rows.join("")}</ul>`;
}

function showAccount(cookie) {
  const session = checkCookie(cookie);
  return session ? { status: 200, body: renderAccount(session) } : { status: 401, body: "sign in" };
}

function makeCookie() {
  const number = below(sessions.size);
  return `${number}.${below(FORGED_ONE_IN) === 0 ? "f".repeat(64) : sign(number)}`;
}

function handleRequest() {
  const isSignIn = sessions.size === 0 || below(SIGN_IN_ONE_IN) === 0;
  const cookie = isSignIn ? undefined : makeCookie();
  const start = performance.now();
  const { status } = isSignIn ? signIn() : showAccount(cookie);
  metrics.count(...(isSignIn ? SIGN_IN : ACCOUNT), status, (performance.now() - start) / 1000);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

let isEnding = false;
async function end(exitCode) {
  if (isEnding) return;
  isEnding = true;
  const late = new Promise((done) => setTimeout(done, LAST_PUSH_MS));
  await Promise.race([Pyroscope.stop(), late]);
  process.exit(exitCode);
}

function checkHeap() {
  const used = process.memoryUsage().heapUsed;
  if (used < HEAP_LIMIT || isEnding) return;
  say(`${Math.round(used / MB)} MB of heap are in use by ${sessions.size} sessions; the limit is ${HEAP_LIMIT / MB} MB, so it restarts`);
  void end(1);
}

// Bounds of connections: one request each, small heads, a few seconds.
const server = createServer(
  { maxHeaderSize: 8192, headersTimeout: 5000, requestTimeout: 5000, connectionsCheckingInterval: 1000 },
  (request, response) => {
    const isRead = request.method === "GET" && request.url === "/metrics";
    response.writeHead(isRead ? 200 : 404, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8", Connection: "close" });
    response.end(isRead ? metrics.text() : "metrics are at /metrics\n");
  },
);
server.maxConnections = 8;
server.maxRequestsPerSocket = 1;
server.timeout = 5000;

Pyroscope.init({
  serverAddress: args.url,
  appName: "sessions",
  tags: { pod: args.pod, region: args.region, version: args.version },
  authToken: process.env.FLAREPATH_TOKEN,
  flushIntervalMs: Number(args.every) * 1000,
  wall: { samplingDurationMs: Number(args.every) * 1000, collectCpuTime: true },
});
Pyroscope.start();
// The parent may be gone: its closed pipe ends this process below.
process.stdout.on("error", () => {});
process.stdin.on("end", () => void end(0)).on("error", () => void end(0)).resume();
server.listen(0, "127.0.0.1", () => say(`metrics at http://127.0.0.1:${server.address().port}/metrics`));
setInterval(handleRequest, 1000 / REQUESTS_PER_SECOND);
setInterval(checkHeap, 1000);
