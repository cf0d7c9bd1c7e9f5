// The full program takes over from the first one. If it cannot be fetched, the page reports it and offers to try again.
import { expect, test } from "../shop.mjs";

for (const part of ["_loader.js", "_bg.wasm", ".js"]) {
  test(`after full-…${part} could not be fetched, the takeover can be retried`, async ({ shop, page }, info) => {
    info.annotations.push({ type: "expected-error", description: "Failed to load resource|Failed to fetch|net::ERR|Event" });
    const lost = new RegExp(`/full-[0-9a-f]+${part.replaceAll(".", "\\.")}(\\?|$)`);
    await page.route(lost, (route) => route.abort());
    await page.goto(shop.explore());
    await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
    await page.getByRole("link", { name: "Labels" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "could not be loaded" })).toBeVisible();
    await page.unroute(lost);
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { name: /labels/i }).first()).toBeVisible();
  });
}
