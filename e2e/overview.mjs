// Answers the overview of Home with services of the journey's own, as protobuf: crates/wire/src/overview.rs has the fields. Its functions
// write the fields of other messages, too.

const MS = 1_000_000;
const MINUTE = 60_000;

/** A number as a varint; of numbers that are not negative. */
export function varint(value) {
  const out = [];
  let rest = BigInt(Math.round(value));
  do {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    out.push(rest ? byte | 128 : byte);
  } while (rest);
  return out;
}

export const bytes = (tag, data) => [...varint((tag << 3) | 2), ...varint(data.length), ...data];
export const string = (tag, text) => (text ? bytes(tag, new TextEncoder().encode(text)) : []);
const strings = (tag, texts = []) => texts.flatMap((text) => string(tag, text));
export const int = (tag, value) => (value ? [...varint(tag << 3), ...varint(value)] : []);
const raw = (...values) => new Uint8Array(new Float64Array(values).buffer);
export const double = (tag, value) => (value === undefined ? [] : [...varint((tag << 3) | 1), ...raw(value)]);
export const doubles = (tag, values = []) => (values.length ? bytes(tag, raw(...values)) : []);

const marker = ({ kind, at, version }) => [...string(2, kind), ...int(3, at * MS), ...string(6, version)];

const row = (service) => [
  ...string(1, service.service),
  ...string(2, service.state),
  ...string(3, service.sentence),
  ...double(4, service.cores),
  ...double(6, service.change),
  ...strings(9, service.versions),
  ...doubles(10, service.sparkline),
  ...int(11, service.sparkline ? MINUTE * MS : 0),
  ...(service.marker ? bytes(12, marker(service.marker)) : []),
  ...string(13, "process_cpu:cpu:nanoseconds:cpu:nanoseconds"),
  ...int(14, (service.computed ?? 0) * MS),
  ...int(15, (service.changed ?? 0) * MS),
  ...string(16, service.baseline),
  ...int(17, service.replicas),
  ...string(18, service.brief),
];

const fleet = ({ cores, reporting, silent, changed }) => [
  ...double(1, cores),
  ...int(2, reporting),
  ...int(3, silent),
  ...double(5, 0.002),
  ...int(6, changed),
];

/**
 * Answers with `services`, in their order, of which the text in `q` selects some. Returns the parameters of all requests, also of those to
 * come.
 */
export async function serveOverview(page, services) {
  const asked = [];
  await page.route(/\/api\/v1\/overview\?/, async (route) => {
    const params = new URL(route.request().url()).searchParams;
    asked.push(params);
    const found = services.filter(({ service }) => service.includes(params.get("q") ?? ""));
    const from = Number(params.get("cursor") ?? 0);
    const until = Math.min(from + Number(params.get("limit")), found.length);
    const changed = found.filter(({ change }) => change !== undefined).length;
    const cores = found.reduce((sum, service) => sum + (service.cores ?? 0), 0);
    const body = [
      ...found.slice(from, until).flatMap((service) => bytes(1, row(service))),
      ...string(2, until < found.length ? String(until) : ""),
      ...int(3, found.length),
      ...bytes(4, fleet({ cores, changed, reporting: found.length, silent: 0 })),
      ...int(5, Number(params.get("from")) * MS),
      ...int(6, Number(params.get("until")) * MS),
    ];
    await route.fulfill({ contentType: "application/x-protobuf", body: Buffer.from(body) });
  });
  return asked;
}

/** A few services: one of each kind that looks different. `now` is in milliseconds since the epoch. */
export function fewServices(now) {
  const hour = (cores) => Array.from({ length: 60 }, (_, minute) => cores(minute));
  const computed = now - 40_000;
  return [
    {
      service: "checkout",
      state: "regressed",
      sentence: "CPU use of a replica is 38 % higher since 10:29: `Regex::new` under `handle_order` explains 62 % of it.",
      brief: "The largest cause is `Regex::new`, called by `handle_order`. CPU use of a replica is 38 % higher in version release: 4.",
      cores: 2.5,
      change: 0.38,
      baseline: "version v1",
      replicas: 3,
      versions: ["v2", "v1"],
      marker: { kind: "deploy", version: "v2", at: now - 31 * MINUTE },
      sparkline: hour((minute) => (minute > 20 && minute < 26 ? NaN : minute < 29 ? 1.8 : 2.5)),
      changed: now - 31 * MINUTE,
      computed,
    },
    {
      service: "search",
      state: "improved",
      sentence: "CPU use of a replica is 12 % lower than in the hour before.",
      cores: 0.9,
      change: -0.12,
      replicas: 2,
      sparkline: hour(() => 0.9),
      computed,
    },
    {
      service: "payments",
      state: "unchanged",
      sentence: "No significant change; 3 % would have been seen.",
      cores: 0.4,
      replicas: 1,
      versions: ["7"],
      sparkline: hour(() => 0.4),
      computed,
    },
    { service: "batch", state: "silent", sentence: "No profile in this time range." },
    { service: "images", state: "pending", sentence: "Not computed yet: it is the service's turn soon." },
  ];
}
