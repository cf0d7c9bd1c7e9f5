// Details of one function: totals, callers and callees, cost over time and lines; of a stored profile and of a local file.
import { readFileSync } from "node:fs";
import { expect, expectAccessible, test } from "../shop.mjs";

const GO = new URL("../../crates/profile/testdata/pprof/shop-0-0.pb.gz", import.meta.url);
const NAME = "shop/pricing.Discount";
const panel = (page) => page.getByRole("complementary", { name: /^Details of/ });

/** Pushes a profile with line numbers; returns a function that links to its table. */
async function push(server) {
  const answer = await fetch(`${server.url}/api/v1/profiles?service=shop&time=now`, { method: "POST", body: readFileSync(GO) });
  expect((await answer.json()).accepted).toBeGreaterThan(0);
  const type = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
  return (params) => `${server.url}/explore?${new URLSearchParams({ service: "shop", type, from: "now-15m", until: "now", mode: "table", ...params })}`;
}

test("a key opens the details of a function, which are in the address, and Escape closes them", async ({ fresh, page }) => {
  const link = await push(fresh);
  await page.goto(link({ q: "Discount" }));
  await page.getByRole("grid", { name: "Functions" }).focus();
  await page.keyboard.press("o");
  await expect(page).toHaveURL(/details=/);
  await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText(NAME);
  await expect(panel(page).getByRole("row").nth(1)).toContainText(/\d/);
  await expect(panel(page).getByRole("list", { name: "Callers" }).getByRole("button").first()).toBeVisible();
  await expect(panel(page).getByText("Timeline of").first()).toBeAttached();
  await page.reload();
  await expect(panel(page)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(panel(page)).toHaveCount(0);
  await page.goBack();
  await expect(panel(page)).toBeVisible();
});

test("callers link to their details, and the lines add up to the self value", async ({ fresh, page }) => {
  const link = await push(fresh);
  const query = { type: "process_cpu:cpu:nanoseconds:cpu:nanoseconds", selector: '{service_name="shop"}', from: "now-15m" };
  const ask = async (route, more) => (await fetch(`${fresh.url}/api/v1/${route}?${new URLSearchParams({ ...query, ...more })}`)).json();
  const { lines } = await ask("lines", { function: NAME });
  const { functions } = await ask("top-functions", {});
  const own = functions.find((f) => f.name === NAME).self_value;
  expect(lines.reduce((sum, line) => sum + line.self_value, 0)).toBe(own);
  await page.goto(link({ details: NAME }));
  await expect(panel(page).getByRole("rowheader")).toHaveCount(lines.length);
  const caller = panel(page).getByRole("list", { name: "Callers" }).getByRole("button").first();
  const name = await caller.getAttribute("title");
  await caller.click();
  await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText(name);
});

test("details of a local file have lines, but no costs over time", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/local`);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open file…" }).first().click();
  await (await chooser).setFiles(GO.pathname);
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await page.getByLabel("Search functions").fill("Discount");
  await page.getByRole("grid", { name: "Functions" }).focus();
  await page.keyboard.press("o");
  await expect(panel(page).getByRole("rowheader").first()).toBeVisible();
  await expect(panel(page).getByRole("heading", { name: "Over time" })).toHaveCount(0);
});

test("failed requests are reported once, and retrying recovers", async ({ fresh, page }) => {
  test.info().annotations.push({ type: "expected-error", description: "Failed to load resource" });
  const link = await push(fresh);
  await page.route(/api\/v1\/(lines|heatmap)/, (route) => route.fulfill({ status: 503 }));
  await page.goto(link({ details: NAME }));
  const alerts = panel(page).getByRole("alert");
  await expect(alerts).toHaveCount(1);
  await page.unroute(/api\/v1\/(lines|heatmap)/);
  await alerts.getByRole("button", { name: "Try again" }).click();
  await expect(panel(page).getByRole("rowheader").first()).toBeVisible();
  await expect(alerts).toHaveCount(0);
});

test("the panel docks beside the table, and is a sheet where there is no room; it covers neither header nor Share", async ({ fresh, page }) => {
  const link = await push(fresh);
  const box = (locator) => locator.boundingBox();
  const share = page.getByRole("button", { name: "Share", exact: true }).first();
  const isBelowShare = async () => expect((await box(panel(page))).y).toBeGreaterThanOrEqual((await box(share)).y + (await box(share)).height);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(link({ details: NAME }));
  await expect(panel(page).getByRole("rowheader").first()).toBeVisible();
  const table = await box(page.getByRole("grid", { name: "Functions" }));
  expect(table.x + table.width).toBeLessThanOrEqual((await box(panel(page))).x);
  await isBelowShare();
  await page.setViewportSize({ width: 900, height: 900 });
  const sheet = await box(panel(page));
  expect(sheet.width).toBeGreaterThan(880);
  expect(sheet.y).toBeGreaterThan(300);
  await isBelowShare();
  await page.keyboard.press("Escape");
  await expect(panel(page)).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"]) {
  test(`on a phone the panel is as wide as the screen and meets axe-core's rules (${colorScheme})`, async ({ fresh, page }) => {
    const link = await push(fresh);
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(link({ details: NAME }));
    await expect(panel(page).getByRole("rowheader").first()).toBeVisible();
    expect((await panel(page).boundingBox()).width).toBeGreaterThan(380);
    await expectAccessible(page);
    await page.getByRole("button", { name: "Close details" }).click();
    await expect(panel(page)).toHaveCount(0);
  });
}
