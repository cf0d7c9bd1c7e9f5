// Answers metrics and objectives of a service of the journey's own, as protobuf: crates/wire/src/indicators.rs has the fields.
import { bytes, double, doubles, int, string, varint } from "./overview.mjs";

const STEP = 60_000;
const POINTS = 60;
const HOUR_S = 3600;

const instants = Array.from({ length: POINTS }, (_, at) => at);

/** One series of a value that stays the same, of a pod or of the whole service. */
const series = ({ pod = "", value }) => [
  ...string(1, pod),
  ...bytes(2, instants.flatMap(varint)),
  ...doubles(3, instants.map(() => value)),
];

const failure = (detail) => [...string(1, "timeout"), ...string(2, detail)];

const panel = ({ name, unit, values = [], warning, failed }) => [
  ...string(1, name),
  ...string(2, unit),
  ...string(3, values.length ? "otel-http" : ""),
  ...string(4, values.length ? `query of ${name}` : ""),
  ...values.flatMap((value) => bytes(5, series(value))),
  ...string(6, warning),
  ...(failed ? bytes(7, failure(failed)) : []),
];

const alert = [...double(1, 14.4), ...int(2, HOUR_S), ...int(3, 300), ...double(4, 15), ...double(5, 20), ...string(6, "page"), ...int(7, 1)];

const slo = [
  ...string(1, "checkout-availability"),
  ...double(2, 0.999),
  ...int(3, 30 * 24 * HOUR_S),
  ...double(4, 0.5),
  ...bytes(5, alert),
  ...string(7, "sloth: checkout.yaml"),
];

/** Answers with two pods of which one is near its limit, a failed indicator, a warning, and an objective that burns at 15 times its rate. */
export async function serveIndicators(page) {
  await page.route(/\/api\/v1\/indicators\?/, async (route) => {
    const from = Number(new URL(route.request().url()).searchParams.get("from"));
    const pods = [0.95, 0.4].map((value, at) => ({ pod: `checkout-${at}`, value }));
    const panels = [
      { name: "latency-p95", unit: "seconds", values: [{ value: 0.12 }], warning: "This answer is partial." },
      { name: "latency-p99", unit: "seconds", values: [{ value: 0.31 }] },
      { name: "request-rate", unit: "requests/s", failed: "The source did not answer in time." },
      { name: "error-ratio", unit: "ratio" },
      { name: "cpu-cores", unit: "cores", values: pods },
      { name: "cpu-limit", unit: "cores", values: pods.map(({ pod }) => ({ pod, value: 1 })) },
    ];
    const body = [
      ...string(1, "found"),
      ...string(3, "prod"),
      ...int(4, Math.floor(from / STEP) * STEP),
      ...int(5, STEP),
      ...int(6, POINTS),
      ...panels.flatMap((one) => bytes(7, panel(one))),
      ...bytes(8, slo),
    ];
    await route.fulfill({ contentType: "application/x-protobuf", body: Buffer.from(body) });
  });
}
