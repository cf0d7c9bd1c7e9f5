// The page of the API has the look of the app, and a way back.
import { expect, expectAccessible, test } from "../shop.mjs";

for (const colorScheme of ["light", "dark"]) {
  test(`the API page meets axe-core's rules, and leads back to Explore (${colorScheme})`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${shop.url}/api/docs`);
    await expect(page.locator("details").first()).toBeVisible();
    await expect(page.locator("html")).toHaveAttribute("data-theme", colorScheme);
    await expectAccessible(page);
    await expect(page.locator("#about code").first()).toBeVisible();
    expect(await page.getByRole("main").textContent()).not.toContain("`");
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).not.toBe("rgba(0, 0, 0, 0)");
    await page.getByRole("link", { name: "Back to Explore" }).click();
    await expect(page).toHaveURL(/\/explore/);
  });
}
