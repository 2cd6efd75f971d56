// Keeps the part of a page that is marked `data-live` fresh, without loading the page again.
// Without this script the page refreshes itself as a whole.
const PAUSE_MS = 2000;

async function refresh() {
  const shown = document.querySelector("[data-live]");
  if (!shown || shown.dataset.live !== "on") return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-live]");
      if (fresh && fresh.innerHTML !== shown.innerHTML) shown.innerHTML = fresh.innerHTML;
      if (fresh) shown.dataset.live = fresh.dataset.live;
    }
  } catch {
    // The network comes back or it does not; the next round tries again.
  }
  setTimeout(refresh, PAUSE_MS);
}

setTimeout(refresh, PAUSE_MS);
