// Touch on flame graph, flame chart and timeline: pinch zooms, drag pans, tap zooms and shows a tooltip, long press opens the menu.
import { expect, test } from "../shop.mjs";

test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

const V8 = "../crates/profile/testdata/v8/shop.cpuprofile";
const param = (page, name) => new URL(page.url()).searchParams.get(name);

/** Moves fingers on an element. Each step is a list of [x, y], as fractions of its size. */
async function fingers(page, target, steps, hold = 0) {
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  const client = await page.context().newCDPSession(page);
  const points = (step) => step.map(([x, y], id) => ({ x: box.x + box.width * x, y: box.y + box.height * y, id }));
  await client.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: points(steps[0]) });
  for (const step of steps.slice(1)) await client.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: points(step) });
  if (hold) await expect(page.getByRole("menu")).toBeVisible();
  await client.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await client.detach();
}

/** Steps of two fingers from the horizontal positions a and b to c and d. */
function spread([a, b], [c, d], y = 0.5) {
  const at = (t) => [[a + (c - a) * t, y], [b + (d - b) * t, y]];
  return [0, 0.25, 0.5, 0.75, 1].map(at);
}

async function fingersOn(page, tree, zoomed) {
  await fingers(page, tree, spread([0.4, 0.6], [0.1, 0.9]));
  await expect.poll(() => zoomed()).not.toBeNull();
  const before = zoomed();
  await fingers(page, tree, [0, 1, 2, 3].map((i) => [[0.7 - i * 0.15, 0.5]]));
  await expect.poll(() => zoomed()).not.toBe(before);
}

test("touch zooms and pans the flame graph, and opens its tooltip and menu", async ({ shop, page }) => {
  await page.goto(shop.explore({ mode: "flame" }));
  const tree = page.getByRole("tree", { name: "Flame graph" });
  await expect(tree).toBeVisible();
  await fingersOn(page, tree, () => param(page, "at"));
  await page.getByRole("button", { name: "Reset zoom" }).click();
  await expect(page).not.toHaveURL(/[?&]at=/);
  const box = await tree.boundingBox();
  await fingers(page, tree, [[[0.3, 30 / box.height]]]);
  await expect(page).toHaveURL(/zoom=/);
  await expect(page.locator(".tooltip")).toContainText("total");
  await fingers(page, tree, [[[0.3, 30 / box.height]]], 1);
  await expect(page.getByRole("menuitem", { name: /Copy name/ })).toBeVisible();
});

test("touch zooms and pans the flame chart and its minimap", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/local`);
  await page.locator("input[type=file]").first().setInputFiles(V8);
  await page.getByRole("button", { name: "Time order" }).click();
  const tree = page.getByRole("tree", { name: "Flame chart" });
  await expect(tree).toBeVisible();
  await fingersOn(page, tree, () => param(page, "t"));
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(page).not.toHaveURL(/[?&]t=/);
  await fingers(page, page.locator(".chart-minimap"), [0, 1, 2, 3].map((i) => [[0.3 + i * 0.1, 0.5]]));
  await expect(page).toHaveURL(/[?&]t=1\d{8}-2\d{8}/);
  await fingers(page, tree, [[[0.5, 0.05]]], 1);
  await expect(page.getByRole("menuitem", { name: /Copy name/ })).toBeVisible();
});

test("touch zooms the timeline and selects a range", async ({ shop, page }) => {
  await page.goto(shop.explore());
  const plot = page.getByRole("application", { name: /Timeline/ });
  await expect(plot).toBeVisible();
  await expect(page.getByText(/profiles?$/).first()).toBeVisible();
  await fingers(page, plot, spread([0.4, 0.6], [0.05, 0.95]));
  await expect.poll(() => param(page, "from")).not.toBe(shop.recorded.from);
  const length = () => Date.parse(param(page, "until")) - Date.parse(param(page, "from"));
  const hour = 3_600_000;
  expect(length()).toBeLessThan(hour / 2);
  const pinched = param(page, "from");
  await fingers(page, plot, [0, 1, 2, 3].map((i) => [[0.3 + i * 0.1, 0.5]]));
  await expect.poll(() => param(page, "from")).not.toBe(pinched);
});
