// From Explore, and from Home, to the Markdown that names the culprit, a quarter of an hour after a bad deployment: presses of a mouse and of a
// finger. The keys from Explore are counted in keyboard.spec.mjs.
import { replay } from "../recorded.mjs";
import { startServer } from "../server.mjs";
import { expectReady, shareDialog } from "../sharing.mjs";
import { expect, test } from "../shop.mjs";

test.describe.configure({ mode: "serial", timeout: 600_000 });

let server;

test.beforeAll(async () => {
  server = await startServer({ selfProfile: false });
  await replay(server.url);
});

test.afterAll(() => server?.stop());

/** Presses elements with `how`, `click` or `tap`, and counts. */
function countedPresses(how) {
  let count = 0;
  return {
    press: async (target) => {
      count += 1;
      await target[how]();
    },
    count: () => count,
  };
}

/** Chooses the service, shares what is on screen, and copies it as Markdown, which names the cause that was on screen. */
async function reachMarkdown(page, context, presses) {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(`${server.url}/explore`);
  await expect(page.getByRole("region", { name: "Profile" })).toBeVisible();

  await presses.press(page.getByRole("combobox", { name: "Service", exact: true }));
  await presses.press(page.getByRole("option", { name: /^checkout/ }));
  await expect(page).toHaveURL(/service=checkout/);
  const verdict = page.locator(".verdict-line").getByRole("status");
  await expect(verdict).toContainText(/the largest (cause|change|increase) is /i);
  await expect(verdict).toContainText("Regex::new");

  await presses.press(page.getByRole("button", { name: "Share", exact: true }));
  const dialog = shareDialog(page);
  const copy = dialog.getByRole("button", { name: "Copy as Markdown" });
  await expectReady(copy);
  await expect(copy).toBeInViewport({ ratio: 1 });
  await expect(dialog.locator(".share-outcome")).toBeInViewport({ ratio: 1 });
  await expect(dialog.locator(".share-outcome")).toContainText("can open it");
  await presses.press(copy);
  await expect(dialog.locator(".share-status")).toHaveText("Snapshot created. Markdown copied.");
  await expect(dialog.getByRole("textbox", { name: "Snapshot link" })).toHaveValue(/\/s\/[0-9a-z]{32}$/);

  const plain = (text) => text.replace(/[`\\*]/g, "");
  const markdown = plain(await page.evaluate(() => navigator.clipboard.readText()));
  const [said] = plain(await verdict.innerText()).match(/[Tt]he largest (cause|change|increase) is .+?Regex::new/);
  expect(markdown).toContain(said);
}

const headline = (page) => page.getByRole("region", { name: "Verdict" }).locator(".verdict-headline");
const services = (page) => page.getByRole("grid", { name: "Services" });
const checkout = (page) => services(page).getByRole("row").filter({ has: page.getByRole("link", { name: "checkout", exact: true }) });

/** Home, once the verdict on checkout is there: the server takes its time for the first ones. */
async function openHome(page) {
  await page.goto(server.url);
  await expect(checkout(page)).toContainText(/Regressed|Changed/, { timeout: 240_000 });
}

/** Expects that the Markdown on the clipboard names the culprit. */
async function expectMarkdown(page) {
  await expect(shareDialog(page).locator(".share-status")).toHaveText("Snapshot created. Markdown copied.");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("Regex::new");
}

/** From Home: the row, Share, the copy. */
async function reachMarkdownFromHome(page, context, presses) {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openHome(page);
  await presses.press(checkout(page));
  await expect(headline(page)).toContainText("Regex::new");
  await presses.press(page.getByRole("button", { name: "Share", exact: true }));
  const copy = shareDialog(page).getByRole("button", { name: "Copy as Markdown" });
  await expectReady(copy);
  await presses.press(copy);
  await expectMarkdown(page);
}

test("3 clicks from Home", async ({ page, context }) => {
  const presses = countedPresses("click");
  await reachMarkdownFromHome(page, context, presses);
  expect(presses.count()).toBe(3);
});

test("from Home by keyboard", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openHome(page);
  await page.keyboard.press("/");
  await page.keyboard.type("checkout");
  await expect(page).toHaveURL(/q=checkout/);
  await expect(services(page).getByRole("rowheader")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(services(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(headline(page)).toContainText("Regex::new");
  await page.keyboard.press("Shift+S");
  const copy = shareDialog(page).getByRole("button", { name: "Copy as Markdown" });
  await expectReady(copy);
  await copy.press("Enter");
  await expectMarkdown(page);
});

test("at most 4 clicks", async ({ page, context }) => {
  const presses = countedPresses("click");
  await reachMarkdown(page, context, presses);
  expect(presses.count()).toBeLessThanOrEqual(4);
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test("3 taps from Home", async ({ page, context }) => {
    const presses = countedPresses("tap");
    await reachMarkdownFromHome(page, context, presses);
    expect(presses.count()).toBe(3);
  });

  test("at most 5 taps, and nothing to zoom in to", async ({ page, context }) => {
    const presses = countedPresses("tap");
    await reachMarkdown(page, context, presses);
    expect(presses.count()).toBeLessThanOrEqual(5);
    const sizes = await page.locator(".verdict-line p, dialog#share p, dialog#share button").evaluateAll((all) =>
      all.filter((one) => one.checkVisibility() && one.textContent.trim()).map((one) => parseFloat(getComputedStyle(one).fontSize)),
    );
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(12);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    const wide = await page.locator("dialog#share").evaluate((element) => element.scrollWidth > element.clientWidth + 1);
    expect(wide).toBe(false);
  });
});
