// The page that the link of an alert opens: on the recorded run, it names the culprit a quarter of an hour after the deployment; the table comes
// first; and what it copies has the culprit in it. What a link cannot say is said.
import { replay } from "../recorded.mjs";
import { startServer } from "../server.mjs";
import { expect, expectAccessible, test } from "../shop.mjs";

const CPU = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const link = (url, params) => `${url}/i?${new URLSearchParams({ service: "checkout", ...params })}`;
const time = (ms) => new Date(ms).toISOString();
const headline = (page) => page.getByRole("region", { name: "Verdict" }).locator(".verdict-headline");
const table = (page) => page.getByRole("grid", { name: "Functions" });
const graph = (page) => page.getByRole("tree", { name: "Flame graph of the difference" });
const toggle = (page, name) => page.getByRole("group", { name: "Compare with" }).getByRole("button", { name, exact: true });
const top = (locator) => locator.evaluate((element) => element.getBoundingClientRect().top);
const param = (page, name) => new URL(page.url()).searchParams.get(name);

test.describe("the recorded run", () => {
  test.describe.configure({ mode: "serial" });
  let server, deployed;
  test.beforeAll(async () => {
    test.setTimeout(600_000);
    server = await startServer({ selfProfile: false });
    ({ deployed } = await replay(server.url));
  });
  test.afterAll(() => server?.stop());

  test("the headline names the culprit, and what explains it comes before the picture", async ({ page }) => {
    await page.goto(link(server.url, { at: time(deployed) }));
    await expect(headline(page)).toContainText("Regex::new");
    await expect(headline(page)).toContainText("handle_order");
    await expect(page).toHaveTitle(/^Incident: checkout at \d\d:\d\d · Flarepath$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Incident: checkout at \d\d:\d\d$/);
    await expect(page.getByText(/^Window: \d{4}-\d\d-\d\d \d\d:\d\d/).first()).toBeVisible();
    await expect(page.getByText(/^Baseline: version v1/)).toBeVisible();
    await expect(table(page).locator(".top-row").first()).toContainText("Regex::new");
    await expect(graph(page).getByRole("treeitem").first()).toBeAttached();
    const order = [headline(page), page.getByRole("region", { name: "Timeline" }), table(page), graph(page)];
    const tops = await Promise.all(order.map(top));
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    expect(param(page, "type")).toBe(CPU);
    await expectAccessible(page);
  });

  test("Copy Markdown puts the culprit on the clipboard, also by keyboard", async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await page.goto(link(server.url, { at: time(deployed) }));
    await page.getByRole("button", { name: "Copy Markdown" }).click();
    await expect(page.getByText("Markdown copied.")).toBeVisible();
    const text = await clipboard();
    expect(text).toMatch(/^### Incident: checkout at \d\d:\d\d\n/);
    expect(text).toContain("Regex::new");
    expect(text).toContain("handle_order");
    expect(text).toContain(`${server.url}/i?service=checkout`);
    await page.evaluate(() => navigator.clipboard.writeText(""));
    await page.keyboard.press("Shift+M");
    await expect.poll(clipboard).toBe(text);
  });

  test("another baseline is chosen by a button and is in the link; one without data says so", async ({ page }) => {
    await page.goto(link(server.url, { at: time(deployed) }));
    await expect(table(page)).toBeVisible();
    const yesterday = toggle(page, "Same hour yesterday");
    await expect(yesterday).toBeDisabled();
    await expect(page.getByRole("list", { name: "Not available" })).toContainText("Same hour yesterday: There are no profiles from that time.");
    await toggle(page, "Before the deploy").click();
    await expect.poll(() => param(page, "baseline")).toBe("deploy");
    await expect(toggle(page, "Before the deploy")).toHaveAttribute("aria-pressed", "true");
    await expect(headline(page)).toContainText("Regex::new");
    await page.reload();
    await expect(toggle(page, "Before the deploy")).toHaveAttribute("aria-pressed", "true");
    await expect(headline(page)).toContainText("Regex::new");
    await page.goBack();
    await expect(toggle(page, "Automatic")).toHaveAttribute("aria-pressed", "true");
  });

  test("Explore, Compare and the heat map open with the same window", async ({ page }) => {
    await page.goto(link(server.url, { at: time(deployed), until: time(deployed + 10 * 60_000) }));
    await expect(table(page)).toBeVisible();
    const links = page.getByRole("navigation", { name: "This window on other pages" });
    for (const name of ["Explore", "Compare", "Heat map"]) {
      const { searchParams } = new URL(await links.getByRole("link", { name }).getAttribute("href"), server.url);
      expect([Date.parse(searchParams.get("from")), Date.parse(searchParams.get("until"))], name).toEqual([deployed - 5 * 60_000, deployed + 10 * 60_000]);
    }
    await links.getByRole("link", { name: "Compare" }).click();
    await expect(page).toHaveURL(/\/compare\?/);
    await expect(headline(page)).toContainText("Regex::new");
  });

  test("on a phone, the table is above the graph, and the first function on the first screen", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(link(server.url, { at: time(deployed) }));
    await expect(headline(page)).toContainText("Regex::new");
    const first = table(page).locator(".top-row").first();
    await expect(first).toContainText("Regex::new");
    await expect(graph(page).getByRole("treeitem").first()).toBeAttached();
    expect(await top(table(page))).toBeLessThan(await top(graph(page)));
    await expect(headline(page)).toBeInViewport();
    await expect(first).toBeInViewport();
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await expect(page.getByRole("group", { name: "Actions" }).getByRole("button", { name: "Copy Markdown" })).toBeInViewport();
    await expectAccessible(page);
  });

  test("a timeline asks what changed, by pointer and by keyboard", async ({ page }) => {
    const range = { from: time(deployed - 10 * 60_000), until: time(deployed + 10 * 60_000) };
    await page.goto(`${server.url}/explore?${new URLSearchParams({ service: "checkout", type: CPU, ...range })}`);
    await expect(page.getByText(/^Timeline of \d+ intervals/)).toBeAttached();
    const plot = page.getByRole("application", { name: /^Timeline/ });
    const { x, y, width, height } = await plot.boundingBox();
    await page.mouse.click(x + width / 2, y + height / 2, { button: "right" });
    await expect(page.getByRole("link", { name: /^What changed here\? \d\d:\d\d/ })).toBeVisible();
    await plot.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("m");
    await expect(page.getByRole("link", { name: /^What changed here\?/ })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/i\?service=checkout/);
    expect(Date.parse(param(page, "at"))).toBe(Date.parse(range.from));
    expect(Date.parse(param(page, "until"))).toBeGreaterThan(Date.parse(range.from));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/^Incident: checkout at/);
  });
});

test("what a link cannot say is said, and nothing else is shown", async ({ shop, page }) => {
  for (const [params, text] of [
    [{ at: "noon" }, "The time of this link, “noon”, cannot be read."],
    [{ at: "now-1h", until: "soon" }, "The end of this link, “soon”, cannot be read."],
    [{ at: "now-1h", until: "now-2h" }, "is before its time"],
    [{ at: "now+2h" }, "is in the future"],
    [{}, "This link has no time"],
    [{ at: "now-1h", selector: "{region=}" }, "has an error"],
    [{ at: "now-1h", baseline: "best" }, "The baseline of this link, “best”, is unknown."],
  ]) {
    await page.goto(link(shop.url, params));
    await expect(page.getByRole("alert").filter({ hasText: text }), text).toBeVisible();
    await expect(page.getByRole("link", { name: "Open the service in Explore" })).toBeVisible();
    await expect(page.getByRole("region", { name: "Verdict" })).toHaveCount(0);
  }
  await page.goto(`${shop.url}/i?at=now`);
  await expect(page.getByRole("alert").filter({ hasText: "This link names no service" })).toBeVisible();
});

test("an unknown service, and a time before there were profiles, are told apart", async ({ shop, page }) => {
  await page.goto(`${shop.url}/i?service=nothing&at=now-1h`);
  await expect(page.getByText("Unknown service “nothing”")).toBeVisible();
  await page.goto(link(shop.url, { at: "now-20h" }));
  await expect(page.getByText(/^The comparison is empty: no profiles match its filters in this time range/)).toBeVisible();
  await expect(page.getByRole("region", { name: "Timeline" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Share", exact: true })).toBeVisible();
});

test("it is one page on paper", async ({ shop, page }) => {
  await page.goto(link(shop.url, { at: shop.recorded.until, baseline: "version" }));
  await expect(graph(page).getByRole("treeitem").first()).toBeAttached();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".print-head")).toContainText("Incident: checkout at");
  await expect(page.locator(".print-link")).toContainText(`${shop.url}/i?service=checkout`);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  expect(pdf.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1);
});
