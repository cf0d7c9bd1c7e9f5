// API tokens are created, shown once, used, rotated and revoked; service accounts have tokens of their own.
import { ann, expect, expectAccessible, push, signIn, test } from "../../people.mjs";

test("a token is created, pushes, shows its last use, is rotated and revoked", async ({ guarded, page }) => {
  await page.goto(`${guarded.url}/settings`);
  await signIn(page, ann);
  await page.getByRole("button", { name: "New token…" }).click();
  const dialog = page.getByRole("dialog", { name: "New API token" });
  await dialog.getByLabel("Name").fill("checkout in production");
  await dialog.getByLabel("Limit to profiles").fill('{service_name="checkout"}');
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Create token" }).click();
  const token = await dialog.getByLabel("Token", { exact: true }).textContent();
  expect(token).toMatch(/^fp_pat_[0-9A-Za-z]{32}_/);
  await expect(dialog.getByLabel("Authorization header", { exact: true })).toContainText(`Authorization: Bearer ${token}`);
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Close" }).click();
  const row = page.getByRole("row", { name: /checkout in production/ });
  await expect(row).toContainText("never");
  await expect(dialog).toBeHidden();
  await expect.poll(() => page.content()).not.toContain(token);

  expect(await push(guarded, "checkout", token)).toMatchObject({ ok: true });
  expect(await push(guarded, "search", token)).toMatchObject({ ok: false });
  await page.reload();
  await expect(row).toContainText(/just now|minute/);
  await expect(row).toContainText("127.0.0.1");

  await row.getByRole("button", { name: /Rotate/ }).click();
  const rotate = page.getByRole("dialog", { name: "Rotate token" });
  await rotate.getByRole("button", { name: "Rotate token" }).click();
  const second = await rotate.getByLabel("Token", { exact: true }).textContent();
  expect(second).not.toBe(token);
  await rotate.getByRole("button", { name: "Close" }).click();
  expect(await push(guarded, "checkout", token)).toMatchObject({ ok: true });
  expect(await push(guarded, "checkout", second)).toMatchObject({ ok: true });

  await page.getByRole("button", { name: /Revoke checkout/ }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
  await expect(page.getByRole("row", { name: /revoked/ })).toHaveCount(1);
});

test("a service account pushes with its own token", async ({ guarded, page }) => {
  await page.goto(`${guarded.url}/admin/service-accounts`);
  await signIn(page, ann);
  await page.getByRole("button", { name: "New service account…" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("shop-agents");
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("row", { name: /shop-agents/ })).toContainText("none");
  await page.getByRole("link", { name: "Access", exact: true }).click();
  await page.getByRole("button", { name: "Grant access…" }).click();
  const dialog = page.getByRole("dialog", { name: "Grant access" });
  await dialog.getByLabel("Grant to").selectOption({ label: "service account shop-agents" });
  await dialog.getByLabel("Role").selectOption("agent");
  await dialog.getByLabel("Scope").selectOption("selector");
  await dialog.getByLabel("Selector").fill('{service_name=~"shop-.*"}');
  await dialog.getByRole("button", { name: "Grant role" }).click();
  await expect(page.getByRole("row", { name: /shop-agents/ })).toContainText("may send profiles that match");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Service accounts" }).click();
  await page.getByRole("link", { name: "Tokens of shop-agents" }).click();
  await page.getByRole("button", { name: "New token…" }).click();
  const form = page.getByRole("dialog", { name: "New API token" });
  await form.getByLabel("Name").fill("all pods");
  await form.getByRole("button", { name: "Create token" }).click();
  const token = await form.getByLabel("Token", { exact: true }).textContent();
  expect(await push(guarded, "shop-cart", token)).toMatchObject({ ok: true });
  expect(await push(guarded, "other", token)).toMatchObject({ ok: false });
});
