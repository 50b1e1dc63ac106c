// What only works with scripts is shown by a script.
for (const each of document.querySelectorAll("[data-needs-script]")) each.hidden = false;
