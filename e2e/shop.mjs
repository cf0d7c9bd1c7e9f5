// What journeys start from: `fresh` is a server of its own with nothing in it, `shop` a server that all journeys of
// a worker share, with the demo's profiles in it and no more coming in.
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";
import { startDemo, startServer, waitForAnswer } from "./server.mjs";

export { expect };

const CPU = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";

export const test = base.extend({
  fresh: async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
  },

  shop: [
    async ({}, use) => {
      const server = await startServer({ selfProfile: false });
      const demo = await startDemo(server.url);
      const selector = encodeURIComponent('{service_name="checkout"}');
      await waitForAnswer(
        server.url,
        `/api/v1/labels/version/values?from=now-1h&until=now&selector=${selector}`,
        (answer) => answer.values.some((value) => value.text === "v2"),
      );
      await waitForAnswer(server.url, "/api/v1/services?from=now-1h&until=now", (answer) => answer.services.length === 3);
      await demo.stop();
      await use({
        url: server.url,
        /** A link to Explore. */
        explore: (params = {}) =>
          `${server.url}/explore?${new URLSearchParams({ service: "checkout", type: CPU, from: "now-1h", until: "now", ...params })}`,
      });
      await server.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],

  /** Fails a journey in which the page logged an error or broke its security policy. */
  page: async ({ page }, use, info) => {
    const problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" || /Content.Security.Policy/i.test(message.text())) problems.push(message.text());
    });
    await use(page);
    const expected = info.annotations.filter((a) => a.type === "expected-error").map((a) => new RegExp(a.description));
    expect(problems.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([]);
  },
});

/** No violation of the rules that axe-core can check. */
export async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const short = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.html) }));
  expect(short).toEqual([]);
}
