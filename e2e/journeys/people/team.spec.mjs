// A user whose only role is over a team's profiles sees those and no others.
import { ann, expect, expectAccessible, invited, push, signIn, test } from "../../people.mjs";

test("a viewer of a team sees only its services", async ({ guarded, page, browser }) => {
  const { secret } = await guarded.ask("POST", "/api/v1/me/tokens", { name: "demo", role: "editor" });
  for (const service of ["pay-cards", "pay-bills", "search"]) expect(await push(guarded, service, secret)).toMatchObject({ ok: true });
  const pia = await invited(guarded, browser, "pia");

  await page.goto(`${guarded.url}/admin/teams`);
  await signIn(page, ann);
  await page.getByRole("button", { name: "New team…" }).click();
  const team = page.getByRole("dialog", { name: "New team" });
  await team.getByLabel("Name").fill("payments");
  await team.getByLabel("Profiles").fill('{service_name=~"pay-.*"}');
  await team.getByLabel("pia").check();
  await expectAccessible(page);
  await team.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: /payments/ })).toContainText("pia");
  await page.getByRole("link", { name: "Access", exact: true }).first().click();
  await page.getByRole("button", { name: "Grant access…" }).click();
  const grant = page.getByRole("dialog", { name: "Grant access" });
  await grant.getByLabel("Grant to").selectOption({ label: "team payments" });
  await grant.getByLabel("Scope").selectOption({ label: "Profiles of team payments" });
  await grant.getByRole("button", { name: "Grant role" }).click();
  await expect(page.getByRole("row", { name: /payments/ })).toContainText("may read the profiles of team payments");

  await pia.page.goto(`${guarded.url}/explore`);
  const services = pia.page.getByRole("combobox", { name: "Service", exact: true });
  await expect(services).toHaveValue(/^pay-/);
  await services.click();
  await expect(pia.page.getByRole("listbox").getByRole("option")).toHaveCount(2);
  await pia.page.goto(`${guarded.url}/explore?service=search&from=now-1h&until=now`);
  await expect(pia.page.getByRole("heading", { name: /search/ })).toBeVisible();
  await expect(pia.page.getByRole("tree", { name: "Flame graph" })).toHaveCount(0);
});
