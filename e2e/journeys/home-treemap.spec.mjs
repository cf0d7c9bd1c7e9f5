// Home as a treemap of cores, which is in the address and usable by keyboard; and the newest shares below the services.
import { fewServices, serveOverview } from "../overview.mjs";
import { send } from "../sharing.mjs";
import { expect, expectAccessible, test } from "../shop.mjs";

const treemap = (page) => page.getByRole("group", { name: "Services by cores, the largest first" });
const boxes = (page) => treemap(page).getByRole("link");
const view = (page, name) => page.getByRole("navigation", { name: "View" }).getByRole("link", { name });

for (const colorScheme of ["light", "dark"]) {
  test(`boxes are as large as cores are, and say what changed (${colorScheme})`, async ({ fresh, page }) => {
    await page.emulateMedia({ colorScheme });
    const asked = await serveOverview(page, fewServices(Date.now()));
    await page.goto(fresh.url);
    await view(page, "Treemap").click();
    await expect(page).toHaveURL(/view=treemap/);
    await expect(boxes(page)).toHaveCount(3);
    expect(asked.map((params) => params.get("sort"))).toContain("cores");
    const checkout = boxes(page).first();
    await expect(checkout).toContainText(/checkout\s*2\.5 cores \+38 %/);
    await expect(checkout).toHaveAttribute("title", /^checkout: 2\.5 cores \+38 %\. Regressed\./);
    const areas = await boxes(page).evaluateAll((all) => all.map((box) => box.offsetWidth * box.offsetHeight));
    expect(areas[0] / areas[1]).toBeGreaterThan((2.5 / 0.9) * 0.95);
    expect(areas[0] / areas[1]).toBeLessThan((2.5 / 0.9) * 1.05);
    await expect(page.getByText("Not drawn: 2 services without CPU profiles in this time range.")).toBeVisible();
    await expectAccessible(page);
    await page.reload();
    await expect(boxes(page)).toHaveCount(3);
    await view(page, "List").click();
    await expect(page.getByRole("grid", { name: "Services" })).toBeVisible();
    await expect(page).toHaveURL(`${fresh.url}/`);
  });
}

test("arrow keys go from box to box, Enter opens what changed", async ({ fresh, page }) => {
  await serveOverview(page, fewServices(Date.now()));
  await page.goto(`${fresh.url}/?view=treemap`);
  await expect(boxes(page)).toHaveCount(3);
  await boxes(page).first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(boxes(page).nth(1)).toBeFocused();
  await expect(boxes(page).nth(1)).toHaveAttribute("tabindex", "0");
  await page.keyboard.press("End");
  await expect(boxes(page).last()).toBeFocused();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/i\?service=checkout/);
});

test("what is beyond the two hundred largest is one box, which opens the list", async ({ fresh, page }) => {
  const many = Array.from({ length: 1200 }, (_, i) => ({ service: `service-${i}`, state: "unchanged", sentence: "No significant change.", cores: 1 }));
  await serveOverview(page, many);
  await page.goto(`${fresh.url}/?view=treemap`);
  await expect(boxes(page)).toHaveCount(201);
  const others = treemap(page).getByRole("link", { name: /^1,000 other services/ });
  await expect(others).toBeVisible();
  await others.click();
  await expect(page.getByRole("grid", { name: "Services" })).toBeVisible();
  await expect(page).toHaveURL(/\/\?sort=cores$/);
});

test("the newest shares are below the services", async ({ shop, page }) => {
  await page.goto(`${shop.url}/shares`);
  await expect(page.getByRole("heading", { level: 1, name: "Shares" })).toBeVisible();
  const query = new URL(shop.explore()).searchParams;
  const profiles = new URLSearchParams({
    type: query.get("type"),
    selector: '{service_name="checkout"}',
    from: query.get("from"),
    until: query.get("until"),
  });
  await send(page, "POST", "/api/v1/shares", { source: { kind: "explore", query: String(profiles) }, title: "Slow vouchers" });
  await page.getByRole("link", { name: "Flarepath" }).click();
  const recent = page.getByRole("region", { name: "Recent shares" });
  await expect(recent.getByRole("listitem").first()).toContainText("Slow vouchers");
  expect(await recent.getByRole("listitem").count()).toBeLessThanOrEqual(5);
  await expect(recent.getByRole("link", { name: "All shares" })).toHaveAttribute("href", "/shares");
  // On a first visit they come with the full program, while the first one has the page.
  await page.goto(shop.url);
  await expect(recent.getByRole("listitem").first()).toContainText("Slow vouchers");
  await expect(page.locator(".home-recent > .home-shares")).toHaveCount(1);
  await recent.getByRole("link", { name: "Slow vouchers" }).first().click();
  await expect(page).toHaveURL(/\/shares\/[0-9a-z]{26}/);
});
