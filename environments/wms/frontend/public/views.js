// Puts what the server says on the page; text is always set as text.

const money = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "short" });

export const find = (id) => document.getElementById(id);

function make(tag, text, className) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

export function say(text, isBad = false) {
  find("message").textContent = text;
  find("message").classList.toggle("bad", isBad);
}

export function showEnvironment({ environment, release }) {
  const badge = find("environment");
  badge.textContent = environment;
  badge.title = `release ${release}`;
  badge.classList.toggle("staging", environment !== "production");
  badge.hidden = false;
}

export function showReport({ items, worth_cents: worth }) {
  find("items").replaceChildren(...items.map((item) => {
    const row = document.createElement("tr");
    const stock = make("td", item.is_low ? `${item.stock} (low)` : item.stock, "number");
    if (item.is_low) stock.classList.add("low");
    const name = make("th", item.sku);
    name.scope = "row";
    row.append(name, make("td", item.name), make("td", item.location),
      make("td", money.format(item.unit_price_cents / 100), "number"), stock);
    return row;
  }));
  find("no-items").hidden = items.length > 0;
  find("worth").textContent = items.length ? `worth ${money.format(worth / 100)}` : "";
  showChoices(items);
}

function showChoices(items) {
  const select = find("moved");
  const chosen = select.value;
  select.replaceChildren(...items.map((item) => {
    const option = make("option", `${item.sku} – ${item.name}`);
    option.value = item.id;
    return option;
  }));
  if (items.some((item) => String(item.id) === chosen)) select.value = chosen;
}

export function showMovements(movements) {
  find("movements").replaceChildren(...movements.map((movement) => {
    const line = make("li", `${movement.kind === "in" ? "+" : "−"}${movement.quantity} ${movement.sku}`);
    const reference = movement.reference ? `, ${movement.reference}` : "";
    const when = moment.format(new Date(movement.created_at));
    line.append(document.createElement("br"), make("span", `${when}, ${movement.made_by}${reference}`, "faint"));
    return line;
  }));
}

export function showUploads(files) {
  find("uploads").replaceChildren(...files.map((file) => {
    const line = document.createElement("li");
    const link = make("a", file.name);
    link.href = `/uploads/${file.name}`;
    line.append(link, make("span", ` ${Math.max(1, Math.round(file.bytes / 1000))} kB`, "faint"));
    return line;
  }));
}

export function showLogin(login) {
  find("login").hidden = Boolean(login);
  find("work").hidden = !login;
  find("leave").hidden = !login;
  find("who").textContent = login ? login.user : "";
}
