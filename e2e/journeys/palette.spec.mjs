// The command palette: services, functions, pages and actions are found by typing, and only those that the person may see.
import { ann, expect, expectAccessible, invited, push, signIn, test } from "../people.mjs";
import { test as shopTest } from "../shop.mjs";

const dialog = (page) => page.getByRole("dialog", { name: "Search and commands" });
const field = (page) => dialog(page).getByRole("combobox");
const options = (page) => dialog(page).getByRole("option");
const option = (page, name) => dialog(page).getByRole("option", { name, exact: true });
const active = (page) => dialog(page).getByRole("option", { selected: true });

/** Opens the palette by its key; the field is ready for typing. */
async function open(page) {
  await page.keyboard.press("Control+k");
  await expect(field(page)).toBeFocused();
}

shopTest("opens by key or button, and finds pages and actions", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await page.getByRole("button", { name: "Search and commands" }).click();
  await expect(field(page)).toBeFocused();
  await expect(option(page, "checkout")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog(page)).toBeHidden();

  await open(page);
  await page.keyboard.type("nothing is called this");
  await expect(dialog(page).getByRole("status")).toHaveText("No matches");
  await expect(options(page)).toHaveCount(0);
  await field(page).fill("heat");
  await expect(active(page)).toContainText("Heat map");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/heatmap\?service=checkout/);
  await expect(page.getByRole("heading", { name: "Heat map", level: 1 })).toBeFocused();

  await open(page);
  await page.keyboard.type("theme: dark");
  await expect(active(page)).toHaveText(/Theme: Dark/);
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

shopTest("finds a function of the profile, and a service at the time on screen", async ({ shop, page }) => {
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" }).getByRole("treeitem").first()).toBeAttached();
  await open(page);
  await page.keyboard.type("parse_cart");
  await expect(dialog(page).getByRole("group", { name: "Functions of this profile" }).getByRole("option").first()).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(dialog(page)).toBeHidden();
  await expect(page.getByRole("searchbox", { name: "Search functions" })).toHaveValue(/parse_cart$/);

  await open(page);
  await page.keyboard.type("search");
  await expect(active(page)).toHaveText("search");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/service=search/);
  expect(new URL(page.url()).searchParams.get("from")).toBe(shop.recorded.from);
  await expect(page.getByRole("combobox", { name: "Service", exact: true })).toHaveValue("search");
});

shopTest("says which part failed, and keeps the others", async ({ shop, page }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.goto(shop.explore());
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await page.route(/\/api\/v1\/services\?from=0&q=/, (route) => route.abort());
  await open(page);
  await expect(dialog(page).getByRole("status")).toContainText("Services could not be loaded");
  await page.keyboard.type("labels");
  await expect(active(page)).toContainText("Labels");
});

test("a service is found among many, and those of others are not there", async ({ guarded, page, browser }) => {
  test.setTimeout(120_000);
  const { secret } = await guarded.ask("POST", "/api/v1/me/tokens", { name: "demo", role: "editor" });
  const many = Array.from({ length: 12 }, (_, i) => `pay-${String.fromCharCode(97 + i)}`);
  for (const service of [...many, "pay-refunds", "search-index"]) {
    expect(await push(guarded, service, secret)).toMatchObject({ ok: true });
  }
  await page.goto(`${guarded.url}/explore`);
  await signIn(page, ann);
  await expect(page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await open(page);
  await expect(dialog(page).getByRole("group", { name: "Services" }).getByRole("option")).toHaveCount(8);
  await page.keyboard.type("refu");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/service=pay-refunds/);
  await open(page);
  await page.keyboard.type("search-index");
  await expect(option(page, "search-index")).toBeVisible();
  await field(page).fill("audit");
  await expect(dialog(page).getByRole("group", { name: "Administration" }).getByRole("option")).toHaveText(["Audit log"]);

  const pia = await invited(guarded, browser, "pia");
  const scope = { subject_kind: "user", subject_id: pia.id, scope_kind: "selector", scope: '{service_name=~"pay-.*"}' };
  await guarded.ask("POST", "/api/v1/bindings", { ...scope, role: "viewer" });
  await pia.page.goto(`${guarded.url}/explore`);
  await expect(pia.page.getByRole("tree", { name: "Flame graph" })).toBeVisible();
  await open(pia.page);
  await pia.page.keyboard.type("search-index");
  await expect(dialog(pia.page).getByRole("status")).toHaveText("No matches");
  await field(pia.page).fill("pay-refunds");
  await expect(option(pia.page, "pay-refunds")).toBeVisible();
  await field(pia.page).fill("audit");
  await expect(dialog(pia.page).getByRole("status")).toHaveText("No matches");
  await pia.context.close();
});
