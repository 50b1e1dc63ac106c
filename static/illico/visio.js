// The page of a room: tells the site that somebody is there, shows the clock it answers with, sets up video and text.
// All words come from the page; the site's answers carry the sentences of each state.
const room = document.getElementById("room");
const at = (name) => room.querySelector(`[data-${name}]`);
const token = room.querySelector("[name=csrfmiddlewaretoken]").value;
const state = { phase: room.dataset.phase, round: null, after: 0, clock: Number(at("clock").dataset.clock) };
const wantsVideo = Boolean(room.dataset.video);
let readAt = performance.now();
let timer = 0, polling = false, stopped = false, tries = 0;
let stream = null, asked = null;

// ---- The site: signs of life, the clock, words for the other side ----
const PACE = { waiting: 2000, linking: 800, linked: 3000 };
const form = (fields) => new URLSearchParams({ csrfmiddlewaretoken: token, seat: room.dataset.seat, ...fields });

async function post(kind, payload) {
  const body = form({ round: state.round, kind, payload });
  const answer = await fetch(room.dataset.say, { method: "POST", body });
  return answer.ok;
}

async function poll(take = "") {
  if (polling || stopped) return;
  polling = true;
  clearTimeout(timer);
  let pace = PACE.waiting;
  try {
    const body = form({ after: state.after, take });
    const answer = await fetch(room.dataset.sign, { method: "POST", body, signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(answer.status);
    pace = show(await answer.json());
  } catch {
    say("link", room.dataset.lost);
  }
  polling = false;
  if (!stopped) timer = setTimeout(poll, pace);
}

function show(told) {
  if (told.phase === "ended") return finish();
  state.clock = told.clock;
  readAt = performance.now();
  say("clock-name", told.clockName);
  say("status", told.status);
  say("cost", told.cost);
  say("other", told.other);
  at("bar").className = `at-${told.bar}${told.bar === 100 ? " late" : ""}`;
  at("take").hidden = told.seated;
  if (!told.seated) {
    hangUp();
    say("link", room.dataset.elsewhere);
    return PACE.waiting;
  }
  if (told.phase !== state.phase) {
    const begins = state.phase === "waiting" && document.activeElement === document.body;
    room.dataset.phase = state.phase = told.phase;
    if (told.phase === "talking" && at("ready")) at("ready").hidden = true;
    at("type").disabled = false;
    // Who was elsewhere on the page stays there.
    if (begins) at("type").focus();
  }
  if (told.phase === "waiting") return PACE.waiting;
  at("type").disabled = false;
  if (told.round !== state.round) {
    state.round = told.round;
    state.after = 0;
    link();
  }
  for (const each of told.signals) {
    state.after = Math.max(state.after, each.id);
    if (each.kind === "text") typed.take(each.payload);
    else whenLinked.then(() => call?.receive(each.kind, each.payload));
  }
  return isDirect ? PACE.linked : PACE.linking;
}

function finish() {
  stopped = true;
  hangUp();
  location.reload();
}

function say(name, text) {
  const place = at(name);
  if (place.textContent !== text) place.textContent = text;
}

// The machine's own clock may jump: between two answers a steady one counts.
setInterval(() => {
  const seconds = Math.floor((state.clock + performance.now() - readAt) / 1000);
  if (stopped) return;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours, minutes, rest] = parts.map((part) => String(part).padStart(2, "0"));
  say("clock", parts[0] ? `${parts[0]}:${minutes}:${rest}` : `${parts[1]}:${rest}`);
}, 250);

// ---- Camera and microphone ----
async function devices() {
  if (!wantsVideo || !navigator.mediaDevices) return null;
  for (const wanted of [{ video: true, audio: true }, { video: true }, { audio: true }]) {
    try {
      return await navigator.mediaDevices.getUserMedia(wanted);
    } catch {
      // None of this kind, or not allowed: the next, down to text alone.
    }
  }
  return null;
}

function prepare() {
  asked ??= devices().then((found) => {
    stream = found;
    if (found) at("local").srcObject = found;
    else if (wantsVideo) say("link", room.dataset.noCamera);
    for (const button of room.querySelectorAll("[data-mute]")) {
      button.hidden = !found?.getTracks().some((track) => track.kind === button.dataset.mute);
    }
    return found;
  });
  return asked;
}

for (const button of room.querySelectorAll("[data-mute]")) {
  button.addEventListener("click", () => {
    const isOff = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(isOff));
    for (const track of stream.getTracks()) if (track.kind === button.dataset.mute) track.enabled = !isOff;
  });
}

// ---- The link between the two browsers ----
let call = null, isDirect = false, whenLinked = Promise.resolve();

function link() {
  hangUp();
  const round = state.round;
  // Who does not answer the question about the camera is not waited for: text goes on, and video joins on a yes.
  const late = new Promise((done) => setTimeout(done, 8000, null));
  whenLinked = Promise.race([prepare(), late]).then((found) => {
    if (round !== state.round || !window.RTCPeerConnection) return;
    call = new Room({ side: room.dataset.side, servers: JSON.parse(room.dataset.servers), post });
    call.addEventListener("media", ({ detail }) => picture(detail));
    call.addEventListener("said", ({ detail }) => (detail === "look" ? poll() : typed.take(detail)));
    call.addEventListener("linked", () => {
      isDirect = true;
      tries = 0;
      say("link", room.dataset.direct);
      typed.send();
    });
    call.addEventListener("lost", lost);
    call.begin(found);
    if (!found && wantsVideo) asked.then((later) => later && round === state.round && poll("1"));
  });
  say("link", room.dataset.bySite);
  typed.restart();
}

function lost() {
  if (!call) return;
  hangUp();
  say("link", room.dataset.bySite);
  typed.fallBack();
  // One side is enough to begin anew; a path that cannot be found is not sought for ever.
  if (room.dataset.side === "agent" && (tries += 1) <= 3) setTimeout(() => poll("1"), 2000 * tries);
}

function hangUp() {
  isDirect = false;
  call?.close();
  call = null;
}

function picture(media) {
  const video = at("remote");
  if (!video || video.srcObject === media) return;
  video.srcObject = media;
  at("wanting").hidden = true;
  // Sound that the browser holds back until somebody acts must not hold back the picture.
  video.play().catch(() => ((video.muted = true), video.play()));
}

// ---- Text, character by character ----
const mine = { side: "me", text: "" }, theirs = { side: "them", text: "", told: 0 };

const typed = new TypedText({
  page: room.dataset.seat,
  say: (text) => Boolean(call?.say(text)),
  post: (text) => post("text", text),
  heard: (characters) => {
    for (const each of characters) {
      if (each === "\n") finishLine(theirs);
      else theirs.text = each === "\b" ? [...theirs.text].slice(0, -1).join("") : theirs.text + each;
    }
    if (theirs.text || theirs.line) draw(theirs);
    hush();
  },
});

at("type").addEventListener("input", (event) => {
  const field = event.target;
  const lines = field.value.split("\n");
  while (lines.length > 1) {
    const line = lines.shift();
    typed.change(mine.text, line);
    mine.text = line;
    typed.type("\n");
    finishLine(mine);
    field.value = lines.join("\n");
  }
  typed.change(mine.text, field.value);
  mine.text = field.value;
});

function draw(who) {
  at("nothing")?.remove();
  if (!who.line) {
    who.line = document.createElement("p");
    who.line.className = `line ${who.side}`;
    const name = document.createElement("b");
    name.textContent = room.dataset[who.side === "me" ? "me" : "them"];
    who.words = document.createElement("span");
    who.line.append(name, who.words);
    at("lines").append(who.line);
  }
  who.words.textContent = who.text;
  who.line.classList.toggle("open", who === theirs);
  at("lines").scrollTop = at("lines").scrollHeight;
}

function finishLine(who) {
  if (who.text.trim()) draw(who);
  else who.line?.remove();
  who.line?.classList.remove("open");
  if (who === theirs) tell();
  Object.assign(who, { text: "", line: null, words: null, told: 0 });
}

// Who hears the page is told whole lines, or what stands there after a pause: never letter after letter.
let pause = 0;
function hush() {
  clearTimeout(pause);
  pause = setTimeout(tell, 1500);
}
function tell() {
  clearTimeout(pause);
  const fresh = theirs.text.slice(theirs.told).trim();
  theirs.told = theirs.text.length;
  if (!fresh) return;
  const words = document.createElement("span");
  words.textContent = `${fresh} `;
  at("heard").append(words);
  while (at("heard").childElementCount > 20) at("heard").firstElementChild.remove();
}

// ---- Buttons, and leaving ----
at("take").addEventListener("click", () => poll("1"));
at("ready")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const fields = event.target;
  fields.hidden = true;
  const answer = await fetch(fields.action, { method: "POST", body: form({}), redirect: "manual" }).catch(() => null);
  if (!answer) fields.hidden = false;
  call?.say("look");
  poll();
});
addEventListener("pagehide", () => {
  if (!stopped) navigator.sendBeacon(room.dataset.sign, form({ after: state.after, leave: "1" }));
  hangUp();
});
addEventListener("pageshow", (event) => event.persisted && location.reload());

if (wantsVideo) prepare();
poll("1");
