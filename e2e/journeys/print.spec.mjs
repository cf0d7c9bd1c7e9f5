// Printed pages: one sheet, light whatever the theme, without controls, with facts and the address as text.
import { share } from "../sharing.mjs";
import { expect, test } from "../shop.mjs";

/** The page as it is on paper, from a dark screen. */
async function onPaper(page) {
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await expect(page.locator(".print-link")).toBeVisible();
  await expect(page.getByRole("banner")).toBeHidden();
  const controls = await page.locator("button, input, select, textarea").evaluateAll((all) =>
    all.filter((element) => element.checkVisibility() && !element.matches(".top-sort, .crumb")).map((element) => element.outerHTML),
  );
  expect(controls).toEqual([]);
  // White paper around the boxes, which are drawn again.
  const canvas = page.locator(".flame-canvas").first();
  await expect(canvas).toBeVisible();
  const white = await canvas.evaluate((element) => {
    const { data } = element.getContext("2d").getImageData(0, 0, element.width, element.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) count += data[i] === 255 && data[i + 1] === 255 && data[i + 2] === 255;
    return (count * 4) / data.length;
  });
  expect(white).toBeGreaterThan(0.01);
  expect(white).toBeLessThan(1);
}

/** Pages and pictures of the printed document. */
async function printed(page) {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  return { pages: pdf.match(/\/Type \/Page\b(?!s)/g).length, pictures: (pdf.match(/\/Subtype \/Image\b/g) ?? []).length };
}

test("Explore is one light page with its facts and its address", async ({ shop, page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(shop.explore({ mode: "flame" }));
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  // Without the event of printing, the page itself has nothing of it.
  await expect(page.locator(".print-head")).toHaveCount(0);
  await onPaper(page);
  await expect(page.locator(".print-head")).toContainText("checkout · CPU time");
  await expect(page.locator(".print-link")).toContainText(`${shop.url}/explore?service=checkout`);
  await expect(page.getByLabel("Summary")).toBeVisible();
  const { pages, pictures } = await printed(page);
  expect(pages).toBe(1);
  expect(pictures).toBeGreaterThan(0);
  await page.emulateMedia({ media: "screen", colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator(".print-head")).toHaveCount(0);
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
});

test("Compare and its snapshot say both sides and the verdict on paper", async ({ shop, page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  const { from, until } = shop.recorded;
  const sides = { filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": from, "b.until": until };
  await page.goto(shop.explore(sides).replace("/explore?", "/compare?"));
  await expect(page.getByRole("tree", { name: "Flame graph of the difference" })).toBeVisible();
  await expect(page.locator(".verdict-headline")).toBeVisible();
  await onPaper(page);
  await expect(page.locator(".print-head")).toContainText('Baseline: checkout · CPU time · {version="v1"}');
  await expect(page.locator(".print-head")).toContainText('Comparison: checkout · CPU time · {version="v2"}');
  await expect(page.locator(".verdict-headline")).toBeVisible();
  expect((await printed(page)).pictures).toBeGreaterThan(0);

  await page.emulateMedia({ media: "screen", colorScheme: "dark" });
  const link = await share(page, { title: "For paper" });
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "For paper" })).toBeVisible();
  await expect(page.getByRole("tree", { name: "Flame graph of the difference" })).toBeVisible();
  await onPaper(page);
  await expect(page.locator(".print-link")).toContainText(new URL(link, shop.url).pathname);
  await expect(page.getByRole("heading", { name: "For paper" })).toBeVisible();
  await expect(page.locator(".snapshot-banner")).toContainText("taken");
});
