// The first visitor of a server at hand claims it in one step and sees its flame graph.
import { ann, expect, expectAccessible, test } from "../../people.mjs";

test("a first visitor claims the server and sees its flame graph", async ({ unclaimed, page }) => {
  await page.goto(unclaimed.url);
  await expect(page).toHaveURL(/\/claim/);
  await expect(page.getByRole("heading", { name: "Make this Flarepath yours" })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Name", { exact: true }).fill(ann.name);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Claim and open" }).click();
  // The browser itself says that it is too short; nothing was sent.
  await expect(page).toHaveURL(/\/claim/);
  await page.getByLabel("Password", { exact: true }).fill(ann.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible({ timeout: 25_000 });
  await page.getByRole("link", { name: "Account" }).click();
  await expect(page.getByText("signs in as ann")).toBeVisible();
});

test("nobody claims what is claimed", async ({ guarded, page }) => {
  await page.goto(`${guarded.url}/claim`);
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"]) {
  test(`claiming works on a phone (${colorScheme})`, async ({ unclaimed, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${unclaimed.url}/claim`);
    await expect(page.getByRole("button", { name: "Claim and open" })).toBeInViewport();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await expectAccessible(page);
  });
}
