/* A batch goes on by itself, some files a request, until it is done, paused, refused or without a connection. */

const place = document.getElementById("batch");
const form = () => document.getElementById("batch-form");
let paused = false;

async function step() {
  const data = new URLSearchParams(new FormData(form()));
  const answer = await fetch(form().action, {
    method: "POST", body: data, headers: { "X-Requested-With": "batch" }, redirect: "error",
  });
  if (!answer.ok && answer.status !== 422) throw new Error(answer.status);
  place.innerHTML = await answer.text();
  return answer.ok;
}

async function run() {
  paused = false;
  try {
    do {
      const stop = form().querySelector("[data-stop]");
      stop.hidden = false;
      form().querySelector("[data-go]").disabled = true;
      if (!await step()) return;
    } while (form() && !paused);
  } catch {
    if (!form()) return;
    const alarm = form().querySelector("[data-trouble]");
    alarm.textContent = form().dataset.lost;
    alarm.hidden = false;
    form().querySelector("[data-go]").disabled = false;
    form().querySelector("[data-stop]").hidden = true;
  }
}

place.addEventListener("submit", (event) => { event.preventDefault(); run(); });
place.addEventListener("click", (event) => { if (event.target.matches("[data-stop]")) paused = true; });
