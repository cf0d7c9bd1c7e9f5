// Fixtures: `fresh` is a new server without profiles, `shop` a server with the profiles of a demo that has ended, which all
// journeys of a worker share.
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect } from "@playwright/test";
import { startDemo, startServer, waitForAnswer } from "./server.mjs";

export { expect };

/** Warnings of the browser about the machine that it runs on. */
const ENVIRONMENT = /GPU stall|\bWebGL\b|Vulkan|swiftshader/i;

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
      // Everything that journeys look for: services, versions and pods, and the functions of each version.
      await waitForAnswer(server.url, "/api/v1/services?from=now-1h&until=now", (answer) => answer.services.length === 3);
      const values = (label) => `/api/v1/labels/${label}/values?from=now-1h&until=now&selector=${selector}`;
      await waitForAnswer(server.url, values("version"), ({ values }) => ["v1", "v2"].every((version) => values.some(({ text }) => text === version)));
      await waitForAnswer(server.url, values("pod"), ({ values }) => values.length > 1);
      // Version 2 compiles the rules for each order. All of checkout takes more than a second, as summaries in seconds say.
      for (const [filter, names, seconds] of [
        [',version="v1"', ["handle_order", "parse_cart"], 0],
        [',version="v2"', ["handle_order", "parse_cart", "compile_voucher_rules"], 0],
        ["", [], 1.5],
      ]) {
        const top = new URLSearchParams({ type: CPU, selector: `{service_name="checkout"${filter}}`, from: "now-1h", until: "now", limit: "10000" });
        await waitForAnswer(server.url, `/api/v1/top-functions?${top}`, ({ functions, total }) =>
          total >= seconds * 1e9 && names.every((name) => functions.some((found) => found.name.includes(name))),
        );
      }
      await demo.stop();
      // An hour that stays the same however long the journeys take: relative to now, the profiles would fall out of it.
      const stopped = Math.ceil(Date.now() / 1000) * 1000;
      const time = (ms) => new Date(ms).toISOString().replace(".000Z", "Z");
      const recorded = { from: time(stopped - 3_600_000), until: time(stopped) };
      await use({
        url: server.url,
        /** The hour that has the profiles, as parameters of a link. */
        recorded,
        /** A link to Explore. */
        explore: (params = {}) =>
          `${server.url}/explore?${new URLSearchParams({ service: "checkout", type: CPU, ...recorded, ...params })}`,
      });
      await server.stop();
    },
    { scope: "worker", timeout: 300_000 },
  ],

  /** Fails the journey if the page logs an error or a warning, also of its content security policy. */
  page: async ({ page }, use, info) => {
    const problems = [];
    // Of a panic, the caller of the function that failed is often twenty frames up.
    await page.addInitScript(() => (Error.stackTraceLimit = 50));
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      const text = message.text();
      const told = ["error", "warning"].includes(message.type()) || /Content.Security.Policy/i.test(text);
      if (told && !ENVIRONMENT.test(text)) problems.push(text);
    });
    await use(page);
    const expected = info.annotations.filter((a) => a.type === "expected-error").map((a) => new RegExp(a.description));
    expect(problems.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([]);
  },
});

/** Selects the first callee of the root in a flame graph, by keyboard; returns its item. Boxes answer to keys once they are laid out. */
export async function selectCallee(tree) {
  await expect(tree.getByRole("treeitem").first()).toBeAttached();
  await tree.focus();
  await tree.press("ArrowDown"); // the root
  await tree.press("ArrowDown");
  const callee = tree.getByRole("treeitem", { selected: true, level: 2 });
  await expect(callee).toBeAttached();
  return callee;
}

/** Opens the panel of a button, unless it is open; returns it. */
async function openPanel(page, name) {
  const panel = page.getByRole("dialog", { name, exact: true });
  if (!(await panel.isVisible())) await page.getByRole("button", { name, exact: true }).click();
  await expect(panel).toBeVisible();
  return panel;
}

/** Opens the View menu: how the picture is drawn, and transforms. */
export const openView = (page) => openPanel(page, "View");

/** Opens the menu at the end of the query line: heat map, exports, saving. */
export const openMore = (page) => openPanel(page, "More");

/** Opens the baselines that Compare offers. */
export const openBaselines = (page) => openPanel(page, "Baselines");

const sheet = (page) => page.getByRole("dialog", { name: "Filter", exact: true });

/** On a phone, opens the sheet with the controls of the query. */
export async function openQuery(page) {
  if (page.viewportSize().width > 640 || (await sheet(page).isVisible())) return;
  await page.getByRole("button", { name: "Filter, time range and more" }).click();
  await expect(sheet(page)).toBeVisible();
}

/** Closes it. */
export async function closeQuery(page) {
  if (page.viewportSize().width > 640) return;
  await sheet(page).getByRole("button", { name: "Close", exact: true }).click();
  await expect(sheet(page)).toBeHidden();
}

/** Opens the panel of a side of a comparison, "Baseline" or "Comparison"; returns its region. */
export async function openSide(page, name) {
  await openQuery(page);
  const side = page.getByRole("region", { name, exact: true });
  if (!(await side.isVisible())) await page.getByRole("button", { name: new RegExp(`^${name}: `) }).click();
  await expect(side).toBeVisible();
  return side;
}

/** Expects no violation of the rules that axe-core checks. */
export async function expectAccessible(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const short = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map((node) => node.html) }));
  expect(short).toEqual([]);
}
