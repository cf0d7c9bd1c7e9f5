// Draws the OpenAPI document: operations by group, each with parameters, answers, permission and an example.

const byId = (id) => document.getElementById(id);

/** The theme that was chosen in the app, or that of the system. */
function theme() {
  let chosen = null;
  try {
    chosen = localStorage.getItem("flarepath.theme");
  } catch {
    // Without storage there is no choice.
  }
  const dark = chosen === "dark" || (chosen !== "light" && system.matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
}

const system = matchMedia("(prefers-color-scheme: dark)");
system.addEventListener("change", theme);
theme();

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** An element with a text whose parts in backticks are code. */
function prose(tag, text, className) {
  const made = element(tag, undefined, className);
  made.append(...(text ?? "").split("`").map((part, i) => (i % 2 ? element("code", part) : part)));
  return made;
}

function table(headings, rows) {
  const made = element("table");
  const head = made.createTHead().insertRow();
  for (const heading of headings) {
    const cell = element("th", heading);
    cell.scope = "col";
    head.append(cell);
  }
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const text of row) line.append(prose("td", text));
  }
  return made;
}

function parameters(operation) {
  const rows = operation.parameters.map((p) => {
    const notes = [p.in === "path" ? "in the path" : "", p.required ? "required" : "", p.schema.type === "array" ? "repeatable" : ""];
    const schema = p.schema.items ?? p.schema;
    if (schema.type !== "string") notes.push(typeOf(schema));
    return [p.name, [...notes, allowed(schema)].filter(Boolean).join(", "), p.description, [p.example].flat().join(", ")];
  });
  return table(["Parameter", "", "Meaning", "Example"], rows);
}

/** The values that a schema allows, and its default. */
function allowed(schema) {
  const notes = [];
  if (schema.enum) notes.push(schema.enum.map((value) => value || "empty").join(" | "));
  if (schema.minimum !== undefined && schema.maximum !== undefined) notes.push(`${schema.minimum} to ${schema.maximum}`);
  if (schema.maxLength !== undefined) notes.push(`at most ${schema.maxLength} characters`);
  if (schema.default !== undefined && schema.default !== "") notes.push(`default ${schema.default}`);
  return notes.join(", ");
}

/** The schema of a body in JSON, by name. */
function nameOf(content) {
  return content?.["application/json"]?.schema?.$ref?.split("/").pop();
}

function bodies(operation, schemas) {
  const { content } = operation.requestBody;
  const rows = Object.entries(content).map(([type, { schema }]) => [type, schema.description ?? ""]);
  const made = [table(["Body", "What"], rows)];
  const name = nameOf(content);
  if (name) made.push(fields(name, schemas), element("pre", JSON.stringify(content["application/json"].example, null, 2)));
  return made;
}

function answers(operation, schemas) {
  const rows = [];
  for (const [status, answer] of Object.entries(operation.responses)) {
    const types = Object.keys(answer.content ?? {}).join(", ");
    rows.push([status, answer.description, types]);
  }
  const made = [table(["Status", "When, what", "Content types"], rows)];
  const name = nameOf(operation.responses["200"]?.content);
  if (name) made.push(fields(name, schemas));
  return made;
}

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.oneOf) return schema.oneOf.map(typeOf).filter((name) => name !== "null").join(" or ");
  if (schema.type === "array") return `list of ${typeOf(schema.items)}`;
  return [schema.type].flat().filter(Boolean).join(" or ");
}

function fields(name, schemas) {
  const rows = Object.entries(schemas[name]?.properties ?? {});
  return table(
    [name, "Type", "Allowed", "Meaning"],
    rows.map(([field, schema]) => [field, typeOf(schema), allowed(schema), schema.description ?? ""]),
  );
}

function draw(method, path, operation, schemas) {
  const details = element("details");
  const summary = element("summary");
  summary.append(
    element("span", method.toUpperCase(), "method"),
    element("span", path, "path"),
    prose("span", operation.summary, "what"),
    element("span", operation["x-permission"], "permission"),
  );
  const body = element("div", undefined, "body");
  if (operation.description) body.append(prose("p", operation.description));
  if (operation["x-example"]) {
    body.append(element("pre", `curl '${location.origin}${encodeURI(operation["x-example"])}'`));
    if (method === "get") {
      const link = element("a", "Open the example");
      link.href = operation["x-example"];
      body.append(link);
    }
  }
  if (operation.parameters.length) body.append(parameters(operation));
  if (operation.requestBody) body.append(...bodies(operation, schemas));
  body.append(...answers(operation, schemas));
  details.append(summary, body);
  details.dataset.text = `${path} ${body.textContent} ${summary.textContent}`.toLowerCase();
  return details;
}

function find(words) {
  for (const details of document.querySelectorAll("details")) details.hidden = !details.dataset.text.includes(words.toLowerCase());
  for (const section of document.querySelectorAll("section")) section.hidden = !section.querySelector("details:not([hidden])");
}

async function start() {
  const response = await fetch("/api/openapi.json");
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const described = await response.json();
  byId("about").replaceWith(Object.assign(prose("p", described.info.description), { id: "about" }));
  const groups = new Map();
  for (const [path, operations] of Object.entries(described.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const group = operation.tags[0];
      if (!groups.has(group)) {
        const section = element("section");
        section.append(element("h2", group));
        groups.set(group, section);
      }
      groups.get(group).append(draw(method, path, operation, described.components.schemas));
    }
  }
  byId("operations").replaceChildren(...groups.values());
  byId("find").addEventListener("input", (event) => find(event.target.value));
}

start().catch((error) => {
  byId("state").textContent = `The description could not be read: ${error.message}`;
});
