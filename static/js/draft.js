/* Writing a draft: what is typed is kept on the server within seconds, and many documents come by drag and drop. */

const PAUSE = 1200; // milliseconds without a key before what was typed is kept
const FOR_BUTTONS = new Set(["file", "rows", "rows_file", "evidence_kind", "evidence_nominee", "earlier"]); // no part of the draft
const LONGEST = 30000; // between two tries while there is no connection

const words = () => document.getElementById("draft-words").dataset;
const draft = () => document.getElementById("draft");
let timer = 0;
let wait = PAUSE;
let dirty = false;
let running = null;
let uploading = false; // a second press meanwhile does nothing
let stopped = false; // saved elsewhere: this page overwrites nothing

function say(text, trouble = "") {
  const kept = document.querySelector("[data-told]");
  const alarm = document.querySelector("[data-trouble]");
  if (text) kept.textContent = text;
  if (alarm.textContent !== trouble) alarm.textContent = trouble;
  alarm.hidden = !trouble;
}

function later(pause = PAUSE) {
  clearTimeout(timer);
  if (!stopped) timer = setTimeout(keep, pause);
}

function fields() {
  const data = new FormData(draft());
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  data.delete("rows");
  return new URLSearchParams(data);
}

async function send() {
  dirty = false;
  let answer;
  try {
    answer = await fetch(draft().dataset.keep, { method: "POST", body: fields(), redirect: "manual" });
  } catch {
    return retry(words().offline);
  }
  if (answer.status === 409) {
    stopped = true;
    return say("", (await answer.json()).words + " " + words().elsewhere);
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) return retry(words().ended);
  if (!answer.ok) return retry(words().offline);
  show(await answer.json());
}

function retry(text) {
  dirty = true;
  wait = Math.min(wait * 2, LONGEST);
  say("", text);
  later(wait);
}

function show(kept) {
  wait = PAUSE;
  draft().elements.revision.value = kept.revision;
  for (const [name, uid] of Object.entries(kept.uids)) {
    const field = draft().elements[name];
    if (field) field.value = uid;
  }
  document.querySelector("[data-checks]").innerHTML = kept.checks;
  say((kept.saved ? words().saved : words().kept).replace("{at}", kept.at));
  if (dirty) later();
}

function keep() {
  if (running || !dirty || stopped) return running;
  running = send().finally(() => { running = null; });
  return running;
}

function touched(event) {
  if (event.target.form !== draft() || FOR_BUTTONS.has(event.target.name)) return;
  dirty = true;
  later();
}

/* What is being kept has to be there before a button sends the same draft. */
async function pressed(event) {
  if (event.target !== draft()) return;
  if (uploading) return event.preventDefault();
  clearTimeout(timer);
  const button = event.submitter;
  if (button?.matches("[formaction$='/tai-lieu']") && draft().elements.file.files.length) {
    event.preventDefault();
    uploading = true;
    if (running) await running;
    upload(button);
  } else if (running) {
    event.preventDefault();
    await running;
    dirty = false;
    draft().requestSubmit(button);
  } else {
    dirty = false;
  }
}

function upload(button) {
  dirty = false;
  const request = new XMLHttpRequest();
  const bar = document.querySelector("[data-progress]");
  bar.hidden = false;
  const sent = new FormData(draft());
  draft().inert = true; // the answer takes its place: nothing may be typed that it does not know
  request.upload.onprogress = (event) => { if (event.lengthComputable) bar.value = event.loaded / event.total; };
  request.onload = () => {
    uploading = false;
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (!main) return location.reload();
    document.querySelector("main").replaceWith(document.adoptNode(main));
    const place = document.querySelector("main .error-summary") ?? document.getElementById("evidence_file");
    place.scrollIntoView({ block: "center" });
    place.focus({ preventScroll: true });
  };
  request.onerror = () => { uploading = false; draft().inert = false; bar.hidden = true; dirty = true; say("", words().offline); later(wait); };
  request.open("POST", button.formAction);
  request.send(sent);
}

const zone = (event) => event.target.closest?.(".upload");
document.addEventListener("dragover", (event) => {
  if (!zone(event)) return;
  event.preventDefault();
  zone(event).classList.add("upload-over");
});
document.addEventListener("dragleave", (event) => zone(event)?.classList.remove("upload-over"));
document.addEventListener("drop", (event) => {
  const here = zone(event);
  if (!here || !event.dataTransfer.files.length) return;
  event.preventDefault();
  here.classList.remove("upload-over");
  draft().elements.file.files = event.dataTransfer.files;
  here.querySelector("button").click();
});

document.addEventListener("input", touched);
document.addEventListener("change", touched);
document.addEventListener("submit", pressed);
addEventListener("online", () => { if (dirty) later(0); });
addEventListener("beforeunload", (event) => { if (dirty && !running) event.preventDefault(); });

/* What was typed before this script was there, or what the browser itself put back. */
function changed(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected && !one.defaultSelected) && field.selectedIndex > 0;
  return ["TEXTAREA", "INPUT"].includes(field.tagName) && !["hidden", "file"].includes(field.type) && field.value !== field.defaultValue;
}

if (draft() && [...draft().elements].some((field) => !FOR_BUTTONS.has(field.name) && changed(field))) {
  dirty = true;
  later();
}
