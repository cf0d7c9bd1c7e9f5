// The call tree: expanded by pointer, keyboard and search; of a local file, of a difference, in a snapshot and on a phone.
import { expect, expectAccessible, openSide, openView, test } from "../shop.mjs";
import { openElsewhere, share } from "../sharing.mjs";

const BEFORE = "main;read_config 30\nmain;serve;parse 40\nmain;serve;render 30\n";
const AFTER = "main;read_config 30\nmain;serve;parse 40\nmain;serve;render;escape 90\n";

const tree = (page) => page.getByRole("treegrid", { name: "Call tree" });
const rows = (page) => tree(page).locator(".top-row");
const names = (page) => tree(page).locator(".top-row .top-text");
const row = (page, name) => rows(page).filter({ has: page.getByText(name, { exact: true }) });
const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });

async function openLocal(page, url, text) {
  await page.goto(`${url}/local`);
  await page.locator("input[type=file]").first().setInputFiles(file("cpu.folded", text));
  await page.getByRole("button", { name: "Call tree", exact: true }).click();
  await expect(page).toHaveURL(/mode=calltree/);
}

/** The texts of all rows on screen: for each function, those of its cells by the heading of the column. */
function cells(grid) {
  return grid.evaluate((grid) => {
    const heads = [...grid.querySelectorAll("[role=columnheader]")].map((head) => head.textContent.replace(/ [▲▼]/, "").trim());
    const texts = (row) => [...row.querySelectorAll("[role=gridcell]")].map((cell) => cell.textContent);
    const all = [...grid.querySelectorAll(".top-row")].map((row) => [
      row.querySelector(".top-text").textContent,
      Object.fromEntries(texts(row).map((text, at) => [heads[at], text])),
    ]);
    return Object.fromEntries(all);
  });
}

test("a local file is expanded and collapsed by keyboard and by pointer", async ({ fresh, page }) => {
  await openLocal(page, fresh.url, BEFORE);
  // Expanded down to where most of the cost is.
  await expect(names(page)).toHaveText(["total", "main", "serve", "parse", "render", "read_config"]);
  await expect(row(page, "parse")).toHaveAttribute("aria-level", "4");
  await expect(row(page, "render")).toHaveAttribute("aria-posinset", "2");
  await expect(row(page, "main").locator(".tree-cost").nth(1)).toHaveText("100");
  await tree(page).press("ArrowDown");
  await tree(page).press("ArrowLeft");
  await expect(row(page, "main")).toHaveAttribute("aria-expanded", "false");
  await expect(names(page)).toHaveText(["total", "main"]);
  await tree(page).press("ArrowRight");
  await expect(row(page, "main")).toHaveAttribute("aria-expanded", "true");
  await tree(page).press("ArrowRight");
  await expect(tree(page)).toHaveAttribute("aria-activedescendant", "calls-row-2");
  await tree(page).press("ArrowLeft");
  await expect(names(page)).toHaveText(["total", "main", "serve", "read_config"]);
  await tree(page).press("ArrowLeft");
  await expect(tree(page)).toHaveAttribute("aria-activedescendant", "calls-row-1");
  await tree(page).press("*");
  await expect(names(page)).toHaveText(["total", "main", "serve", "parse", "render", "read_config"]);
  await page.getByRole("button", { name: "Collapse serve", exact: true }).click();
  await expect(names(page)).toHaveText(["total", "main", "serve", "read_config"]);
  await expectAccessible(page);
});

test("the selected row is the zoom of the flame graph and in the address", async ({ fresh, page }) => {
  await openLocal(page, fresh.url, BEFORE);
  await expect(names(page)).toHaveCount(6);
  await row(page, "serve").click();
  await expect(page).toHaveURL(/zoom=main(;|%3B)serve/);
  await expect(row(page, "serve")).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("1");
  await expect(page.getByRole("navigation", { name: "Zoom" })).toContainText("serve");
  await page.keyboard.press("4");
  await expect(row(page, "serve")).toHaveAttribute("aria-selected", "true");
  await tree(page).press("m");
  await page.getByRole("menuitem", { name: /Focus on function/ }).click();
  await expect(page.getByRole("list", { name: "Transforms and highlights" })).toBeVisible();
  await expect(names(page).first()).toHaveText("total");
  await expect(row(page, "read_config")).toHaveCount(0);
});

test("the search marks matches, and the next match is revealed", async ({ fresh, page }) => {
  await openLocal(page, fresh.url, BEFORE);
  await expect(names(page)).toHaveCount(6);
  await page.getByRole("button", { name: "Collapse main", exact: true }).click();
  await expect(names(page)).toHaveText(["total", "main"]);
  await page.locator(".search-field").fill("render");
  await expect(page.locator("#search-status")).toContainText("%");
  await page.locator(".search-field").press("Enter");
  await expect(tree(page).locator(".top-row.current .tree-name.found")).toContainText("render");
  await expect(tree(page).locator(".found")).toHaveCount(1);
});

test("an inverted tree begins with the functions that ran", async ({ fresh, page }) => {
  await openLocal(page, fresh.url, BEFORE);
  await expect(names(page)).toHaveCount(6);
  await (await openView(page)).getByRole("checkbox", { name: "Inverted" }).check();
  await expect(row(page, "parse")).toHaveAttribute("aria-level", "2");
});

for (const scale of ["share", "absolute"]) {
  test(`a difference has the numbers of the table: ${scale}`, async ({ fresh, page }) => {
    await page.goto(`${fresh.url}/compare`);
    for (const [name, text] of [["Baseline", BEFORE], ["Comparison", AFTER]]) {
      const side = await openSide(page, name);
      await side.getByRole("button", { name: "Local file" }).click();
      await side.locator("input[type=file]").setInputFiles(file(`${name}.folded`, text));
    }
    await expect(page.getByLabel("Summary")).toContainText("comparison Comparison.folded: 160 in total");
    await (await openView(page)).getByRole("combobox", { name: /^Compare/ }).selectOption(scale);
    await page.getByRole("button", { name: "Table", exact: true }).click();
    const table = page.getByRole("grid", { name: "Functions" });
    await expect(table.getByText("escape", { exact: true })).toBeVisible();
    const expected = await cells(table);
    await page.getByRole("button", { name: "Call tree", exact: true }).click();
    // Keys have an effect once there are rows.
    await expect(rows(page).nth(1)).toBeVisible();
    await tree(page).press("Home");
    await tree(page).press("*");
    await expect(rows(page)).toHaveCount(7);
    const found = await cells(tree(page));
    // The table lists no root, and may fold functions. Here, each function is in one place of the tree.
    const both = Object.keys(found).filter((name) => expected[name]);
    expect(both.length).toBeGreaterThan(2);
    for (const name of both) {
      for (const column of ["Δ self", "Δ total", "Baseline total", "Comparison total"]) {
        expect(found[name][column], `${name}: ${column}`).toBe(expected[name][column]);
      }
    }
    await expectAccessible(page);
  });
}

test("a snapshot shows the cells of the screen", async ({ shop, page, browser }) => {
  await page.goto(shop.explore({ mode: "calltree" }));
  await expect(rows(page).nth(2)).toBeVisible();
  const seen = await cells(tree(page));
  const link = await share(page, { title: "As a tree" });
  const other = await openElsewhere(browser, link);
  await expect(rows(other.page).nth(2)).toBeVisible();
  expect(await cells(tree(other.page))).toEqual(seen);
  await expectAccessible(other.page);
  expect(other.problems).toEqual([]);
  await other.close();
});

test("the sandwich has its list of functions beside it", async ({ shop, page }) => {
  await page.goto(shop.explore({ mode: "sandwich" }));
  const list = page.getByRole("grid", { name: "Functions" });
  const sandwich = page.getByRole("region", { name: "Sandwich view" });
  // Without a choice, that of the first function.
  await expect(sandwich.locator(".sandwich-name")).toHaveText((await list.locator(".top-row .top-name").first().getAttribute("title")).split("\n")[0]);
  await list.locator(".top-row").nth(1).click();
  await expect(page).toHaveURL(/fn=/);
  await expect(sandwich.locator(".sandwich-name")).toHaveText(new URL(page.url()).searchParams.get("fn"));
  await expect(list.locator(".top-row[aria-selected=true]")).toHaveCount(1);
  await expectAccessible(page);
});

test("a phone shows the call tree without scrolling sideways, and one of list and sandwich", async ({ fresh, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openLocal(page, fresh.url, BEFORE);
  await expect(names(page)).toHaveCount(6);
  await expectAccessible(page);
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await overflow()).toBeLessThanOrEqual(0);
  expect(await tree(page).evaluate((grid) => grid.scrollWidth - grid.clientWidth)).toBeLessThanOrEqual(0);
  const [name, ...costs] = await row(page, "main").locator(".tree-name, .tree-cost").evaluateAll((all) => all.map((cell) => cell.getBoundingClientRect().toJSON()));
  expect(costs).toHaveLength(3);
  for (const cost of costs) expect(cost.top).toBeGreaterThanOrEqual(name.bottom - 1);
  await page.getByRole("button", { name: "Sandwich", exact: true }).click();
  const list = page.getByRole("grid", { name: "Functions" });
  await list.locator(".top-row").first().click();
  await expect(page.getByRole("region", { name: "Sandwich view" })).toBeVisible();
  await expect(list).toHaveCount(0);
  expect(await overflow()).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Choose another function" }).click();
  await expect(list).toBeVisible();
});
