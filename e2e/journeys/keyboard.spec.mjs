// Keyboard only: help, views, service, zoom in and out, pages and commands, and where the focus goes.
import { replay } from "../recorded.mjs";
import { startServer } from "../server.mjs";
import { expectReady, shareDialog } from "../sharing.mjs";
import { expect, selectCallee, test } from "../shop.mjs";

test("help, views, the service and the zoom are reached by keyboard", async ({ shop, page }) => {
  await page.goto(shop.explore());
  const flame = page.getByRole("tree", { name: "Flame graph" });
  await expect(flame).toBeVisible();

  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
  // The full program has taken over, and loads the profile again.
  await expect(flame).toBeVisible();

  await page.keyboard.press("2");
  await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
  await page.keyboard.press("4");
  await expect(page.getByRole("treegrid", { name: "Call tree" })).toBeVisible();
  await page.keyboard.press("1");
  await expect(flame).toBeVisible();

  await page.keyboard.press("g");
  await expect(page.getByRole("combobox", { name: "Service", exact: true })).toBeFocused();
  await page.keyboard.press("Escape");

  await selectCallee(flame);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/zoom=/);
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/zoom=/);
});

test("the first Tab stop skips the header", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
});

/** Keys that are counted: each of a chord, and each letter. */
function countedKeys(page) {
  let count = 0;
  const press = async (key) => {
    count += key.split("+").length;
    await page.keyboard.press(key);
  };
  return {
    press,
    type: async (text) => {
      count += text.length;
      await page.keyboard.type(text);
    },
    /** Tabs to an element. */
    reach: async (target) => {
      const reached = () => target.evaluate((element) => element === document.activeElement);
      for (let stops = 0; stops < 20 && !(await reached()); stops++) await press("Tab");
      await expect(target).toBeFocused();
    },
    count: () => count,
  };
}

const expectFocusKept = (page) => expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");

test("from the first page to the culprit on the clipboard in at most 40 keys", async ({ page, context }) => {
  test.setTimeout(600_000);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const server = await startServer({ selfProfile: false });
  await replay(server.url);
  await page.goto(`${server.url}/explore`);
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  const keys = countedKeys(page);

  await keys.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Search and commands" }).getByRole("combobox")).toBeFocused();
  await keys.type("check");
  await keys.press("Enter");
  await expect(page).toHaveURL(/service=checkout/);
  await expect(page.getByRole("dialog", { name: "Search and commands" })).toBeHidden();
  await keys.press("Shift+C");
  await expect(page).toHaveURL(/\/compare\?/);
  await expect(page.getByRole("heading", { name: "Compare", level: 1 })).toBeFocused();
  const verdict = page.getByRole("region", { name: "Verdict" }).getByRole("status");
  await expect(verdict).toContainText(/the largest (cause|change|increase) is /i, { timeout: 60_000 });
  await expect(verdict).toContainText("Regex::new");

  await keys.press("Shift+S");
  const dialog = shareDialog(page);
  await expect(dialog.getByRole("heading", { name: "Kept" })).toBeVisible();
  const copy = dialog.getByRole("button", { name: "Copy as Markdown" });
  await expectReady(copy);
  await keys.reach(copy);
  await keys.press("Enter");
  await expect(dialog.locator(".share-status")).toHaveText("Snapshot created. Markdown copied.");
  await expect(dialog.getByRole("textbox", { name: "Snapshot link" })).toHaveValue(/\/s\/[0-9a-z]{32}$/);
  await expect(dialog.getByRole("button", { name: "Copy link" })).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("Regex::new");
  expect(keys.count()).toBeLessThanOrEqual(40);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expectFocusKept(page);
  await server.stop();
});

test("pages and commands have keys, which are letters in a field", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  for (const [key, name] of [["h", "Heat map"], ["l", "Labels"], ["c", "Compare"], ["s", "Shares"], [",", "Settings"], ["f", "Local file"], ["o", "Home"], ["e", "Explore"]]) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await expect(page.getByRole("navigation", { name: "Pages" })).toBeVisible();
    const path = { h: "heatmap", l: "labels", c: "compare", s: "shares", ",": "settings", f: "local", o: "", e: "explore" }[key];
    await expect(page, name).toHaveURL(new RegExp(`/${path}(\\?|$)`));
    await expect(page.getByRole("heading", { level: 1 })).toBeAttached();
    await expectFocusKept(page);
  }
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await page.keyboard.press("Shift+T");
  await expect(page.getByRole("dialog", { name: /^Time range/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: /^Time range/ })).toBeFocused();
  const search = page.getByRole("searchbox", { name: "Search functions" });
  await page.keyboard.press("/");
  await page.keyboard.type("gcC");
  await expect(search).toHaveValue("gcC");
  await expect(page).toHaveURL(/\/explore\?/);
});

test("the focus moves to what is next to a control that goes away", async ({ shop, page }) => {
  const sides = { filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until };
  await page.goto(shop.explore({ ...sides, mode: "overlay" }).replace("/explore?", "/compare?"));
  await expect(page.getByRole("tree", { name: /Flame graph/ })).toBeVisible();
  const baselines = page.getByRole("button", { name: "Baselines", exact: true });
  const panel = page.getByRole("dialog", { name: "Baselines" });
  await page.keyboard.press("Shift+P");
  await expect(panel.getByRole("button").first()).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(panel.getByRole("button").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(panel).toBeHidden();
  await expect(baselines).toBeFocused();
  await page.keyboard.press("Shift+P");
  await expect(panel).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(baselines).toBeFocused();

  await page.goto(shop.explore({ filter: '{pod=~".+", version=~".+"}', steps: "recursion" }));
  // The transform has the full program take over; the first one has a link here.
  await expect(page.getByRole("button", { name: /^Account of/ })).toBeVisible();
  const filters = page.getByRole("group", { name: "Label filters" });
  const remove = filters.getByRole("button", { name: /^Remove filter/ });
  await expect(remove).toHaveCount(2);
  await remove.first().focus();
  await page.keyboard.press("Enter");
  await expect(remove).toHaveCount(1);
  await expect(remove).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(remove).toHaveCount(0);
  await expect(filters.getByRole("button", { name: "Filter", exact: true })).toBeFocused();

  const transform = page.getByRole("list", { name: "Transforms and highlights" }).getByRole("button", { name: /^Remove/ });
  await expect(transform).toHaveCount(1);
  await transform.focus();
  await page.keyboard.press("Enter");
  await expect(transform).toHaveCount(0);
  await expect(page.getByRole("button", { name: "View", exact: true })).toBeFocused();

  await page.keyboard.press("?");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "View", exact: true })).toBeFocused();
});
