// A check-in signed by the passkey: ask the site what to sign for the chosen place, have it signed, send the form with it.
const form = document.querySelector("form[data-sign]");
const key = form?.querySelector("button[data-key]");
const fault = form?.querySelector("[role=alert]");

function tell(words) {
  fault.textContent = words;
  fault.hidden = false;
}

async function sign() {
  const asked = await fetch(form.dataset.sign, { method: "POST", body: new FormData(form) });
  const options = await asked.json();
  if (!asked.ok) return tell(options.fault || form.dataset.fault);
  const answer = await window.webauthnJSON.get(options);
  for (const [name, value] of [["assertion", JSON.stringify(answer)], ["do", "in"]]) {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
    form.append(field);
  }
  form.submit();
}

if (key && window.PublicKeyCredential) {
  key.hidden = false;
  key.addEventListener("click", async () => {
    fault.hidden = true;
    key.disabled = true;
    try {
      await sign();
    } catch {
      tell(form.dataset.fault);
    }
    key.disabled = false;
  });
}
