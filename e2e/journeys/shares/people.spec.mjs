// Who may open a share: anyone with the link, those who are signed in, a team, or only its owner; signing in opens it.
import { expect, expectAccessible, test } from "../../shop.mjs";
import { openElsewhere, send, share, shareDialog } from "../../sharing.mjs";
import { startServer } from "../../server.mjs";

const PASSWORD = "correct horse battery staple";
const flame = (page) => page.getByRole("tree", { name: "Flame graph", exact: true });
const closed = (page) => page.getByRole("heading", { name: "This link cannot be opened" });

test("a share opens for its audience, and looks missing to everyone else", async ({ page, browser }) => {
  test.setTimeout(180_000);
  test.info().annotations.push({ type: "expected-error", description: "40[14]|410|503" });
  const server = await startServer({ signIn: true, selfProfile: false });
  await page.goto(`${server.url}/claim`);
  await expect(page.getByRole("button", { name: "Claim server" })).toBeVisible();
  await send(page, "POST", "/api/v1/claim", { name: "ann", password: PASSWORD });
  await page.goto(`${server.url}/shares`);
  await expect(page.getByRole("heading", { name: "No shares yet" })).toBeVisible();
  const team = await send(page, "POST", "/api/v1/teams", { name: "payments", selector: "{}" });
  const { user, link: invitation } = await send(page, "POST", "/api/v1/users", { name: "bob", role: "viewer" });
  const bob = await openElsewhere(browser, `${server.url}/login`);
  await expect(bob.page.getByLabel("User name", { exact: true })).toBeVisible();
  const token = invitation.split("token=")[1];
  await send(bob.page, "POST", "/api/v1/invitations/accept", { token, password: PASSWORD });

  await page.goto(`${server.url}/local`);
  await page.locator("input[type=file]").first().setInputFiles({ name: "a.folded", mimeType: "text/plain", buffer: Buffer.from("main;work 5\nmain;rest 7\n") });
  await expect(flame(page)).toBeVisible();
  const again = async (options) => {
    if (await shareDialog(page).isVisible()) await page.keyboard.press("Escape");
    return share(page, options);
  };
  const org = await again({ title: "For the house" });
  const mine = await again({ who: "Only me", title: "For me" });
  const open = await again({ who: "Anyone with the link", title: "For everyone" });
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await shareDialog(page).getByRole("radio", { name: "A team" }).check();
  await shareDialog(page).getByLabel("Team", { exact: true }).selectOption({ label: "payments" });
  const ours = await share(page, { who: "A team", title: "For the team" });

  const nobody = await openElsewhere(browser, open);
  await expect(flame(nobody.page)).toBeVisible();
  await expect(nobody.page.getByRole("note", { name: "Snapshot", exact: true })).not.toContainText("by ann");
  for (const link of [org, mine, ours, `${server.url}/s/00000000000000000000000000000000`]) {
    await nobody.page.goto(link);
    await expect(closed(nobody.page)).toBeVisible();
  }
  await expectAccessible(nobody.page);
  await nobody.page.goto(org);
  await nobody.page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await expect(nobody.page).toHaveURL(/\/login\?next=/);
  await nobody.page.getByLabel("User name", { exact: true }).fill("bob");
  await nobody.page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await nobody.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(nobody.page.getByRole("heading", { name: "For the house" })).toBeVisible();
  await expect(nobody.page.getByRole("note", { name: "Snapshot", exact: true })).toContainText("by ann");
  await expect(nobody.page.getByRole("button", { name: "Save this view as…" })).toHaveCount(0);

  for (const link of [mine, ours]) {
    await bob.page.goto(link);
    await expect(closed(bob.page)).toBeVisible();
    await expect(bob.page.getByText("You are signed in as bob.")).toBeVisible();
    await expect(bob.page.getByRole("main").getByRole("link", { name: "Sign in" })).toHaveCount(0);
  }
  await expectAccessible(bob.page);
  await send(page, "PUT", `/api/v1/teams/${team.id}/members/${user.id}`);
  await bob.page.goto(ours);
  await expect(flame(bob.page)).toBeVisible();

  await page.goto(`${server.url}/shares`);
  await page.getByRole("link", { name: "For me", exact: true }).click();
  await expect(page.getByRole("heading", { name: "For me" })).toBeVisible();
  await expect(flame(page)).toBeVisible();
  await bob.page.goto(page.url());
  await expect(closed(bob.page)).toBeVisible();

  await page.goto(`${server.url}/shares`);
  await page.getByRole("row", { name: /For the team/ }).getByRole("button", { name: "Revoke: For the team" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("row", { name: /For the team/ })).toContainText("revoked");
  await bob.page.goto(ours);
  await expect(closed(bob.page)).toBeVisible();
  await page.goto(ours);
  await expect(closed(page)).toBeVisible();
  await expect(page.getByText("your share was revoked")).toBeVisible();

  await page.goto(`${server.url}/shares`);
  await page.getByRole("row", { name: /For the house/ }).getByRole("button", { name: "Edit: For the house" }).click();
  const form = page.getByRole("form", { name: "Edit “For the house”" });
  await form.getByLabel("Who can open it").selectOption({ label: "Anyone with the link" });
  await expect(form.getByRole("button", { name: "Save changes" })).toBeDisabled();
  await form.getByRole("checkbox", { name: /Give more people access/ }).check();
  await form.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByRole("row", { name: /For the house/ })).toContainText("Anyone with the link");
  await expectAccessible(page);
  const stranger = await openElsewhere(browser, org);
  await expect(flame(stranger.page)).toBeVisible();
  for (const one of [bob, nobody, stranger]) await one.close();
  await server.stop();
});
