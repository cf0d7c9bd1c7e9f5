// The theme is dark, light or the system's; a choice is kept, and both meet axe-core's rules.
import { expect, expectAccessible, test } from "../shop.mjs";

for (const scheme of ["light", "dark"]) {
  test(`Explore follows a system that prefers ${scheme}, and meets axe-core's rules`, async ({ shop, page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(shop.explore({ mode: "both" }));
    await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
    await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
    await expectAccessible(page);
  });
}

test("a chosen theme overrides the system's and is kept", async ({ shop, page }) => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(shop.explore());
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const theme = page.getByRole("combobox", { name: "Theme" });
  await expect(theme).toBeVisible();
  const light = await background();
  await theme.selectOption("dark");
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  await expect(theme).toHaveValue("dark");
  await expect.poll(background).toBe(dark);
});
