// The values of a label with rate, total, difference from the others and timeline; two values can be compared.
import { expect, expectAccessible, openSide, test } from "../shop.mjs";

const link = (shop, params) => shop.explore(params).replace("/explore?", "/labels?");
const table = (page) => page.getByRole("table", { name: "Values of the label" });

test("shares of the values add up to 100 %, and the sort order is in the address", async ({ shop, page }) => {
  await page.goto(link(shop, {}));
  // Replicas are the default.
  await expect(page).toHaveURL(/by=pod/);
  await expect(table(page).getByRole("row").nth(1)).toBeVisible();
  // Of replicas of one service, the one that ran longest does not come first.
  await expect(table(page).getByRole("columnheader", { name: "Rate" })).toHaveAttribute("aria-sort", "descending");
  const shares = await table(page).locator("td.values-share").allTextContents();
  expect(shares.map((text) => Number.parseFloat(text) || 0).reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, -0.5);
  await expect(table(page).getByRole("img").first()).toHaveAccessibleName(/with data/);
  const totals = await table(page).locator("td.values-total").allTextContents();
  expect(new Set(totals.filter((text) => text !== "–").map((text) => text.split(" ").at(-1))).size).toBe(1);
  await table(page).getByRole("button", { name: "Value" }).click();
  await expect(page).toHaveURL(/sort=value/);
  await expect(table(page).getByRole("columnheader", { name: "Value" })).toHaveAttribute("aria-sort", "ascending");
  const headers = () => table(page).getByRole("rowheader").getByRole("link").allTextContents();
  await expect.poll(async () => (await headers()).every((name, i, all) => i === 0 || all[i - 1] <= name)).toBe(true);
  const names = await headers();
  await page.reload();
  await expect(table(page).getByRole("rowheader").getByRole("link").first()).toHaveText(names[0]);
});

test("the interval that is still filling is marked in every timeline", async ({ shop, page }) => {
  await page.goto(link(shop, { by: "version", until: "now" }));
  const first = table(page).getByRole("img").first();
  await expect(first).toHaveAccessibleName(/The last (interval is|\d+ intervals are) still filling\.$/);
  await expect(first.locator(".spark-hatch")).toHaveAttribute("d", /^M/);
});

test("two values can be compared", async ({ shop, page }) => {
  await page.goto(link(shop, { by: "version" }));
  await page.getByRole("button", { name: "Baseline: v1" }).click();
  await page.getByRole("button", { name: "Comparison: v2" }).click();
  await expect(page).toHaveURL(/baseline=v1.*comparison=v2/);
  await page.getByRole("link", { name: "Compare v1 with v2" }).click();
  await expect(page).toHaveURL(/\/compare\?/);
  await expect(page.getByRole("tree", { name: "Flame graph of the difference" })).toBeVisible();
  await expect((await openSide(page, "Baseline")).getByText("v1")).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("button", { name: "Baseline: v1" })).toHaveAttribute("aria-pressed", "true");
});

test("a label is chosen by typing, and its values link to Explore", async ({ shop, page }) => {
  await page.goto(link(shop, { by: "pod" }));
  const label = page.getByRole("combobox", { name: "Label", exact: true });
  await label.click();
  await label.fill("regi");
  await page.getByRole("option", { name: /region/ }).first().click();
  await expect(page).toHaveURL(/by=region/);
  // Until the values of the new label have arrived, the table shows the old ones.
  const value = table(page).getByTitle(/^Explore region /).first();
  const name = await value.textContent();
  await value.click();
  await expect(page).toHaveURL(/\/explore\?.*filter=/);
  await expect(page.getByRole("button", { name: new RegExp(`Remove filter region = ${name}`) })).toBeVisible();
});

test("all services are listed by what they cost, each with its own page", async ({ shop, page }) => {
  await page.goto(link(shop, { by: "pod" }));
  const service = page.getByRole("combobox", { name: "Service", exact: true });
  await service.click();
  await service.fill("all");
  await page.getByRole("option", { name: /All services/ }).click();
  await expect(page).toHaveURL(/by=service_name.*services=all/);
  await expect(table(page).getByRole("columnheader", { name: "Total", exact: true })).toHaveAttribute("aria-sort", "descending");
  await expect(table(page).getByRole("rowheader", { name: /checkout/ }).first()).toBeVisible();
  await expect(table(page).getByText("Not compared: services differ in what they do.").first()).toBeVisible();
  await page.reload();
  await expect(service).toHaveValue("All services");
  await table(page).getByRole("link", { name: "checkout", exact: true }).click();
  await expect(page).toHaveURL(/\/explore\?service=checkout/);
});

test("values are searched on the server, and the search is in the address", async ({ shop, page }) => {
  await page.goto(link(shop, { by: "pod" }));
  const names = table(page).getByRole("rowheader").getByRole("link");
  await expect(names.first()).toBeVisible();
  const name = await names.last().textContent();
  const field = page.getByRole("searchbox", { name: "Search values" });
  await field.fill(name.toUpperCase());
  await expect(page).toHaveURL(/q=/);
  await expect(names).toHaveText([name]);
  await field.fill("no such value");
  await expect(page.getByText("No value contains this text.")).toBeVisible();
  await expect(field).toBeFocused();
  await field.fill("");
  await expect(names.nth(1)).toBeVisible();
});

test("timelines fill their column", async ({ shop, page }) => {
  await page.goto(link(shop, { by: "pod" }));
  const cell = table(page).locator("td.values-time").first();
  const [box, picture] = [await cell.boundingBox(), await cell.locator("svg").boundingBox()];
  expect(picture.width).toBeGreaterThan(box.width - 20);
  const [, , width] = (await cell.locator("svg").getAttribute("viewBox")).split(" ").map(Number);
  const last = await cell.locator("path").evaluateAll((paths) =>
    Math.max(...paths.map((path) => path.getBBox()).map((b) => b.x + b.width)));
  expect(last).toBeGreaterThan(width - 11);
});

test("a failed request is reported and can be retried", async ({ shop, page }) => {
  test.info().annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.route(/api\/v1\/breakdown/, (route) => route.fulfill({ status: 503 }));
  await page.goto(link(shop, { by: "pod" }));
  await expect(page.getByRole("alert")).toHaveCount(1);
  await page.unroute(/api\/v1\/breakdown/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(table(page).getByRole("row").nth(1)).toBeVisible();
});

for (const colorScheme of ["light", "dark"]) {
  test(`the page fits on a phone and meets axe-core's rules (${colorScheme})`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(link(shop, { by: "version", baseline: "v1" }));
    await expect(page.getByRole("button", { name: "Baseline: v1" })).toHaveAttribute("aria-pressed", "true");
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await expectAccessible(page);
  });
}

test("editors set what counts as own code of a service, and have it guessed again", async ({ shop, page }) => {
  await page.goto(link(shop, { by: "pod" }));
  const own = page.getByRole("region", { name: "Own code" });
  await own.getByRole("button", { name: "Own code of checkout" }).click();
  await expect(own.getByText("Guessed from names, files and binaries.")).toBeVisible();
  await own.getByRole("textbox", { name: "Own code, one pattern a line" }).fill("name: shop::\nfile: /src/");
  await own.getByRole("button", { name: "Save" }).click();
  await expect(own.getByText(/^Verdicts name .* Set by /)).toBeVisible();
  await page.reload();
  await own.getByRole("button", { name: "Own code of checkout" }).click();
  await expect(own.getByRole("textbox")).toHaveValue("name: shop::\nfile: /src/");
  await own.getByRole("button", { name: "Use the guess" }).click();
  await expect(own.getByText("Guessed from names, files and binaries.")).toBeVisible();
});
