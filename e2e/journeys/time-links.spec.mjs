// The time in a link: every notation of the API opens that time; one that cannot be read is said, and nothing else is shown.
import { expect, test } from "../shop.mjs";

const notation = {
  "RFC 3339 in UTC": (ms) => new Date(ms).toISOString(),
  "RFC 3339 with an offset": (ms) => new Date(ms + 7_200_000).toISOString().replace("Z", "+02:00"),
  seconds: (ms) => String(ms / 1000),
  milliseconds: (ms) => String(ms),
  microseconds: (ms) => `${ms}000`,
  nanoseconds: (ms) => `${ms}000000`,
};

test("a link opens the same time in every notation of the API", async ({ page, shop }) => {
  const until = Math.floor(Date.now() / 60_000) * 60_000 + 60_000;
  const from = until - 3_600_000;
  const asked = [];
  page.on("request", (request) => request.url().includes("/api/v1/call-tree") && asked.push(new URL(request.url()).searchParams));
  for (const [name, write] of Object.entries(notation)) {
    await page.goto(shop.explore({ from: write(from), until: write(until) }));
    await expect(page.getByRole("button", { name: /^Time range: / }), name).toBeVisible();
    await expect.poll(() => asked.map((params) => [params.get("from"), params.get("until")]).at(-1), name).toEqual([String(from), String(until)]);
    asked.length = 0;
  }
});

test("microseconds and nanoseconds of a link are asked for, shown and kept", async ({ page, shop }) => {
  const second = Math.floor(Date.now() / 1000) - 3600;
  const [from, until] = [`${second}000000001`, `${second + 600}250001000`];
  const asked = [];
  page.on("request", (request) => request.url().includes("/api/v1/call-tree") && asked.push(new URL(request.url()).searchParams));
  await page.goto(shop.explore({ from, until: until.slice(0, -3) }));
  await expect.poll(() => asked.map((params) => [params.get("from"), params.get("until")]).at(-1)).toEqual([from, until]);
  await expect(page.getByRole("button", { name: /^Time range: .*\.000000001 – .*\.250001 / })).toBeVisible();
  await page.getByRole("button", { name: "Earlier", exact: true }).click();
  // Earlier by its own length, and still as long.
  const moved = (param) => new URL(page.url()).searchParams.get(param);
  await expect.poll(() => moved("until")).toBe(new Date(second * 1000).toISOString().replace(".000Z", ".000000001Z"));
  expect(moved("from")).toBe(new Date((second - 601) * 1000).toISOString().replace(".000Z", ".749999002Z"));
});

for (const [range, length] of [["now-30d", 30 * 86_400_000], ["now-7h", 7 * 3_600_000]]) {
  test(`from=${range} asks for exactly that, tree and timeline alike`, async ({ page, shop }) => {
    const asked = new Map();
    page.on("request", (request) => {
      const { pathname, searchParams } = new URL(request.url());
      asked.set(pathname, searchParams);
    });
    await page.goto(shop.explore({ from: range, until: "now" }));
    await expect(page.getByText(/^Timeline of \d+ intervals/)).toBeAttached();
    const [tree, series] = ["/api/v1/call-tree", "/api/v1/series"].map((path) => asked.get(path));
    expect(Number(tree.get("until")) - Number(tree.get("from"))).toBe(length);
    expect(Number(tree.get("until")) % 1000).toBe(0);
    expect([series.get("from"), series.get("until")]).toEqual([tree.get("from"), tree.get("until")]);
    expect([series.get("aligned"), series.get("covered")]).toEqual(["true", "true"]);
  });
}

test("a time that the clock shows twice is refused with both offsets, and taken with one", async ({ shop, browser }) => {
  const context = await browser.newContext({ timezoneId: "America/New_York", locale: "en-US" });
  const page = await context.newPage();
  await page.goto(shop.explore({}));
  await page.getByRole("button", { name: /^Time range: / }).click();
  await page.getByLabel("From").fill("2026-11-01 01:30");
  await page.getByLabel("Until").fill("2026-11-01 03:00");
  await page.keyboard.press("Enter");
  const problem = page.getByRole("status").filter({ hasText: "occurs twice" });
  await expect(problem).toContainText("Write 2026-11-01 01:30:00-04:00 or 2026-11-01 01:30:00-05:00.");
  await page.getByLabel("From").fill("2026-11-01 01:30:00-05:00");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/from=2026-11-01T06:30:00Z&until=2026-11-01T08:00:00Z/);
  await context.close();
});

test("a link may be relative at both ends", async ({ page, shop }) => {
  await page.goto(shop.explore({ from: "now-2h", until: "now-1h" }));
  await expect(page).toHaveURL(/from=now-2h&until=now-1h/);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

for (const [what, from, until, problem] of [
  ["a time that cannot be read", "xyz", "now", "“xyz”, cannot be read"],
  ["an empty range", "1764399600", "1764399600", "it ends where it starts"],
  ["a reversed range", "now-1h", "now-2h", "ends before it starts"],
]) {
  test(`${what} is said, and no other time is shown`, async ({ page, shop }) => {
    const asked = [];
    page.on("request", (request) => request.url().includes("/api/v1/call-tree") && asked.push(request.url()));
    await page.goto(shop.explore({ from, until }));
    await expect(page.getByRole("alert")).toContainText(problem);
    await expect(page).toHaveURL(new RegExp(`from=${from}`));
    expect(asked).toEqual([]);
    await page.getByRole("button", { name: /^Time range: / }).click();
    await page.getByRole("button", { name: "Last hour", exact: true }).click();
    await expect(page.getByRole("alert")).toHaveCount(0);
    await expect(page.getByRole("group", { name: "Flame graph" }).or(page.locator("canvas").first())).toBeVisible();
  });
}

// The fields for both ends take the same notations, and the clock of the page.
for (const [what, from, until, expected] of [
  ["times on the clock", "2026-11-21 15:05", "2026-11-21 16:00:30.250", "from=2026-11-21T15:05:00Z&until=2026-11-21T16:00:30.250Z"],
  ["RFC 3339 and a Unix time", "2026-11-21 16:05+01:00", "1795277630250", "from=2026-11-21T15:05:00Z&until=2026-11-21T16:13:50.250Z"],
  ["relative times", "now-2h", "now-1h", "from=now-2h&until=now-1h"],
]) {
  test(`the time picker takes ${what}`, async ({ page, shop }) => {
    await page.goto(shop.explore({}));
    await page.getByRole("button", { name: /^Time range: / }).click();
    await page.getByLabel("From").fill(from);
    await page.getByLabel("Until").fill(until);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(expected.replaceAll(".", "\\.")));
  });
}

test("the time picker says what it cannot read, and changes nothing", async ({ page, shop }) => {
  await page.goto(shop.explore({ from: "1795273500000", until: "1795276800250" }));
  await page.getByRole("button", { name: /^Time range: / }).click();
  await expect(page.getByLabel("Until")).toHaveValue("2026-11-21 16:00:00.250");
  for (const [from, until, problem] of [
    ["2026-11-21 3:05 PM", "now", "The start, “2026-11-21 3:05 PM”, cannot be read"],
    ["2026-11-21 15:05:00.5+25:00", "now", "cannot be read"],
    ["now-1h", "", "The end is missing"],
    ["now-1h", "now-2h", "The end must be after the start"],
  ]) {
    await page.getByLabel("From").fill(from);
    await page.getByLabel("Until").fill(until);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status").filter({ hasText: problem })).toBeVisible();
    await expect(page).toHaveURL(/until=(1795276800250|2026-11-21T16:00:00\.250Z)/);
  }
});
