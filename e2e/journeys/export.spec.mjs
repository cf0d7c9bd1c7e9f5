// Saving the view on screen: as an image, as an offline page with zoom and search, and in other formats.
import { readFileSync } from "node:fs";
import { expect, expectAccessible, openMore, test } from "../shop.mjs";

const NASTY = ["</script><script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>", "\u202ertl\u202c שלום", "🔥🧯 emoji", `${"x".repeat(10240)}`];
const FOLDED = `${NASTY.map((name, i) => `main;${name} ${20 + i}`).join("\n")}\nmain;plain_work 40\n`;
const V8 = "../crates/profile/testdata/v8/shop.cpuprofile";
const dialog = (page) => page.getByRole("dialog", { name: "Save this view" });

async function openFolded(page, url) {
  await page.goto(`${url}/local`);
  await page.locator("input[type=file]").first().setInputFiles({ name: "nasty.folded", mimeType: "text/plain", buffer: Buffer.from(FOLDED) });
  await page.getByRole("button", { name: "Flame graph", exact: true }).click();
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
}

async function save(page, entry, info) {
  if (!(await dialog(page).isVisible())) await page.getByRole("button", { name: "Save…" }).click();
  const download = page.waitForEvent("download");
  await dialog(page).getByRole("button", { name: entry }).click();
  const file = await download;
  const path = info.outputPath(file.suggestedFilename());
  await file.saveAs(path);
  return path;
}

/** Opens a saved page from disk while offline; collects errors and network requests as `problems`. */
async function openSaved(context, path) {
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("request", (request) => /^(https?|wss?):/.test(request.url()) && problems.push(request.url()));
  await context.setOffline(true);
  await page.goto(`file://${path}`);
  return { page, problems };
}

test("a local file is saved as SVG and PNG, in which names are text", async ({ fresh, page }, info) => {
  await openFolded(page, fresh.url);
  const svg = readFileSync(await save(page, "Image (SVG)", info), "utf8");
  expect(svg).toContain("nasty.folded");
  // Names are cut at the start.
  expect(svg).toContain("window.pwned=1&gt;");
  expect(svg).not.toContain("<script");
  const errors = await page.evaluate((text) => new DOMParser().parseFromString(text, "image/svg+xml").querySelectorAll("parsererror, script, img, [onerror]").length, svg);
  expect(errors).toBe(0);
  const png = readFileSync(await save(page, "Image (PNG)", info));
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.readUInt32BE(16)).toBeGreaterThan(2000);
});

test("a local file is saved as an offline page that zooms and searches, and in which names are text", async ({ fresh, page, context }, info) => {
  await openFolded(page, fresh.url);
  const path = await save(page, "Offline page (HTML)", info);
  const { page: saved, problems } = await openSaved(context, path);
  const tree = saved.getByRole("tree", { name: "Flame graph" });
  await expect(tree).toBeVisible();
  await expect(saved.getByRole("heading", { name: "nasty.folded" })).toBeVisible();
  await saved.locator(".search-field").fill("plain_work");
  await expect(saved.locator("#search-status")).toContainText("of total");
  await expect(tree.getByRole("treeitem").first()).toBeAttached();
  await tree.focus();
  await saved.keyboard.press("ArrowDown");
  await saved.keyboard.press("ArrowDown");
  await saved.keyboard.press("Enter");
  await expect(saved).toHaveURL(/#\?.*zoom=/);
  await saved.reload();
  await expect(saved.getByRole("navigation", { name: /Zoom/ }).getByRole("button", { name: "Reset zoom" })).toBeVisible();
  await saved.goBack();
  await expect(saved.getByRole("button", { name: "Reset zoom" })).toHaveCount(0);
  await saved.locator(".search-field").fill("");
  await saved.getByRole("button", { name: "Table", exact: true }).click();
  await expect(saved.getByRole("grid", { name: "Functions" }).getByText("emoji")).toBeVisible();
  await expectAccessible(saved);
  await saved.screenshot({ path: info.outputPath("saved.png") });
  expect(await saved.evaluate(() => window.pwned)).toBeUndefined();
  expect(problems).toEqual([]);
});

test("the flame chart is saved as an offline page", async ({ fresh, page, context }, info) => {
  await page.goto(`${fresh.url}/local`);
  await page.locator("input[type=file]").first().setInputFiles(V8);
  await page.getByRole("button", { name: "Time order" }).click();
  await expect(page.getByRole("tree", { name: "Flame chart" })).toBeVisible();
  const { page: saved, problems } = await openSaved(context, await save(page, "Offline page (HTML)", info));
  await expect(saved.getByRole("tree", { name: "Flame chart" })).toBeVisible();
  await saved.locator(".search-field").fill("nested");
  await expect(saved.locator("#search-status")).toContainText("calls");
  expect(problems).toEqual([]);
});

test("Explore and Compare are saved as offline pages", async ({ shop, page, context }, info) => {
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await expect((await openMore(page)).getByRole("link", { name: /Firefox Profiler/ })).toBeVisible();
  await page.getByRole("button", { name: /Image or offline page/ }).click();
  await expect(dialog(page)).toBeVisible();
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeAttached();
  const explored = await save(page, "Offline page (HTML)", info);
  await page.goto(shop.explore({ filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until }).replace("/explore?", "/compare?"));
  await expect(page.getByRole("tree", { name: "Flame graph of the difference" })).toBeVisible();
  await (await openMore(page)).getByRole("button", { name: /Image or offline page/ }).click();
  await expect(dialog(page)).toBeVisible();
  const headline = (on) => on.locator(".verdict-headline");
  await expect(page.getByText("Evidence and limits")).toBeAttached();
  const said = [await headline(page).textContent(), await page.getByLabel("Summary").textContent()];
  const compared = await save(page, "Offline page (HTML)", info);
  const one = await openSaved(context, explored);
  await expect(one.page.getByRole("heading", { name: "checkout · CPU time" })).toBeVisible();
  await expect(one.page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  expect(one.problems).toEqual([]);
  const two = await openSaved(context, compared);
  await expect(two.page.getByRole("tree", { name: "Flame graph of the difference" })).toBeVisible();
  await expect(headline(two.page)).toHaveText(said[0]);
  await expect(two.page.getByLabel("Summary")).toHaveText(said[1]);
  await expect(two.page.getByRole("note", { name: "Snapshot" })).toHaveCount(0);
  await two.page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(two.page.getByRole("grid", { name: "Functions" })).toBeVisible();
  expect(two.problems).toEqual([]);
});

test("a local file is saved in other formats", async ({ fresh, page }, info) => {
  await openFolded(page, fresh.url);
  const folded = readFileSync(await save(page, /Folded stacks/, info), "utf8");
  expect(folded).toContain("main;plain_work 40");
  const firefox = JSON.parse(readFileSync(await save(page, /Firefox Profiler/, info), "utf8"));
  expect(firefox.meta.preprocessedProfileVersion).toBeGreaterThan(40);
  const speedscope = JSON.parse(readFileSync(await save(page, "speedscope", info), "utf8"));
  expect(speedscope.shared.frames.some((frame) => frame.name === NASTY[0])).toBe(true);
  await dialog(page).getByRole("button", { name: "Close" }).click();
  await page.getByRole("button", { name: "Save…" }).click();
  await expectAccessible(page);
});

for (const colorScheme of ["light", "dark"]) {
  test(`the save dialog fits a phone and meets axe-core's rules (${colorScheme})`, async ({ fresh, page }, info) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await openFolded(page, fresh.url);
    await page.getByRole("button", { name: "Save…" }).click();
    await expect(dialog(page)).toBeVisible();
    await expectAccessible(page);
    await page.screenshot({ path: info.outputPath("save.png") });
    const wide = await dialog(page).evaluate((element) => element.scrollWidth > element.clientWidth);
    expect(wide).toBe(false);
    await page.keyboard.press("Escape");
    await expect(dialog(page)).toBeHidden();
  });
}
