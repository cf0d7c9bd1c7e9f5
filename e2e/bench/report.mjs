// Formats the measurements as Markdown tables.
import { median, mib, ms, percentile, times } from "./stats.mjs";

const OURS = "Flarepath";
const THEIRS = ["speedscope", "Grafana's panel"];
const VIEWERS = [OURS, ...THEIRS];
const row = (...cells) => `| ${cells.join(" | ")} |`;
const table = (head, rows) => [row(...head), row(...head.map(() => "---")), ...rows, ""].join("\n");

/** All tables. */
export function report(facts, { runs, files, versions }) {
  const known = new Facts(facts);
  return [
    `Chromium, headless, 1440 × 900, without a GPU; medians of ${runs} runs. speedscope ${versions.speedscope}, @grafana/flamegraph ${versions["@grafana/flamegraph"]}.`,
    "",
    opened(known, files),
    memory(known),
    frames(known),
    decoded(known, files),
    downloads(known),
    incident(known),
  ].join("\n");
}

class Facts {
  constructor(facts) {
    this.all = facts;
  }

  of(viewer, profile, what) {
    return this.all.filter((f) => f.viewer === viewer && f.profile === profile && f.what === what);
  }

  /** One value from each run. */
  values(viewer, profile, what, key) {
    return this.of(viewer, profile, what).flatMap((f) => f[key] ?? []).filter((v) => v !== null);
  }

  median(...which) {
    return median(this.values(...which));
  }

  /** The median of the runs with the spread in brackets, or why there is none. */
  cell(format, viewer, profile, what, key) {
    const values = this.values(viewer, profile, what, key);
    if (values.length === 0) return this.of(viewer, profile, what).find((f) => f.failed)?.failed ?? "";
    const spread = values.length > 1 ? ` (${format(Math.min(...values))} – ${format(Math.max(...values))})` : "";
    return format(median(values)) + spread;
  }

  profiles(what) {
    return [...new Set(this.all.filter((f) => f.what === what).map((f) => f.profile))];
  }
}

function opened(known, files) {
  const rows = known.profiles("open").map((profile) => {
    const cells = VIEWERS.map((v) => known.cell(ms, v, profile, "open", "painted"));
    const ratio = times(known.median("speedscope", profile, "open", "painted"), known.median(OURS, profile, "open", "painted"));
    return row(`${profile} nodes (${mb(files[profile])})`, ...cells, ratio);
  });
  for (const [what, when] of [["answer", "on a first visit"], ["answer again", "on the open page"]]) {
    const answer = known.cell(ms, OURS, "220 k", what, "painted");
    rows.push(row(`220 k nodes, from our server's answer, ${when}`, answer, "", "", "target: 150 ms"));
  }
  return table(["first picture", "Flarepath", "speedscope", "Grafana's panel", "speedscope ÷ Flarepath"], rows);
}

function memory(known) {
  const rows = known.profiles("memory").map((profile) => {
    const cells = VIEWERS.map((v) => {
      if (known.values(v, profile, "memory", "private").length === 0) return "";
      return `${mib(known.median(v, profile, "memory", "private"))}, ${mib(known.median(v, profile, "memory", "peak"))}`;
    });
    const ratio = times(known.median("speedscope", profile, "memory", "private"), known.median(OURS, profile, "memory", "private"));
    return row(`${profile} nodes`, ...cells, ratio);
  });
  return table(["memory of the page's process: after loading, peak", "Flarepath", "speedscope", "Grafana's panel", "speedscope ÷ Flarepath"], rows);
}

function frames(known) {
  const rows = [];
  for (const profile of known.profiles("hover")) {
    for (const move of ["zoom", "pan", "hover", "search"]) {
      const cells = VIEWERS.map((v) => {
        const took = known.values(v, profile, move, "frames");
        if (took.length === 0) return "";
        const script = known.values(v, profile, move, "scripts");
        return `${ms(median(took))}, ${ms(percentile(took, 0.95))}; ${ms(percentile(script, 0.95))}`;
      });
      rows.push(row(`${profile}, ${move}`, ...cells));
    }
  }
  return table(["frame: p50, p95; scripting p95", "Flarepath", "speedscope", "Grafana's panel"], rows);
}

function decoded(known, files) {
  const rows = known.profiles("decode").map((profile) => {
    const cells = [OURS, "speedscope"].map((v) => known.cell(ms, v, profile, "decode", "decoded"));
    const ratio = times(known.median("speedscope", profile, "decode", "decoded"), known.median(OURS, profile, "decode", "decoded"));
    const gzipped = files[profile] ? `, ${mb(files[profile])} gzipped` : ", 36 KB, of a Go program";
    return row(`${profile}${gzipped}`, ...cells, ratio);
  });
  return table(["pprof decoded and tree built", "Flarepath", "speedscope", "speedscope ÷ Flarepath"], rows);
}

function downloads(known) {
  const cells = VIEWERS.map((v) => known.cell((b) => `${Math.round(b / 1024)} KiB`, v, "", "download", "bytes"));
  return table(["download until the first picture, brotli", ...VIEWERS], [row("first visit", ...cells)]);
}

function incident(known) {
  const useful = known.cell(ms, OURS, "recorded run", "incident", "useful");
  return table(["incident page of the recorded run, cold", "until useful"], [row("server just started, new browser", `${useful}; target: 2 s`)]);
}

const mb = ({ bytes }) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.round(bytes / 1e3)} KB`);
