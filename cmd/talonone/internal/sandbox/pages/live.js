// Updates the page without a reload. After each event, the page is fetched again, and the elements with data-live get the content of
// the fetched ones.
"use strict";

const status = document.getElementById("live");
const silence = "The sandbox does not answer.";
const patience = 3000; // milliseconds until the next attempt, where the browser makes none by itself
let version = document.body.dataset.version;
let events = null;
let running = false;
let again = false;

// A page that nobody sees listens to nothing: a browser has six connections for all pages of the sandbox that are open.
function connect() {
  if (events || document.hidden) return;
  const stream = new EventSource("/events?after=" + encodeURIComponent(version));
  events = stream;
  stream.addEventListener("open", () => { status.textContent = "Live"; });
  stream.addEventListener("change", (event) => {
    status.textContent = event.data;
    refresh().catch(() => { status.textContent = silence; });
  });
  stream.addEventListener("error", () => {
    status.textContent = silence;
    if (stream.readyState !== EventSource.CLOSED || events !== stream) return;
    events = null;
    setTimeout(connect, patience);
  });
}

function disconnect() {
  if (events) events.close();
  events = null;
}

async function refresh() {
  if (running) {
    again = true; // the running fetch may return a page from before the event
    return;
  }
  running = true;
  try {
    do {
      again = false;
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok && answer.status !== 404) throw new Error(answer.statusText);
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } while (again);
  } finally {
    running = false;
  }
}

function show(page) {
  const run = (v) => v.split("-")[0];
  const parts = [...document.querySelectorAll("[data-live]")];
  const fresh = [...page.querySelectorAll("[data-live]")];
  // After another start of the sandbox nothing need be as it was, and a page that was not there yet may be there now.
  if (run(page.body.dataset.version) !== run(version) || parts.length !== fresh.length) {
    location.reload();
    return;
  }
  version = page.body.dataset.version;
  parts.forEach((part, i) => (part.dataset.live === "log" ? grow : replace)(part, fresh[i]));
}

// grow puts the new entries of a log before those that are shown, which never change: one that is open stays so.
function grow(log, fresh) {
  const entries = new Map([...fresh.children].map((entry) => [entry.id, entry]));
  for (const shown of [...log.children]) {
    if (!shown.id || !entries.delete(shown.id)) shown.remove();
  }
  log.prepend(...entries.values());
}

// replace keeps the focus, and how far something is scrolled, for what has an ID.
function replace(part, fresh) {
  if (part.innerHTML === fresh.innerHTML) return;
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  const scrolled = [...part.querySelectorAll("[id]")].map((e) => [e.id, e.scrollLeft, e.scrollTop]);
  part.replaceChildren(...fresh.childNodes);
  for (const [id, left, top] of scrolled) document.getElementById(id)?.scrollTo(left, top);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
addEventListener("pagehide", disconnect);
addEventListener("pageshow", connect); // also of a page that the browser has kept
