// The audit log is filtered by object, the filter is in the address, and the log can be downloaded.
import { readFileSync } from "node:fs";
import { ann, expect, signIn, test } from "../../people.mjs";

test("the audit log is filtered, shows what changed, and can be downloaded", async ({ guarded, page }) => {
  const { id } = await guarded.ask("POST", "/api/v1/teams", { name: "pay", selector: "{}" });
  await guarded.ask("PUT", `/api/v1/teams/${id}`, { name: "payments", selector: '{service_name=~"pay-.*"}' });
  await page.goto(`${guarded.url}/admin/audit`);
  await signIn(page, ann);
  const log = page.getByRole("table", { name: /Audit log/ });
  await expect(log).toContainText("ann");
  await page.getByLabel("Object").fill("payments");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/object=payments/);
  await expect(log.getByRole("rowheader", { name: /\d{4}-\d\d-\d\d/ })).toHaveCount(1);
  await log.getByText("Changes", { exact: true }).click();
  await expect(log.getByRole("row", { name: /^name/ })).toContainText("pay");
  await page.reload();
  await expect(page.getByLabel("Object")).toHaveValue("payments");
  await expect(log.getByText("Changes", { exact: true })).toHaveCount(1);
  await page.getByLabel("Object").fill("nobody-of-this-name");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No matching audit entries")).toBeVisible();
  await page.getByRole("link", { name: "Clear" }).click();
  await expect(log).toBeVisible();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download (NDJSON)" }).click()]);
  const lines = readFileSync(await download.path(), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  expect(lines.length).toBeGreaterThan(2);
  expect(JSON.stringify(lines)).not.toContain(ann.password);
});

test("a failed request is reported and can be retried", async ({ guarded, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.route(/api\/v1\/audit\?/, (route) => route.fulfill({ status: 503 }));
  await page.goto(`${guarded.url}/admin/audit`);
  await signIn(page, ann);
  await expect(page.getByRole("alert")).toContainText("The audit log could not be loaded");
  await page.unroute(/api\/v1\/audit\?/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("table", { name: /Audit log/ })).toBeVisible();
});
