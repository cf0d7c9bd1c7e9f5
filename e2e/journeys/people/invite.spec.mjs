// An administrator invites a viewer, who accepts in another browser and is denied access to administration.
import { ann, expect, expectAccessible, invited, signIn, test } from "../../people.mjs";

test("an invited viewer accepts and is denied access to administration", async ({ guarded, page, browser }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  await page.goto(`${guarded.url}/admin/users`);
  await signIn(page, ann);
  await expect(page.getByRole("table", { name: "Users" })).toBeVisible();
  await page.getByRole("button", { name: "Invite user…" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite user" });
  await dialog.getByLabel("User name").fill("vic");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Invite" }).click();
  const shown = page.getByRole("dialog", { name: "Password link" });
  const link = await shown.getByLabel("Link", { exact: true }).textContent();
  expect(link).toMatch(/\/invite#token=/);
  await shown.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("row", { name: /vic/ })).toContainText("may read everything and share it internally");

  const theirs = await (await browser.newContext()).newPage();
  await theirs.goto(link);
  await expect(theirs.getByLabel("User name", { exact: true })).toHaveValue("vic");
  await theirs.getByLabel("Password", { exact: true }).fill("vic likes long words");
  await theirs.getByLabel("Confirm password").fill("something else here");
  await theirs.getByRole("button", { name: /Set password/ }).click();
  await expect(theirs.getByRole("alert")).toContainText("Passwords don't match");
  await theirs.getByLabel("Confirm password").fill("vic likes long words");
  await theirs.getByRole("button", { name: /Set password/ }).click();
  await theirs.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Explore" }).click();
  await expect(theirs.getByRole("tree", { name: "Flame graph" })).toBeVisible();

  await theirs.goto(`${guarded.url}/admin/users`);
  await expect(theirs.getByRole("alert")).toContainText("Permission denied");
  await expect(theirs.getByRole("alert")).toContainText("people:manage");
  await expectAccessible(theirs);
  await theirs.getByRole("button", { name: "Account of vic" }).click();
  await expect(theirs.getByRole("link", { name: "Administration" })).toHaveCount(0);

  // The link works once.
  const again = await (await browser.newContext()).newPage();
  await again.goto(link);
  await expect(again.getByRole("alert")).toBeVisible();
  await expect(again.getByRole("button", { name: /Set password/ })).toBeHidden();
});

test("disabling a user ends their sessions", async ({ guarded, page, browser }, info) => {
  info.annotations.push({ type: "expected-error", description: "Failed to load resource" });
  const vic = await invited(guarded, browser, "vic", "viewer");
  await page.goto(`${guarded.url}/admin/users`);
  await signIn(page, ann);
  await page.getByRole("button", { name: "Disable vic" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable", exact: true }).click();
  await expect(page.getByRole("row", { name: /vic/ })).toContainText("disabled");
  // The page that is open may notice it first, and leads to sign-in by itself.
  await vic.page.goto(`${guarded.url}/settings`).catch((error) => expect(error.message).toContain("another navigation"));
  await expect(vic.page).toHaveURL(/\/login/);
});
