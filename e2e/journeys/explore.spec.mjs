// Finding a hot path: service, filter, search, sandwich, zoom. Every step is in the address.
import { expect, expectAccessible, selectCallee, test } from "../shop.mjs";

const flame = (page) => page.getByRole("tree", { name: "Flame graph" });

test("a service is chosen by typing part of its name", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await expect(flame(page)).toBeVisible();
  const service = page.getByRole("combobox", { name: "Service", exact: true });
  await service.click();
  await service.fill("sear");
  await page.getByRole("option", { name: /search/ }).first().click();
  await expect(page).toHaveURL(/service=search/);
  await expect(service).toHaveValue("search");
  await page.goBack();
  await expect(service).toHaveValue("checkout");
});

test("a label filter narrows the profile and survives a reload", async ({ shop, page }) => {
  await page.goto(shop.explore());
  const summary = page.getByLabel("Summary");
  await expect(summary).toBeVisible();
  const before = await summary.textContent();
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  const label = page.getByRole("combobox", { name: "Label", exact: true });
  await label.fill("version");
  await page.getByRole("option", { name: /version/ }).first().click();
  const value = page.getByRole("combobox", { name: "Value", exact: true });
  await value.fill("v2");
  await page.getByRole("option", { name: /v2/ }).first().click();
  await expect(page).toHaveURL(/filter=/);
  await expect(summary).not.toHaveText(before);
  const after = await summary.textContent();
  await page.reload();
  await expect(summary).toHaveText(after);
});

test("the summary says what one replica costs, and over what it was measured", async ({ shop, page }) => {
  await page.goto(shop.explore());
  const summary = page.getByLabel("Summary");
  await expect(summary).toContainText(/^[\d.]+ m?cores? per replica[\d.]+ s of CPU time\d+ replicas/);
  await expect(summary).toContainText("covered by all together");
});

test("the values of a column have one unit, and nothing is a dash", async ({ shop, page }) => {
  await page.goto(shop.explore({ mode: "table", sort: "total" }));
  await expect(page.locator(".top-row").nth(3)).toBeVisible();
  for (const cell of [2, 3]) {
    const texts = await page.locator(`.top-row > :nth-child(${cell}) .top-value`).allTextContents();
    const units = new Set(texts.filter((text) => text !== "–").map((text) => text.split(" ").at(-1)));
    expect([...units], texts.join(", ")).toHaveLength(1);
    expect(texts.filter((text) => /^0\b(?!\.)/.test(text))).toEqual([]);
  }
});

test("the interval that is still filling is said to be so", async ({ shop, page }) => {
  await page.goto(shop.explore({ until: "now" }));
  await expect(page.getByText(/^Timeline of \d+ intervals/)).toContainText("The last interval is still filling.");
  await page.getByRole("application", { name: /^Timeline/ }).focus();
  await page.keyboard.press("End");
  await expect(page.locator(".timeline-readout")).toContainText("still filling");
  await page.keyboard.press("Home");
  await expect(page.locator(".timeline-readout")).not.toContainText("still filling");
});

test("button, fields and texts name the same instants in the night in which summer time ends", async ({ shop, browser }) => {
  const context = await browser.newContext({ timezoneId: "America/New_York", locale: "en-US" });
  const page = await context.newPage();
  const [from, until] = ["2026-11-01T05:30:00Z", "2026-11-01T06:30:00Z"];
  await page.goto(shop.explore({ from, until }));
  const text = "2026-11-01 01:30 UTC-4 – 01:30 UTC-5";
  await expect(page.getByText(`No profiles in ${text}.`)).toBeVisible();
  await page.getByRole("button", { name: `Time range: ${text}` }).click();
  await expect(page.getByLabel("From")).toHaveValue("2026-11-01 01:30:00-04:00");
  await expect(page.getByLabel("Until")).toHaveValue("2026-11-01 01:30:00-05:00");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("button", { name: `Time range: ${text}` })).toBeVisible();
  await context.close();
});

test("search shows the share of a function and is in the address", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await expect(flame(page)).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("handle_order");
  await expect(page.locator("#search-status")).toContainText("%");
  await expect(page).toHaveURL(/q=handle_order/);
});

test("an invalid pattern is marked as invalid", async ({ shop, page }) => {
  await page.goto(shop.explore({ q: "handle_(", re: "1" }));
  await expect(page.getByRole("searchbox", { name: "Search functions" })).toHaveAttribute("aria-invalid", "true");
});

test("a sandwich opens from the table and closes with back", async ({ shop, page }) => {
  await page.goto(shop.explore({ mode: "table", q: "handle_order" }));
  await page.getByRole("button", { name: /^Sandwich view of .*handle_order/ }).first().click();
  const sandwich = page.getByRole("region", { name: "Sandwich view" });
  await expect(sandwich).toBeVisible();
  await expect(page).toHaveURL(/mode=sandwich/);
  await page.goBack();
  await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
});

test("reloading, pasting the link and going back restore the zoom", async ({ shop, page, context }) => {
  await page.goto(shop.explore());
  await selectCallee(flame(page));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/zoom=/);
  const crumbs = page.getByRole("navigation", { name: "Zoom" });
  const seen = await crumbs.textContent();
  await page.reload();
  await expect(crumbs).toHaveText(seen);
  const pasted = await context.newPage();
  await pasted.goto(page.url());
  await expect(pasted.getByRole("navigation", { name: "Zoom" })).toHaveText(seen);
  await pasted.close();
  await crumbs.getByRole("button", { name: "Reset zoom" }).click();
  await expect(page).not.toHaveURL(/zoom=/);
  await page.goBack();
  await expect(crumbs).toHaveText(seen);
});

const verdictLine = (page) => page.locator(".verdict-line");

test("the server's verdict is one line, asked for after the profile, with its comparison", async ({ shop, page, request }) => {
  const asked = [];
  page.on("request", (sent) => {
    const url = new URL(sent.url());
    if (["/api/v1/call-tree", "/api/v1/verdict"].includes(url.pathname)) asked.push(url);
  });
  const verdicts = () => asked.filter((url) => url.pathname === "/api/v1/verdict");
  await page.goto(shop.explore({ filter: '{version="v2"}' }));
  await expect(verdictLine(page).getByRole("status")).toBeVisible({ timeout: 30_000 });
  expect(asked.map((url) => url.pathname)).toEqual(["/api/v1/call-tree", "/api/v1/verdict"]);
  expect(verdicts()[0].searchParams.has("baseline_from")).toBe(false);
  const answer = await (await request.get(String(verdicts()[0]), { headers: { accept: "application/json" } })).json();
  await expect(verdictLine(page)).toContainText(answer.headline.replaceAll("`", ""));
  await expectAccessible(page);

  // A refresh within a minute does not ask again; another selection does.
  const refreshed = page.waitForResponse((response) => response.url().includes("/api/v1/call-tree"));
  await page.keyboard.press("r");
  await refreshed;
  await expect(page.getByRole("region", { name: "Profile" })).toHaveAttribute("aria-busy", "false");
  expect(verdicts()).toHaveLength(1);
  await page.getByRole("button", { name: /^Remove filter/ }).click();
  await expect.poll(() => verdicts().length).toBe(2);
  await expect(verdictLine(page).getByRole("status")).toBeVisible();

  await verdictLine(page).getByRole("link", { name: "See the comparison" }).click();
  await expect(page).toHaveURL(/\/compare\?.*b\.from=/);
  // The demo has run for seconds only, so that the hour before is empty.
  await expect(page.getByRole("region", { name: "Diff" })).toContainText("The baseline is empty");
  // Back in the full program, it is there, too.
  await page.goBack();
  await expect(verdictLine(page).getByRole("status")).toBeVisible();
});

test("a verdict that cannot be loaded is said to be so, and the profile stays", async ({ shop, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource|net::ERR" });
  await page.route("**/api/v1/verdict?*", (route) => route.abort());
  await page.goto(shop.explore());
  await expect(verdictLine(page)).toContainText("The verdict could not be loaded.", { timeout: 30_000 });
  await expect(flame(page)).toBeVisible();
});
