// Signing in at a real identity provider: in by its group, refused without, and none of the ways to sneak in.
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

  /** A server that ann has claimed, on which people of the provider sign in. */
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

// Pages that are only for people who are signed in say so to those who are not.
test.beforeEach(({}, info) => info.annotations.push({ type: "expected-error", description: "Failed to load resource" }));

/** At the provider's page: its sign-in, then its question whether that is all right. */
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

async function me(page, site) {
  const answer = await page.request.get(`${site.url}/api/v1/me`, { headers: { accept: "application/json" } });
  return answer.json();
}

test("a person signs in, lands where it wanted to go, and has the role of its group", async ({ site, page }) => {
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

test("a viewer of the provider is one here, and somebody in no group is told what to do", async ({ site, browser }) => {
  const viewer = await (await browser.newContext()).newPage();
  await signIn(viewer, site, "vic");
  await expect(viewer.getByRole("link", { name: "Account" })).toBeVisible();
  expect((await viewer.request.get(`${site.url}/api/v1/audit`)).status()).toBe(403);
  const outsider = await (await browser.newContext()).newPage();
  await signIn(outsider, site, "mallory");
  await expect(outsider).toHaveURL(/\/login\?problem=not-allowed/);
  await expect(outsider.getByRole("alert")).toContainText("None of your groups");
  expect((await me(outsider, site)).name ?? "").toBe("");
});

test("an answer of the provider is good once, in the browser that asked", async ({ site, browser }) => {
  const own = await (await browser.newContext()).newPage();
  let answer;
  own.on("request", (request) => {
    if (request.url().includes("/api/v1/oidc/callback")) answer ??= request.url();
  });
  await signIn(own, site, "vic");
  await expect(own.getByRole("link", { name: "Account" })).toBeVisible();
  // Again: our side knows no such sign-in any more.
  await own.goto(answer);
  await expect(own).toHaveURL(/\/login\?problem=stale/);
  // In another browser, which has begun one of its own: somebody else's account must not be put under it.
  const victim = await (await browser.newContext()).newPage();
  await victim.goto(`${site.url}/api/v1/oidc/start`);
  const begun = await own.request.get(`${site.url}/api/v1/oidc/start`, { maxRedirects: 0 });
  const state = new URL(begun.headers().location).searchParams.get("state");
  await victim.goto(`${site.url}/api/v1/oidc/callback?code=x&state=${state}`);
  await expect(victim).toHaveURL(/\/login\?problem=stale/);
  expect((await me(victim, site)).name ?? "").toBe("");
  // A used code is worth nothing to a state that is good: the provider refuses it.
  const code = new URL(answer).searchParams.get("code");
  await own.goto(`${site.url}/api/v1/oidc/callback?code=${code}&state=${state}`);
  await expect(own).toHaveURL(/\/login\?problem=provider-answer/);
});

test("an ID token for another sign-in is refused, as its nonce says so", async ({ site, browser }) => {
  const page = await (await browser.newContext()).newPage();
  const begun = await page.request.get(`${site.url}/api/v1/oidc/start`, { maxRedirects: 0 });
  const url = new URL(begun.headers().location);
  url.searchParams.set("nonce", "another sign-in's");
  await page.goto(url.href);
  await agree(page, "rosa");
  await expect(page).toHaveURL(/\/login\?problem=provider-answer/);
});

test("the provider changes its keys and signing in goes on", async ({ site, provider, browser }) => {
  for (const round of [1, 2]) {
    const page = await (await browser.newContext()).newPage();
    await signIn(page, site, "rosa");
    await expect(page.getByRole("link", { name: "Account" }), `round ${round}`).toBeVisible();
    provider.rotateKeys();
  }
});
