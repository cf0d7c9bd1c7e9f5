// The flame chart of a local file whose samples have timestamps: pointer, keyboard, desktop and phone.
import { expect, expectAccessible, selectCallee, test } from "../shop.mjs";

const FILE = "../crates/profile/testdata/v8/shop.cpuprofile";
const chart = (page) => page.getByRole("tree", { name: "Flame chart" });
const range = (page) => new URL(page.url()).searchParams.get("t");

async function open(page, url, search = "") {
  await page.goto(`${url}/local${search}`);
  await page.locator("input[type=file]").first().setInputFiles(FILE);
  await page.getByRole("button", { name: "Time order" }).click();
  await expect(chart(page)).toBeVisible();
}

test("click, keyboard and minimap zoom, and the visible range is in the address", async ({ fresh, page }) => {
  // Without animation, each step is complete before the next.
  await page.emulateMedia({ reducedMotion: "reduce" });
  await open(page, fresh.url);
  await expect(page).toHaveURL(/show=time/);
  const box = await chart(page).boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + 70);
  await expect(page.locator(".tooltip")).toContainText("duration");
  await page.mouse.click(box.x + box.width * 0.3, box.y + 70);
  await expect(page).toHaveURL(/t=\d+-\d+/);
  const clicked = range(page);
  await page.keyboard.press("+");
  await expect.poll(() => range(page)).not.toBe(clicked);
  await page.goBack();
  await expect(page).not.toHaveURL(/t=\d/);
  const strip = await page.locator(".chart-minimap").boundingBox();
  await page.mouse.move(strip.x + strip.width * 0.5, strip.y + 20);
  await page.mouse.down();
  await page.mouse.move(strip.x + strip.width * 0.75, strip.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/t=1\d{8}-2\d{8}/);
  await page.getByRole("button", { name: "Show all" }).click();
  await expect(page).not.toHaveURL(/t=\d/);
});

test("the keyboard selects calls and steps through matches", async ({ fresh, page }) => {
  await open(page, fresh.url);
  const selected = chart(page).getByRole("treeitem", { selected: true });
  await selectCallee(chart(page));
  await expect(selected).toContainText("duration");
  const first = await selected.textContent();
  await page.keyboard.press("ArrowRight");
  await expect(selected).not.toHaveText(first);
  await page.keyboard.press("/");
  await page.keyboard.type("nested");
  await expect(page.locator("#search-status")).toContainText("calls");
  await page.keyboard.press("Enter");
  await expect(page.locator("#search-status")).toContainText("1 of");
  await expect(selected).toContainText("nested");
  await chart(page).focus();
  await page.keyboard.press("m");
  await page.getByRole("menuitem", { name: "Show in the flame graph" }).click();
  await expect(page).toHaveURL(/zoom=/);
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    test(`fits the screen and meets axe-core's rules: ${colorScheme}, ${viewport.width} wide`, async ({ fresh, page }, info) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      await open(page, fresh.url);
      await expectAccessible(page);
      await page.screenshot({ path: info.outputPath("chart.png") });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect(wide).toBe(false);
    });
  }
}
