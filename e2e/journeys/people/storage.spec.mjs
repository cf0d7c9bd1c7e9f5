// The administration page about the disk: a failure and another try, then usage, limit and forecast.
import { ann, expect, signIn, test } from "../../people.mjs";

test("storage shows what profiles take of the disk, and the forecast", async ({ guarded, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.route(/api\/v1\/storage/, (route) => route.fulfill({ status: 503 }));
  await page.goto(`${guarded.url}/admin/storage`);
  await signIn(page, ann);
  await expect(page.getByRole("alert")).toContainText("The disk usage could not be loaded");
  await page.unroute(/api\/v1\/storage/);
  await page.getByRole("button", { name: "Try again" }).click();
  const storage = page.getByRole("region", { name: "Storage" });
  await expect(storage).toContainText(/On disk.*of data.*of free pages.*of log/);
  await expect(storage).toContainText(/Free on the disk.*iB/);
  await expect(storage).toContainText("none (retention.max_size)");
  await expect(storage).toContainText("not known yet: 24 hours of growth are needed");
});
