// Signing in at a real identity provider: allowed by group, denied without one, and forged or replayed responses are rejected.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProvider } from "../../oidc_provider.mjs";
import { ann, expect, expectAccessible, test as base } from "../../people.mjs";
import { startServer } from "../../server.mjs";

const GROUPS = { rosa: ["sre", "everyone"], vic: ["everyone"], mallory: ["outsiders"] };
const RULES = '[{group="sre",role="admin"},{group="everyone",role="viewer"}]';

const test = base.extend({
  provider: async ({}, use) => {
    const provider = await startProvider(GROUPS);
    await use(provider);
    await provider.stop();
  },

  /** A server claimed by ann, with the provider configured. */
  site: async ({ provider, playwright }, use) => {
    const folder = mkdtempSync(join(tmpdir(), "flarepath-oidc-"));
    const secret = join(folder, "secret");
    writeFileSync(secret, provider.secret);
    const server = await startServer({ signIn: true, env: { ...provider.env(secret), FLAREPATH_OIDC__GROUPS: RULES } });
    const api = await playwright.request.newContext({ baseURL: server.url, extraHTTPHeaders: { origin: server.url } });
    const claimed = await api.post("/api/v1/claim", { data: ann });
    expect(claimed.ok(), await claimed.text()).toBe(true);
    await api.dispose();
    await use(server);
    await server.stop();
    rmSync(folder, { recursive: true });
  },
});

// Requests without a session fail before the page redirects to the login page.
test.beforeEach(({}, info) => info.annotations.push({ type: "expected-error", description: "Failed to load resource" }));

/** Signs in and consents on the provider's pages. */
async function agree(page, name) {
  await page.locator('input[name="login"]').fill(name);
  await page.locator('input[name="password"]').fill("any");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function signIn(page, site, name, path = "/login") {
  await page.goto(site.url + path);
  await page.getByRole("link", { name: "Example ID" }).click();
  await agree(page, name);
}

/** Whether an address is a page of the site to which only a completed sign-in leads. */
const signedIn = (site) => (url) => url.origin === site.url && url.pathname !== "/login";

async function me(page, site) {
  const answer = await page.request.get(`${site.url}/api/v1/me`, { headers: { accept: "application/json" } });
  return answer.json();
}

test("a user signs in, returns to the page that was open, and has the role of their group", async ({ site, page }) => {
  await page.goto(`${site.url}/labels?service=flarepath`);
  await expect(page).toHaveURL(/\/login\?next=/);
  await expectAccessible(page);
  await page.getByRole("link", { name: "Example ID" }).click();
  await agree(page, "rosa");
  await expect(page).toHaveURL(/\/labels\?service=flarepath/);
  expect(await me(page, site)).toMatchObject({ name: "rosa", display_name: "rosa at Example" });
  expect((await page.request.get(`${site.url}/api/v1/audit`)).status()).toBe(200);
  const cookies = await page.context().cookies();
  expect(cookies.find(({ name }) => name === "fp_session")).toMatchObject({ httpOnly: true, sameSite: "Lax" });
});

test("a group maps to the viewer role, and users without an allowed group are denied", async ({ site, browser }) => {
  const viewer = await (await browser.newContext()).newPage();
  await signIn(viewer, site, "vic");
  await expect(viewer).toHaveURL(signedIn(site));
  expect((await viewer.request.get(`${site.url}/api/v1/audit`)).status()).toBe(403);
  const outsider = await (await browser.newContext()).newPage();
  await signIn(outsider, site, "mallory");
  await expect(outsider).toHaveURL(/\/login\?problem=not-allowed/);
  await expect(outsider.getByRole("alert")).toContainText("None of your groups");
  expect((await me(outsider, site)).name ?? "").toBe("");
});

test("a response of the provider is accepted once, and only in the browser that started the sign-in", async ({ site, browser }) => {
  const own = await (await browser.newContext()).newPage();
  let answer;
  own.on("request", (request) => {
    if (request.url().includes("/api/v1/oidc/callback")) answer ??= request.url();
  });
  await signIn(own, site, "vic");
  await expect(own).toHaveURL(signedIn(site));
  // Replayed: the server no longer knows this sign-in.
  await own.goto(answer);
  await expect(own).toHaveURL(/\/login\?problem=stale/);
  // In another browser that has started a sign-in of its own: it must not be signed in to someone else's account.
  const victim = await (await browser.newContext()).newPage();
  await victim.goto(`${site.url}/api/v1/oidc/start`);
  const begun = await own.request.get(`${site.url}/api/v1/oidc/start`, { maxRedirects: 0 });
  const state = new URL(begun.headers().location).searchParams.get("state");
  await victim.goto(`${site.url}/api/v1/oidc/callback?code=x&state=${state}`);
  await expect(victim).toHaveURL(/\/login\?problem=stale/);
  expect((await me(victim, site)).name ?? "").toBe("");
  // A used code with a valid state: the provider rejects it.
  const code = new URL(answer).searchParams.get("code");
  await own.goto(`${site.url}/api/v1/oidc/callback?code=${code}&state=${state}`);
  await expect(own).toHaveURL(/\/login\?problem=provider-answer/);
});

test("an ID token with the nonce of another sign-in is rejected", async ({ site, browser }) => {
  const page = await (await browser.newContext()).newPage();
  const begun = await page.request.get(`${site.url}/api/v1/oidc/start`, { maxRedirects: 0 });
  const url = new URL(begun.headers().location);
  url.searchParams.set("nonce", "another sign-in's");
  await page.goto(url.href);
  await agree(page, "rosa");
  await expect(page).toHaveURL(/\/login\?problem=provider-answer/);
});

test("signing in still works after the provider has rotated its keys", async ({ site, provider, browser }) => {
  for (const round of [1, 2]) {
    const page = await (await browser.newContext()).newPage();
    await signIn(page, site, "rosa");
    await expect(page, `round ${round}`).toHaveURL(signedIn(site));
    provider.rotateKeys();
  }
});
