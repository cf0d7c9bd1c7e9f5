// Where the picture begins, how far it reaches, and that nothing overlaps or sticks out at any width.
import { closeQuery, expect, expectAccessible, openQuery, openSide, test } from "../shop.mjs";

const compare = (shop, params = {}) =>
  shop.explore({ filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until, ...params }).replace("/explore?", "/compare?");
const pages = {
  Explore: { link: (shop) => shop.explore({ mode: "flame" }), picture: "Flame graph" },
  Compare: { link: (shop) => compare(shop, { mode: "overlay" }), picture: "Flame graph of the difference" },
};

/** Opens a page and waits for everything that can move its picture. */
async function open(page, shop, { link, picture }) {
  await page.goto(link(shop));
  const tree = page.getByRole("tree", { name: picture, exact: true });
  await expect(tree.getByRole("treeitem").first()).toBeAttached();
  await expect(page.getByLabel("Summary")).toContainText(/profiles/);
  const verdict = page.locator(".verdict-line [role=status], .verdict-headline:not(:has(.muted))");
  await expect(verdict.first()).toBeVisible();
  return tree;
}

/** Distance of the first frame from the upper edge of the window. */
const top = (tree) => tree.evaluate((element) => element.getBoundingClientRect().top);
const timeline = (page) => page.getByRole("button", { name: "Timeline", exact: true });

for (const [name, about] of Object.entries(pages)) {
  test(`${name}: the first frame is in the upper third of the window, and the graph ends above its lower edge`, async ({ shop, page }) => {
    const tree = await open(page, shop, about);
    expect(await top(tree)).toBeLessThanOrEqual(320);
    const bottom = await tree.evaluate((element) => element.getBoundingClientRect().bottom);
    expect(bottom).toBeLessThanOrEqual(900);
    const scrolls = await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    expect(scrolls).toBeLessThanOrEqual(0);
  });

  test(`${name}: at twice the size of everything, the first frame is in the upper 60 %`, async ({ shop, page }) => {
    await page.setViewportSize({ width: 720, height: 450 });
    const tree = await open(page, shop, about);
    expect(await top(tree)).toBeLessThanOrEqual(270);
  });

  for (const width of [2560, 1440, 1024, 735, 390, 320]) {
    test(`${name}: no control overlaps another, and nothing scrolls sideways, ${width} wide`, async ({ shop, page }) => {
      await page.setViewportSize({ width, height: 900 });
      await open(page, shop, about);
      const overlaps = await page.evaluate(() => {
        const seen = [...document.querySelectorAll("button, select, input:not([type=file]), a[href]")].filter(
          (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".bottom-bar, .skip-link, .top-row, .choices, dialog"),
        );
        const boxes = seen.map((element) => ({ element, box: element.getBoundingClientRect() })).filter(({ box }) => box.width > 1 && box.height > 1);
        const found = [];
        for (const [i, a] of boxes.entries())
          for (const b of boxes.slice(i + 1)) {
            const across = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
            const down = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
            // Joined buttons share a border.
            if (across > 3 && down > 3) found.push([a.element.outerHTML, b.element.outerHTML]);
          }
        return found;
      });
      expect(overlaps).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    });
  }
}

test("a collapsed timeline stays collapsed, and the picture begins in the upper 250 px", async ({ shop, page }) => {
  let tree = await open(page, shop, pages.Explore);
  await expect(timeline(page)).toHaveAttribute("aria-expanded", "true");
  await timeline(page).click();
  await expect(timeline(page)).toHaveAttribute("aria-expanded", "false");
  await expect(page.getByRole("application", { name: /^Timeline/ })).toHaveCount(0);
  await expect(page.getByRole("combobox", { name: "Group the timeline by" })).toHaveCount(0);
  tree = await open(page, shop, pages.Explore);
  await expect(timeline(page)).toHaveAttribute("aria-expanded", "false");
  expect(await top(tree)).toBeLessThanOrEqual(250);
  await expectAccessible(page);
  await timeline(page).click();
  await expect(page.getByRole("application", { name: /^Timeline/ })).toBeVisible();
});

test("the query is one line at 1440 px, and stays in sight", async ({ shop, page }) => {
  for (const about of Object.values(pages)) {
    await open(page, shop, about);
    const line = page.getByRole("region", { name: "Query" });
    const heights = await line.locator("> *").evaluateAll((all) => all.map((e) => e.getBoundingClientRect()).filter((b) => b.height > 1).map((b) => b.top));
    expect(Math.max(...heights) - Math.min(...heights)).toBeLessThan(8);
    expect(await line.evaluate((element) => getComputedStyle(element).position)).toBe("sticky");
  }
});

test("on a phone, the query is a line and a sheet, and what can be done is at the lower edge", async ({ shop, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(compare(shop));
  const bar = page.getByRole("group", { name: "Actions" });
  await expect(bar.getByRole("button", { name: "Share", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Baseline: / })).toHaveCount(0);
  await openQuery(page);
  await expectAccessible(page);
  const side = await openSide(page, "Baseline");
  await expect(side.getByRole("button", { name: "Remove filter version = v1" })).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  await closeQuery(page);
  await bar.getByRole("button", { name: "Graph" }).click();
  await expect(page.getByRole("tree", { name: "Flame graph of the difference" })).toBeVisible();
  for (const button of await bar.getByRole("button").all()) expect((await button.boundingBox()).height).toBeGreaterThanOrEqual(44);
});

for (const width of [720, 320]) {
  test(`every other page does not scroll sideways, ${width} wide`, async ({ shop, page }) => {
    await page.setViewportSize({ width, height: 450 });
    const at = (path) => shop.explore().replace("/explore?", `${path}?`);
    const service = `${shop.url}/service/checkout?${new URLSearchParams(shop.recorded)}`;
    const incident = `${shop.url}/i?${new URLSearchParams({ service: "checkout", at: shop.recorded.until })}`;
    for (const [link, ready] of [
      [`${shop.url}/?${new URLSearchParams(shop.recorded)}`, page.getByRole("grid", { name: "Services" }).getByRole("rowheader").first()],
      [service, page.getByRole("region", { name: "Top offender", exact: true }).getByRole("tree")],
      [incident, page.getByRole("heading", { name: /^Incident: checkout/, level: 1 })],
      [at("/labels"), page.getByRole("table", { name: "Values of the label" }).getByRole("row").nth(1)],
      [at("/heatmap"), page.getByRole("grid", { name: "Heat map" })],
      [`${shop.url}/shares`, page.getByRole("heading", { name: "Shares", level: 1 })],
      [`${shop.url}/settings`, page.getByRole("heading", { name: "Sign-in is disabled" })],
      [`${shop.url}/admin/users`, page.getByRole("heading", { name: "Users", level: 2 })],
      [`${shop.url}/admin/storage`, page.getByRole("heading", { level: 2 }).last()],
    ]) {
      await page.goto(link);
      await expect(ready).toBeVisible();
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), link).toBeLessThanOrEqual(0);
    }
  });
}
