// A local file is sent only when the share is created, and names in it stay text.
import { expect, expectAccessible, test } from "../../shop.mjs";
import { expectReady, openDialog, openElsewhere, share, shareDialog } from "../../sharing.mjs";

const NASTY = ["</script><script>window.pwned=1</script>", "<img src=x onerror=window.pwned=1>", "[a](javascript:window.pwned=1)", "ann@corp.example"];
const FOLDED = `${NASTY.map((name, i) => `main;${name} ${20 + i}`).join("\n")}\nmain;plain_work 40\n`;
const TITLE = '"><svg onload=window.pwned=1>';

async function openFolded(page, url) {
  await page.goto(`${url}/local`);
  await page.locator("input[type=file]").first().setInputFiles({ name: "nasty.folded", mimeType: "text/plain", buffer: Buffer.from(FOLDED) });
  await page.getByRole("button", { name: "Flame graph", exact: true }).click();
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
}

test("a local file is sent only when the share is created, and the share opens without the file", async ({ fresh, page, browser }) => {
  const sent = [];
  page.on("request", (request) => request.method() !== "GET" && sent.push(request.url()));
  await openFolded(page, fresh.url);
  await openDialog(page);
  const dialog = shareDialog(page);
  await expect(dialog).toContainText("nothing has been sent");
  await expect(dialog.getByRole("heading", { name: "Live link" })).toHaveCount(0);
  await dialog.getByRole("radio", { name: "Anyone with the link" }).check();
  await expect(dialog.locator(".share-removed")).toContainText(/e-?mail/i);
  expect(sent).toEqual([]);
  const link = await share(page, { who: "Anyone with the link", title: TITLE, note: NASTY[1] });
  expect(sent.length).toBe(1);
  const other = await openElsewhere(browser, link);
  await expect(other.page.getByRole("heading", { name: TITLE })).toBeVisible();
  await expect(other.page.locator(".snapshot-note")).toHaveText(NASTY[1]);
  await other.page.getByRole("button", { name: "Table", exact: true }).click();
  const table = other.page.getByRole("grid", { name: "Functions" });
  await expect(table.getByText("onerror")).toBeVisible();
  await expect(table.getByText("corp.example")).toHaveCount(0);
  await expectAccessible(other.page);
  expect(await other.page.evaluate(() => window.pwned)).toBeUndefined();
  expect(other.problems).toEqual([]);
  await other.close();
});

/** How many elements of a markup could run something. */
const executable = (page, markup) =>
  page.evaluate((html) => {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    return parsed.querySelectorAll("script, svg, [onerror], [onload], a[href^='javascript:']").length;
  }, markup);

test("postmortem texts are copied without executable markup", async ({ fresh, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openFolded(page, fresh.url);
  const link = await share(page, { title: TITLE, note: NASTY[2] });
  const dialog = shareDialog(page);
  for (const [name, expected] of [["Markdown", "nasty"], ["HTML", "<"], ["Confluence", "<"]]) {
    await dialog.getByRole("button", { name: `Copy as ${name}` }).click();
    await expect(dialog.locator(".share-status")).toHaveText(`${name} copied.`);
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text, name).toContain(expected);
    expect(text, name).toContain(link.split("/s/")[1]);
    // In Markdown, names are in code spans, where they are text.
    const live = name === "Markdown" ? text.replace(/(`+)[^`][\s\S]*?\1/g, "") : text;
    expect(await executable(page, live), name).toBe(0);
    const formatted = await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      return item.types.includes("text/html") ? (await item.getType("text/html")).text() : "";
    });
    expect(formatted.includes("<table"), name).toBe(name !== "Markdown");
    expect(await executable(page, formatted), name).toBe(0);
  }
  const picture = page.waitForEvent("download");
  await dialog.getByRole("link", { name: "Download picture (PNG)" }).click();
  expect((await picture).suggestedFilename()).toMatch(/\.png$/);
  const download = page.waitForEvent("download");
  await dialog.getByRole("link", { name: "Download pprof" }).click();
  expect((await download).suggestedFilename()).toMatch(/\.pb\.gz$/);
  const file = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download offline page (HTML)" }).click();
  expect((await file).suggestedFilename()).toMatch(/\.html$/);
});

test("the main action of the share dialog is in sight at any size", async ({ fresh, page }) => {
  await openFolded(page, fresh.url);
  await openDialog(page);
  const button = shareDialog(page).getByRole("button", { name: "Create snapshot link" });
  for (const [width, height] of [[320, 568], [390, 844], [1440, 900], [2560, 1440]]) {
    await page.setViewportSize({ width, height });
    await expect(button).toBeInViewport({ ratio: 1 });
  }
  await page.setViewportSize({ width: 320, height: 568 });
  await expectReady(button);
  await button.click();
  const copy = shareDialog(page).getByRole("button", { name: "Copy link" });
  await expect(copy).toBeFocused();
  await expect(copy).toBeInViewport({ ratio: 1 });
});

for (const colorScheme of ["light", "dark"]) {
  test(`sharing works on a phone: ${colorScheme}`, async ({ fresh, page }, info) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await openFolded(page, fresh.url);
    await openDialog(page);
    await expectAccessible(page);
    const wide = (selector) => page.locator(selector).evaluate((element) => element.scrollWidth > element.clientWidth + 1);
    expect(await wide("dialog#share")).toBe(false);
    await page.screenshot({ path: info.outputPath("dialog.png") });
    const link = await share(page, { title: "On a phone" });
    await page.screenshot({ path: info.outputPath("created.png") });
    await page.goto(link);
    await expect(page.getByRole("heading", { name: "On a phone" })).toBeVisible();
    await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
    await expectAccessible(page);
    expect(await wide("html")).toBe(false);
    await page.screenshot({ path: info.outputPath("opened.png") });
    await page.goto(`${fresh.url}/shares`);
    await expect(page.getByText("On a phone")).toBeVisible();
    await expectAccessible(page);
    expect(await wide("html")).toBe(false);
    await page.screenshot({ path: info.outputPath("shares.png") });
  });
}
