// What journeys about people start from: `guarded` is a server of its own on which people sign in, claimed by ann.
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
  /** A new server on which people sign in, and which nobody has claimed. */
  unclaimed: async ({}, use) => {
    const server = await startServer({ signIn: true });
    await use(server);
    await server.stop();
  },

  /** The same, claimed by ann over the API; the browser knows nothing of it. */
  guarded: async ({ unclaimed, playwright }, use) => {
    const api = await playwright.request.newContext({ baseURL: unclaimed.url, extraHTTPHeaders: { origin: unclaimed.url } });
    const claimed = await api.post("/api/v1/claim", { data: ann });
    expect(claimed.ok(), await claimed.text()).toBe(true);
    /** Asks as ann: `post("/api/v1/teams", {…})` and the like; the answer as an object. */
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

/** Signs in on the page that is open. */
export async function signIn(page, { name, password }) {
  await page.getByLabel("User name", { exact: true }).fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** A new user with a role over everything, or none; signed in by its invitation in a browser of its own. */
export async function invited(guarded, browser, name, role) {
  const { user, link } = await guarded.ask("POST", "/api/v1/users", { name, ...(role && { role }) });
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(link);
  const password = `${name} likes long words`;
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Confirm password").fill(password);
  await page.getByRole("button", { name: "Set password and sign in" }).click();
  await expect(page.getByRole("tree", { name: "Flame graph" }).or(page.getByRole("heading", { name: "Explore" })).first()).toBeAttached();
  return { id: user.id, name, password, context, page };
}

/** Sends a profile of `service` as `flarepath push` does; what it printed, and whether it worked. */
export async function push(server, service, token) {
  const file = join(server.data, `${service}.folded`);
  writeFileSync(file, `main;handle_${service};encode 300\nmain;handle_${service};read 100\n`);
  const env = { ...process.env, FLAREPATH_TOKEN: token };
  const child = spawn(binary, ["push", file, "--service", service, "--url", server.url], { env, stdio: "pipe" });
  let said = "";
  child.stdout.on("data", (text) => (said += text));
  child.stderr.on("data", (text) => (said += text));
  const [code] = await once(child, "close");
  return { ok: code === 0, said };
}
