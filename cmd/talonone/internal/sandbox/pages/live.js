// Updates the page without a reload. After each event, the page is fetched again, and the elements with data-live get the content of
// the fetched ones.
"use strict";

const status = document.getElementById("live");
const events = new EventSource("/events?after=" + document.body.dataset.version);
let running = false;
let again = false;

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
      if (!answer.ok) break;
      replace(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } while (again);
  } finally {
    running = false;
  }
}

function replace(page) {
  const focused = document.activeElement && document.activeElement.id;
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
  }
  if (focused && document.activeElement.id !== focused) {
    const again = document.getElementById(focused);
    if (again) again.focus({ preventScroll: true });
  }
}

events.addEventListener("change", (event) => {
  status.textContent = event.data;
  refresh().catch(() => { status.textContent = "The sandbox does not answer."; });
});
events.addEventListener("open", () => { status.textContent = "Live"; });
events.addEventListener("error", () => { status.textContent = "The sandbox does not answer."; });
addEventListener("pagehide", () => events.close());
