// One room for two people, browser to browser. The site only carries the words that set the link up (offer, answer,
// addresses); another provider takes this file's place by offering the same five things: begin, receive, say, close,
// and the events « media », « said », « linked », « lost ».
class Room extends EventTarget {
  // side: "caller" or "agent"; the agent's browser makes the offer. servers: STUN and TURN as the site was told.
  // post(kind, payload) hands a word to the site for the other side.
  constructor({ side, servers, post }) {
    super();
    this.offers = side === "agent";
    this.servers = servers;
    this.post = post;
    this.work = Promise.resolve();
  }

  // A new link, with what camera and microphone give (null: none). What was left of an older link is dropped.
  begin(stream) {
    this.close();
    const peer = (this.peer = new RTCPeerConnection({ iceServers: this.servers }));
    this.early = [];
    this.found = [];
    this.remote = new MediaStream();
    this.line = peer.createDataChannel("text", { negotiated: true, id: 0 });
    this.line.onopen = () => this.tell("linked");
    this.line.onclose = () => peer === this.peer && this.tell("lost");
    this.line.onmessage = (event) => this.tell("said", event.data);
    peer.onicecandidate = ({ candidate }) => candidate && this.gather(candidate);
    peer.ontrack = ({ track }) => {
      this.remote.addTrack(track);
      this.tell("media", this.remote);
    };
    peer.onconnectionstatechange = () => peer.connectionState === "failed" && this.tell("lost");
    for (const track of stream ? stream.getTracks() : []) peer.addTrack(track, stream);
    if (!this.offers) return;
    for (const kind of ["audio", "video"]) {
      const has = peer.getTransceivers().some((each) => each.sender.track?.kind === kind);
      if (!has) peer.addTransceiver(kind, { direction: "recvonly" });
    }
    this.inTurn(async () => {
      await peer.setLocalDescription();
      await this.post("offer", peer.localDescription.sdp);
    });
  }

  // A word of the other side's, in the order in which they were posted.
  receive(kind, payload) {
    const peer = this.peer;
    if (!peer) return;
    this.inTurn(async () => {
      if (peer !== this.peer) return;
      if (kind === "candidate") return this.learn(JSON.parse(payload));
      await peer.setRemoteDescription({ type: kind, sdp: payload });
      await this.learn(this.early.splice(0));
      if (kind !== "offer") return;
      await peer.setLocalDescription();
      await this.post("answer", peer.localDescription.sdp);
    });
  }

  // Say a text straight to the other browser; false where no direct line is open.
  say(text) {
    if (this.line?.readyState !== "open") return false;
    this.line.send(text);
    return true;
  }

  close() {
    const peer = this.peer;
    this.peer = this.line = null;
    peer?.close();
  }

  // Addresses come one by one within milliseconds: they travel together.
  gather(candidate) {
    this.found.push(candidate);
    clearTimeout(this.sending);
    this.sending = setTimeout(() => this.post("candidate", JSON.stringify(this.found.splice(0))), 60);
  }

  async learn(candidates) {
    if (!this.peer?.remoteDescription) return void this.early.push(...candidates);
    for (const each of candidates) await this.peer.addIceCandidate(each).catch(() => {});
  }

  inTurn(step) {
    this.work = this.work.then(step).catch(() => this.tell("lost"));
  }

  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
