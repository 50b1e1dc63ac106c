// A passkey that was refused or did not answer: say so on the page, where allauth's script would only log it.
document.addEventListener("allauth.error", (event) => {
  const fault = document.querySelector(".passkey-fault");
  if (!fault) return;
  event.preventDefault();
  fault.hidden = false;
});
