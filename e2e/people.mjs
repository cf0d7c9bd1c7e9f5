// Fixtures of journeys about accounts: `unclaimed` and `guarded` are servers with sign-in, the latter claimed by ann.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test as base, expect, expectAccessible } from "./shop.mjs";
import { binary, startServer } from "./server.mjs";

export { expect, expectAccessible };

/** The administrator of `guarded`. */
export const ann = { name: "ann", password: "correct horse battery" };

export const test = base.extend({
  /** A new, unclaimed server with sign-in. */
  unclaimed: async ({}, use) => {
    const server = await startServer({ signIn: true });
    await use(server);
    await server.stop();
  },

  /** The same, claimed by ann over the API; the browser is signed out. */
  guarded: async ({ unclaimed, playwright }, use) => {
    const api = await playwright.request.newContext({ baseURL: unclaimed.url, extraHTTPHeaders: { origin: unclaimed.url } });
    const claimed = await api.post("/api/v1/claim", { data: ann });
    expect(claimed.ok(), await claimed.text()).toBe(true);
    /** Sends a request as ann, such as `ask("POST", "/api/v1/teams", {…})`; returns the response as an object. */
    const ask = async (method, path, data) => {
      const answer = await api.fetch(path, { method, ...(data && { data }), headers: { accept: "application/json" } });
      expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
      const text = await answer.text();
      return text ? JSON.parse(text) : {};
    };
    await use({ ...unclaimed, ask });
    await api.dispose();
  },
});

/** Signs in on the login page. */
export async function signIn(page, { name, password }) {
  await page.getByLabel("User name", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Invites a user with a role over everything, or none; they accept the invitation in a browser context of their own. */
export async function invited(guarded, browser, name, role) {
  const { user, link } = await guarded.ask("POST", "/api/v1/users", { name, ...(role && { role }) });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  const password = `${name} likes long words`;
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Confirm password").fill(password);
  await page.getByRole("button", { name: "Set password and sign in" }).click();
  await expect(page.getByRole("heading", { name: "Home", level: 1 })).toBeAttached();
  return { id: user.id, name, password, context, page };
}

/** Pushes a profile of `service` with `flarepath push`; returns its output and whether it succeeded. */
export async function push(server, service, token) {
  const file = join(server.data, `${service}.folded`);
  writeFileSync(file, `main;handle_${service};encode 300\nmain;handle_${service};read 100\n`);
  const env = { ...process.env, FLAREPATH_TOKEN: token };
  const child = spawn(binary, ["push", file, "--service", service, "--url", server.url], { env, stdio: "pipe" });
  let output = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (output += text));
  const [code] = await once(child, "close");
  return { ok: code === 0, output };
}
