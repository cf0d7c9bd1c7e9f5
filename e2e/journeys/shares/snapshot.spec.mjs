// Snapshots behind links: they show what was on screen, open for those with access until revoked, and outlive their data.
import { expect, expectAccessible, openView, selectCallee, test } from "../../shop.mjs";
import { openDialog, openElsewhere, share, shareDialog } from "../../sharing.mjs";

const compare = (shop, params = {}) =>
  shop.explore({ filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until, ...params }).replace("/explore?", "/compare?");
const flame = (page, name = "Flame graph") => page.getByRole("tree", { name, exact: true });

test("the first program shares Explore as it is on screen", async ({ shop, page, browser }) => {
  await page.goto(shop.explore());
  await expect(flame(page)).toBeVisible();
  await page.locator(".search-field").fill("checkout");
  await openDialog(page);
  const dialog = shareDialog(page);
  await expect(dialog.getByRole("heading", { name: "Live link" })).toBeVisible();
  await expect(dialog.getByLabel("Title")).toHaveValue(/^checkout · CPU · .+ UTC$/);
  await expect(dialog).toContainText(/data (expires on|does not expire)/);
  await expectAccessible(page);
  const link = await share(page, { title: "Before the deploy", note: "Seen on Monday." });
  await expect(dialog).toContainText("the server stores only a hash of it");
  await expectAccessible(page);
  const other = await openElsewhere(browser, link);
  await expect(other.page.getByRole("heading", { name: "Before the deploy" })).toBeVisible();
  await expect(other.page.getByRole("note", { name: "Snapshot", exact: true })).toContainText("UTC");
  await expect(other.page.getByText("Seen on Monday.")).toBeVisible();
  await expect(flame(other.page)).toBeVisible();
  await expect(other.page.locator(".search-field")).toHaveValue("checkout");
  await expectAccessible(other.page);
  expect(other.problems).toEqual([]);
  await other.close();
});

test("a share opens from the list, and equal titles become distinct", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/local`);
  await page.locator("input[type=file]").first().setInputFiles({ name: "a.folded", mimeType: "text/plain", buffer: Buffer.from("main;work 5\nmain;rest 7\n") });
  await expect(flame(page)).toBeVisible();
  await share(page, { title: "Twice" });
  await page.keyboard.press("Escape");
  await share(page, { title: "Twice" });
  await page.goto(`${fresh.url}/shares`);
  const link = (name) => page.getByRole("table", { name: "Shares" }).getByRole("link", { name, exact: true });
  await expect(link("Twice")).toBeVisible();
  await expect(page.getByRole("row", { name: /Twice \(2\)/ })).toContainText(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  await link("Twice (2)").click();
  await expect(page).toHaveURL(/\/shares\/[0-9a-z]+$/);
  await expect(page.getByRole("heading", { name: "Twice (2)" })).toBeVisible();
  await expect(flame(page)).toBeVisible();
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(page).toHaveURL(/\/shares\/[0-9a-z]+\?v=1/);
  await expect(page.getByRole("grid", { name: "Functions" }).getByText("work")).toBeVisible();
  await expectAccessible(page);
});

test("a public link to a comparison is strict, previews what is removed, and stops working when revoked", async ({ shop, page, browser }) => {
  test.info().annotations.push({ type: "expected-error", description: "404" }, { type: "expected-error", description: "410" });
  await page.goto(compare(shop, { mode: "side" }));
  await expect(flame(page, "Flame graph of the comparison")).toBeVisible();
  const totals = await page.getByLabel("Summary").textContent();
  await openDialog(page);
  const dialog = shareDialog(page);
  await dialog.getByRole("radio", { name: "Anyone with the link" }).check();
  await expect(dialog.getByRole("checkbox", { name: /Strict/ })).toBeChecked();
  await expect(dialog.getByRole("checkbox", { name: /Strict/ })).toBeDisabled();
  await expect(dialog.getByLabel("Expires after")).toHaveValue("30 days");
  await expect(dialog.getByRole("heading", { name: "Removed" })).toBeVisible();
  await expect(dialog.locator(".share-kept")).toContainText("function names");
  const link = await share(page, { who: "Anyone with the link", title: "v2 is slower" });
  const other = await openElsewhere(browser, link);
  await expect(flame(other.page, "Flame graph of the comparison")).toBeVisible();
  await expect(other.page.getByLabel("Summary")).toHaveText(totals);
  await other.page.getByRole("button", { name: "Overlay" }).click();
  await expect(flame(other.page, "Flame graph of the difference")).toBeVisible();
  await expect(other.page).toHaveURL(/\/s\/[0-9a-z]{32}\?v=1/);
  const foreign = other.requests.filter((path) => path.startsWith("/api/") && !path.startsWith("/api/v1/shares/open/") && !["/api/v1/instance", "/api/v1/me"].includes(path));
  expect(foreign).toEqual([]);
  await page.goto(`${shop.url}/shares`);
  const row = page.getByRole("row", { name: /v2 is slower/ });
  await expect(row).toContainText("Anyone with the link");
  await expect(row).toContainText("1, last");
  await row.getByRole("button", { name: /Revoke/ }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Revoked" })).toBeVisible();
  await expect(page.getByRole("row", { name: /v2 is slower/ })).toContainText("revoked");
  await other.page.goto(link);
  await expect(other.page.getByRole("heading", { name: "This link cannot be opened" })).toBeVisible();
  await other.close();
});

/** The texts of all cells with numbers of the table, or of the box in the flame graph that two steps down lead to. */
async function numbers(page, mode) {
  if (mode === "table") {
    const rows = page.getByRole("grid", { name: "Functions" }).locator(".top-row");
    await expect(rows.first()).toBeVisible();
    // Sparklines are asked of the server and not frozen.
    return rows.evaluateAll((all) => all.map((row) => [...row.querySelectorAll(":scope > :not(.change-spark)")].map((cell) => cell.textContent)));
  }
  const name = mode === "side" ? "Flame graph of the comparison" : "Flame graph of the difference";
  await expect(flame(page, name)).toBeVisible();
  return (await selectCallee(flame(page, name))).textContent();
}

for (const mode of ["overlay", "side", "table"]) {
  for (const scale of ["second", "share", "absolute"]) {
    test(`a snapshot of a comparison has the numbers and the verdict of the screen: ${mode}, ${scale}`, async ({ shop, page, browser }) => {
      await page.goto(compare(shop, { mode, scale, palette: "redgreen", from: String(Date.parse(shop.recorded.until) - 7_200_000) }));
      const headline = page.locator(".verdict-headline");
      await expect(headline).not.toHaveText("Comparing both sides …");
      const said = await headline.textContent();
      const seen = await numbers(page, mode);
      const totals = await page.getByLabel("Summary").textContent();
      const link = await share(page, { title: `As on screen: ${mode}, ${scale}` });
      const other = await openElsewhere(browser, link);
      await expect(other.page.locator(".verdict-headline")).toHaveText(said);
      await expect(other.page.getByLabel("Summary")).toHaveText(totals);
      const view = await openView(other.page);
      await expect(view.getByRole("combobox", { name: /^Compare/ })).toHaveValue(scale);
      await expect(view.getByRole("combobox", { name: /^Colours/ })).toHaveValue("redgreen");
      await other.page.keyboard.press("Escape");
      await expect(view).toBeHidden();
      expect(await numbers(other.page, mode)).toEqual(seen);
      expect(other.problems).toEqual([]);
      await other.close();
    });
  }
}

test("named views and notes restore the zoom", async ({ shop, page, browser }) => {
  await page.goto(shop.explore());
  await expect(flame(page)).toBeVisible();
  const link = await share(page, { title: "With figures" });
  await page.goto(link);
  await expect(flame(page)).toBeVisible();
  await selectCallee(flame(page));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/zoom=/);
  const zoom = new URL(page.url()).searchParams.get("zoom");
  await page.getByRole("button", { name: "Save this view as…" }).click();
  await expect(page.getByLabel("View name")).toHaveValue("Fig. 1");
  await page.getByRole("button", { name: "Save view" }).click();
  await expect(page).toHaveURL(/\/v\/1$/);
  await page.getByLabel(/^Note on/).fill("here the time goes <img src=x onerror=window.pwned=1>");
  await page.getByRole("button", { name: "Add note" }).click();
  await expect(page.getByRole("region", { name: "Notes" }).getByRole("listitem")).toContainText("here the time goes");
  await expect(page.locator(".flame-pin")).toHaveText("1");
  await expectAccessible(page);
  const other = await openElsewhere(browser, `${link}/v/1`);
  await expect(other.page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Fig. 1" })).toHaveAttribute("aria-current", "page");
  await expect(other.page.getByRole("button", { name: "Reset zoom" })).toBeVisible();
  await other.page.getByRole("link", { name: "Original view" }).click();
  await expect(other.page.getByRole("button", { name: "Reset zoom" })).toHaveCount(0);
  await other.page.getByRole("region", { name: "Notes" }).getByRole("button", { name: zoom.split(";").at(-1) }).click();
  await expect.poll(() => new URL(other.page.url()).searchParams.get("zoom")).toBe(zoom);
  expect(await other.page.evaluate(() => window.pwned)).toBeUndefined();
  expect(other.problems).toEqual([]);
  await other.close();
});

test("a heat map is shared with its selection", async ({ shop, page, browser }) => {
  await page.goto(shop.explore().replace("/explore?", "/heatmap?"));
  const grid = page.getByRole("grid", { name: "Heat map" });
  await expect(grid).toBeVisible();
  // What is above the grid has its final height.
  await expect(page.getByLabel("Summary")).toContainText("largest of");
  const { x, y, width } = await grid.boundingBox();
  await page.mouse.move(x + width * 0.01, y + 4);
  await page.mouse.down();
  await page.mouse.move(x + width * 0.999, y + 4, { steps: 5 });
  await page.mouse.up();
  const panel = page.getByRole("region", { name: "Selection" });
  await expect(panel).toContainText("of these columns");
  const text = await panel.locator(".heat-text").innerText();
  const link = await share(page, { title: "When it happened" });
  const other = await openElsewhere(browser, link);
  await expect(other.page.getByRole("grid", { name: "Heat map" })).toBeVisible();
  await expect(other.page.getByRole("region", { name: "Selection" }).locator(".heat-text")).toHaveText(text);
  await expect(other.page.getByRole("heading", { name: "Selected region" })).toBeVisible();
  await expect(flame(other.page)).toBeVisible();
  expect(other.problems).toEqual([]);
  await other.close();
});

test("a share opens after its data was deleted", async ({ browser, page }) => {
  const { startDemo, startServer, waitForAnswer } = await import("../../server.mjs");
  const { readdirSync, rmSync } = await import("node:fs");
  const { join } = await import("node:path");
  const first = await startServer({ selfProfile: false });
  const demo = await startDemo(first.url);
  await waitForAnswer(first.url, "/api/v1/services?from=now-1h&until=now", (answer) => answer.services.some((s) => s.name === "checkout"));
  await demo.stop();
  await page.goto(`${first.url}/explore?service=checkout&from=now-1h&until=now`);
  await expect(flame(page)).toBeVisible();
  const path = new URL(await share(page, { title: "It stays" })).pathname;
  await first.stop({ keep: true });
  // Delete everything but the records database.
  for (const name of readdirSync(first.data).filter((name) => !name.startsWith("records"))) {
    rmSync(join(first.data, name), { recursive: true, force: true });
  }
  const second = await startServer({ selfProfile: false, data: first.data });
  const other = await openElsewhere(browser, `${second.url}${path}`);
  await expect(other.page.getByRole("heading", { name: "It stays" })).toBeVisible();
  await expect(flame(other.page)).toBeVisible();
  await other.close();
  await second.stop();
});

const facts = (page) => page.getByRole("note", { name: "Snapshot", exact: true }).locator("p span");

test("the offline page of a comparison says what the page of its snapshot says", async ({ shop, page, browser }, info) => {
  await page.goto(compare(shop));
  await expect(flame(page, "Flame graph of the difference")).toBeVisible();
  await expect(page.getByText("Evidence and limits")).toBeVisible();
  await page.goto(await share(page, { title: "Saved offline" }));
  await expect(flame(page, "Flame graph of the difference")).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download offline page (HTML)" }).click();
  const path = info.outputPath("snapshot.html");
  await (await download).saveAs(path);

  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const saved = await context.newPage();
  await context.setOffline(true);
  await saved.goto(`file://${path}`);
  await expect(flame(saved, "Flame graph of the difference")).toBeVisible();
  const verdict = (on) => on.getByRole("region", { name: "Verdict" });
  await expect(verdict(saved).locator(".verdict-headline")).not.toBeEmpty();
  await expect(verdict(saved)).toHaveText(await verdict(page).textContent());
  await expect(saved.getByLabel("Summary")).toHaveText(await page.getByLabel("Summary").textContent());
  // All but what concerns the link and its owner.
  const origin = (await facts(page).allTextContents()).filter((text) => !/^(taken |expires |anyone with the link)/.test(text));
  expect(origin.length).toBeGreaterThan(2);
  const told = await facts(saved).allTextContents();
  expect(told).toEqual(expect.arrayContaining(origin));
  expect(told[0]).toMatch(/^taken \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  expect(told.at(-1)).toContain("(policy: ");
  await expectAccessible(saved);
  await context.close();
});
