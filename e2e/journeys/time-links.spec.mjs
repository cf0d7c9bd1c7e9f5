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
