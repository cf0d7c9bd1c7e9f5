// A recorded run, a quarter of an hour after version 2 of checkout was deployed: the page, its table, Explore, a snapshot, its link preview and the text
// for a postmortem name the same function with the same number. Two minutes after, there is too little data.
import { replay } from "../recorded.mjs";
import { startServer } from "../server.mjs";
import { openElsewhere, share, shareDialog } from "../sharing.mjs";
import { expect, test } from "../shop.mjs";

const MINUTE = 60_000;
const headline = (page) => page.getByRole("region", { name: "Verdict" }).getByRole("status");

const NUMBER = /^([+−][\d.]+ (%|m?cores)|×\d+)$/;
/** The number beside a sentence. */
const numberIn = (place) => place.locator(".verdict-number strong");

/** Opens Explore at a range. */
async function explore(page, url, from, until) {
  const range = { from: new Date(from).toISOString(), until: new Date(until).toISOString() };
  const type = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
  await page.goto(`${url}/explore?${new URLSearchParams({ service: "checkout", type, ...range })}`);
}

/** Opens Explore at a range and goes on to the comparison, whose baseline the server chooses. */
async function compare(page, url, from, until) {
  await explore(page, url, from, until);
  await page.getByRole("link", { name: "Compare" }).last().click();
}

/** What a sentence says is the cause: its name, its caller and its cost in cores. */
function causeIn(sentence) {
  const found = sentence.match(/[Tt]he largest (?:cause|change|increase) is (.+?), called by (.+?): ([\d.]+ \w+)/);
  expect(found, sentence).not.toBeNull();
  const [, name, caller, cost] = found;
  return { name, caller, cost };
}

/** Without the marks of code, quotes and escapes around names. */
const plain = (text) => text.replace(/[`\\*]/g, "");

/** All amounts in a text, in cores. */
const amounts = (text) => [...text.matchAll(/([\d.]+)\s+(m?)cores/g)].map(([, number, milli]) => Number(number) / (milli ? 1000 : 1));

test("page, table, snapshot, preview and postmortem name the same cause", async ({ page, browser, context }) => {
  test.setTimeout(600_000);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const server = await startServer({ selfProfile: false });
  const { deployed, end } = await replay(server.url);

  await compare(page, server.url, deployed - 13 * MINUTE, deployed + 2 * MINUTE);
  await expect(headline(page)).toContainText("Too little data: version v2 has ");

  await compare(page, server.url, deployed - 10 * MINUTE, end);
  await expect(headline(page)).toContainText(/the largest (cause|change|increase) is /i);
  const said = plain(await headline(page).innerText());
  const cause = causeIn(said);
  expect(cause.name).toMatch(/Regex::new$/);
  expect(cause.caller).toMatch(/handle_order$/);
  const strip = (page) => page.getByRole("region", { name: "Verdict" });
  await expect(numberIn(strip(page))).toHaveText(NUMBER);
  const number = await numberIn(strip(page)).textContent();

  await page.getByRole("button", { name: "Table", exact: true }).click();
  const first = page.getByRole("grid", { name: "Functions" }).locator(".top-row").first();
  await expect(first).toContainText("Regex::new");
  const [expected] = amounts(cause.cost);
  expect(amounts(await first.innerText()).some((amount) => Math.abs(amount / expected - 1) < 0.03)).toBe(true);

  const link = await share(page, { who: "Anyone with the link" });
  await shareDialog(page).getByRole("button", { name: "Copy as Markdown" }).click();
  await expect(shareDialog(page).locator(".share-status")).toHaveText("Markdown copied.");
  const markdown = plain(await page.evaluate(() => navigator.clipboard.readText()));
  expect(causeIn(markdown)).toEqual(cause);

  const other = await openElsewhere(browser, link);
  await expect(headline(other.page)).toContainText(/the largest (cause|change|increase) is /i);
  expect(plain(await headline(other.page).innerText())).toBe(said);
  await expect(numberIn(strip(other.page))).toHaveText(number);
  const description = await other.page.locator('meta[property="og:description"]').getAttribute("content");
  for (const part of [cause.cost, "Regex::new", "handle_order"]) expect(description).toContain(part);
  expect(other.problems).toEqual([]);
  await other.close();

  await explore(page, server.url, deployed - 10 * MINUTE, end);
  const line = page.locator(".verdict-line").getByRole("status");
  await expect(line).toContainText(/the largest (cause|change|increase) is /i, { timeout: 60_000 });
  expect(causeIn(plain(await line.innerText()))).toEqual(cause);
  await expect(numberIn(page.locator(".verdict-line"))).toHaveText(number);
  await server.stop();
});
