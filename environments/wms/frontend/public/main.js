import { ask, login } from "./api.js";
import { find, say, showEnvironment, showLogin, showMovements, showReport, showUploads } from "./views.js";

async function refresh() {
  const [report, movements, uploads] = await Promise.all([
    ask("GET", "/api/report"), ask("GET", "/api/movements?limit=8"), ask("GET", "/api/uploads"),
  ]);
  showReport(report);
  showMovements(movements);
  showUploads(uploads);
}

function leave(text = "") {
  login.forget();
  showLogin(null);
  say(text, Boolean(text));
  find("user").focus();
}

function complain(error) {
  if (error.status === 401 && login.get()) return leave("The login has ended.");
  return say(error.message, true);
}

/** Sends a form once: its button rests until the answer is there. */
function onSubmit(id, send) {
  const form = find(id);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      say(await send(Object.fromEntries(new FormData(form)), form) || "");
    } catch (error) {
      complain(error);
    } finally {
      button.disabled = false;
    }
  });
}

onSubmit("login", async ({ user, password }, form) => {
  login.keep(await ask("POST", "/api/login", { user, password }));
  form.reset();
  showLogin(login.get());
  find("content").focus();
  await refresh();
});

onSubmit("item", async ({ sku, name, location, price }, form) => {
  await ask("POST", "/api/items", { sku, name, location, unit_price_cents: Math.round(Number(price) * 100) });
  form.reset();
  await refresh();
  return `${sku} is on the list.`;
});

onSubmit("movement", async ({ item, kind, quantity, reference }) => {
  const { stock } = await ask("POST", "/api/movements", { item, kind, quantity: Number(quantity), reference });
  find("quantity").value = 1;
  find("reference").value = "";
  await refresh();
  return `Booked. ${stock} in stock now.`;
});

onSubmit("upload", async ({ file }, form) => {
  const name = file.name.normalize("NFKD").replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^\.+/, "").slice(-100) || "file";
  await ask("PUT", `/uploads/${name}`, file);
  form.reset();
  await refresh();
  return `${name} is uploaded.`;
});

find("leave").addEventListener("click", () => leave());
ask("GET", "/api/health").then(showEnvironment).catch(complain);
showLogin(login.get());
if (login.get()) refresh().catch(complain);
else find("user").focus();
