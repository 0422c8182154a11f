/* Results while one types: the last words asked are the ones shown. */

const box = document.getElementById("q");
const place = document.getElementById("found");
let timer = 0;
let asked = null;

async function find() {
  asked?.abort();
  asked = new AbortController();
  const address = `${location.pathname}?${new URLSearchParams({ q: box.value })}`;
  try {
    const answer = await fetch(address, { headers: { "X-Requested-With": "find" }, signal: asked.signal });
    if (!answer.ok) return;
    place.innerHTML = await answer.text();
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") box.form.querySelector("button").focus(); // the button asks in the ordinary way
  }
}

box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(find, 200); });
