// Administration, Own code: what is set for which service, by whom, and changing it with the keyboard alone.
import { ann, expect, expectAccessible, invited, signIn, test } from "../../people.mjs";

const region = (page) => page.getByRole("region", { name: "Own code" });
const row = (page, service) => region(page).getByRole("row", { name: new RegExp(`^${service}`) });

test("an administrator sets, edits and removes own code of services", async ({ guarded, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.goto(`${guarded.url}/admin/own-code`);
  await signIn(page, ann);
  await expect(region(page)).toContainText("Own code is not set for any service: it is guessed for all.");

  await region(page).getByRole("button", { name: "Set own code…" }).focus();
  await page.keyboard.press("Enter");
  const added = page.getByRole("dialog", { name: "Set own code" });
  await added.getByRole("textbox", { name: "Service" }).focus();
  await page.keyboard.type("checkout");
  await page.keyboard.press("Tab");
  await page.keyboard.type("name: shop::");
  await page.keyboard.press("Enter");
  await page.keyboard.type("file: /src/");
  await expectAccessible(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(added).toBeHidden();
  await expect(row(page, "checkout")).toContainText("name: shop::");
  await expect(row(page, "checkout")).toContainText("file: /src/");
  await expect(row(page, "checkout")).toContainText("by ann");
  await expect(region(page).getByRole("status").filter({ hasText: "Own code of checkout is set." })).toBeVisible();
  await expectAccessible(page);

  // A second entry of a service would replace the first without a word.
  await region(page).getByRole("button", { name: "Set own code…" }).click();
  await added.getByRole("textbox", { name: "Service" }).fill("checkout");
  await added.getByRole("button", { name: "Save" }).click();
  await expect(added.getByRole("alert")).toContainText("Already set");
  await page.keyboard.press("Escape");
  await expect(added).toBeHidden();

  await region(page).getByRole("button", { name: "Edit own code of checkout" }).focus();
  await page.keyboard.press("Enter");
  const edited = page.getByRole("dialog", { name: "Own code of checkout", exact: true });
  const patterns = edited.getByRole("textbox", { name: "Own code, one pattern a line" });
  await expect(patterns).toHaveValue("name: shop::\nfile: /src/");
  await patterns.fill("package: example.org/shop");
  await edited.getByRole("button", { name: "Save" }).click();
  await expect(row(page, "checkout")).toContainText("package: example.org/shop");
  await expect(row(page, "checkout")).not.toContainText("name: shop::");
  await page.reload();
  await expect(row(page, "checkout")).toContainText("package: example.org/shop");

  await region(page).getByRole("button", { name: "Remove own code of checkout" }).click();
  await page.getByRole("dialog", { name: "Remove own code of checkout?" }).getByRole("button", { name: "Remove" }).click();
  await expect(region(page)).toContainText("Own code is not set for any service: it is guessed for all.");
  const { lines } = await guarded.ask("GET", "/api/v1/audit?action=own_code");
  expect(lines.map((line) => line.action)).toEqual(["own_code.delete", "own_code.set", "own_code.set"]);
});

test("a failed request is reported and can be retried", async ({ guarded, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await guarded.ask("PUT", "/api/v1/own-code", { service: "checkout", patterns: [] });
  await page.route(/own-code\/services/, (route) => route.fulfill({ status: 503 }));
  await page.goto(`${guarded.url}/admin/own-code`);
  await signIn(page, ann);
  await expect(page.getByRole("alert")).toContainText("The list of own code could not be loaded");
  await expect(region(page)).not.toContainText("Own code is not set for any service: it is guessed for all.");
  await page.unroute(/own-code\/services/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(row(page, "checkout")).toContainText("all functions are library code");
});

test("an editor of some services sees those alone, a viewer none", async ({ guarded, browser }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  for (const service of ["pay-api", "search"]) {
    await guarded.ask("PUT", "/api/v1/own-code", { service, patterns: [{ of: "name", text: `${service}::` }] });
  }
  const ed = await invited(guarded, browser, "ed");
  const scope = { subject_kind: "user", subject_id: ed.id, scope_kind: "selector", scope: '{service_name=~"pay-.*"}' };
  await guarded.ask("POST", "/api/v1/bindings", { ...scope, role: "editor" });
  await ed.page.goto(`${guarded.url}/admin/own-code`);
  await expect(row(ed.page, "pay-api")).toBeVisible();
  await expect(region(ed.page)).not.toContainText("search");
  await expect(ed.page.getByRole("navigation", { name: "Administration" }).getByRole("link")).toHaveText(["Own code"]);
  const vic = await invited(guarded, browser, "vic", "viewer");
  await vic.page.goto(`${guarded.url}/admin/own-code`);
  await expect(vic.page.getByRole("alert")).toContainText("services:edit");
});
