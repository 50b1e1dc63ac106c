// The queue of an agent's console: what is said aloud, and the page's title, change when the queue does, not each time
// it is drawn.
const heading = document.title;
function tell() {
  const told = document.querySelector("[data-queue]");
  const says = document.getElementById("queue-says");
  if (!told || !says) return;
  if (says.textContent !== told.textContent) says.textContent = told.textContent;
  const count = Number(told.dataset.queue);
  document.title = count ? `(${count}) ${heading}` : heading;
}
document.addEventListener("htmx:afterSwap", tell);
tell();
