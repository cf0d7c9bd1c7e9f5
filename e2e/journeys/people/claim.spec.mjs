// The first visitor claims a new server and sees its flame graph.
import { ann, expect, expectAccessible, test } from "../../people.mjs";

test("the first visitor claims the server and sees its flame graph", async ({ unclaimed, page }) => {
  await page.goto(unclaimed.url);
  await expect(page).toHaveURL(/\/claim/);
  await expect(page.getByRole("heading", { name: "Claim this server" })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("User name", { exact: true }).fill(ann.name);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Claim server" }).click();
  // The browser rejects short passwords; nothing was sent.
  await expect(page).toHaveURL(/\/claim/);
  await page.getByLabel("Password", { exact: true }).fill(ann.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Home", level: 1 })).toBeAttached();
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Explore" }).click();
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await page.getByRole("banner").getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("link", { name: "Settings" }).click();
  await expect(page.getByText("user name: ann")).toBeVisible();
});

test("a claimed server cannot be claimed again", async ({ guarded, page }) => {
  await page.goto(`${guarded.url}/claim`);
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"]) {
  test(`claiming works on a phone (${colorScheme})`, async ({ unclaimed, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${unclaimed.url}/claim`);
    await expect(page.getByRole("button", { name: "Claim server" })).toBeInViewport();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await expectAccessible(page);
  });
}
