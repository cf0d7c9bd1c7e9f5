// The audience of a share: a team by default, one sentence that says who can open it, and the list of shares to narrow.
import { expect, expectAccessible, test } from "../../shop.mjs";
import { openDialog, send, shareDialog } from "../../sharing.mjs";
import { startServer } from "../../server.mjs";

const PASSWORD = "correct horse battery staple";

test("the dialog selects the person's team and says who can open the share", async ({ page }) => {
  test.info().annotations.push({ type: "expected-error", description: "40[14]|503" });
  const server = await startServer({ signIn: true, selfProfile: false });
  await page.goto(`${server.url}/claim`);
  await expect(page.getByRole("button", { name: "Claim server" })).toBeVisible();
  await send(page, "POST", "/api/v1/claim", { name: "ann", password: PASSWORD });
  const open = async () => {
    await page.goto(`${server.url}/local`);
    await page.locator("input[type=file]").first().setInputFiles({ name: "a.folded", mimeType: "text/plain", buffer: Buffer.from("main;work 5\nmain;rest 7\n") });
    await expect(page.getByRole("tree", { name: "Flame graph", exact: true })).toBeVisible();
    await openDialog(page);
  };
  const dialog = shareDialog(page);
  const readers = dialog.locator(".share-readers");
  await open();
  await expect(dialog.getByRole("radio", { name: "The whole organisation" })).toBeChecked();
  await expect(readers).toHaveText(/^You and everyone with a role over the whole organisation can open it\./);
  await dialog.getByRole("radio", { name: "Only me" }).check();
  await expect(readers).toHaveText("Only you can open it.");
  await dialog.getByRole("radio", { name: "Anyone with the link" }).check();
  await expect(readers).toHaveText("Anyone who has the link can open it, without signing in.");

  const me = await send(page, "GET", "/api/v1/me");
  const team = await send(page, "POST", "/api/v1/teams", { name: "payments", selector: "{}" });
  await send(page, "PUT", `/api/v1/teams/${team.id}/members/${me.id}`);
  await open();
  await expect(dialog.getByRole("radio", { name: "A team" })).toBeChecked();
  await expect(dialog.getByLabel("Team", { exact: true })).toHaveValue(team.id);
  await expect(readers).toHaveText("You and the members of payments can open it.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Create snapshot link" }).click();
  await expect(dialog.getByRole("textbox", { name: "Snapshot link" })).toHaveValue(/\/s\/[0-9a-z]{32}$/);

  await page.goto(`${server.url}/shares`);
  await expect(page.getByRole("table", { name: "Shares" })).toContainText("A team");
  await page.getByRole("button", { name: "Everyone signed in" }).click();
  await expect(page).toHaveURL(/everyone=true/);
  await expect(page.getByText("No shares are open to everyone who signs in.")).toBeVisible();
  await expectAccessible(page);
  await server.stop();
});
