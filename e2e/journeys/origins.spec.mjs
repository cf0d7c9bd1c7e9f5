// Colours by the origin of code: the chips under the graph are its legend and a filter, which is in the address.
import { expect, expectAccessible, openView, test } from "../shop.mjs";

const chips = (page) => page.getByRole("group", { name: "Origin of code, share of self cost" });
const chip = (page, name) => chips(page).getByRole("button", { name });
const transforms = (page) => page.getByRole("list", { name: "Transforms and highlights" });

test("a chip shows only own code without losing a value, and pressed again all of it", async ({ shop, page }) => {
  await page.goto(shop.explore({ mode: "flame" }));
  const own = chip(page, /^Own code .*%$/);
  await expect(own).toHaveAttribute("aria-pressed", "false");
  await expectAccessible(page);
  // With the first transform, the full program takes over and requests the tree again.
  const handedOver = page.waitForResponse(/call-tree/);
  await own.click();
  await handedOver;
  await expect(page).toHaveURL(/steps=origin/);
  await expect(transforms(page).getByText("own code")).toBeVisible();
  await expect(page.getByText("100 % of the total remains")).toBeVisible();
  await expect(own).toHaveAttribute("aria-pressed", "true");
  await chip(page, /^Runtime/).click();
  await expect(transforms(page).getByText("own code, runtime")).toBeVisible();
  await page.reload();
  await expect(chip(page, /^Runtime/)).toHaveAttribute("aria-pressed", "true");
  await expect(own).toHaveAttribute("aria-pressed", "true");
  await own.click();
  await expect(own).toHaveAttribute("aria-pressed", "false");
  await chip(page, /^Runtime/).click();
  await expect(transforms(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/steps=/);
});

test("links to colours by package keep their meaning", async ({ shop, page }) => {
  await page.goto(shop.explore({ mode: "flame", color: "package" }));
  const select = (await openView(page)).getByLabel("Colour by");
  await expect(select).toHaveValue("package");
  await expect(chips(page)).toHaveCount(0);
  await select.selectOption("origin");
  await expect(chip(page, /^Own code/)).toBeVisible();
  await expect(page).not.toHaveURL(/color=/);
});

test("a search keeps the chips and the picture", async ({ shop, page }) => {
  await page.goto(shop.explore({ mode: "flame", q: "handle_order" }));
  await expect(page.locator("#search-status")).toContainText("%");
  await expect(chip(page, /^Own code/)).toBeVisible();
});
