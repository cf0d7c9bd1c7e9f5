// A source of metrics with the API of Prometheus, for servers of journeys.
import { createServer } from "node:http";
import { once } from "node:events";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A running source: `url`, `stop()`. `answer` gets each query and returns its series, `[labels, value]` each, with their value at the last
 * instant.
 */
export async function startMetrics(answer) {
  const server = createServer(async (request, response) => {
    const body = [];
    for await (const chunk of request) body.push(chunk);
    const form = new URLSearchParams(Buffer.concat(body).toString());
    const end = Number(form.get("end"));
    const result = answer(form.get("query")).map(([metric, value]) => ({ metric, values: [[end, String(value)]] }));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ status: "success", data: { resultType: "matrix", result } }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Flags of `serve` for a configuration file with this text. */
export function configured(text) {
  const file = join(mkdtempSync(join(tmpdir(), "flarepath-journey-config-")), "flarepath.toml");
  writeFileSync(file, text);
  return ["--config", file];
}
