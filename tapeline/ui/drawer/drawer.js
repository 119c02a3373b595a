// The drawer in which cards open. A chart offers what was clicked as the event `tapeline:choose`; the card is fetched from our own server and
// opened here at once, and the page's script is told of it afterwards. It is called again with new data at each run of the drawer's fragment.

const SLOW = 150; // after so many milliseconds without an answer the drawer opens with a sign that it waits
const NEAR = 60; // a mark that is pointed at for so long has its card fetched beforehand
const PATIENCE = 20000;
const HEARD = 15000; // for so long the page's script may need to hear what was done here
const MOST = 100; // of several milestones so many are listed
const KEPT = 40;
const CLOSED = "";
const kept = new WeakMap();

export default function (component) {
  const dialog = component.parentElement.querySelector("dialog");
  const drawer = kept.get(dialog) || begin(dialog);
  drawer.tell = component.setTriggerValue;
  obey(drawer, component.data);
  return () => end(drawer);
}

function begin(dialog) {
  const find = (name) => dialog.querySelector(`.${name}`);
  const drawer = { dialog, body: find("body"), said: find("said"), ids: [], address: CLOSED, turn: 0, until: 0, pages: new Map(), stop: new AbortController() };
  const { signal } = drawer.stop;
  kept.set(dialog, drawer);
  window.addEventListener("tapeline:choose", (event) => choose(drawer, event), { signal });
  window.addEventListener("tapeline:near", (event) => near(drawer, event.detail.ids), { signal });
  dialog.addEventListener("close", () => closed(drawer), { signal });
  dialog.addEventListener("pointerdown", (event) => (drawer.pressed = outside(dialog, event)), { signal });
  dialog.addEventListener("click", (event) => click(drawer, event), { signal });
  return drawer;
}

function end(drawer) {
  drawer.stop.abort();
  clearTimeout(drawer.slow);
  clearTimeout(drawer.near);
  kept.delete(drawer.dialog);
}

// What the page's script says holds, unless it has not yet heard what was done here since.
function obey(drawer, data) {
  if (drawer.version !== data.version) drawer.pages.clear();
  Object.assign(drawer, { version: data.version, query: data.query });
  const heard = data.turn === drawer.turn;
  const waiting = performance.now() < drawer.until;
  if (waiting && !heard) return;
  drawer.until = 0;
  if (waiting && !data.ids.length) return; // it closed, or nobody knows what was chosen, which the server says in the drawer
  show(drawer, data.ids);
}

function choose(drawer, event) {
  event.preventDefault();
  drawer.from = event.detail.from;
  show(drawer, event.detail.ids);
  told(drawer);
}

function near(drawer, ids) {
  clearTimeout(drawer.near);
  if (ids.length) drawer.near = setTimeout(() => ask(drawer, addressOf(drawer, ids)), NEAR);
}

function told(drawer, more = {}) {
  drawer.turn += 1;
  drawer.until = performance.now() + HEARD;
  drawer.tell("told", { ids: drawer.ids, turn: drawer.turn, ...more });
}

function addressOf(drawer, ids) {
  const asked = new URLSearchParams(drawer.query);
  ids.slice(0, MOST).forEach((name) => asked.append("event", name));
  if (ids.length > MOST) asked.set("of", ids.length);
  return `./card?${asked}`;
}

function show(drawer, ids) {
  const address = ids.length ? addressOf(drawer, ids) : CLOSED;
  drawer.ids = ids;
  if (address === drawer.address) return;
  drawer.address = address;
  clearTimeout(drawer.slow);
  if (address === CLOSED) return drawer.dialog.close();
  const page = ask(drawer, address);
  if (page.html) return fill(drawer, page.html);
  drawer.slow = setTimeout(() => wait(drawer), SLOW);
  const mine = (then) => (found) => drawer.address === address && then(drawer, found);
  page.coming.then(mine(fill), mine(fail));
}

// Each card is asked for once.
function ask(drawer, address) {
  const held = drawer.pages.get(address);
  if (held) return held;
  const page = { html: "", coming: fetched(address) };
  page.coming.then((html) => (page.html = html), () => drawer.pages.delete(address));
  drawer.pages.set(address, page);
  if (drawer.pages.size > KEPT) drawer.pages.delete(drawer.pages.keys().next().value);
  return page;
}

async function fetched(address) {
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(answer.headers.get("content-type")?.startsWith("text/plain") ? text.slice(0, 300).trim() : `the server answered ${answer.status}`);
  return text;
}

function fill(drawer, html) {
  const { dialog, body, said } = drawer;
  const way = document.activeElement?.closest(".neighbours a")?.rel;
  clearTimeout(drawer.slow);
  body.innerHTML = html;
  body.querySelectorAll("pre").forEach((text) => text.after(button("Copy", "copy")));
  const title = body.querySelector("h2");
  said.textContent = dialog.open ? title.textContent : "";
  dialog.removeAttribute("aria-busy");
  open(drawer, (way && body.querySelector(`.neighbours a[rel=${way}]`)) || title);
}

// The focus goes to the title, or stays on the way to the next card.
function open(drawer, first) {
  first.autofocus = true;
  if (!drawer.dialog.open) drawer.dialog.showModal();
  first.focus({ preventScroll: true });
  drawer.dialog.scrollTop = 0;
}

function wait(drawer) {
  drawer.dialog.setAttribute("aria-busy", "true");
  drawer.body.replaceChildren(part("h2", "Fetching the card…"), ...["first", "", "last"].map((name) => part("p", "", `line ${name}`)));
  open(drawer, drawer.body.firstChild);
}

function fail(drawer, error) {
  const why = error.name === "TimeoutError" ? `no answer came within ${PATIENCE / 1000} seconds` : error.name === "TypeError" ? "the server could not be reached" : error.message;
  clearTimeout(drawer.slow);
  drawer.dialog.removeAttribute("aria-busy");
  drawer.body.replaceChildren(part("h2", "This card did not arrive"), part("p", `What went wrong: ${why}.`), button("Try again", "again"));
  open(drawer, drawer.body.firstChild);
}

function part(tag, words, name = "") {
  const made = Object.assign(document.createElement(tag), { textContent: words, className: name });
  if (tag === "h2") Object.assign(made, { id: "card-title", tabIndex: -1 });
  return made;
}

function button(words, name) {
  return Object.assign(part("button", words, name), { type: "button" });
}

function outside(dialog, event) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  const { clientX: x, clientY: y } = event;
  return event.target === dialog && (x < left || x > right || y < top || y > bottom);
}

function click(drawer, event) {
  const { dialog } = drawer;
  const pressed = event.target.closest("button");
  if (pressed?.matches(".close") || (drawer.pressed && outside(dialog, event))) dialog.close();
  else if (pressed?.matches(".again")) again(drawer);
  else if (pressed?.matches(".copy")) copy(drawer, pressed);
  else follow(drawer, event);
}

function again(drawer) {
  drawer.address = CLOSED;
  show(drawer, drawer.ids);
}

// Links to other tabs and windows are the browser's. The others lead to another card here, to another view of this page by way of its script,
// or to another page by way of Streamlit's own link to it, which keeps the connection; without one the browser follows them.
function follow(drawer, event) {
  const link = event.target.closest("a[href]");
  if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const { pathname, searchParams } = new URL(link.href);
  const href = link.getAttribute("href");
  const twin = [...document.querySelectorAll(".st-key-drawer-onward a")].find((other) => other.getAttribute("href") === href);
  if (href.startsWith("?")) {
    show(drawer, [searchParams.get("event")]);
    told(drawer);
  } else if (pathname === window.location.pathname) {
    const [begin] = drawer.ids;
    show(drawer, []);
    told(drawer, { begin });
  } else if (twin) {
    show(drawer, []);
    twin.click();
  } else return;
  event.preventDefault();
}

// By the cross, Escape or a click beside it, or because the page's script said so; the focus goes back to where it was.
function closed(drawer) {
  if (drawer.dialog.open) return;
  if (document.activeElement === document.body || drawer.dialog.contains(document.activeElement)) drawer.from?.focus({ preventScroll: true });
  drawer.from = undefined;
  drawer.body.replaceChildren();
  if (!drawer.ids.length) return;
  show(drawer, []);
  told(drawer);
}

async function copy(drawer, pressed) {
  const text = pressed.previousElementSibling;
  try {
    await navigator.clipboard.writeText(text.textContent);
    drawer.said.textContent = pressed.textContent = "Copied";
  } catch {
    window.getSelection().selectAllChildren(text);
    drawer.said.textContent = pressed.textContent = "Selected: copy it with the keys";
  }
}
