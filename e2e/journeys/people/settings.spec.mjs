// The settings of an account: name, password, sessions, and signing out everywhere.
import { ann, expect, expectAccessible, signIn, test } from "../../people.mjs";
import { share } from "../../sharing.mjs";

test("signing out everywhere also ends the session of another browser", async ({ guarded, page, browser }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  const other = await (await browser.newContext()).newPage();
  for (const at of [other, page]) {
    await at.goto(`${guarded.url}/settings`);
    await signIn(at, ann);
    await expect(at.getByRole("heading", { name: "Settings" })).toBeVisible();
  }
  // A header and three sessions: this one, the other browser's, and the one that claimed the server.
  await expect(page.getByRole("table", { name: "Active sessions" }).getByRole("row")).toHaveCount(4);
  await expect(page.getByText("This session")).toHaveCount(1);
  await page.getByRole("button", { name: "Sign out everywhere…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page).toHaveURL(/\/login/);
  await other.getByRole("link", { name: "Labels" }).click();
  await expect(other).toHaveURL(/\/login\?next=%2Flabels/);
});

test("the display name and the password can be changed", async ({ guarded, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.goto(`${guarded.url}/settings`);
  await signIn(page, ann);
  await page.getByLabel("Display name").fill("Ann Lovelace");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Account of Ann Lovelace" })).toBeVisible();
  await page.getByLabel("Current password").fill("not the password");
  await page.getByLabel("New password").fill("another long password");
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByRole("alert")).toContainText("Wrong password");
  await expect(page).toHaveURL(/\/settings/);
  await page.getByLabel("Current password").fill(ann.password);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Password changed")).toBeVisible();
  await page.getByRole("button", { name: "Account of Ann Lovelace" }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await signIn(page, { name: "ann", password: "another long password" });
  await expect(page).not.toHaveURL(/\/login/);
});

for (const colorScheme of ["light", "dark"]) {
  test(`settings and administration fit a phone and meet axe-core's rules (${colorScheme})`, async ({ guarded, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${guarded.url}/settings`);
    await signIn(page, ann);
    await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
    for (const path of ["/settings", "/admin/users", "/admin/teams", "/admin/access", "/admin/service-accounts", "/admin/audit", "/admin/quotas", "/admin/storage"]) {
      await page.goto(guarded.url + path);
      await expect(page.getByRole("heading", { level: 2 }).last()).toBeVisible();
      await expect(page.getByText("Loading …")).toHaveCount(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390);
      await expectAccessible(page);
    }
  });
}

for (const width of [720, 320]) {
  test(`settings, tokens, administration and shares do not scroll sideways with long names, ${width} wide`, async ({ guarded, page }, info) => {
    info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
    const long = (what) => `${what}-whose-name-has-no-space-and-is-longer-than-a-phone-is-wide`;
    await guarded.ask("POST", "/api/v1/users", { name: long("a-user") });
    await guarded.ask("POST", "/api/v1/teams", { name: long("a-team"), selector: `{service_name="${long("a-service")}"}` });
    await guarded.ask("POST", "/api/v1/service-accounts", { name: long("an-account") });
    await guarded.ask("POST", "/api/v1/me/tokens", { name: long("a-token"), role: "agent" });
    await guarded.ask("PUT", "/api/v1/own-code", { service: long("a-service"), patterns: [{ of: "name", text: long("a-pattern") }] });
    await page.goto(`${guarded.url}/settings`);
    await signIn(page, ann);
    await expect(page.getByRole("heading", { name: "Settings" })).toBeVisible();
    await page.goto(`${guarded.url}/local`);
    await page.locator("input[type=file]").first().setInputFiles({ name: "a.folded", mimeType: "text/plain", buffer: Buffer.from("main;work 5\n") });
    await expect(page.getByRole("tree", { name: "Flame graph", exact: true })).toBeVisible();
    await share(page, { title: long("a-share") });
    await page.setViewportSize({ width, height: 450 });
    const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    for (const [path, found] of [
      ["/settings", long("a-token")],
      ["/admin/users", long("a-user")],
      ["/admin/teams", long("a-team")],
      ["/admin/access", "ann"],
      ["/admin/service-accounts", long("an-account")],
      ["/admin/own-code", long("a-service")],
      ["/admin/audit", "ann"],
      ["/shares", long("a-share")],
    ]) {
      await page.goto(guarded.url + path);
      await expect(page.getByRole("table").filter({ hasText: found }).first()).toBeVisible();
      expect(await beyond(), path).toBeLessThanOrEqual(0);
    }
    await page.goto(`${guarded.url}/settings`);
    await page.getByRole("button", { name: "New token…" }).click();
    const dialog = page.getByRole("dialog", { name: "New API token" });
    await expect(dialog.getByLabel("Name")).toBeVisible();
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(1);
    expect(await beyond()).toBeLessThanOrEqual(0);
  });
}
