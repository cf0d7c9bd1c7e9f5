// With a metrics source, Home's rows have latency, requests, CPU of its limit and what is left of error budgets; without one, a line says how
// to get them. The rows do not wait for any of it.
import { configured, startMetrics } from "../metrics_source.mjs";
import { fewServices, serveOverview } from "../overview.mjs";
import { startServer } from "../server.mjs";
import { expect, expectAccessible, test } from "../shop.mjs";

const grid = (page) => page.getByRole("grid", { name: "Services" });
const row = (page, name) => grid(page).getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
const budget = (page, name) => row(page, name).locator(".home-budget");

/** What the source says of checkout: it pages. Nothing of all others. */
function ofCheckout(query) {
  if (!query.includes("checkout")) return [];
  if (query.includes("orders_bad")) return [[{}, query.includes("[2592000s]") ? 0.0005 : 0.02]];
  if (query.includes("histogram_quantile(0.95")) return [[{}, 0.12]];
  if (query.includes("histogram_quantile(0.99")) return [[{}, 0.48]];
  if (query.includes("code=~")) return [[{}, 0.02]];
  if (query.includes("http_requests_total")) return [[{}, 120]];
  if (query.includes("container_cpu_usage")) return [[{ pod: "checkout-1" }, 0.5], [{ pod: "checkout-2" }, 1.5]];
  if (query.includes("resource_limits")) return [[{ pod: "checkout-1" }, 2], [{ pod: "checkout-2" }, 2]];
  return [];
}

const CONFIGURATION = (url) => `
[metrics.prod]
url = "${url}"

[slo.orders]
service = "checkout"
objective = 99.9
window = "30d"
error_ratio = 'sum(rate(orders_bad{$S}[$w])) / sum(rate(orders{$S}[$w]))'
`;

test.describe("with a source", () => {
  let source, server;
  test.beforeEach(async ({ page }) => {
    source = await startMetrics(ofCheckout);
    server = await startServer({ selfProfile: false, args: configured(CONFIGURATION(source.url)) });
    await serveOverview(page, fewServices(Date.now()));
  });
  test.afterEach(async () => {
    await server?.stop();
    await source?.stop();
  });

  test("rows have metrics, and a firing alert is said in words", async ({ page }) => {
    await page.goto(server.url);
    const checkout = row(page, "checkout");
    await expect(checkout.locator(".home-latency")).toHaveText(/p95 120 ms\s+p99 480 ms/);
    await expect(checkout.locator(".home-requests")).toHaveText(/120\/s\s+2\.00 % errors/);
    await expect(checkout.locator(".home-cpu")).toHaveText("75 %");
    await expect(checkout.locator(".home-cpu")).toHaveAttribute("title", "Pod checkout-2");
    await expect(budget(page, "checkout")).toHaveText(/^Page: burns 20×\s+50 % left$/);
    await expect(budget(page, "checkout")).toHaveAttribute("title", "orders");
    await expect(budget(page, "search")).toHaveText("–");
    for (const name of ["Latency", "Requests", "CPU of limit", "Error budget"]) {
      await expect(grid(page).getByRole("columnheader", { name })).toBeVisible();
    }
    await expect(page.getByText("set a metrics source")).toHaveCount(0);
    await expectAccessible(page);
  });

  test("on a first visit they come with the full program, which does not take over, and follow the rows", async ({ page }) => {
    await page.goto(server.url);
    // It would be removed if another program took over.
    const list = await page.locator(".home-list").elementHandle();
    await expect(row(page, "checkout").locator(".home-latency")).toHaveText(/p95 120 ms\s+p99 480 ms/);
    const cells = row(page, "checkout").getByRole("gridcell");
    await expect(cells.filter({ hasText: "p95" })).toHaveCount(1);
    await page.getByRole("searchbox", { name: "Search services" }).fill("sea");
    await expect(grid(page).getByRole("rowheader")).toHaveCount(1);
    // The same element is now the row of another service.
    await expect(budget(page, "search")).toHaveText("–");
    await page.getByRole("searchbox", { name: "Search services" }).fill("");
    await expect(budget(page, "checkout")).toContainText("Page: burns 20×");
    await expect(grid(page).getByRole("columnheader", { name: "Latency" })).toHaveCount(1);
    expect(await list.evaluate((element) => element.isConnected)).toBe(true);
  });

  test("a source that goes down is a line, and the rows stay", async ({ page }) => {
    await page.goto(server.url);
    await expect(row(page, "checkout").locator(".home-latency")).toContainText("p95");
    await source.stop();
    source = undefined;
    // Another time: answers about this one may be kept.
    await page.getByRole("button", { name: "Earlier", exact: true }).click();
    await expect(page.getByText(/^Metrics could not be loaded: the metrics source is unreachable/)).toBeVisible();
    await expect(row(page, "checkout")).toContainText("Regressed");
  });

  test("rows do not wait for metrics", async ({ page }) => {
    let answer;
    const answered = new Promise((done) => (answer = done));
    await page.route(/\/api\/v1\/overview\/metrics\?/, async (route) => {
      await answered;
      await route.continue();
    });
    await page.goto(server.url);
    await expect(row(page, "checkout")).toContainText("Regressed");
    await expect(row(page, "checkout").locator(".home-latency")).toHaveCount(0);
    answer();
    await expect(row(page, "checkout").locator(".home-latency")).toContainText("p95");
  });

  test("on a phone they are one line of the card", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(server.url);
    const checkout = row(page, "checkout");
    await expect(checkout.locator(".home-budget")).toContainText("Page: burns 20×");
    const [card, line] = await Promise.all([checkout.boundingBox(), checkout.locator(".home-metrics").boundingBox()]);
    expect(line.height).toBeLessThanOrEqual(20);
    expect(line.y + line.height).toBeLessThanOrEqual(card.y + card.height);
    const cause = checkout.locator(".home-verdict > span");
    await expect(cause).toContainText("higher in version release: 4.");
    expect(await cause.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeLessThanOrEqual(1);
    for (const cell of await checkout.locator(".home-metric").all()) {
      const box = await cell.boundingBox();
      expect(box.x + box.width).toBeLessThanOrEqual(card.x + card.width);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await expectAccessible(page);
  });
});

test("without a source one line says how to set one", async ({ fresh, page }) => {
  await serveOverview(page, fewServices(Date.now()));
  await page.goto(fresh.url);
  await expect(page.getByText(/^Latency, requests and error budgets: set a metrics source/)).toHaveCount(1);
  await expect(grid(page).getByRole("columnheader", { name: "Latency" })).toHaveCount(0);
});

test("at 1024 px the cause is not cut, and a service has a page of its own", async ({ fresh, page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await serveOverview(page, fewServices(Date.now()));
  await page.goto(fresh.url);
  const cause = row(page, "checkout").locator(".home-verdict > span");
  await expect(cause).toContainText("higher in version release: 4.");
  expect(await cause.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeLessThanOrEqual(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1024);
  await expect(row(page, "checkout").getByRole("link", { name: "Service checkout" })).toHaveAttribute("href", "/service/checkout");
  await grid(page).focus();
  await page.keyboard.press("s");
  await expect(page).toHaveURL((url) => url.pathname === "/service/checkout");
});
