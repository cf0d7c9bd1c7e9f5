// Home lists all services, those that need attention first. They are searched, ordered and opened by pointer, keyboard and on a phone.
import { fewServices, serveOverview } from "../overview.mjs";
import { expect, expectAccessible, test } from "../shop.mjs";

const grid = (page) => page.getByRole("grid", { name: "Services" });
const names = (page) => grid(page).getByRole("rowheader").getByRole("link");
const row = (page, name) => grid(page).getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
const search = (page) => page.getByRole("searchbox", { name: "Search services" });
const INCIDENT = /\/i\?service=checkout&type=process_cpu:cpu:nanoseconds:cpu:nanoseconds&at=20\d\d-/;

/** Home with a few services. */
async function open(page, server, path = "/") {
  const asked = await serveOverview(page, fewServices(Date.now()));
  await page.goto(server.url + path);
  await expect(names(page).first()).toBeVisible();
  return asked;
}

/** As many services as asked for, none of them changed. */
const many = (count) =>
  Array.from({ length: count }, (_, i) => ({ service: `service-${String(i).padStart(5, "0")}`, state: "unchanged", sentence: "No significant change.", cores: 1 }));

const expectFocusKept = (page) => expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");

test("services are listed with verdict, change, cores over time and age", async ({ fresh, page }) => {
  await open(page, fresh);
  await expect(names(page)).toHaveText(["checkout", "search", "payments", "batch", "images"]);
  const checkout = row(page, "checkout");
  await expect(checkout).toContainText("Regressed");
  await expect(checkout).toContainText("3 replicas · v2 deployed");
  await expect(checkout).toContainText("The largest cause is Regex::new, called by handle_order. CPU use of a replica is 38 % higher in version release: 4.");
  await expect(checkout.locator("code")).toHaveText(["Regex::new", "handle_order"]);
  await expect(checkout.getByRole("gridcell", { name: "+38 %" })).toBeVisible();
  await expect(checkout).toContainText("2.5 cores");
  await expect(checkout).toContainText(/\d+ (s|min) ago/);
  const timeline = checkout.getByRole("img", { name: /^Timeline of 60 intervals, 55 with data\. Highest: 2\.5 cores/ });
  await expect(timeline.locator(".spark-gaps")).toHaveAttribute("d", /^M210 0H260/);
  await expect(row(page, "search").getByRole("gridcell", { name: "−12 %" })).toBeVisible();
  await expect(row(page, "batch")).toContainText("Silent");
  await expect(row(page, "images")).toContainText("Pending");
  const all = page.getByRole("region", { name: "All services" });
  await expect(all.getByRole("status")).toHaveText("2 of 5 services changed significantly in the last hour.");
});

test("when nothing changed, one line says so", async ({ fresh, page }) => {
  await serveOverview(page, many(3));
  await page.goto(fresh.url);
  await expect(page.getByText("No significant change in the last hour in 3 services.")).toBeVisible();
});

test("search, order and time are in the address, and the server does them", async ({ fresh, page }) => {
  const asked = await open(page, fresh);
  expect(asked[0].get("sort")).toBe("attention");
  await search(page).fill("pay");
  await expect(names(page)).toHaveText(["payments"]);
  await expect(page).toHaveURL(/\/\?q=pay$/);
  await expect(search(page)).toBeFocused();
  await page.getByRole("combobox", { name: "Sort by" }).selectOption("Cores");
  await expect(page).toHaveURL(/sort=cores&q=pay/);
  await expect.poll(() => asked.at(-1).get("sort")).toBe("cores");
  await expect(grid(page).getByRole("columnheader", { name: "Cores" })).toHaveAttribute("aria-sort", "descending");
  await page.reload();
  await expect(names(page)).toHaveText(["payments"]);
  await expect(search(page)).toHaveValue("pay");
  await grid(page).getByRole("button", { name: "Service" }).click();
  await expect(page).toHaveURL(/sort=name/);
  await expect(page.getByRole("combobox", { name: "Sort by" })).toHaveValue("name");
  await search(page).fill("no such service");
  await expect(page.getByText("No service matches the search and the filters.")).toBeVisible();
  await expect(search(page)).toBeFocused();
  await search(page).fill("");
  await expect(names(page)).toHaveCount(5);
  await page.getByRole("button", { name: "Earlier", exact: true }).click();
  await expect(page).toHaveURL(/from=.*until=/);
  await expect(page.getByRole("region", { name: "All services" }).getByRole("status")).toContainText("in this time range");
});

test("a row opens what changed, its links Explore and Compare", async ({ fresh, page }) => {
  await open(page, fresh);
  await row(page, "checkout").click();
  await expect(page).toHaveURL(INCIDENT);
  await page.goBack();
  await expect(names(page).first()).toBeVisible();
  await expect(row(page, "search").getByRole("link", { name: "Compare search" })).toHaveAttribute("href", /^\/compare\?service=search&type=process_cpu.*&from=now-1h&until=now$/);
  await row(page, "search").getByRole("link", { name: "Explore search" }).click();
  await expect(page).toHaveURL(/\/explore\?service=search&/);
  await page.goBack();
  await expect(page).toHaveURL(`${fresh.url}/`);
});

test("a service is found and opened by keyboard", async ({ fresh, page }) => {
  await open(page, fresh);
  await page.keyboard.press("/");
  await expect(search(page)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(grid(page)).toBeFocused();
  await expect(grid(page)).toHaveAttribute("aria-activedescendant", "services-row-0");
  await page.keyboard.press("ArrowDown");
  await expect(grid(page)).toHaveAttribute("aria-activedescendant", "services-row-1");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("r");
  await expect(names(page).first()).toBeVisible();
  await expectFocusKept(page);
  await page.keyboard.press("/");
  await page.keyboard.type("che");
  await expect(names(page)).toHaveText(["checkout"]);
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(INCIDENT);
  await expectFocusKept(page);
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(page).toHaveURL(`${fresh.url}/`);
  await expect(names(page).first()).toBeVisible();
  await expectFocusKept(page);
  await grid(page).focus();
  await page.keyboard.press("e");
  await expect(page).toHaveURL(/\/explore\?service=checkout&/);
});

test("ten thousand services are loaded as they are scrolled to", async ({ fresh, page }) => {
  const asked = await serveOverview(page, many(10_000));
  await page.goto(fresh.url);
  await expect(names(page).first()).toHaveText("service-00000");
  await expect(page.getByText("in 10,000 services")).toBeVisible();
  expect(asked.map((params) => params.get("cursor"))).toEqual([null]);
  await grid(page).focus();
  await page.keyboard.press("End");
  await expect.poll(() => asked.at(-1).get("cursor")).toBe("50");
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "251");
  await page.keyboard.press("End");
  await expect(grid(page)).toHaveAttribute("aria-rowcount", "451");
  await expect(grid(page).getByRole("link", { name: "service-00249", exact: true })).toBeVisible();
  expect(await names(page).count()).toBeLessThan(100);
  await search(page).fill("service-09999");
  await expect(names(page)).toHaveText(["service-09999"]);
  await expect(names(page)).toBeInViewport();
});

test("while services are loaded, bars are shown, and a failure can be retried", async ({ fresh, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  let fail;
  const failed = new Promise((done) => (fail = done));
  await page.route(/\/api\/v1\/overview\?/, async (route) => {
    await failed;
    await route.fulfill({ status: 503 });
  });
  await page.goto(fresh.url);
  await expect(page.locator(".home-list .skeleton-flame")).toBeVisible();
  fail();
  const alert = page.getByRole("alert").filter({ hasText: "The list of services could not be loaded" });
  await expect(alert).toBeVisible();
  await expect(page.getByText("The services appear here once they have been loaded.")).toBeVisible();
  await page.unroute(/\/api\/v1\/overview\?/);
  await serveOverview(page, fewServices(Date.now()));
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(names(page).first()).toHaveText("checkout");
  await expect(alert).toHaveCount(0);
});

test("after a failed refresh the rows stay, with a notice", async ({ fresh, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await open(page, fresh);
  await page.route(/\/api\/v1\/overview\?/, (route) => route.fulfill({ status: 503 }));
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "The list of services could not be loaded" })).toBeVisible();
  await expect(names(page)).toHaveCount(5);
});

test("a server without services shows how to send profiles", async ({ fresh, page }) => {
  await serveOverview(page, []);
  await page.route(/\/api\/v1\/services\?/, (route) => route.fulfill({ contentType: "application/x-protobuf", body: Buffer.alloc(0) }));
  await page.goto(fresh.url);
  await expect(page.getByRole("heading", { name: "Waiting for the first profile" })).toBeVisible();
  await expectAccessible(page);
});

test("the logo leads to Home, old links to Explore, and neither needs the full program", async ({ shop, page }) => {
  await page.route(/\/full-[0-9a-f]+(_bg\.wasm|\.js)(\?|$)/, () => {});
  await serveOverview(page, fewServices(Date.now()));
  const { searchParams } = new URL(shop.explore());
  await page.goto(`${shop.url}/?${searchParams}`);
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(pages.getByRole("link", { name: "Explore" })).toHaveAttribute("aria-current", "page");
  await page.getByRole("link", { name: "Flarepath" }).click();
  await expect(names(page).first()).toBeVisible();
  await expect(page).toHaveURL(`${shop.url}/`);
  await expect(pages.getByRole("link", { name: "Home" })).toHaveAttribute("aria-current", "page");
  await pages.getByRole("link", { name: "Explore" }).click();
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
});

test("the services of a real server are listed, and lead to their profiles", async ({ shop, page }) => {
  await page.goto(`${shop.url}/?${new URLSearchParams(shop.recorded)}`);
  await search(page).fill("check");
  await expect(names(page)).toHaveText(["checkout"]);
  await row(page, "checkout").getByRole("link", { name: "Explore checkout" }).click();
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"]) {
  test(`Home meets axe-core's rules (${colorScheme})`, async ({ fresh, page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page, fresh);
    await expectAccessible(page);
  });

  test(`on a phone each service is a card (${colorScheme})`, async ({ fresh, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, fresh);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    const checkout = row(page, "checkout");
    await expect(checkout).toBeInViewport({ ratio: 1 });
    // What comes later above the cards moves them: all boxes are of one moment.
    await expect(async () => {
      const parts = [checkout.getByText("Regressed"), checkout.getByText("+38 %"), checkout.getByRole("img"), checkout.getByText(/^\d+ (s|min) ago$/)];
      const [card, ...boxes] = await Promise.all([checkout, ...parts].map((part) => part.boundingBox()));
      for (const box of boxes) {
        expect(box.x).toBeGreaterThanOrEqual(card.x);
        expect(box.x + box.width).toBeLessThanOrEqual(card.x + card.width);
        expect(box.y + box.height).toBeLessThanOrEqual(card.y + card.height);
      }
    }).toPass();
    const link = await checkout.getByRole("link", { name: "Explore checkout" }).boundingBox();
    expect(Math.min(link.width, link.height)).toBeGreaterThanOrEqual(44);
    await expectAccessible(page);
    await checkout.click();
    await expect(page).toHaveURL(INCIDENT);
  });
}
