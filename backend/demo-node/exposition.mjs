// Metrics of a replica in Prometheus' text format (version 0.0.4): requests, memory, CPU time, and garbage collection.
import { PerformanceObserver, constants } from "node:perf_hooks";

// Upper bounds of buckets, in seconds.
const REQUEST_BOUNDS = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const GC_BOUNDS = [0.001, 0.01, 0.1, 1, 2, 5];

const GC_KINDS = new Map([
  [constants.NODE_PERFORMANCE_GC_MINOR, "minor"],
  [constants.NODE_PERFORMANCE_GC_MAJOR, "major"],
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL, "incremental"],
  [constants.NODE_PERFORMANCE_GC_WEAKCB, "weakcb"],
]);

/** Counts of durations by bucket, for one set of labels. */
class Histogram {
  constructor(labels, bounds) {
    Object.assign(this, { labels, bounds, counts: bounds.map(() => 0), count: 0, sum: 0 });
  }

  record(seconds) {
    this.count += 1;
    this.sum += seconds;
    for (let i = this.bounds.length - 1; i >= 0 && seconds <= this.bounds[i]; i--) this.counts[i] += 1;
  }

  lines(name) {
    const bucket = (bound, count) => `${name}_bucket{${this.labels},le="${bound}"} ${count}`;
    return [
      ...this.bounds.map((bound, i) => bucket(bound, this.counts[i])),
      bucket("+Inf", this.count),
      `${name}_sum{${this.labels}} ${this.sum}`,
      `${name}_count{${this.labels}} ${this.count}`,
    ];
  }
}

/** Metrics of this process. `routes` are all triples of method, route and status that its requests can have. */
export class Metrics {
  constructor(routes) {
    this.requests = new Map(routes.map((of) => [of.join(" "), new Histogram(requestLabels(...of), REQUEST_BOUNDS)]));
    this.collections = new Map([...GC_KINDS.values()].map((kind) => [kind, new Histogram(`kind="${kind}"`, GC_BOUNDS)]));
    this.started = Date.now() / 1000 - process.uptime();
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        this.collections.get(GC_KINDS.get(entry.detail.kind))?.record(entry.duration / 1000);
      }
    }).observe({ entryTypes: ["gc"] });
  }

  /** Counts a request. */
  count(method, route, status, seconds) {
    this.requests.get(`${method} ${route} ${status}`)?.record(seconds);
  }

  /** All metrics of now. */
  text() {
    const memory = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    const lines = [
      ...histogram("http_server_request_duration_seconds", "Duration of requests in seconds.", this.requests),
      ...histogram("nodejs_gc_duration_seconds", "Duration of garbage collections in seconds.", this.collections),
      ...single("nodejs_heap_size_used_bytes", "gauge", "Heap in use in bytes.", memory.heapUsed),
      ...single("nodejs_heap_size_total_bytes", "gauge", "Size of the heap in bytes.", memory.heapTotal),
      ...single("process_cpu_seconds_total", "counter", "CPU time in seconds, user and system.", (user + system) / 1e6),
      ...single("process_resident_memory_bytes", "gauge", "Resident memory in bytes.", memory.rss),
      ...single("process_start_time_seconds", "gauge", "Start time, as Unix time in seconds.", this.started),
    ];
    return `${lines.join("\n")}\n`;
  }
}

function requestLabels(method, route, status) {
  return `http_request_method="${method}",http_route="${route}",http_response_status_code="${status}"`;
}

function head(name, type, help) {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function histogram(name, help, histograms) {
  return [...head(name, "histogram", help), ...[...histograms.values()].flatMap((one) => one.lines(name))];
}

function single(name, type, help, value) {
  return [...head(name, type, help), `${name} ${value}`];
}
