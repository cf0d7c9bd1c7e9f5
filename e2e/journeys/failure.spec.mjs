// What goes wrong is said on the page, with a way on; it never looks like "no data".
import { expect, test } from "../shop.mjs";
import { startServer, waitForAnswer } from "../server.mjs";

test("a server that is gone is an error with a way to try again", async ({ page }, info) => {
  info.annotations.push({ type: "expected-error", description: "ERR_CONNECTION_REFUSED|Failed to load resource|importScripts" });
  const server = await startServer();
  await waitForAnswer(server.url, "/api/v1/services?from=now-1h&until=now", (answer) => answer.services.length > 0);
  await page.goto(`${server.url}/explore?service=flarepath&from=now-1h&until=now`);
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await server.stop();
  await page.getByRole("button", { name: "Refresh", exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: "could not be loaded" }).first()).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" }).first()).toBeVisible();
});

test("a service that nobody knows is named as such", async ({ shop, page }) => {
  await page.goto(shop.explore({ service: "nobody" }));
  await expect(page.getByRole("heading", { name: /nobody/ })).toBeVisible();
});

test("an empty range offers where the data is", async ({ shop, page }) => {
  await page.goto(shop.explore({ from: Date.UTC(2020, 0, 1), until: Date.UTC(2020, 0, 2) }));
  await expect(page.getByRole("heading", { name: "No profiles in this range" })).toBeVisible();
  await page.getByRole("button", { name: /newest profile/ }).click();
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
});

test("a mistake in the filter is pointed at", async ({ shop, page }) => {
  await page.goto(shop.explore({ filter: "{region=}" }));
  await expect(page.getByText(/filter has a mistake/)).toBeVisible();
});
