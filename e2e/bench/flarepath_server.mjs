// The release build of the server with a profile, for measurements from the response to the flame graph.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { flarepath } from "./viewers.mjs";

const SERVICE = "bench";

/** A server with an empty data directory, or the one that serves `url`: `url`, `stop()`, `push(file)`. */
export async function startFlarepath(binary, url) {
  process.env.JOURNEY_BINARY = resolve(binary);
  const { startServer } = await import("../server.mjs");
  const server = url ? { url, stop: async () => {} } : await startServer({ selfProfile: false });
  return {
    ...server,
    push: async (path) => {
      const answer = await fetch(`${server.url}/api/v1/profiles?service=${SERVICE}`, { method: "POST", body: readFileSync(path) });
      if (!answer.ok) throw new Error(`the server rejected ${path}: ${answer.status} ${await answer.text()}`);
    },
    /**
     * Milliseconds from the first byte of the call tree's response to the flame graph, and compressed bytes of the page's
     * files until then.
     */
    answerToPaint: (page) =>
      page.evaluate(async () => {
        const { painted } = await window.__bench.painted;
        const files = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
        const answer = files.findLast((e) => e.name.includes("/call-tree"));
        const own = files.filter((e) => !e.name.includes("/api/") && e.responseEnd < painted);
        const bytes = own.reduce((sum, e) => sum + e.encodedBodySize, 0);
        return { painted: painted - answer.responseStart, asked: painted - answer.startTime, bytes };
      }),
    /** Repeats the query on the open page. */
    askAgain: async (page) => {
      await page.evaluate(() => (window.__bench.painted = null));
      await page.getByRole("button", { name: "Refresh", exact: true }).click();
      await page.waitForFunction(() => window.__bench.painted);
    },
  };
}

/** Explore on that server, with the interface of a viewer. */
export const fromServer = () => ({
  ...flarepath,
  path: `/explore?service=${SERVICE}&from=now-1h&until=now`,
  ready: (page) => page.waitForFunction(() => window.__bench.painted),
});
