// Suggested baselines, and comparing rates per second.
import { expect, expectAccessible, test } from "../shop.mjs";

const link = (shop, params) => shop.explore(params).replace("/explore?", "/compare?");
const open = (page, name) => page.getByRole("group", { name: "Baselines" }).getByRole("button", { name, exact: true }).click();

test("a version is compared with the previous one, per second and replica", async ({ shop, page }) => {
  await page.goto(link(shop, {}));
  await open(page, "Versions");
  await page.getByRole("dialog", { name: "Versions" }).getByRole("button", { name: /^version v2 vs. previous v1/ }).click();
  await expect(page.getByRole("region", { name: "Baseline" }).getByRole("button", { name: "Remove filter version = v1" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Comparison" }).getByRole("button", { name: "Remove filter version = v2" })).toBeVisible();
  await expect(page.getByText("Baseline: version v1")).toBeVisible();
  await expect(page.getByRole("combobox", { name: /^Compare/ })).toHaveValue("second");
  await expect(page.getByText(/Compared: rates per second and replica/)).toBeVisible();
  await page.getByRole("combobox", { name: /^Compare/ }).selectOption("share");
  await expect(page).toHaveURL(/scale=share/);
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await page.getByRole("grid", { name: "Functions" }).focus();
  await page.keyboard.press("f");
  await expect(page.getByText(/of the baseline and .* of the comparison remain/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("combobox", { name: /^Compare/ })).toHaveValue("share");
});

test("the baselines fit into one row", async ({ shop, page }) => {
  await page.setViewportSize({ width: 1024, height: 800 });
  await page.goto(link(shop, {}));
  const buttons = page.getByRole("group", { name: "Baselines" }).getByRole("button");
  await expect(buttons).toHaveText(["Versions", "Replicas", "A moment", "Earlier times"]);
  const tops = await buttons.evaluateAll((all) => all.map((button) => button.getBoundingClientRect().top));
  expect(new Set(tops).size).toBe(1);
});

test("a replica is compared with the others", async ({ shop, page }) => {
  await page.goto(link(shop, {}));
  await open(page, "Replicas");
  await page.getByRole("dialog", { name: "Replicas" }).getByRole("button", { name: /vs. the others/ }).first().click();
  await expect(page.getByRole("region", { name: "Baseline" }).getByRole("button", { name: /Remove filter pod !/ })).toBeVisible();
});

test("the ranges before and after a moment are equally long", async ({ shop, page }) => {
  await page.goto(link(shop, { from: "1800000000000", until: "1800003600000" }));
  await open(page, "Before and after a moment");
  await page.getByLabel(/^Time \(/).fill("2027-01-15T08:10:00");
  await page.getByRole("button", { name: "Compare before and after" }).click();
  const range = () => ["from", "until", "b.from", "b.until"].map((key) => Date.parse(new URL(page.url()).searchParams.get(key)));
  await expect.poll(() => range()[0]).toBeGreaterThan(1800000000000);
  const [from, until, before, end] = range();
  expect([until - from, end]).toEqual([end - before, from]);
});

test("a moment is read in every notation of a link, or the page says that it cannot be read", async ({ shop, page }) => {
  await page.goto(link(shop, { from: "1800000000000", until: "1800003600000" }));
  await open(page, "Before and after a moment");
  const moment = page.getByLabel(/^Time \(/);
  await expect(moment).toHaveValue("2027-01-15 08:30:00");
  for (const text of ["2027-01-15 08:10Zulu", "2027-01-15 08:10:00.5x", "8:10 AM"]) {
    await moment.fill(text);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status").filter({ hasText: `The time, “${text}”, cannot be read` })).toBeVisible();
    expect(page.url()).not.toContain("08:10");
  }
  // 08:10 in UTC, on another clock.
  await moment.fill("2027-01-15 09:10+01:00");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/[?&]from=2027-01-15T08:10:00Z/);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the panel meets axe-core's rules, and element ids are unique (${colorScheme})`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(link(shop, {}));
    for (const side of ["Baseline", "Comparison"]) await page.getByRole("region", { name: side }).getByRole("button", { name: "Filter", exact: true }).click();
    for (const name of ["Versions", "Replicas", "Before and after a moment", "Earlier times"]) {
      await open(page, name);
      await expect(page.getByRole("dialog", { name })).toBeVisible();
      await expect(page.getByText("Loading versions and replicas …")).toHaveCount(0);
      await expectAccessible(page);
      await page.keyboard.press("Escape");
    }
    const ids = await page.evaluate(() => [...document.querySelectorAll("[id]")].map((element) => element.id));
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });
}
