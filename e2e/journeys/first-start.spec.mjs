// A person starts the server and opens the page: within 20 seconds there is a live flame graph, unconfigured.
import { expect, expectAccessible, test } from "../shop.mjs";

test("the first start shows a flame graph of the server itself", async ({ fresh, page }) => {
  await page.goto(fresh.url);
  const flame = page.getByRole("tree", { name: "Flame graph" });
  await expect(flame).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("combobox", { name: "Service", exact: true })).toHaveValue("flarepath");
  await expect(flame.getByRole("treeitem").first()).toBeAttached();
  expect(new URL(page.url()).searchParams.get("service")).toBe("flarepath");
  await expectAccessible(page);
});
