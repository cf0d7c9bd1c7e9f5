// Heat maps: from Explore to the heat map, and from its selections to flame graphs and comparisons, on desktop and phone.
import { expect, expectAccessible, openMore, test } from "../shop.mjs";

const map = (page) => page.getByRole("grid", { name: "Heat map" });
const panel = (page) => page.getByRole("region", { name: "Selection" });
const heatmap = (shop, params = {}) => shop.explore(params).replace("/explore?", "/heatmap?");
const address = (page) => new URL(page.url()).searchParams;

/** Drags between fractions of the map's width and height. The columns are those of an hour, and the demo ran at any time of it. */
async function drag(page, grid, [left, top], [right, bottom]) {
  const { x, y, width, height } = await grid.boundingBox();
  await page.mouse.move(x + width * left, y + height * top);
  await page.mouse.down();
  await page.mouse.move(x + width * right, y + height * bottom, { steps: 5 });
  await page.mouse.up();
}

test("Explore links to the heat map of its query, and a row links back to the stacks with its function", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await (await openMore(page)).getByRole("link", { name: "Heat map" }).click();
  await expect(map(page)).toBeVisible();
  await expect(page.getByLabel("Summary")).toContainText("largest of");
  await drag(page, map(page), [0.01, 0.01], [0.999, 0.01]);
  await expect(panel(page)).toContainText("of these columns");
  await expect(page).toHaveURL(/sel=\d+-\d+/);
  await page.reload();
  await expect(panel(page)).toContainText("of these columns");
  const name = address(page).get("sel").split(";=")[1];
  await panel(page).getByRole("link", { name: "Flame graph of selection 1" }).click();
  await expect(page).toHaveURL(/\/explore\?.*steps=focus/);
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  expect(address(page).get("steps")).toContain(name.slice(0, 4));
});

test("the keyboard alone compares two values of a label", async ({ shop, page }) => {
  await page.goto(heatmap(shop, { rows: "label", by: "version" }));
  const grid = map(page);
  await grid.focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("gridcell")).toContainText(/v[12], /);
  for (let i = 0; i < 40; i++) await page.keyboard.press("Shift+ArrowLeft");
  await expect(panel(page)).toContainText("Selected");
  await page.keyboard.press("ArrowDown");
  for (let i = 0; i < 40; i++) await page.keyboard.press("Shift+ArrowRight");
  await expect(panel(page)).toContainText("Comparison");
  const [first, second] = [address(page).get("sel"), address(page).get("sel2")];
  expect([first, second].map((text) => text.split(";")[1]).sort()).toEqual(["=v1", "=v2"]);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/compare\?/);
  const filters = ["filter", "b.filter"].map((key) => address(page).get(key)).sort();
  expect(filters).toEqual(['{version="v1"}', '{version="v2"}']);
  await expect(page.getByLabel("Summary")).toContainText("comparison");
  await page.goBack();
  await expect(panel(page)).toBeVisible();
  await grid.focus();
  await page.keyboard.press("Escape");
  await expect(panel(page)).toBeHidden();
  await expect(page).not.toHaveURL(/sel=/);
});

test("the value of each cell is announced, and a table shows the same rows", async ({ shop, page }) => {
  await page.goto(heatmap(shop, { rows: "values" }));
  await map(page).focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("gridcell")).toContainText(/\d of the column|no data|: \d/);
  await expect(page.locator(".tooltip")).toContainText("Value");
  await page.getByRole("button", { name: "Show as table" }).click();
  const rows = Number(await map(page).getAttribute("aria-rowcount"));
  await expect(page.getByRole("table").getByRole("rowheader")).toHaveCount(rows);
  const caption = page.getByText(/rows; columns \d+ to \d+ of \d+/);
  const seen = await caption.textContent();
  await expect(page.getByRole("table").getByRole("cell", { name: /\d/ }).first()).toBeAttached();
  await page.getByRole("button", { name: "Earlier columns" }).click();
  await expect(caption).not.toHaveText(seen);
});

test("the column that is still filling is said to be so", async ({ shop, page }) => {
  await page.goto(heatmap(shop, { until: "now" }));
  await expect(page.getByLabel("Summary")).toContainText("the last column is still filling");
  await expect(page.getByRole("group", { name: "Legend" })).toContainText("still filling");
  await map(page).focus();
  await page.keyboard.press("End");
  await expect(page.getByRole("gridcell")).toContainText("still filling");
});

test("dragging horizontally with a finger selects, and pressing and holding shows the value of a cell", async ({ shop, browser }) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const page = await context.newPage();
  await page.goto(heatmap(shop));
  await expect(map(page)).toBeVisible();
  await expect(page.getByLabel("Summary")).toBeVisible();
  const { x, y, width } = await map(page).boundingBox();
  const touch = await context.newCDPSession(page);
  const send = (type, points) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: points });
  await send("touchStart", [{ x: x + width * 0.5, y: y + 20 }]);
  for (const share of [0.55, 0.65, 0.8, 0.95]) await send("touchMove", [{ x: x + width * share, y: y + 20 }]);
  await send("touchEnd", []);
  await expect(page).toHaveURL(/sel=/);
  await expect(page.locator(".tooltip")).toBeHidden();
  await send("touchStart", [{ x: x + width * 0.9, y: y + 40 }]);
  await expect(page.locator(".tooltip")).toContainText("Time");
  await send("touchEnd", []);
  await expect(page).not.toHaveURL(/sel2=/);
  await context.close();
});

test("a missing label, an invalid filter and an empty range are explained", async ({ shop, page }) => {
  await page.goto(heatmap(shop, { rows: "label" }));
  await page.getByRole("button", { name: "version", exact: true }).click();
  await expect(page).toHaveURL(/by=version/);
  await expect(map(page)).toBeVisible();
  await page.goto(heatmap(shop, { filter: "{region=}" }));
  await expect(page.getByText("Fix the error in the filter above.")).toBeVisible();
  await page.goto(heatmap(shop, { from: "1000000000000", until: "1000003600000" }));
  await expect(page.getByText(/^No profiles in /)).toBeVisible();
  await page.goto(heatmap(shop, { service: "nobody" }));
  await expect(page.getByText("Unknown service “nobody”")).toBeVisible();
});

const OFFSETS = "../crates/profile/testdata/jfr/shop.jfr.gz";
const seconds = (page) => page.getByRole("grid", { name: "Sub-second offsets" });

async function open(page, url, search = "") {
  await page.goto(`${url}/local${search}`);
  await page.locator("input[type=file]").first().setInputFiles(OFFSETS);
}

test("selections of sub-second offsets of a local file show their flame graph and their difference", async ({ fresh, page }) => {
  await open(page, fresh.url);
  await page.getByRole("button", { name: "Sub-second" }).click();
  await expect(seconds(page)).toBeVisible();
  await drag(page, seconds(page), [0.25, 0.9], [0.4, 0.2]);
  await expect(panel(page)).toContainText("samples");
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await drag(page, seconds(page), [0.6, 0.9], [0.7, 0.2]);
  await expect(page.getByRole("tree", { name: "Flame graph of the difference" })).toBeVisible();
  await page.getByRole("button", { name: "Remove selection 1" }).click();
  await expect(page.getByRole("tree", { name: "Flame graph", exact: true })).toBeVisible();
  const search = new URL(page.url()).search;
  const text = await panel(page).textContent();
  await open(page, fresh.url, search);
  await expect(panel(page)).toHaveText(text);
  await page.getByLabel("Select a rectangle instead of a time range").check();
  await expect(panel(page)).toBeHidden();
  await drag(page, seconds(page), [0.1, 0.9], [0.9, 0.8]);
  await expect(panel(page)).toContainText("seconds 0 to 5");
});

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    const screen = `${colorScheme}, ${viewport.width} wide`;

    test(`fits the screen and meets axe-core's rules: ${screen}`, async ({ shop, page }, info) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      for (const rows of ["functions", "values"]) {
        await page.goto(heatmap(shop, { rows }));
        await expect(map(page)).toBeVisible();
        await expect(page.getByLabel("Summary")).toBeVisible();
        await drag(page, map(page), [0.01, 0.1], [0.99, 0.4]);
        await expect(panel(page)).toBeVisible();
        if (rows === "values") await page.getByRole("button", { name: "Show as table" }).click();
        await expectAccessible(page);
        await page.screenshot({ path: info.outputPath(`${rows}.png`) });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        expect(wide).toBe(false);
      }
    });

    test(`sub-second offsets meet axe-core's rules: ${screen}`, async ({ fresh, page }, info) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await open(page, fresh.url, "?show=subsecond&sel=1.3-2.7&sel2=3.3-4.7");
      await expect(panel(page)).toContainText("Comparison");
      await expectAccessible(page);
      await page.screenshot({ path: info.outputPath("offsets.png") });
    });
  }
}
