// The time of both sides of a comparison in one chart: its bands are moved by keyboard and pointer, and are in the address.
import { expect, expectAccessible, test } from "../shop.mjs";

const versions = (shop) =>
  shop.explore({ filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until }).replace("/explore?", "/compare?");
const param = (page, name) => new URL(page.url()).searchParams.get(name);
const slider = (page, name) => page.getByRole("slider", { name });
const card = (page) => page.getByRole("region", { name: "Timeline" });

async function open(page, shop) {
  await page.goto(versions(shop));
  await expect(page.getByText(/^Timeline of \d+ intervals/)).toBeAttached();
}

test("an edge is moved by keyboard, and the other side stays", async ({ shop, page }) => {
  await open(page, shop);
  const start = slider(page, "Start of the comparison");
  await expect(start).toHaveAttribute("aria-valuetext", /^\d{4}-\d\d-\d\d \d\d:\d\d/);
  const told = await start.getAttribute("aria-valuetext");
  await start.focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(() => param(page, "from")).not.toBe(shop.recorded.from);
  expect(Date.parse(param(page, "from"))).toBeGreaterThan(Date.parse(shop.recorded.from));
  expect([param(page, "until"), param(page, "b.from"), param(page, "b.until")]).toEqual([shop.recorded.until, shop.recorded.from, shop.recorded.until]);
  await expect(start).not.toHaveAttribute("aria-valuetext", told);
  await expect(start).toBeFocused();
  await page.goBack();
  await expect(start).toHaveAttribute("aria-valuetext", told);
});

test("an edge is dragged, and Escape leaves everything as it was", async ({ shop, page }) => {
  await open(page, shop);
  const end = slider(page, "End of the baseline");
  const { x, y, width, height } = await end.boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x - 100, y + height / 2, { steps: 4 });
  expect(param(page, "b.until")).toBe(shop.recorded.until);
  await page.mouse.up();
  await expect.poll(() => param(page, "b.until")).not.toBe(shop.recorded.until);
  expect(Date.parse(param(page, "b.until"))).toBeLessThan(Date.parse(shop.recorded.until));
  expect(param(page, "until")).toBe(shop.recorded.until);
  await expect(card(page)).toHaveAttribute("aria-busy", "false");
  const moved = param(page, "b.until");
  const told = await end.getAttribute("aria-valuetext");
  await end.focus();
  await page.keyboard.down("PageDown");
  await expect(end).not.toHaveAttribute("aria-valuetext", told);
  await page.keyboard.press("Escape");
  await expect(end).toHaveAttribute("aria-valuetext", told);
  await page.keyboard.up("PageDown");
  expect(param(page, "b.until")).toBe(moved);
});

test("versions that are compared are lines of the chart", async ({ shop, page }) => {
  await open(page, shop);
  const legend = card(page).getByRole("list", { name: "Legend" });
  await expect(legend.getByText("v1")).toBeVisible();
  await expect(legend.getByText("v2")).toBeVisible();
  await expectAccessible(page);
});
