// The page that an alert's link opens, over the recorded run: from the click until it is useful, in a new browser, with a server that has just started.
import { resolve } from "node:path";
import { withPage } from "./browser.mjs";

/** A server with the recorded run up to a quarter of an hour after the deployment: `open()` opens the page once, `stop()`. */
export async function recordedRun(binary) {
  process.env.JOURNEY_BINARY = resolve(binary);
  const { startServer } = await import("../server.mjs");
  const { replay } = await import("../recorded.mjs");
  let server = await startServer({ selfProfile: false });
  const { deployed } = await replay(server.url);
  const link = new URLSearchParams({ service: "checkout", at: new Date(deployed).toISOString() });
  return {
    /** Milliseconds from the start of the navigation until the headline names the culprit, the table its row, and all is drawn. */
    open: async () => {
      await server.stop({ keep: true });
      server = await startServer({ selfProfile: false, data: server.data });
      return withPage(`${server.url}/i?${link}`, (page) =>
        page.evaluate(async () => {
          const has = (selector) => document.querySelector(selector)?.textContent.includes("Regex::new");
          const isUseful = () => has(".verdict-headline") && has(".top-row");
          while (!isUseful()) await new Promise(requestAnimationFrame);
          await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
          return performance.now();
        }),
      );
    },
    stop: () => server.stop(),
  };
}
