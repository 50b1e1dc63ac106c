// What the theme leaves unnamed for people who listen to pages: pickers take their label, bare table heads a word.
"use strict";
function nameWhatIsBare() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const label = document.querySelector(`label[for="${select.id}"]`);
    const name = select.getAttribute("aria-label") || (label && label.textContent.trim());
    const shown = select.nextElementSibling;
    if (!name || !shown) continue;
    for (const part of shown.querySelectorAll("[role=combobox],[role=textbox]")) part.setAttribute("aria-label", name);
  }
  document.querySelectorAll("#content-main .simplebar-content-wrapper[role=region]").forEach((part, rank) => {
    part.setAttribute("aria-label", `Tableau ${rank + 1}`);
  });
  for (const head of document.querySelectorAll("#content-main thead th")) {
    if (head.textContent.trim() || head.querySelector("input,a,button")) continue;
    const word = document.createElement("span");
    word.className = "sr-only";
    word.textContent = "Supprimer";
    head.append(word);
  }
}
window.addEventListener("load", () => setTimeout(nameWhatIsBare, 0));
document.addEventListener("formset:added", () => setTimeout(nameWhatIsBare, 0));
