// The call page: one call with one person. All text of others is set as text, never as markup.

const TEXTS = {
  en: {
    title: (peer) => `Call with ${peer}`,
    caller: { voice: (peer) => `Call ${peer}`, video: (peer) => `Video call with ${peer}` },
    callee: { voice: (peer) => `${peer} is calling`, video: (peer) => `${peer} is calling, with video` },
    states: {
      connecting: 'Connecting …',
      waiting: '',
      starting: 'Calling …',
      answering: 'Answering …',
      ringing: 'Ringing …',
      talking: 'In the call',
      away: 'The connection was lost. Connecting again …',
    },
    call: 'Call',
    answer: 'Answer',
    decline: 'Decline',
    cancel: 'Cancel',
    hangUp: 'Hang up',
    mute: 'Mute',
    muted: 'Muted',
    ended: {
      'hung-up': 'The call has ended.',
      declined: 'You declined the call.',
      'peer-declined': 'The call was declined.',
      'peer-cancelled': 'The caller has hung up.',
      'peer-ended': 'The other person has hung up.',
      missed: 'The call was not answered.',
      lost: 'The connection was lost. The call has ended.',
      failed: 'The call could not be connected.',
      refused: 'The call was refused: the other side named an address that is not allowed.',
      'too-long': 'The call has reached the longest time and has ended.',
      stopped: 'The service is restarting. The call has ended. Please call again.',
    },
    gone: 'This call is over, or the link is wrong.',
    elsewhere: 'This call is open in another browser or window.',
    noMicrophone:
      'This page may not use the microphone. Allow it in the settings of the browser for this page, and try again.',
    noDevice: 'No microphone was found. Connect one, and try again.',
    noSecure: 'The browser gives the microphone to secure pages only (https).',
    noWebRtc: 'This browser cannot make calls. Open the link in another browser.',
  },
  zh: {
    title: (peer) => `与${peer}通话`,
    caller: { voice: (peer) => `呼叫${peer}`, video: (peer) => `与${peer}视频通话` },
    callee: { voice: (peer) => `${peer}来电`, video: (peer) => `${peer}邀请您视频通话` },
    states: {
      connecting: '正在连接……',
      waiting: '',
      starting: '正在呼叫……',
      answering: '正在接听……',
      ringing: '对方正在响铃……',
      talking: '通话中',
      away: '连接已断开，正在重新连接……',
    },
    call: '呼叫',
    answer: '接听',
    decline: '拒绝',
    cancel: '取消',
    hangUp: '挂断',
    mute: '静音',
    muted: '已静音',
    ended: {
      'hung-up': '通话已结束。',
      declined: '您已拒绝来电。',
      'peer-declined': '对方已拒绝。',
      'peer-cancelled': '对方已取消呼叫。',
      'peer-ended': '对方已挂断。',
      missed: '无人接听。',
      lost: '连接已断开，通话已结束。',
      failed: '通话无法接通。',
      refused: '通话被拒绝：对方给出的地址不允许使用。',
      'too-long': '通话已达到最长时间，已结束。',
      stopped: '服务正在重启，通话已结束。请重新呼叫。',
    },
    gone: '通话已结束，或链接有误。',
    elsewhere: '此通话已在另一个浏览器或窗口中打开。',
    noMicrophone: '此页面无法使用麦克风。请在浏览器设置中允许此页面使用麦克风，然后重试。',
    noDevice: '没有找到麦克风。请连接麦克风，然后重试。',
    noSecure: '浏览器只允许安全页面（https）使用麦克风。',
    noWebRtc: '此浏览器无法通话。请用其他浏览器打开链接。',
  },
};

const CLOSED = { gone: 4404, elsewhere: 4409, replaced: 4410, refused: 1008 };
const RECONNECT_MS = 1000;

const part = (id) => document.getElementById(id);
const language = () => (navigator.language?.toLowerCase().startsWith('zh') ? 'zh' : 'en');

/** Of this tab: a reload is the same browser, another tab is not. */
function browserId() {
  const kept = sessionStorage.getItem('call-browser');
  if (kept) return kept;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const fresh = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  sessionStorage.setItem('call-browser', fresh);
  return fresh;
}

class CallPage {
  texts = TEXTS[language()];
  shown = undefined;
  over = false;
  /** Messages that wait for the WebSocket. */
  unsent = [];

  constructor() {
    part('yes').addEventListener('click', () => background(this.yes()));
    part('no').addEventListener('click', () => this.send({ do: 'hang-up' }));
    part('mute').addEventListener('click', () => this.mute());
    this.state('connecting');
    this.connect();
  }

  connect() {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const path = `${location.pathname.replace(/\/$/, '')}/socket?browser=${browserId()}`;
    const socket = new WebSocket(`${scheme}//${location.host}${path}`);
    this.socket = socket;
    socket.addEventListener('open', () => {
      for (const message of this.unsent.splice(0)) socket.send(message);
    });
    socket.addEventListener('message', ({ data }) => this.take(JSON.parse(data)));
    socket.addEventListener('close', ({ code }) => this.closed(code));
  }

  closed(code) {
    if (this.over) return;
    if (code === CLOSED.gone) return this.finish(this.texts.gone);
    if (code === CLOSED.elsewhere || code === CLOSED.replaced) return this.finish(this.texts.elsewhere);
    if (code === CLOSED.refused) return this.finish(this.texts.ended.failed);
    this.state('away');
    setTimeout(() => this.connect(), RECONNECT_MS);
  }

  send(message) {
    const text = JSON.stringify(message);
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(text);
    else this.unsent.push(text);
  }

  take(message) {
    switch (message.say) {
      case 'state':
        this.show(message);
        break;
      case 'offer':
        background(this.attempt(() => this.answer(message.sdp)));
        break;
      case 'answer':
        background(
          this.attempt(() => this.connection.setRemoteDescription({ type: 'answer', sdp: message.sdp })),
        );
        break;
      case 'ended':
        this.finish(this.texts.ended[message.reason], message.seconds);
        break;
    }
  }

  show(told) {
    this.shown = told;
    const { state, side, media, peer } = told;
    this.texts = TEXTS[told.language];
    document.documentElement.lang = told.language === 'zh' ? 'zh-CN' : 'en';
    document.title = this.texts.title(peer);
    part('peer').textContent = state === 'waiting' ? this.texts[side][media](peer) : peer;
    this.state(state === 'starting' && side === 'callee' ? 'answering' : state);
    // A reload has lost the media of its call.
    if (state !== 'waiting' && !this.connection && !this.asking) return this.send({ do: 'hang-up' });
    this.buttons();
    if (state === 'talking') this.count();
  }

  buttons() {
    const { state, side } = this.shown;
    const isWaiting = state === 'waiting';
    const yes = part('yes');
    yes.hidden = !isWaiting;
    yes.disabled = this.asking === true;
    yes.textContent = side === 'caller' ? this.texts.call : this.texts.answer;
    const no = part('no');
    no.hidden = false;
    const before = side === 'caller' ? this.texts.cancel : this.texts.decline;
    no.textContent = state === 'talking' ? this.texts.hangUp : before;
    const mute = part('mute');
    mute.hidden = isWaiting;
    mute.textContent = this.muted ? this.texts.muted : this.texts.mute;
  }

  state(name) {
    part('state').textContent = this.texts.states[name];
    document.body.dataset.state = name;
  }

  count() {
    this.since ??= Date.now();
    this.counter ??= setInterval(() => this.count(), 1000);
    const seconds = Math.floor((Date.now() - this.since) / 1000);
    part('time').hidden = false;
    part('time').textContent = clock(seconds);
  }

  async yes() {
    part('problem').hidden = true;
    this.asking = true;
    this.buttons();
    try {
      this.own = await ownMedia(this.shown.media);
      this.prepare();
    } catch (error) {
      return this.problem(this.reasonOf(error));
    } finally {
      this.asking = false;
      if (!this.over) this.buttons();
    }
    if (this.shown.side === 'callee') return this.send({ do: 'accept' });
    await this.attempt(async () => {
      await this.connection.setLocalDescription(await this.connection.createOffer());
      this.send({ do: 'call', sdp: this.connection.localDescription.sdp });
    });
  }

  prepare() {
    const connection = new RTCPeerConnection();
    this.connection = connection;
    for (const track of this.own.getTracks()) connection.addTrack(track, this.own);
    connection.addEventListener('track', ({ track }) => this.play(track));
    if (this.own.getVideoTracks().length > 0) {
      part('own').srcObject = this.own;
      part('pictures').hidden = false;
    }
  }

  async answer(sdp) {
    await this.connection.setRemoteDescription({ type: 'offer', sdp });
    await this.connection.setLocalDescription(await this.connection.createAnswer());
    this.send({ do: 'answer', sdp: this.connection.localDescription.sdp });
  }

  play(track) {
    this.theirs ??= new MediaStream();
    this.theirs.addTrack(track);
    part('sound').srcObject ??= this.theirs;
    if (track.kind !== 'video') return;
    part('theirs').srcObject = new MediaStream([track]);
    part('pictures').hidden = false;
  }

  mute() {
    this.muted = !this.muted;
    for (const track of this.own?.getAudioTracks() ?? []) track.enabled = !this.muted;
    part('mute').setAttribute('aria-pressed', String(this.muted));
    this.buttons();
  }

  /** A step that the browser cannot do ends the call. */
  async attempt(work) {
    try {
      await work();
    } catch (error) {
      console.error(error);
      if (this.over) return;
      this.problem(this.texts.ended.failed);
      this.send({ do: 'hang-up' });
    }
  }

  reasonOf(error) {
    if (!window.isSecureContext) return this.texts.noSecure;
    if (!window.RTCPeerConnection || !navigator.mediaDevices) return this.texts.noWebRtc;
    return error?.name === 'NotFoundError' ? this.texts.noDevice : this.texts.noMicrophone;
  }

  problem(text) {
    part('problem').textContent = text;
    part('problem').hidden = false;
  }

  finish(text, seconds = 0) {
    this.over = true;
    clearInterval(this.counter);
    this.connection?.close();
    for (const track of this.own?.getTracks() ?? []) track.stop();
    for (const id of ['yes', 'no', 'mute', 'pictures']) part(id).hidden = true;
    part('state').textContent = text;
    document.body.dataset.state = 'ended';
    part('time').hidden = seconds === 0;
    part('time').textContent = clock(seconds);
    this.socket.close();
  }
}

function clock(seconds) {
  const two = (number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function background(work) {
  work.catch((error) => console.error(error));
}

/** With a microphone; with a camera too, if there is one and it is a video call. */
async function ownMedia(media) {
  const devices = navigator.mediaDevices;
  if (media === 'video') {
    try {
      return await devices.getUserMedia({ audio: true, video: true });
    } catch (error) {
      if (error.name !== 'NotFoundError' && error.name !== 'NotAllowedError') throw error;
    }
  }
  return devices.getUserMedia({ audio: true });
}

globalThis.callPage = new CallPage();
