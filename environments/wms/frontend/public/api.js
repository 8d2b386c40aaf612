// Asks the server, with the login of this browser tab.

const LOGIN = "wms-login";
const HELD_SECONDS = 20;

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const login = {
  get: () => JSON.parse(sessionStorage.getItem(LOGIN) || "null"),
  keep: (value) => sessionStorage.setItem(LOGIN, JSON.stringify(value)),
  forget: () => sessionStorage.removeItem(LOGIN),
};

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function once(method, path, body) {
  const headers = {};
  const { token } = login.get() || {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined && !(body instanceof Blob)) {
    headers["Content-Type"] = "application/json";
    body = JSON.stringify(body);
  }
  try {
    return await fetch(path, { method, headers, body });
  } catch {
    throw new Refusal(0, "The server does not answer. Nothing may have been saved; look before trying again.");
  }
}

export async function ask(method, path, body) {
  const until = Date.now() + HELD_SECONDS * 1000;
  let response = await once(method, path, body);
  // The front holds writes while the database is being switched: such a request has not been seen by anybody.
  while (response.status === 503 && response.headers.has("Retry-After") && Date.now() < until) {
    await pause(Number(response.headers.get("Retry-After")) || 1);
    response = await once(method, path, body);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, answer.error || `The server answered ${response.status}.`);
  return answer;
}
