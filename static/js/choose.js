/* Choosing all or none of a list, and how many are chosen. */

const boxes = [...document.querySelectorAll("input[name=file]:not(:disabled)")];
const told = document.querySelector("[data-chosen]");

function tell() {
  if (told) told.textContent = told.dataset.chosen.replace("{n}", boxes.filter((box) => box.checked).length);
}

for (const button of document.querySelectorAll("[data-choose]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const box of boxes) box.checked = button.dataset.choose === "all";
    tell();
  });
}
document.addEventListener("change", tell);
tell();
