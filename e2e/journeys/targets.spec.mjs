// What a finger presses is 44 CSS pixels high and wide on every page: on a phone, and in the tables of a tablet. A flag, or a link in a line of
// text, may be drawn smaller; then what is around it belongs to it.
import { share } from "../sharing.mjs";
import { ann, expect, signIn, test } from "../people.mjs";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const tablet = { viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true };

/**
 * Controls that a finger of 44 pixels misses: from their middle, less than that belongs to them upwards and downwards together, or to the left
 * and to the right. Left out are links in sentences, steps of a path, which give way, buttons that unfold rows of a table, which are as high as
 * their line, and controls that are off.
 */
const missed = (page) =>
  page.evaluate(() => {
    const FINGER = 44;
    const isInSentence = (element) =>
      element.matches("a") && getComputedStyle(element).display === "inline" && element.parentElement.textContent.trim() !== element.textContent.trim();
    const isSeen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".visually-hidden, .crumbs, .skip-link, .fold");
    const all = document.querySelectorAll(":is(header, main) :is(a[href], button, select, summary, input:not([type=file]))");
    return [...all].flatMap((element) => {
      if (!isSeen(element) || element.matches(":disabled") || isInSentence(element)) return [];
      element.scrollIntoView({ block: "center", inline: "center" });
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) return [];
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const isIts = (at) => at !== null && (element.contains(at) || at.closest("label")?.control === element);
      const reach = (across, down) => {
        let reached = 0;
        while (reached < FINGER && isIts(document.elementFromPoint(x + across * (reached + 1), y + down * (reached + 1)))) reached++;
        return reached;
      };
      // Clipped, or below something else.
      if (!isIts(document.elementFromPoint(x, y))) return [];
      const size = [reach(-1, 0) + reach(1, 0), reach(0, -1) + reach(0, 1)];
      // Of a box that begins between two pixels, one less is counted at each end, and buttons side by side share a border.
      return Math.min(...size) >= FINGER - 3 ? [] : [`${size.join(" × ")}: ${element.outerHTML.slice(0, 200)}`];
    });
  });

const compare = (shop) =>
  shop.explore({ filter: '{version="v2"}', "b.filter": '{version="v1"}', "b.from": shop.recorded.from, "b.until": shop.recorded.until }).replace("/explore?", "/compare?");
const at = (shop, path) => shop.explore().replace("/explore?", `${path}?`);
// A tablet shows the flame graph first.
const functions = (page) => page.getByRole("grid", { name: "Functions" }).locator(".top-row").or(page.getByRole("tree", { name: /^Flame graph/ })).first();
const heading = (page, name, level) => page.getByRole("heading", { name, level });

const pages = {
  Home: [(shop) => `${shop.url}/?${new URLSearchParams(shop.recorded)}`, (page) => page.getByRole("grid", { name: "Services" }).getByRole("rowheader").first()],
  Explore: [(shop) => shop.explore(), functions],
  Compare: [compare, functions],
  "Heat map": [(shop) => at(shop, "/heatmap"), (page) => page.getByRole("grid", { name: "Heat map" })],
  Labels: [(shop) => at(shop, "/labels"), (page) => page.getByRole("table", { name: "Values of the label" }).getByRole("row").nth(1)],
  Service: [(shop) => `${shop.url}/service/checkout?${new URLSearchParams(shop.recorded)}`, (page) => page.getByRole("region", { name: "Top offender", exact: true }).getByRole("tree")],
  Incident: [(shop) => `${shop.url}/i?${new URLSearchParams({ service: "checkout", at: shop.recorded.until })}`, (page) => heading(page, /^Incident: checkout/, 1)],
  "Local file": [(shop) => `${shop.url}/local`, (page) => page.getByText("Drop a profile anywhere")],
};

for (const [device, options] of Object.entries({ phone, tablet })) {
  test.describe(`on a ${device}`, () => {
    test.use(options);

    for (const [name, [link, ready]] of Object.entries(pages)) {
      test(`${name}: no target is smaller than a finger`, async ({ shop, page }) => {
        await page.goto(link(shop));
        await expect(ready(page)).toBeVisible();
        await expect.poll(() => missed(page), { timeout: 15_000 }).toEqual([]);
      });
    }

    test("settings and administration: no target is smaller than a finger", async ({ guarded, page }, info) => {
      info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
      await guarded.ask("POST", "/api/v1/me/tokens", { name: "checkout in production", role: "agent" });
      await guarded.ask("POST", "/api/v1/teams", { name: "payments", selector: '{service_name=~"pay-.*"}' });
      await page.goto(`${guarded.url}/settings`);
      await signIn(page, ann);
      await expect(heading(page, "Settings", 1)).toBeVisible();
      for (const path of ["/settings", "/admin/users", "/admin/teams", "/admin/access", "/admin/service-accounts", "/admin/own-code", "/admin/audit", "/admin/quotas", "/admin/storage"]) {
        await page.goto(guarded.url + path);
        await expect(page.getByRole("heading", { level: 2 }).last()).toBeVisible();
        await expect(page.getByText("Loading …")).toHaveCount(0);
        await expect.poll(() => missed(page), { message: path, timeout: 15_000 }).toEqual([]);
      }
    });
  });
}

test.describe("shares on a phone", () => {
  test.use(phone);

  test("the list of shares and a shared comparison: no target is smaller than a finger", async ({ shop, page }) => {
    await page.goto(compare(shop));
    await expect(functions(page)).toBeVisible();
    const link = await share(page, { title: "Between both versions" });
    await page.goto(link);
    await expect(heading(page, "Between both versions", 1)).toBeVisible();
    await expect(functions(page)).toBeVisible();
    await expect.poll(() => missed(page), { timeout: 15_000 }).toEqual([]);
    await page.goto(`${shop.url}/shares`);
    await expect(page.getByRole("row", { name: /Between both versions/ })).toBeVisible();
    await expect.poll(() => missed(page), { timeout: 15_000 }).toEqual([]);
  });
});
