// Keyboard only: help, views, service, zoom in and out.
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
  await expect(page.getByRole("link", { name: "Skip to the profile" })).toBeFocused();
});
