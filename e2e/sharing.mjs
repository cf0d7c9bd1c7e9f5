// Steps of the journeys of shares: sharing the view on screen, and opening a link in another browser context.
import { expect } from "./shop.mjs";

export const shareDialog = (page) => page.locator("dialog#share");

/** Opens the share dialog with the button on the page. */
export async function openDialog(page) {
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect(shareDialog(page)).toBeVisible();
}

/** Waits until a button that creates a share can be pressed: who will be able to open it is known then. */
export const expectReady = (button) => expect(button).toHaveAttribute("aria-disabled", "false");

/** Shares the view on screen; returns the link. The dialog stays open. */
export async function share(page, { who = "The whole organisation", title, note } = {}) {
  if (!(await shareDialog(page).isVisible())) await openDialog(page);
  const dialog = shareDialog(page);
  if (title !== undefined) await dialog.getByLabel("Title").fill(title);
  if (note !== undefined) await dialog.getByLabel("Note").fill(note);
  await dialog.getByRole("radio", { name: who }).check();
  await expect(dialog.getByRole("heading", { name: "Kept" })).toBeVisible();
  const create = dialog.getByRole("button", { name: "Create snapshot link" });
  await expectReady(create);
  await create.click();
  const link = dialog.getByRole("textbox", { name: "Snapshot link" });
  await expect(link).toHaveValue(/\/s\/[0-9a-z]{32}$/);
  return link.inputValue();
}

/** Opens an address in a new browser context, without cookies or storage. `requests` are the paths that the page requested. */
export async function openElsewhere(browser, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const problems = [];
  const requests = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on("request", (request) => requests.push(new URL(request.url()).pathname));
  await page.goto(address);
  return { page, problems, requests, close: () => context.close() };
}

/** Sends a request from the page, with its cookie. */
export async function send(page, method, path, body) {
  const answer = await page.evaluate(
    async ([method, path, body]) => {
      const headers = { "content-type": "application/json", accept: "application/json" };
      const response = await fetch(path, { method, headers, body: body && JSON.stringify(body) });
      return { status: response.status, text: await response.text() };
    },
    [method, path, body],
  );
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300);
  return answer.text ? JSON.parse(answer.text) : {};
}
