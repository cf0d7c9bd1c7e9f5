// The page of a service has everything about it on one screen: on the recorded run, verdict, replicas, culprit, deployment and versions. Each
// section fails by itself, and any name of a service is an address.
import { readFileSync } from "node:fs";
import { serveIndicators } from "../indicators.mjs";
import { replay } from "../recorded.mjs";
import { startServer } from "../server.mjs";
import { expect, expectAccessible, test } from "../shop.mjs";

const GO = new URL("../../crates/profile/testdata/pprof/shop-0-0.pb.gz", import.meta.url);
const MINUTE = 60_000;
const time = (ms) => new Date(ms).toISOString();
const link = (url, params = {}, name = "checkout") => `${url}/service/${encodeURIComponent(name)}?${new URLSearchParams(params)}`;
const section = (page, name) => page.getByRole("region", { name, exact: true });
const headline = (page) => section(page, "Verdict").locator(".verdict-headline");
const title = (page) => page.getByRole("heading", { level: 1 });
const top = (locator) => locator.evaluate((element) => element.getBoundingClientRect().top);
const links = (page) => page.getByRole("navigation", { name: "This service on other pages" });

test.describe("the recorded run", () => {
  test.describe.configure({ mode: "serial" });
  let server, deployed, range;
  test.beforeAll(async () => {
    test.setTimeout(600_000);
    server = await startServer({ selfProfile: false });
    const replayed = await replay(server.url);
    deployed = replayed.deployed;
    range = { from: time(deployed - 15 * MINUTE), until: time(replayed.end) };
  });
  test.afterAll(() => server?.stop());

  test("verdict, replicas, culprit, deployment and versions are on one page", async ({ page }) => {
    await page.goto(link(server.url, range));
    await expect(title(page)).toHaveText("checkout");
    await expect(page).toHaveTitle("checkout · Flarepath");
    await expect(headline(page)).toContainText("Regex::new");
    const replicas = section(page, "CPU by replica");
    await expect(replicas.getByRole("status").first()).toContainText(/replica|more than|less than/);
    await expect(replicas.getByRole("application", { name: /^CPU time by replica/ })).toBeVisible();
    await expect(replicas.getByRole("row", { name: /cores?/ }).first()).toBeAttached();
    const offender = section(page, "Top offender");
    await expect(offender).toContainText("costs most");
    await expect(offender.getByRole("tree", { name: "Callers" }).getByRole("treeitem").first()).toBeAttached();
    await expect(section(page, "Recent changes").getByRole("listitem").first()).toContainText("Deploy of v2");
    const versions = section(page, "Versions").getByRole("table");
    await expect(versions.getByRole("row", { name: /^v2 since \d\d:\d\d/ })).toBeVisible();
    await expect(versions.getByRole("row", { name: /^v1 / })).toBeVisible();
    await expectAccessible(page);
  });

  test("other pages open with the service and the time filled in", async ({ page }) => {
    await page.goto(link(server.url, range));
    await expect(headline(page)).toContainText("Regex::new");
    for (const name of ["Explore", "Compare", "Heat map"]) {
      const { searchParams } = new URL(await links(page).getByRole("link", { name }).getAttribute("href"), server.url);
      expect([searchParams.get("service"), Date.parse(searchParams.get("from"))], name).toEqual(["checkout", deployed - 15 * MINUTE]);
    }
    const pages = page.getByRole("navigation", { name: "Pages" });
    await expect(pages.getByRole("link", { name: "Labels" })).toHaveAttribute("href", /^\/labels\?service=checkout&/);
    await section(page, "Recent changes").getByRole("link", { name: "Before and after" }).first().click();
    await expect(page).toHaveURL(/\/compare\?service=checkout/);
    await page.goBack();
    await links(page).getByRole("link", { name: "What changed here?" }).click();
    await expect(title(page)).toHaveText(/^Incident: checkout at/);
    await page.getByRole("navigation", { name: "This window on other pages" }).getByRole("link", { name: "Service" }).click();
    await expect(page).toHaveURL(/\/service\/checkout\?/);
    await expect(title(page)).toHaveText("checkout");
  });

  test("on a phone, verdict and replicas come first, in one column", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(link(server.url, range));
    await expect(headline(page)).toContainText("Regex::new");
    const names = ["CPU by replica", "Top offender", "Recent changes", "Versions", "Latency and requests", "Memory", "Objectives"];
    await expect(section(page, "Top offender")).toContainText("costs most");
    const tops = await Promise.all([headline(page), ...names.map((name) => section(page, name))].map(top));
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    expect(new Set(tops).size).toBe(tops.length);
    await expect(headline(page)).toBeInViewport();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  });
});

test("without a metrics source one line says what to do, and the rest is there", async ({ shop, page }) => {
  await page.goto(link(shop.url, shop.recorded));
  await expect(section(page, "Latency and requests").getByText("No metrics source is configured: set [metrics.NAME] in the configuration.")).toBeVisible();
  await expect(section(page, "Latency and requests").getByRole("heading", { level: 3 })).toHaveCount(0);
  await expect(section(page, "Top offender")).toContainText("costs most");
  await expect(headline(page)).not.toHaveText("");
});

test("metrics are charts with their queries, warnings and failures, and objectives are said in words", async ({ shop, page }) => {
  await serveIndicators(page);
  await page.goto(link(shop.url, shop.recorded));
  const latency = section(page, "Latency and requests");
  await expect(latency.getByText("latency-p95: This answer is partial.")).toBeVisible();
  await expect(latency.getByText("request-rate could not be read: The source did not answer in time.")).toBeVisible();
  await expect(latency.getByText("No template had data.")).toBeVisible();
  await expect(latency.getByRole("row", { name: /^p95 / })).toBeAttached();
  await expect(section(page, "CPU by replica").getByRole("row", { name: /^checkout-0 95/ })).toBeAttached();
  await latency.getByText("Query", { exact: true }).first().click();
  await expect(latency.getByText("query of latency-p95")).toBeVisible();
  const objectives = section(page, "Objectives");
  await expect(objectives).toContainText("99.9 % over 30 days");
  await expect(objectives).toContainText("50 % of the error budget is left. At this rate the budget is used up in 1 day.");
  await expect(objectives).toContainText("A page fires.");
  await expect(objectives.getByRole("meter", { name: "Error budget of checkout-availability" })).toHaveAttribute("aria-valuenow", "50");
  await expect(objectives.getByRole("row", { name: /^1 hour, 5 minutes 15, 20 14\.4 firing: page$/ })).toBeVisible();
  await expect(objectives).toContainText("From sloth: checkout.yaml.");
  await expectAccessible(page);
});

test("a section that fails says so and leaves the others; it can be retried", async ({ shop, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.route(/\/api\/v1\/breakdown\?/, (route) => route.fulfill({ status: 503 }));
  await page.goto(link(shop.url, shop.recorded));
  const replicas = section(page, "CPU by replica");
  await expect(replicas.getByRole("alert").filter({ hasText: "The replicas could not be loaded" })).toBeVisible();
  await expect(section(page, "Top offender")).toContainText("costs most");
  await page.unroute(/\/api\/v1\/breakdown\?/);
  await replicas.getByRole("button", { name: "Try again" }).click();
  await expect(replicas.getByRole("alert")).toHaveCount(0);
  await expect(replicas.getByRole("link", { name: "All values and labels" })).toBeVisible();
});

test("the page is found in the palette, at the time on screen", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog", { name: "Search and commands" });
  await expect(dialog.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("checkout");
  await dialog.getByRole("group", { name: "Pages of services" }).getByRole("option", { name: "checkout" }).click();
  await expect(title(page)).toHaveText("checkout");
  expect(new URL(page.url()).searchParams.get("from")).toBe(shop.recorded.from);
});

for (const name of ["team/checkout", "team/", "shop.eu", "a b+c?d#e%2F"]) {
  test(`a service may be called ${name}`, async ({ fresh, page }) => {
    const hour = Math.floor(Date.now() / (60 * MINUTE)) * 60 * MINUTE - 60 * MINUTE;
    const query = new URLSearchParams({ service: name, time: String((hour + 30 * MINUTE) / 1000) });
    const answer = await fetch(`${fresh.url}/api/v1/profiles?${query}`, { method: "POST", body: readFileSync(GO) });
    expect((await answer.json()).accepted).toBeGreaterThan(0);
    await page.goto(link(fresh.url, { from: String(hour), until: String(hour + 60 * MINUTE) }, name));
    await expect(title(page)).toHaveText(name);
    await expect(section(page, "Top offender")).toContainText("costs most");
    const { searchParams } = new URL(await links(page).getByRole("link", { name: "Explore" }).getAttribute("href"), fresh.url);
    expect(searchParams.get("service")).toBe(name);
    await page.reload();
    await expect(title(page)).toHaveText(name);
    await expect(page.getByText("Unknown service")).toHaveCount(0);
  });
}

test("an unknown service is said, and nothing else is shown", async ({ shop, page }) => {
  await page.goto(link(shop.url, {}, "nothing"));
  await expect(page.getByText("Unknown service “nothing”: there are no profiles of it that you may read. Check the name in the link.")).toBeVisible();
  await expect(section(page, "Verdict")).toHaveCount(0);
  await page.goto(link(shop.url, { from: "noon" }));
  await expect(page.getByRole("alert").filter({ hasText: "cannot be read" })).toBeVisible();
});
