// The accessibility trees of settings and administration: headings, columns, buttons and form fields that a change must not
// lose. The templates are written by hand, as `--update-snapshots` would record ids, times and user agents. They need not be
// complete: a page may have more than its template lists. Explanations are left out.
import { ann, expect, signIn, test } from "../people.mjs";

const main = (page) => page.getByRole("main");

// Requests without a session fail before the page redirects to the login page.
test.beforeEach(({}, info) => info.annotations.push({ type: "expected-error", description: "Failed to load resource" }));

/** Opens a page as ann, by way of the login page. */
async function open(page, server, path) {
  await page.goto(server.url + path);
  await signIn(page, ann);
}

/** Opens a dialog with a button on the page; returns it. */
async function dialog(page, button, name) {
  await page.getByRole("button", { name: button }).click();
  return page.getByRole("dialog", { name });
}

test("settings: account and password", async ({ guarded, page }) => {
  await open(page, guarded, "/settings");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - main:
      - heading "Settings" [level=1]
      - region "Account":
        - heading "Account" [level=2]
        - term: Name
        - definition: /^ann/
        - term: Permissions
        - definition: /read profiles/
        - term: Teams
        - definition: none
        - term: Session expires
        - definition: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/
        - textbox "Display name": ann
        - button "Save"
      - region "Password":
        - heading "Password" [level=2]
        - textbox "Current password"
        - button "Show password"
        - textbox "New password"
        - button "Show password"
        - button "Change password"
        - status
  `);
});

test("settings: active sessions", async ({ guarded, page }) => {
  await open(page, guarded, "/settings");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - region "Active sessions":
      - heading "Active sessions" [level=2]
      - button "Sign out everywhere…"
      - table "Active sessions":
        - rowgroup:
          - row "Browser IP address Signed in Last used Actions":
            - columnheader "Browser"
            - columnheader "IP address"
            - columnheader "Signed in"
            - columnheader "Last used"
            - columnheader "Actions"
        - rowgroup:
          - row:
            - rowheader /Chrome/
            - cell "127.0.0.1"
            - cell /(just now|ago) with the password$/:
              - time
            - cell /(just now|ago)$/:
              - time
            - cell "This session"
          - row:
            - rowheader /Playwright/
            - cell "127.0.0.1"
            - cell /(just now|ago) by claiming the server$/:
              - time
            - cell /(just now|ago)$/:
              - time
            - cell:
              - button /^Sign out .* at 127\.0\.0\.1$/
  `);
});

test("settings: API tokens", async ({ guarded, page }) => {
  await guarded.ask("POST", "/api/v1/me/tokens", { name: "checkout in production", role: "agent" });
  await open(page, guarded, "/settings");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - region "API tokens":
      - heading "API tokens" [level=2]
      - button "New token…"
      - table "API tokens":
        - rowgroup:
          - row "Name Permissions Expires Last used Actions":
            - columnheader "Name"
            - columnheader "Permissions"
            - columnheader "Expires"
            - columnheader "Last used"
            - columnheader "Actions"
        - rowgroup:
          - row /^checkout in production/:
            - rowheader /^checkout in production ?fp_pat_/:
              - code: /^fp_pat_/
            - cell /^Agent/
            - cell /^in \d+ days$/:
              - time
            - cell "never"
            - cell:
              - button "Rotate checkout in production"
              - button "Revoke checkout in production"
  `);
  await expect(await dialog(page, "New token…", "New API token")).toMatchAriaSnapshot(String.raw`
    - dialog "New API token":
      - heading "New API token" [level=2]
      - button "Close"
      - textbox "Name"
      - combobox "Role"
      - textbox /^Limit to profiles/
      - combobox "Expires after"
      - button "Create token"
  `);
});

test("users, and the tabs of Administration", async ({ guarded, page }) => {
  await open(page, guarded, "/admin/users");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - main:
      - heading "Users" [level=1]
      - navigation "Administration":
        - link "Users":
          - /url: /admin/users
        - link "Teams":
          - /url: /admin/teams
        - link "Access":
          - /url: /admin/access
        - link "Service accounts":
          - /url: /admin/service-accounts
        - link "Own code":
          - /url: /admin/own-code
        - link "Audit log":
          - /url: /admin/audit
        - link "Quotas":
          - /url: /admin/quotas
        - link "Storage":
          - /url: /admin/storage
        - link "Stores":
          - /url: /stores
      - region "Users":
        - heading "Users" [level=2]
        - button "Invite user…"
        - table "Users":
          - rowgroup:
            - row "User Access Last signed in Actions":
              - columnheader "User"
              - columnheader "Access"
              - columnheader "Last signed in"
              - columnheader "Actions"
          - rowgroup:
            - row /^ann/:
              - rowheader "ann"
              - cell /everything/
              - cell /(just now|ago)$/:
                - time
              - cell:
                - button "Edit ann"
                - button "Password link for ann"
                - button "Sign out ann"
                - button "Disable ann"
  `);
  await expect(await dialog(page, "Invite user…", "Invite user")).toMatchAriaSnapshot(String.raw`
    - dialog "Invite user":
      - heading "Invite user" [level=2]
      - button "Close"
      - textbox "User name"
      - textbox /^Display name/
      - combobox "Role for all profiles"
      - button "Invite"
  `);
});

test("teams", async ({ guarded, page }) => {
  await guarded.ask("POST", "/api/v1/teams", { name: "payments", selector: '{service_name=~"pay-.*"}' });
  await open(page, guarded, "/admin/teams");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - main:
      - heading "Teams" [level=1]
      - navigation "Administration"
      - region "Teams":
        - heading "Teams" [level=2]
        - button "New team…"
        - table "Teams":
          - rowgroup:
            - row "Team Profiles Members Actions":
              - columnheader "Team"
              - columnheader "Profiles"
              - columnheader "Members"
              - columnheader "Actions"
          - rowgroup:
            - row /^payments/:
              - rowheader "payments"
              - cell /service_name=~"pay-\.\*"/:
                - code
              - cell "none"
              - cell:
                - button "Edit payments"
                - button "Delete payments"
  `);
  await expect(await dialog(page, "New team…", "New team")).toMatchAriaSnapshot(String.raw`
    - dialog "New team":
      - heading "New team" [level=2]
      - button "Close"
      - textbox "Name"
      - textbox "Profiles"
      - group "Members"
      - button "Save"
  `);
});

test("role bindings", async ({ guarded, page }) => {
  await open(page, guarded, "/admin/access");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - main:
      - heading "Access" [level=1]
      - navigation "Administration"
      - region "Access":
        - heading "Access" [level=2]
        - button "Grant access…"
        - table "Access":
          - rowgroup:
            - row "Subject Role Permissions Actions":
              - columnheader "Subject"
              - columnheader "Role"
              - columnheader "Permissions"
              - columnheader "Actions"
          - rowgroup:
            - row /^ann/:
              - rowheader /^ann ?User$/
              - cell "Admin"
              - cell /everything/
              - cell:
                - button "Revoke Admin from ann"
  `);
  await expect(await dialog(page, "Grant access…", "Grant access")).toMatchAriaSnapshot(String.raw`
    - dialog "Grant access":
      - heading "Grant access" [level=2]
      - button "Close"
      - combobox "Grant to"
      - combobox "Role"
      - combobox "Scope"
      - button "Grant role"
  `);
});

test("service accounts and their tokens", async ({ guarded, page }) => {
  await guarded.ask("POST", "/api/v1/service-accounts", { name: "shop-agents" });
  await open(page, guarded, "/admin/service-accounts");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - main:
      - heading "Service accounts" [level=1]
      - navigation "Administration"
      - region "Service accounts":
        - heading "Service accounts" [level=2]
        - button "New service account…"
        - table "Service accounts":
          - rowgroup:
            - row "Name Access Created Actions":
              - columnheader "Name"
              - columnheader "Access"
              - columnheader "Created"
              - columnheader "Actions"
          - rowgroup:
            - row /^shop-agents/:
              - rowheader "shop-agents"
              - cell /^none/
              - cell /(just now|ago)$/:
                - time
              - cell:
                - link "Tokens of shop-agents":
                  - /url: /^\/admin\/service-accounts\?account=\w+$/
                - button "Disable shop-agents"
  `);
  await page.getByRole("link", { name: "Tokens of shop-agents" }).click();
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - region "Tokens of shop-agents":
      - heading "Tokens of shop-agents" [level=2]
      - button "New token…"
  `);
  await expect(await dialog(page, "New service account…", "New service account")).toMatchAriaSnapshot(String.raw`
    - dialog "New service account":
      - heading "New service account" [level=2]
      - button "Close"
      - textbox "Name"
      - button "Create"
  `);
});

test("own code of services", async ({ guarded, page }) => {
  await guarded.ask("PUT", "/api/v1/own-code", { service: "checkout", patterns: [{ of: "name", text: "shop::" }] });
  await open(page, guarded, "/admin/own-code");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - main:
      - heading "Own code" [level=1]
      - navigation "Administration"
      - region "Own code":
        - heading "Own code" [level=2]
        - button "Set own code…"
        - table "Own code":
          - rowgroup:
            - row "Service Patterns Set Actions":
              - columnheader "Service"
              - columnheader "Patterns"
              - columnheader "Set"
              - columnheader "Actions"
          - rowgroup:
            - row /^checkout/:
              - rowheader "checkout"
              - cell /shop/:
                - code: /shop/
              - cell /by ann$/:
                - time
              - cell:
                - button "Edit own code of checkout"
                - button "Remove own code of checkout"
        - status
  `);
  await expect(await dialog(page, "Set own code…", "Set own code")).toMatchAriaSnapshot(String.raw`
    - dialog "Set own code":
      - heading "Set own code" [level=2]
      - button "Close"
      - textbox "Service"
      - textbox "Own code, one pattern a line"
      - button "Save"
  `);
});

test("audit log", async ({ guarded, page }) => {
  await guarded.ask("POST", "/api/v1/teams", { name: "payments", selector: '{service_name=~"pay-.*"}' });
  await open(page, guarded, "/admin/audit?action=team.create");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - main:
      - heading "Audit log" [level=1]
      - navigation "Administration"
      - region "Audit log":
        - heading "Audit log" [level=2]
        - link "Download (NDJSON)":
          - /url: /api/v1/audit/export?action=team.create
        - search "Filter audit log":
          - textbox /^Actor/
          - combobox "Action"
          - textbox /^Object/
          - textbox /^From/
          - textbox /^Until/
          - button "Apply"
          - link "Clear":
            - /url: /admin/audit
        - table "Audit log, newest first":
          - rowgroup:
            - row "Time Event Address":
              - columnheader "Time"
              - columnheader "Event"
              - columnheader "Address"
          - rowgroup:
            - row /ann created the team payments/:
              - rowheader /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/
              - cell /^ann created the team payments/:
                - group: Details
              - cell "127.0.0.1"
        - navigation "Audit log pages"
  `);
});

test("quotas", async ({ guarded, page }) => {
  await open(page, guarded, "/admin/quotas");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - main:
      - heading "Quotas" [level=1]
      - navigation "Administration"
      - region "Quotas":
        - heading "Quotas" [level=2]
        - button "Refresh"
        - table "Quotas":
          - rowgroup:
            - row "Limit of Service Used Limit":
              - columnheader "Limit of"
              - columnheader "Service"
              - columnheader "Used"
              - columnheader "Limit"
          - rowgroup:
            - row /^stored services/:
              - rowheader /^stored services ?services$/
              - cell
              - cell /^\d+ \(0 %\)$/
              - cell /^20.000$/
      - region "Refused in the last hour":
        - heading "Refused in the last hour" [level=2]
        - paragraph: No profiles were refused in the last hour.
  `);
});

test("the stores that profiles are read from", async ({ guarded, page }) => {
  await open(page, guarded, "/stores");
  await expect(main(page)).toMatchAriaSnapshot(String.raw`
    - main:
      - heading "Stores" [level=1]
      - region "Profile stores":
        - heading "Profile stores" [level=2]
        - button "Refresh"
        - table "Profile stores":
          - rowgroup:
            - row "Store State Version Requests Errors p50 p95 Last error Does not offer":
              - columnheader "Store"
              - columnheader "State"
              - columnheader "Version"
              - columnheader "Requests"
              - columnheader "Errors"
              - columnheader "p50"
              - columnheader "p95"
              - columnheader "Last error"
              - columnheader "Does not offer"
          - rowgroup:
            - row /^embedded/:
              - rowheader /^embedded/
              - cell "OK"
  `);
});
