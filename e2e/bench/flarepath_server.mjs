// The released server with a profile in it, to measure from its answer to the picture.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { flarepath } from "./viewers.mjs";

const SERVICE = "bench";

/** A server with an empty data folder, or the one that serves `url`: `url`, `stop()`, `push(file)`. */
export async function startFlarepath(binary, url) {
  process.env.JOURNEY_BINARY = resolve(binary);
  const { startServer } = await import("../server.mjs");
  const server = url ? { url, stop: async () => {} } : await startServer({ selfProfile: false });
  return {
    ...server,
    push: async (path) => {
      const answer = await fetch(`${server.url}/api/v1/profiles?service=${SERVICE}`, { method: "POST", body: readFileSync(path) });
      if (!answer.ok) throw new Error(`the server refused ${path}: ${answer.status} ${await answer.text()}`);
    },
    /**
     * Milliseconds from the first byte of the call tree's answer to the picture, and bytes of the page's own files
     * that came until then, as compressed.
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
    /** Asks the same again on the open page. */
    askAgain: async (page) => {
      await page.evaluate(() => (window.__bench.painted = null));
      await page.getByRole("button", { name: "Refresh", exact: true }).click();
      await page.waitForFunction(() => window.__bench.painted);
    },
  };
}

/** Explore on that server, as a viewer. */
export const fromServer = () => ({
  ...flarepath,
  path: `/explore?service=${SERVICE}&from=now-1h&until=now`,
  ready: (page) => page.waitForFunction(() => window.__bench.painted),
});
