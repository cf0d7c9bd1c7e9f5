// The audit log tells what happened in words; it is filtered by object or action, the filter is in the address, and the log can be downloaded.
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
  await expect(log).toContainText("ann changed the team payments");
  await log.getByText("Details", { exact: true }).click();
  await expect(log.getByText("team.update", { exact: true })).toBeVisible();
  await expect(log.getByRole("row", { name: /^name/ })).toContainText("pay");
  await page.reload();
  await expect(page.getByLabel("Object")).toHaveValue("payments");
  await expect(log.getByText("Details", { exact: true })).toHaveCount(1);
  await page.getByLabel("Object").fill("nobody-of-this-name");
  await page.keyboard.press("Enter");
  await expect(page.getByText("No matching audit entries")).toBeVisible();
  await page.getByRole("link", { name: "Clear" }).click();
  await expect(log).toBeVisible();
  await page.getByLabel("Action", { exact: true }).selectOption({ label: "Team created" });
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/action=team\.create/);
  await expect(log.getByRole("rowheader", { name: /\d{4}-\d\d-\d\d/ })).toHaveCount(1);
  await expect(log).toContainText("ann created the team pay");
  await page.getByRole("link", { name: "Clear" }).click();
  await expect(log).toContainText("ann changed the team payments");
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

test("times of the filter are read as everywhere on the page", async ({ guarded, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.goto(`${guarded.url}/admin/audit?from=1795230315250`);
  await signIn(page, ann);
  const [from, until] = [page.getByLabel(/^From \(UTC/), page.getByLabel(/^Until \(UTC/)];
  await expect(from).toHaveValue("2026-11-21 03:05:15.250");
  await until.fill("11/21/2026 4:05 PM");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "The end, “11/21/2026 4:05 PM”, cannot be read" })).toBeVisible();
  await expect(page).toHaveURL(/from=1795230315250$/);
  await from.fill("2026-11-21 15:05");
  await until.fill("now");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/from=2026-11-21T15:05:00Z&until=now$/);
  await expect(from).toHaveValue("2026-11-21 15:05:00");
  await expect(until).toHaveValue("now");
  await from.fill("now-1h");
  await until.fill("now-2h");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("status").filter({ hasText: "The end must be after the start" })).toBeVisible();
});
