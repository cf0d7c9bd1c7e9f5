// Copying a share as text, which creates it first: one share for two presses, the text to copy where the browser refuses, and nothing copied
// where there is no share.
import { expect, expectAccessible, test } from "../../shop.mjs";
import { expectReady, openDialog, shareDialog } from "../../sharing.mjs";

/** Opens a local file and its share dialog; returns the addresses of shares that are sent from then on. */
async function openFolded(page, url) {
  await page.goto(`${url}/local`);
  await page.locator("input[type=file]").first().setInputFiles({ name: "a.folded", mimeType: "text/plain", buffer: Buffer.from("main;work 5\nmain;rest 7\n") });
  await expect(page.getByRole("tree", { name: "Flame graph", exact: true })).toBeVisible();
  await openDialog(page);
  const sent = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(new URL(request.url()).pathname));
  return sent;
}

const status = (page) => shareDialog(page).locator(".share-status");
const link = (page) => shareDialog(page).getByRole("textbox", { name: "Snapshot link" });
const copy = (page, format) => shareDialog(page).getByRole("button", { name: `Copy as ${format}` });

test("two presses make one share, whose text is copied", async ({ fresh, page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const sent = await openFolded(page, fresh.url);
  const dialog = shareDialog(page);
  await expect(dialog.locator(".share-outcome")).toContainText("create a snapshot");
  await expect(copy(page, "HTML")).toHaveAccessibleDescription(/can open it/);
  await expectReady(copy(page, "HTML"));
  await expectAccessible(page);
  await copy(page, "HTML").dblclick();
  await expect(status(page)).toHaveText("Snapshot created. HTML copied.");
  await expect(link(page)).toHaveValue(/\/s\/[0-9a-z]{32}$/);
  await expect(dialog.getByRole("button", { name: "Copy link" })).toBeFocused();
  expect(sent).toEqual(["/api/v1/shares"]);
  const types = await page.evaluate(async () => (await navigator.clipboard.read())[0].types);
  expect(types).toEqual(expect.arrayContaining(["text/html", "text/plain"]));

  await copy(page, "Markdown").click();
  await expect(status(page)).toHaveText("Markdown copied.");
  const id = (await link(page).inputValue()).split("/s/")[1];
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(id);
  expect(sent).toEqual(["/api/v1/shares"]);
});

test("where the browser refuses, the text is shown and selected", async ({ fresh, page }) => {
  await page.addInitScript(() => {
    const refuse = () => Promise.reject(new DOMException("refused", "NotAllowedError"));
    Object.defineProperty(navigator, "clipboard", { value: { write: refuse, writeText: refuse } });
  });
  await openFolded(page, fresh.url);
  await expectReady(copy(page, "Markdown"));
  await copy(page, "Markdown").click();
  await expect(status(page)).toHaveText(/^Snapshot created\. This browser did not allow copying/);
  const text = shareDialog(page).getByRole("textbox", { name: "Markdown" });
  await expect(text).toBeFocused();
  const [selected, all] = await text.evaluate((field) => [field.value.slice(field.selectionStart, field.selectionEnd), field.value]);
  expect(selected).toBe(all);
  expect(all).toContain((await link(page).inputValue()).split("/s/")[1]);
  await expectAccessible(page);
  await shareDialog(page).getByRole("button", { name: "Copy", exact: true }).click();
  await expect(status(page)).toHaveText("Clipboard access denied. Select the text and copy it.");
});

test("without a share nothing is copied, and a second attempt works", async ({ fresh, page, context }) => {
  test.info().annotations.push({ type: "expected-error", description: "ERR_FAILED" });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openFolded(page, fresh.url);
  await page.evaluate(() => navigator.clipboard.writeText("before"));
  await page.route("**/api/v1/shares", (route) => route.abort());
  await expectReady(copy(page, "Markdown"));
  await copy(page, "Markdown").click();
  await expect(shareDialog(page).getByRole("alert")).toContainText("The server does not respond");
  await expect(copy(page, "Markdown")).toBeFocused();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("before");
  await page.unroute("**/api/v1/shares");
  await copy(page, "Markdown").click();
  await expect(status(page)).toHaveText("Snapshot created. Markdown copied.");
  await expect(shareDialog(page).getByRole("alert")).toHaveCount(0);
});
