// Several profile stores: the one of the server, and another Flarepath that is asked by Pyroscope's protocol. The picker leads to each page in
// either of them; a share names its store; a store that is down or unknown is named, and the other one still answers.
import { configured } from "../metrics_source.mjs";
import { push } from "../people.mjs";
import { startDemo, startServer, waitForAnswer } from "../server.mjs";
import { openElsewhere, share } from "../sharing.mjs";
import { closeQuery, expect, expectAccessible, openQuery, test } from "../shop.mjs";

const CONFIGURATION = (url) => `
[stores.embedded]
kind = "embedded"

[stores.prod]
kind = "pyroscope"
url = "${url}"
`;

const flame = (page, name = "Flame graph") => page.getByRole("tree", { name, exact: true });
const picker = (page, store) => page.getByRole("button", { name: `Store: ${store}`, exact: true });
const stores = (page) => page.getByRole("table", { name: "Profile stores" });
const storeRow = (page, name) => stores(page).getByRole("row").filter({ has: page.getByRole("rowheader", { name: new RegExp(`^${name}`) }) });
const param = (page, name) => new URL(page.url()).searchParams.get(name);
const alertOf = (page, store) => page.getByRole("alert").filter({ hasText: `profile store \`${store}\`` });

/** Chooses a store in the picker, with the keyboard alone. */
async function choose(page, before, after) {
  await picker(page, before).focus();
  await page.keyboard.press("Enter");
  const link = page.getByRole("dialog", { name: `Store: ${before}` }).getByRole("link", { name: new RegExp(`^${after}`) });
  await link.focus();
  await page.keyboard.press("Enter");
  await expect(picker(page, after)).toBeVisible();
}

/** What a page shows of the second store: its data, or a sentence that names the store where it does not offer them. Never nothing. */
const told = (page, data) => data.or(alertOf(page, "prod")).first();

test.describe("two stores", () => {
  test.describe.configure({ mode: "serial" });
  let remote, server;
  test.beforeAll(async () => {
    test.setTimeout(600_000);
    remote = await startServer({ selfProfile: false });
    const demo = await startDemo(remote.url);
    server = await startServer({ selfProfile: false, args: configured(CONFIGURATION(remote.url)) });
    await push(server, "billing");
    await waitForAnswer(server.url, "/api/v1/services?from=0", ({ services }) => services.some(({ name }) => name === "billing"));
    await waitForAnswer(server.url, "/api/v1/services?store=prod&from=0", ({ services }) => services.length === 3);
    await demo.stop();
  });
  test.afterAll(async () => {
    await server?.stop();
    await remote?.stop();
  });

  // What a store does not offer is answered 501, which the browser's console reports.
  test.beforeEach(({}, info) => {
    info.annotations.push({ type: "expected-error", description: "Failed to load resource.*50\\d" });
  });

  test("Explore is read in the store that the picker names", async ({ page }) => {
    await page.goto(`${server.url}/explore`);
    await expect(page.getByRole("combobox", { name: "Service", exact: true })).toHaveValue("billing");
    await expect(flame(page)).toBeVisible();
    await expect(picker(page, "embedded")).toBeVisible();
    await expectAccessible(page);
    await page.goto(`${server.url}/explore?store=prod`);
    await expect(page.getByRole("combobox", { name: "Service", exact: true })).toHaveValue(/^(?!billing$).+/);
    await expect(flame(page)).toBeVisible();
    await expect.poll(() => param(page, "store")).toBe("prod");
    await expect(picker(page, "prod")).toBeVisible();
    await choose(page, "prod", "embedded");
    await expect.poll(() => param(page, "store")).toBe(null);
    await choose(page, "embedded", "prod");
    await expect.poll(() => param(page, "store")).toBe("prod");
    await expect(flame(page)).toBeVisible();
    await expectAccessible(page);
  });

  test("all pages keep the store", async ({ page }) => {
    await page.goto(`${server.url}/explore?store=prod&service=checkout`);
    await expect(flame(page)).toBeVisible();
    const pages = page.getByRole("navigation", { name: "Pages" });
    await pages.getByRole("link", { name: "Compare" }).click();
    await expect(page).toHaveURL(/\/compare\?.*store=prod/);
    await expect(picker(page, "prod")).toBeVisible();
    const hour = { from: "now-1h", until: "now", "b.from": "now-1h", "b.until": "now" };
    await page.goto(`${server.url}/compare?${new URLSearchParams({ store: "prod", service: "checkout", ...hour })}`);
    await expect(told(page, flame(page, "Flame graph of the difference"))).toBeVisible();
    await pages.getByRole("link", { name: "Heat map" }).click();
    await expect(page).toHaveURL(/\/heatmap\?.*store=prod/);
    await expect(told(page, page.getByRole("grid", { name: "Heat map" }))).toBeVisible();
    await pages.getByRole("link", { name: "Labels" }).click();
    await expect(page).toHaveURL(/\/labels\?.*store=prod/);
    await expect(picker(page, "prod")).toBeVisible();
    await pages.getByRole("link", { name: "Home" }).click();
    await expect(page).toHaveURL(/\/\?store=prod$/);
    await expect(picker(page, "prod")).toBeVisible();
    await expect(told(page, page.getByRole("grid", { name: "Services" }).getByRole("link", { name: "checkout", exact: true }))).toBeVisible();
    await choose(page, "prod", "embedded");
    await expect(page).toHaveURL(/\/$/);
    await expect(page.getByRole("grid", { name: "Services" }).getByRole("link", { name: "billing", exact: true })).toBeVisible();
  });

  test("a phone has the picker in its sheet", async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${server.url}/explore?store=prod&service=checkout`);
    await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
    await openQuery(page);
    await picker(page, "prod").click();
    await expect(page.getByRole("dialog", { name: "Store: prod" }).getByRole("link", { name: /^prod/ })).toHaveAttribute("aria-current", "true");
    await picker(page, "prod").click();
    await closeQuery(page);
    await page.goto(`${server.url}/stores`);
    await expect(storeRow(page, "prod")).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  });

  test("a share names its store", async ({ page, browser }) => {
    await page.goto(`${server.url}/explore?store=prod&service=checkout`);
    await expect(flame(page)).toBeVisible();
    const link = await share(page, { title: "From the other store" });
    const other = await openElsewhere(browser, link);
    await expect(other.page.getByRole("note", { name: "Snapshot", exact: true })).toContainText("store prod (pyroscope");
    await expect(flame(other.page)).toBeVisible();
    expect(other.requests.filter((path) => path.startsWith("/api/v1/stores"))).toEqual([]);
    expect(other.problems).toEqual([]);
    await other.close();
  });

  test("the page about stores shows both", async ({ page }) => {
    await page.goto(`${server.url}/explore?store=prod&service=checkout`);
    await picker(page, "prod").click();
    await page.getByRole("dialog", { name: "Store: prod" }).getByRole("link", { name: "State of the stores" }).click();
    await expect(page).toHaveURL(/\/stores$/);
    await expect(storeRow(page, "embedded")).toContainText(/Embedded.*default · takes pushes/);
    await expect(storeRow(page, "prod")).toContainText(/Pyroscope.*OK/);
    await expectAccessible(page);
  });

  test("a store that is not there is named, with the same page in the default store", async ({ page }, info) => {
    info.annotations.push({ type: "expected-error", description: "Failed to load resource.*404" });
    for (const path of ["/explore", "/compare", "/heatmap", "/labels"]) {
      await page.goto(`${server.url}${path}?store=nope&service=billing`);
      const alert = page.getByRole("alert").filter({ hasText: "There is no store “nope” here that you may read." });
      await expect(alert).toBeVisible();
      await alert.getByRole("link", { name: "Open this page in the default store" }).click();
      await expect(alert).toBeHidden();
      await expect(page).toHaveURL(new RegExp(`${path}\\?(?!.*store=).*service=billing`));
    }
    await page.goto(`${server.url}/explore?store=nope`);
    await page.getByRole("link", { name: "Open this page in the default store" }).click();
    await expect(flame(page)).toBeVisible();
  });

  test("a store that is down is named, and the other one still answers", async ({ page }) => {
    await remote.stop();
    await page.goto(`${server.url}/explore?store=prod&service=checkout&from=now-2h&until=now`);
    await expect(alertOf(page, "prod").first()).toBeVisible();
    await page.goto(`${server.url}/stores`);
    await expect(storeRow(page, "prod")).toContainText(/Failing/);
    await expect(storeRow(page, "prod")).toContainText(/just now/);
    await expect(storeRow(page, "embedded")).toContainText("OK");
    await page.goto(`${server.url}/explore`);
    await expect(flame(page)).toBeVisible();
    await expect(page.getByRole("combobox", { name: "Service", exact: true })).toHaveValue("billing");
  });
});
