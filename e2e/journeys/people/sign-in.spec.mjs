// Signing in and out: errors are specific, and the page that was open is restored.
import { ann, expect, expectAccessible, signIn, test } from "../../people.mjs";

const expected = (info, description = "Failed to load resource") => info.annotations.push({ type: "expected-error", description });

test("a deep link opens after signing in", async ({ guarded, page }, info) => {
  expected(info);
  await page.goto(`${guarded.url}/labels?service=flarepath&by=pod&from=now-1h&until=now`);
  await expect(page).toHaveURL(/\/login\?next=/);
  await expectAccessible(page);
  await signIn(page, { ...ann, password: "not the password" });
  await expect(page.getByRole("alert")).toContainText("wrong name or password");
  await expect(page.getByLabel("Password", { exact: true })).toBeFocused();
  await signIn(page, ann);
  await expect(page).toHaveURL(/\/labels\?service=flarepath/);
  await page.getByRole("button", { name: "Account of ann" }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/login/);
});

test("the header says the same of the account on every page", async ({ guarded, page }, info) => {
  expected(info);
  const account = page.getByRole("banner").getByText("Account", { exact: true });
  await page.goto(`${guarded.url}/explore`);
  await signIn(page, ann);
  await expect(page).toHaveURL((url) => url.pathname === "/explore");
  await account.click();
  await expect(page.getByRole("dialog", { name: "Account of ann" }).getByRole("link", { name: "Settings" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Account of ann" })).toBeFocused();
  await page.goto(`${guarded.url}/labels`);
  await expect(account).toBeVisible();
  await page.getByRole("button", { name: "Account of ann" }).click();
  await expect(page.getByRole("dialog", { name: "Account of ann" }).getByText("Signed in as ann", { exact: true })).toBeVisible();
});

test("signing in again after the session has ended restores the address", async ({ guarded, page }, info) => {
  expected(info);
  const work = "/explore?service=flarepath&from=now-1h&until=now&q=poll";
  await page.goto(guarded.url + work);
  await signIn(page, ann);
  await expect(page).toHaveURL(/\/explore\?service=flarepath/);
  await page.context().clearCookies();
  // A key: where a request that was on its way has found the session ended already, there is no button any more.
  await page.keyboard.press("r");
  await expect(page).toHaveURL(/\/login\?next=/);
  await signIn(page, ann);
  await expect(page).toHaveURL(/\/explore\?service=flarepath.*q=poll/);
});

test("after too many attempts, the error says how long to wait", async ({ guarded, page }, info) => {
  expected(info);
  await page.goto(`${guarded.url}/login`);
  const bad = { ...ann, password: "not the password" };
  // All at once: on a busy machine a slow series of attempts stays below the rate that is limited.
  await page.evaluate(async (body) => {
    const attempt = () =>
      fetch("/api/v1/session", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    await Promise.all(Array.from({ length: 10 }, attempt));
  }, JSON.stringify(bad));
  await signIn(page, bad);
  const alert = page.getByRole("alert");
  await expect(alert).toContainText(/too many attempts; try again in \d+ s/);
});

for (const next of ["//evil.example/", "/\\evil.example", "https://evil.example", "/%09/evil.example"]) {
  test(`signing in never redirects to another site: ${next}`, async ({ guarded, page }) => {
    await page.goto(`${guarded.url}/login?next=${next.startsWith("/%") ? next : encodeURIComponent(next)}`);
    await signIn(page, ann);
    await expect(page).not.toHaveURL(/\/login/);
    expect(new URL(page.url()).origin).toBe(guarded.url);
  });
}

test("text in the address is never shown as a message", async ({ guarded, page }) => {
  await page.goto(`${guarded.url}/login?problem=Call%20555-1234%20now`);
  await expect(page.getByRole("alert")).toContainText("Sign-in failed.");
  await expect(page.getByText("555-1234")).toHaveCount(0);
});
