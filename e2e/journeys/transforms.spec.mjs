// Transforming the tree from the menu, by key and by search. Each transform is a chip, is in the address, and can be undone.
import { expect, expectAccessible, openView, test } from "../shop.mjs";

const flame = (page) => page.getByRole("tree", { name: "Flame graph" });
const chips = (page) => page.getByRole("list", { name: "Transforms and highlights" });

/** Opens Explore and selects the first box of a function. */
async function select(page, shop, name) {
  await page.goto(shop.explore({ mode: "flame", q: name }));
  await expect(page.locator("#search-status")).toContainText("%");
  await flame(page).focus();
  await page.keyboard.press("n");
  await expect(page.locator("#search-status")).toContainText("1 of");
}

test("a transform from the menu is a chip and in the address, and going back undoes it", async ({ shop, page }) => {
  await select(page, shop, "handle_order");
  await page.keyboard.press("m");
  await page.getByRole("menuitem", { name: "Focus on subtree only" }).click();
  await expect(chips(page).getByText("only below")).toBeVisible();
  await expect(page.getByText(/% of the total remains/)).toBeVisible();
  await expect(page).toHaveURL(/steps=path/);
  await page.reload();
  await expect(chips(page).getByText("only below")).toBeVisible();
  await page.goBack();
  await expect(chips(page)).toHaveCount(0);
});

test("keys transform the tree at the selected function, and chips undo transforms one by one", async ({ shop, page }) => {
  await select(page, shop, "handle_order");
  // With the first transform, the full program takes over and requests the tree again.
  const handedOver = page.waitForResponse(/call-tree/);
  await page.keyboard.press("f");
  await handedOver;
  await expect(chips(page).getByText("only through")).toBeVisible();
  await page.keyboard.press("i");
  await expect(chips(page).getByText("inverted")).toBeVisible();
  await expect((await openView(page)).getByRole("checkbox", { name: "Inverted" })).toBeChecked();
  await chips(page).getByRole("button", { name: /Remove: only through/ }).click();
  await expect(chips(page).getByRole("listitem")).toHaveCount(2);
  await chips(page).getByRole("button", { name: "Clear all" }).click();
  await expect(chips(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/steps=/);
});

test("matching stacks are kept or dropped, and the two shares add up to the total", async ({ shop, page }) => {
  await page.goto(shop.explore({ mode: "table", q: "parse_c.rt", re: "1" }));
  const share = async (name) => {
    await (await openView(page)).getByRole("button", { name }).click();
    const text = await page.getByText(/% of the total remains/).textContent();
    await page.goBack();
    await expect(chips(page)).toHaveCount(0);
    await expect(page.getByText(/% of the total remains/)).toHaveCount(0);
    return Number.parseFloat(text);
  };
  const kept = await share("Keep matching stacks");
  expect(kept).toBeGreaterThan(0);
  expect(kept + (await share("Drop matching stacks"))).toBeCloseTo(100, 0);
});

test("links of earlier versions still work", async ({ shop, page }) => {
  await page.goto(shop.explore({ mode: "table", focus: "demo::checkout::parse_cart", hide: "start_thread;clone3", inv: "1" }));
  await expect(chips(page).getByRole("listitem")).toHaveCount(5);
});

test("the sandwich view covers only stacks kept by transforms, also in an inverted tree", async ({ shop, page }) => {
  const sum = page.locator(".sandwich-sum");
  const open = (steps) => page.goto(shop.explore({ mode: "sandwich", fn: "start_thread", steps }));
  await open("with:handle_order");
  await expect(chips(page).getByRole("listitem").first()).toBeVisible();
  const kept = await sum.textContent();
  await open("with:handle_order,invert");
  await expect(sum).toHaveText(kept);
  await open("");
  await expect(sum).not.toHaveText(kept);
});

test("transforms that keep nothing or have an invalid pattern are explained", async ({ shop, page }) => {
  await page.goto(shop.explore({ mode: "table", steps: "with:no such function" }));
  await expect(page.getByText("No stacks match all the transforms above.")).toBeVisible();
  await page.goto(shop.explore({ mode: "table", steps: "match:handle_(" }));
  await expect(page.getByRole("alert").getByText(/is not a valid pattern/)).toBeVisible();
});

for (const colorScheme of ["light", "dark"]) {
  test(`transforms work on a phone and meet axe-core's rules (${colorScheme})`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(shop.explore({ steps: "merge:start_thread,package,invert" }));
    await expect(chips(page).getByRole("listitem")).toHaveCount(4);
    await expectAccessible(page);
    await page.getByRole("button", { name: /^Menu of/ }).first().click();
    await expectAccessible(page);
  });
}
