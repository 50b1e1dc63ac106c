// What only works with scripts is shown by a script, and what is said to those without them goes: so it also stands when
// the scripts do not arrive.
for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;
for (const each of document.querySelectorAll("[data-without-script]")) each.hidden = true;
// Who presses twice asks once.
for (const button of document.querySelectorAll("button[data-needs-script]")) {
  button.form.addEventListener("submit", () => (button.disabled = true));
  addEventListener("pageshow", () => (button.disabled = false));
}
