// A new server shows a flame graph without configuration: it profiles itself.
import { expect, expectAccessible, test } from "../shop.mjs";

test("the first start shows a flame graph of the server itself", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/explore`);
  const flame = page.getByRole("tree", { name: "Flame graph" });
  await expect(flame).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Service", exact: true })).toHaveValue("flarepath");
  await expect(flame.getByRole("treeitem").first()).toBeAttached();
  await expect(page).toHaveURL(/[?&]service=flarepath(&|$)/);
  await expectAccessible(page);
});
