// The header holds the pages and the account at every width, and the account menu opens from every page.
import { expect, expectAccessible, test } from "../shop.mjs";

const account = (page) => page.getByRole("banner").getByRole("button", { name: /^Account/ });

/** What lies over something else, or outside of the window. */
const misplaced = (header) => {
  const parts = [...header.children].map((part) => [part.className || part.tagName, part.getBoundingClientRect()]);
  const outside = parts.filter(([, at]) => at.left < 0 || at.right > innerWidth).map(([name]) => `${name} is outside`);
  const over = parts.flatMap(([name, a], i) =>
    parts
      .slice(i + 1)
      .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map(([other]) => `${name} over ${other}`),
  );
  return [...outside, ...over];
};

test("nothing in the header overlaps from 320 px to 2560 px", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await expect(account(page)).toBeVisible();
  for (const width of [320, 390, 640, 641, 735, 1024, 2560]) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.getByRole("banner").evaluate(misplaced), `${width} px`).toEqual([]);
    for (const name of ["Local file", "Explore"]) {
      const link = page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name });
      await link.scrollIntoViewIfNeeded();
      await expect(link, `${width} px`).toBeInViewport({ ratio: 0.9 });
    }
  }
});

test("the header has room for nine pages at 1024 px", async ({ shop, page }) => {
  await page.setViewportSize({ width: 1024, height: 800 });
  await page.goto(shop.explore());
  const pages = page.getByRole("navigation", { name: "Pages" });
  await expect(account(page)).toBeVisible();
  const hidden = await pages.evaluate((nav) => {
    for (const name of ["Trends", "Boards", "Alerts"]) {
      const link = nav.lastElementChild.cloneNode();
      link.textContent = name;
      nav.append(link);
    }
    return nav.scrollWidth - nav.clientWidth;
  });
  expect(hidden).toBeLessThanOrEqual(0);
});

test("the account menu has the API, the shortcuts and the time zone", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await account(page).click();
  const menu = page.getByRole("dialog", { name: "Account of local" });
  await expect(menu.getByRole("link", { name: "Settings" })).toBeVisible();
  await expectAccessible(page);
  await expect(menu.getByRole("link", { name: "API documentation" })).toHaveAttribute("href", "/api/docs");
  await menu.getByRole("checkbox", { name: "Show times in UTC" }).check();
  await page.reload();
  await account(page).click();
  await expect(menu.getByRole("checkbox", { name: "Show times in UTC" })).toBeChecked();
  await menu.getByRole("button", { name: "Keyboard shortcuts" }).click();
  const keys = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(keys).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(keys).toBeHidden();
  await expect(account(page)).toBeFocused();
  await account(page).click();
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(account(page)).toBeFocused();
});

test("if the account menu cannot be loaded, the page says so", async ({ shop, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource|Failed to fetch|net::ERR|Event" });
  await page.route(/\/full-[0-9a-f]+\.js(\?|$)/, (route) => route.abort());
  await page.goto(shop.explore());
  await account(page).click();
  await expect(page.getByRole("banner").getByRole("alert")).toContainText("cannot be loaded");
});
