/* Keys for whoever clears many files: they move the focus and press what is on the page, and do nothing of their own. */

const typing = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;
const shown = (element) => element.checkVisibility();
const rows = () => [...document.querySelectorAll("main .row-link, main .table-cards th[scope=row] > a")].filter(shown);

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
  all[next].focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function act() {
  const first = document.querySelector("main .action-bar :is(button, summary, a).btn");
  first?.focus();
  first?.scrollIntoView({ block: "nearest" });
}

function help() {
  const dialog = document.getElementById("keys-help");
  if (dialog && !dialog.open) dialog.showModal();
}

function search() {
  const box = document.querySelector("main input[type=search]");
  if (box) box.focus();
  else document.querySelector(".masthead a[href$='/tim/']")?.click();
}

const open = () => rows().includes(document.activeElement) && document.activeElement.click();
const home = () => document.querySelector(".mainnav a")?.click();
const KEYS = { j: () => move(1), k: () => move(-1), o: open, a: act, u: home, "/": search, "?": help };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const press = KEYS[event.key];
  if (!press) return;
  event.preventDefault();
  press();
});
