/* What goes on in the background is looked at again every second, until it has come to its end. */

const place = document.getElementById("watched");
const EVERY = 1000; // milliseconds

async function look() {
  if (!place.querySelector("[data-watch]")) return;
  try {
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "watch" }, redirect: "error" });
    if (answer.ok) place.innerHTML = await answer.text();
  } catch { /* no connection: it is looked at again */ }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
