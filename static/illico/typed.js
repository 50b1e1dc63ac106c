// Text that appears at the other side as it is typed, character by character: what is typed is kept as a list of small
// steps, each of them sent until the other side has it, by whichever way is open. "\b" takes the last character back,
// "\n" ends a line, as in ITU-T T.140.
class TypedText {
  // page: what tells this page from one that is loaded again; say(text): the direct line, false when it is not open;
  // post(text): by way of the site, a promise. heard(characters): a run of what the other side typed.
  constructor({ page, say, post, heard }) {
    Object.assign(this, { page, say, post, heard, steps: [], sent: 0, acknowledged: 0, posting: false });
    Object.assign(this, { other: "", received: 0 });
  }

  // A field's text became another: what must be taken back and what is added.
  change(before, after) {
    const old = [...before], now = [...after];
    let same = 0;
    while (same < old.length && same < now.length && old[same] === now[same]) same += 1;
    this.type("\b".repeat(old.length - same) + now.slice(same).join(""));
  }

  type(characters) {
    if (!characters) return;
    this.steps.push(characters);
    this.send();
  }

  // A new link, to a page that may know nothing: all is told again. A page that knows it passes over it.
  restart() {
    this.sent = this.acknowledged = 0;
    this.send();
  }

  // The direct line broke: what is not acknowledged goes another way.
  fallBack() {
    this.sent = this.acknowledged;
    this.send();
  }

  send() {
    const steps = this.steps.slice(this.sent);
    if (!steps.length) return;
    const message = this.message(steps);
    if (this.say(message)) {
      this.sent = this.steps.length;
    } else if (!this.posting) {
      // By way of the site one word after the other: what is typed meanwhile goes with the next.
      this.posting = true;
      const upTo = this.steps.length;
      this.post(message)
        .then((taken) => taken && (this.sent = Math.max(this.sent, upTo)), () => {})
        .finally(() => {
          this.posting = false;
          setTimeout(() => this.send(), 300);
        });
    }
  }

  take(text) {
    const { page, from, steps, of, has } = JSON.parse(text);
    if (page !== this.other) {
      // What the page before left half written stays as it is.
      if (this.other) this.heard("\n");
      Object.assign(this, { other: page, received: 0 });
    }
    if (of === this.page) this.acknowledged = Math.max(this.acknowledged, has);
    const fresh = steps.slice(Math.max(0, this.received - from));
    if (from > this.received || !steps.length) return;
    this.received += fresh.length;
    if (fresh.length) this.heard(fresh.join(""));
    this.say(this.message([]));
  }

  message(steps) {
    return JSON.stringify({ page: this.page, from: this.sent, steps, of: this.other, has: this.received });
  }
}
