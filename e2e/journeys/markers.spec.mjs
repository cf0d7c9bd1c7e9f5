// Markers on timelines: drawn, named, reached by keyboard; what they lead to; adding and deleting one; what cannot be loaded.
import { expect, expectAccessible, openBaselines, test } from "../shop.mjs";

const PATH = "/api/v1/markers";
const json = { accept: "application/json", "content-type": "application/json" };

/** In the middle of the hour that has the profiles, in which nothing else happens. */
const halfHour = (shop) => new Date(Date.parse(shop.recorded.until) - 1_800_000).toISOString().replace(".000Z", "Z");

async function post(shop, marker) {
  const body = JSON.stringify({ service: "checkout", kind: "deploy", time: halfHour(shop), ...marker });
  const answer = await fetch(shop.url + PATH, { method: "POST", headers: json, body });
  expect(answer.ok, await answer.clone().text()).toBe(true);
}

// All journeys of a worker share the server.
test.afterEach(async ({ shop }) => {
  const query = new URLSearchParams({ service: "checkout", ...shop.recorded });
  const { markers } = await (await fetch(`${shop.url}${PATH}?${query}`, { headers: json })).json();
  for (const { id } of markers.filter(({ id }) => id)) {
    await fetch(`${shop.url}${PATH}/${id}`, { method: "DELETE", headers: json });
  }
});

const flag = (page, name) => page.getByRole("group", { name: "Markers" }).getByRole("button", { name });
const details = (page, name) => page.getByRole("dialog", { name });
const plot = (page) => page.getByRole("application", { name: /^Timeline/ });
const param = (page, name) => new URL(page.url()).searchParams.get(name);

/** How many pixels above the chart have the colour of a token. */
const pixels = (page, token) =>
  page.locator(".timeline-canvas").first().evaluate((canvas, token) => {
    const hex = getComputedStyle(canvas).getPropertyValue(token).trim();
    const wanted = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
    const copy = new OffscreenCanvas(canvas.width, Math.round((canvas.height / canvas.clientHeight) * 18));
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const lane = context.getImageData(0, 0, copy.width, copy.height).data;
    let count = 0;
    for (let i = 0; i < lane.length; i += 4) count += wanted.every((value, part) => lane[i + part] === value) ? 1 : 0;
    return count;
  }, token);

test("a marker is drawn, named and told in the text", async ({ shop, page }) => {
  await post(shop, { version: "v7", text: "voucher rules" });
  await post(shop, { kind: "incident", text: "checkout is slow", time: new Date(Date.parse(halfHour(shop)) + 600_000).toISOString() });
  await page.goto(shop.explore());
  await expect(flag(page, /^deploy of v7 \(\d\d:\d\d/)).toBeVisible();
  await expect(flag(page, /^incident: checkout is slow/)).toBeVisible();
  await expect(page.getByText(/^Timeline of \d+ intervals/)).toContainText(/ Markers: .*deploy of v7 \(\d\d:\d\d/);
  await expect.poll(() => pixels(page, "--marker-deploy")).toBeGreaterThan(40);
  await expect.poll(() => pixels(page, "--marker-incident")).toBeGreaterThan(40);
  await flag(page, /^deploy of v7/).hover();
  await expect(page.locator(".timeline .tooltip")).toContainText("voucher rules");
  await expectAccessible(page);
});

test("markers on the same pixels share a flag, and its panel has all of them", async ({ shop, page }) => {
  for (const version of ["v7", "v8", "v9"]) await post(shop, { version });
  await page.goto(shop.explore());
  await flag(page, /^3 deploys/).click();
  const panel = details(page, "3 deploys");
  for (const version of ["v7", "v8", "v9"]) await expect(panel.getByRole("heading", { name: `Deploy of ${version}` })).toBeVisible();
  await expectAccessible(page);
});

test("an incident does not hide the deploy of the same minute", async ({ shop, page }) => {
  await post(shop, { version: "v7" });
  await post(shop, { kind: "incident", text: "checkout is slow" });
  await page.goto(shop.explore());
  await flag(page, /^deploy of v7, 1 incident/).click();
  const panel = details(page, "deploy of v7, 1 incident");
  for (const name of ["Deploy of v7", "Incident: checkout is slow"]) await expect(panel.getByRole("heading", { name })).toBeVisible();
  await expect.poll(() => pixels(page, "--marker-deploy")).toBeGreaterThan(4);
  await expect.poll(() => pixels(page, "--marker-incident")).toBeGreaterThan(40);
});

test("by keyboard a marker is reached, opened, and has the focus again", async ({ shop, page }) => {
  await post(shop, { version: "v7", url: "https://ci.example/run/7" });
  await page.goto(shop.explore());
  await expect(flag(page, /^deploy of v7/)).toBeVisible();
  await plot(page).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Home");
  const first = page.getByRole("group", { name: "Markers" }).getByRole("button").first();
  await expect(first).toBeFocused();
  await page.keyboard.press("End");
  await flag(page, /^deploy of v7/).focus();
  await page.keyboard.press("Enter");
  const panel = details(page, "deploy of v7");
  await expect(panel.getByRole("link", { name: "Compare before and after" })).toBeFocused();
  const link = panel.getByRole("link", { name: "Open link" });
  await expect(link).toHaveAttribute("href", "https://ci.example/run/7");
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  await expect(panel.getByRole("link", { name: "What changed here?" })).toHaveAttribute("href", /^\/i\?service=checkout&type=.*&at=/);
  await page.keyboard.press("Escape");
  await expect(panel).toBeHidden();
  await expect(flag(page, /^deploy of v7/)).toBeFocused();
});

test("the times before and after a marker are compared, from the timeline and from the baselines", async ({ shop, page }) => {
  const at = halfHour(shop);
  await post(shop, { version: "v7" });
  await page.goto(shop.explore());
  await flag(page, /^deploy of v7/).click();
  await details(page, "deploy of v7").getByRole("link", { name: "Compare before and after" }).click();
  await expect(page).toHaveURL(/\/compare\?/);
  const times = () => ["b.from", "b.until", "from", "until"].map((key) => param(page, key));
  const before = { from: shop.recorded.from, until: at };
  await expect.poll(times).toEqual([before.from, at, at, shop.recorded.until]);
  await expect(page.getByRole("button", { name: /^Baseline: before deploy of v7 \(\d\d:\d\d/ })).toBeVisible();
  await expect(page.getByRole("button", { name: /^Comparison: after deploy of v7 \(\d\d:\d\d/ })).toBeVisible();
  await page.goto(shop.explore().replace("/explore?", "/compare?"));
  const offered = (await openBaselines(page)).getByRole("list", { name: "Before and after a marker" });
  await offered.getByRole("button", { name: /^Deploy of v7 \(/ }).click();
  await expect.poll(times).toEqual([before.from, at, at, shop.recorded.until]);
});

test("a heat map has the same flags, and asks what changed at a column and in a selection", async ({ shop, page }) => {
  await post(shop, { version: "v7" });
  await page.goto(shop.explore().replace("/explore?", "/heatmap?"));
  const map = page.getByRole("grid", { name: "Heat map" });
  const marker = flag(page, /^deploy of v7 \(\d\d:\d\d/);
  await expect(marker).toBeVisible();
  const [{ y, width }, lane] = [await map.boundingBox(), await marker.boundingBox()];
  expect(lane.y, "flags are above the map").toBeLessThan(y);
  await map.focus();
  await page.keyboard.press("End");
  await page.keyboard.press("m");
  await expect(page.getByRole("menuitem", { name: "What changed here?" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(map).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("group", { name: "Markers" }).getByRole("button").first()).toBeFocused();
  await marker.focus();
  await page.keyboard.press("Enter");
  const panel = details(page, "deploy of v7");
  await expect(panel.getByRole("link", { name: "Compare before and after" })).toBeFocused();
  await expect(panel.getByRole("link", { name: "What changed here?" })).toHaveAttribute("href", /^\/i\?service=checkout&type=.*&at=/);
  await page.keyboard.press("Escape");
  await expect(marker).toBeFocused();
  await map.click({ button: "right", position: { x: width / 4, y: 8 } });
  await expect(page.getByRole("menuitem", { name: "Compare before and after" })).toBeVisible();
  await page.keyboard.press("Escape");
  await map.focus();
  await page.keyboard.press("Space");
  const selection = page.getByRole("region", { name: "Selection" });
  await expect(selection.getByRole("link", { name: "What changed here?" })).toHaveAttribute("href", /^\/i\?service=checkout&type=.*&at=.*&until=/);
  await expectAccessible(page);
});

test("a marker is added at an instant, with what is wrong at its field, and deleted again", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await expect(page.getByText(/^Timeline of \d+ intervals/)).toBeAttached();
  const { width, height } = await plot(page).boundingBox();
  await plot(page).click({ button: "right", position: { x: width / 4, y: height / 2 } });
  await page.getByRole("menuitem", { name: "Add a marker here…" }).click();
  const dialog = page.getByRole("dialog", { name: "New marker for checkout" });
  await expect(dialog.getByRole("textbox", { name: /^Time/ })).toHaveValue(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  await dialog.getByRole("combobox", { name: "Kind" }).selectOption("config");
  await dialog.getByRole("textbox", { name: /^Text/ }).fill("larger pool");
  await dialog.getByRole("textbox", { name: /^Link/ }).fill("javascript:alert(1)");
  await dialog.getByRole("button", { name: "Add marker" }).click();
  await expect(dialog.getByRole("textbox", { name: /^Link/ })).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByText("The link must begin with http:// or https://.")).toBeVisible();
  await dialog.getByRole("textbox", { name: /^Link/ }).fill("");
  await dialog.getByRole("button", { name: "Add marker" }).click();
  await expect(dialog).toBeHidden();
  const added = flag(page, /^config change: larger pool/);
  await added.click();
  await details(page, "config change: larger pool").getByRole("button", { name: "Delete…" }).click();
  const asked = page.getByRole("dialog", { name: /^Delete the marker/ });
  await asked.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(asked).toBeHidden();
  await expect(added).toHaveCount(0);
});

/** A protobuf message of fields: number, and a text or a whole number. */
function message(fields) {
  const varint = (number) => {
    const bytes = [];
    let rest = BigInt(number);
    for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    return [...bytes, Number(rest)];
  };
  const parts = fields.map(([field, value]) => {
    if (typeof value === "bigint") return Buffer.from([...varint(field << 3), ...varint(value)]);
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(bytes.length)]), bytes]);
  });
  return Buffer.concat(parts);
}

test("an address that is not of the web never becomes a link", async ({ shop, page }) => {
  const at = BigInt(Date.parse(halfHour(shop))) * 1_000_000n;
  const marker = message([[1, "a"], [2, "deploy"], [3, at], [4, "checkout"], [6, "v7"], [8, "javascript:alert(1)"], [9, "posted"]]);
  await page.route(`**${PATH}?*`, (route) => route.fulfill({ contentType: "application/x-protobuf", body: message([[1, marker]]) }));
  await page.goto(shop.explore());
  await flag(page, /^deploy of v7/).click();
  const panel = details(page, "deploy of v7");
  await expect(panel.getByRole("link", { name: "Compare before and after" })).toBeVisible();
  await expect(panel.getByRole("link", { name: "Open link" })).toHaveCount(0);
  expect(await page.locator("a").evaluateAll((all) => all.filter((link) => link.protocol === "javascript:").length)).toBe(0);
});

test("markers that cannot be loaded are reported, and the timeline goes on", async ({ shop, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await post(shop, { version: "v7" });
  await page.route(`**${PATH}?*`, (route) => route.fulfill({ status: 500, contentType: "text/plain", body: "" }));
  await page.goto(shop.explore());
  const notice = page.getByRole("status").filter({ hasText: "Markers could not be loaded" });
  await expect(notice).toBeVisible();
  await expect(page.getByText(/^Timeline of \d+ intervals, \d+ with data/)).toBeAttached();
  await page.unroute(`**${PATH}?*`);
  await notice.getByRole("button", { name: "Try again" }).click();
  await expect(flag(page, /^deploy of v7/)).toBeVisible();
  await expect(notice).toHaveCount(0);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("a flag is tapped, and everything fits", async ({ shop, page }) => {
    await post(shop, { version: "v7", text: "a description that is much longer than a phone is wide, as they often are" });
    await page.goto(shop.explore());
    await flag(page, /^deploy of v7/).tap();
    const panel = details(page, "deploy of v7");
    await expect(panel).toBeVisible();
    const { x, width } = await panel.boundingBox();
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(390);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
    await panel.getByRole("link", { name: "Compare before and after" }).tap();
    await expect(page).toHaveURL(/\/compare\?/);
  });
});
