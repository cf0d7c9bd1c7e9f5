// The accessibility trees of the main pages, compared with files: names, roles and states that a change must not lose.
import { readFileSync } from "node:fs";
import { fewServices, serveOverview } from "../overview.mjs";
import { expect, test } from "../people.mjs";

const GO = new URL("../../crates/profile/testdata/pprof/shop-0-0.pb.gz", import.meta.url);
const CPU = "process_cpu:cpu:nanoseconds:cpu:nanoseconds";
const MINUTE = 60_000;
const main = (page) => page.getByRole("main");

/** Pushes one profile in the middle of a past hour, so that timelines always have the same shape; returns a function that links to it. */
async function pushed(server) {
  const hour = Math.floor(Date.now() / (60 * MINUTE)) * 60 * MINUTE - 60 * MINUTE;
  const query = new URLSearchParams({ service: "shop", time: String((hour + 30 * MINUTE) / 1000) });
  const answer = await fetch(`${server.url}/api/v1/profiles?${query}`, { method: "POST", body: readFileSync(GO) });
  expect((await answer.json()).accepted).toBeGreaterThan(0);
  return (page, params = {}) =>
    `${server.url}/${page}?${new URLSearchParams({ service: "shop", type: CPU, from: String(hour), until: String(hour + 60 * MINUTE), ...params })}`;
}

test("header", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/local`);
  await expect(page.getByRole("button", { name: "Account of" })).toBeVisible();
  await expect(page.getByRole("banner")).toMatchAriaSnapshot({ name: "header.aria.yml" });
});

test("home", async ({ fresh, page }) => {
  const until = Date.UTC(2026, 10, 21, 15);
  await serveOverview(page, fewServices(until));
  await page.goto(`${fresh.url}/?${new URLSearchParams({ from: String(until - 60 * MINUTE), until: String(until) })}`);
  await expect(page.getByRole("grid", { name: "Services" }).getByRole("rowheader").first()).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "home.aria.yml" });
});

test("explore", async ({ fresh, page }) => {
  const link = await pushed(fresh);
  await page.goto(link("explore", { mode: "table" }));
  await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
  await expect(page.getByLabel("Summary")).toContainText("unsymbolized");
  await expect(main(page)).toMatchAriaSnapshot({ name: "explore.aria.yml" });
});

test("compare", async ({ fresh, page }) => {
  const link = await pushed(fresh);
  const { searchParams } = new URL(link("compare"));
  await page.goto(link("compare", { mode: "table", "b.from": searchParams.get("from"), "b.until": searchParams.get("until") }));
  await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "compare.aria.yml" });
});

test("incident", async ({ fresh, page }) => {
  const link = await pushed(fresh);
  const at = Number(new URL(link("i")).searchParams.get("from")) + 30 * MINUTE;
  await page.goto(`${fresh.url}/i?${new URLSearchParams({ service: "shop", type: CPU, at: String(at) })}`);
  await expect(page.getByText("The baseline is empty")).toBeVisible();
  await expect(page.getByRole("list", { name: "Not available" })).toContainText("Same hour last week");
  await expect(main(page)).toMatchAriaSnapshot({ name: "incident.aria.yml" });
});

test("service", async ({ fresh, page }) => {
  const link = await pushed(fresh);
  const { searchParams } = new URL(link("explore"));
  const section = (name) => page.getByRole("region", { name, exact: true });
  await page.goto(`${fresh.url}/service/shop?${new URLSearchParams({ from: searchParams.get("from"), until: searchParams.get("until") })}`);
  await expect(section("Verdict").getByRole("status").first()).toContainText("Too little data");
  await expect(section("CPU by replica")).toContainText(/No label tells the replicas of this service apart|No profiles/);
  await expect(section("Top offender").getByRole("tree", { name: "Callers" }).getByRole("treeitem").first()).toBeAttached();
  await expect(section("Versions")).toContainText("No label tells the versions of this service apart.");
  await expect(section("Latency and requests")).toContainText("No metrics source is configured");
  await expect(section("Memory")).toContainText("This service has sent no profiles of memory in use.");
  await expect(section("Objectives")).toContainText("Objectives need a metrics source.");
  await expect(section("Recent changes")).toContainText("No marker in this time range");
  await expect(main(page)).toMatchAriaSnapshot({ name: "service.aria.yml" });
});

test("heat map", async ({ fresh, page }) => {
  const link = await pushed(fresh);
  await page.goto(link("heatmap"));
  await expect(page.getByRole("grid", { name: "Heat map" })).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "heatmap.aria.yml" });
});

test("labels", async ({ fresh, page }) => {
  const link = await pushed(fresh);
  await page.goto(link("labels"));
  await expect(page.getByText("The series of this service have no labels").or(page.getByRole("table", { name: "Values of the label" })).first()).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "labels.aria.yml" });
});

test("local file", async ({ fresh, page }) => {
  await page.goto(`${fresh.url}/local`);
  await expect(page.getByText("Drop a profile anywhere")).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "local-empty.aria.yml" });
  const file = { name: "cpu.folded", mimeType: "text/plain", buffer: Buffer.from("main;read_config 3\nmain;serve;parse 40\nmain;serve;render 57\n") };
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(page.getByRole("grid", { name: "Functions" }).getByText("render")).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "local.aria.yml" });
});

test("shares and snapshot", async ({ fresh, page }) => {
  const link = await pushed(fresh);
  await page.goto(`${fresh.url}/shares`);
  await expect(page.getByRole("heading", { name: "No shares yet" })).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "shares-empty.aria.yml" });
  await page.goto(link("explore", { mode: "table" }));
  await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
  const { share } = await import("../sharing.mjs");
  const address = await share(page, { title: "Before the deploy" });
  await expect(page.locator("dialog#share")).toMatchAriaSnapshot({ name: "share-dialog.aria.yml" });
  await page.goto(address);
  await expect(page.getByRole("grid", { name: "Functions" })).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "snapshot.aria.yml" });
  await page.goto(`${fresh.url}/shares`);
  await expect(page.getByRole("row", { name: /Before the deploy/ })).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "shares.aria.yml" });
});

test("claim", async ({ unclaimed, page }) => {
  await page.goto(`${unclaimed.url}/claim`);
  await expect(page.getByRole("button", { name: "Claim server" })).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "claim.aria.yml" });
});

test("sign in", async ({ guarded, page }) => {
  await page.goto(`${guarded.url}/login`);
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeVisible();
  await expect(main(page)).toMatchAriaSnapshot({ name: "login.aria.yml" });
});
