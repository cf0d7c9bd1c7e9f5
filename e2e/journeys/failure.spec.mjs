// Failures are shown as errors with a way to continue, never as missing data.
import { expect, test } from "../shop.mjs";
import { startServer, waitForAnswer } from "../server.mjs";

test("requests to an unreachable server fail and can be retried", async ({ page }, info) => {
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

test("an unknown service is reported as unknown", async ({ shop, page }) => {
  await page.goto(shop.explore({ service: "nobody" }));
  await expect(page.getByRole("heading", { name: "Unknown service “nobody”" })).toBeVisible();
});

test("an empty time range links to the latest data", async ({ shop, page }) => {
  await page.goto(shop.explore({ from: Date.UTC(2020, 0, 1), until: Date.UTC(2020, 0, 2) }));
  await expect(page.getByRole("heading", { name: "No profiles in this time range" })).toBeVisible();
  await page.getByRole("button", { name: /^Show the hour before the latest profile/ }).click();
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
});

test("an invalid filter is reported", async ({ shop, page }) => {
  await page.goto(shop.explore({ filter: "{region=}" }));
  await expect(page.getByText("Fix the error in the filter above.")).toBeVisible();
});
