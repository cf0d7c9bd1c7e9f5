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
  const account = page.getByRole("banner").getByRole("button", { name: /^Account/ });
  const theme = (name) => page.getByRole("group", { name: "Theme" }).getByRole("button", { name, exact: true });
  await account.click();
  await expect(theme("System")).toHaveAttribute("aria-pressed", "true");
  const light = await background();
  await theme("Dark").click();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  await account.click();
  await expect(theme("Dark")).toHaveAttribute("aria-pressed", "true");
  await expect.poll(background).toBe(dark);
  await expectAccessible(page);
});
