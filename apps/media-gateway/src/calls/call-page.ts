/**
 * One call on one page, from the command that opens it to its end. The state changes at once; media and signals follow, and are
 * given up when the call has ended in the meantime.
 */
import { randomBytes } from 'node:crypto';
import { RING_MS, type CallCommand, type CallSignal } from '#protocol';
import { guarded, metrics, runInBackground, tolerate, type Log } from '#service';
import { step, type CallInput, type CallState, type EndReason } from './call-state.js';
import type { CallMediaHandle } from './janus.client.js';
import { CLOSED, type FromPage, type ToPage } from './page-messages.js';
import { browserSession, plainSession, SessionRefused, type SessionRules } from './session-description.js';

export type OpenCall = Extract<CallCommand, { do: 'open' }> & { network: string };
export type TellCall = Extract<CallCommand, { do: 'tell' }>;

/** Times of a call, ms. */
export const TIMES = {
  /** Within it the caller opens the page and calls. */
  caller: 120_000,
  callee: RING_MS,
  /** Within it somebody answers the caller; the callee's own network usually says so before. */
  answer: RING_MS + 30_000,
  longest: 4 * 3600_000,
  /** A browser that lost its connection comes back within it. */
  lost: 10_000,
};

export interface CallTools {
  attach: (onEnd: (why: string) => void) => Promise<CallMediaHandle>;
  send: (network: string, signal: CallSignal) => Promise<void>;
  rules: SessionRules;
  /** Address of plain RTP that peers see, if it is not the one that Janus names. */
  rtpAddress?: string | undefined;
  log: Log;
  onEnd: (page: CallPage) => void;
}

/** The WebSocket of the browser. */
export interface PageSocket {
  send(message: ToPage): void;
  close(code: number): void;
}

export class CallPage {
  readonly token = randomBytes(16).toString('base64url');
  private state: CallState = 'waiting';
  private readonly offer: string | undefined;
  private socket: PageSocket | undefined;
  private browser: string | undefined;
  private media: CallMediaHandle | undefined;
  private readonly timers: { phase?: NodeJS.Timeout; lost?: NodeJS.Timeout } = {};
  private talkingSince: number | undefined;
  private working: Promise<void> = Promise.resolve();
  /** Signals arrive in their order. */
  private signalled: Promise<unknown> = Promise.resolve();
  private readonly log: Log;

  /** @throws SessionRefused */
  constructor(
    readonly call: OpenCall,
    private readonly tools: CallTools,
  ) {
    if (call.offer !== undefined) this.offer = plainSession(call.offer, tools.rules);
    this.log = tools.log.child({ network: call.network, call: call.call, side: call.side });
    this.phaseEndsIn(call.side === 'caller' ? TIMES.caller : TIMES.callee, 'late');
    this.log.info({ media: call.media }, 'call page opened');
  }

  get isOver(): boolean {
    return this.state === 'ended';
  }

  /** @returns the code with which the WebSocket is closed, if it may not have the page */
  connect(socket: PageSocket, browser: string): number | undefined {
    if (this.isOver) return CLOSED.gone;
    const isTaken = this.state !== 'waiting' || this.socket !== undefined;
    if (isTaken && browser !== this.browser) return CLOSED.elsewhere;
    this.socket?.close(CLOSED.replaced);
    clearTimeout(this.timers.lost);
    this.socket = socket;
    this.browser = browser;
    this.show();
    return undefined;
  }

  disconnect(socket: PageSocket): void {
    if (this.socket !== socket) return;
    this.socket = undefined;
    if (this.state === 'waiting' || this.isOver) return;
    this.timers.lost = setTimeout(
      guarded('lost call page', this.log, () => this.input('lost')),
      TIMES.lost,
    );
    this.timers.lost.unref();
  }

  /** What the person or the browser did. */
  async receive(message: FromPage): Promise<void> {
    switch (message.do) {
      case 'call':
        if (this.call.side === 'caller' && this.input('started'))
          await this.work(() => this.invite(message.sdp));
        return;
      case 'accept':
        if (this.call.side === 'callee' && this.input('started')) await this.work(() => this.begin());
        return;
      case 'answer':
        if (this.call.side === 'callee' && this.state === 'starting')
          await this.work(() => this.accept(message.sdp));
        return;
      case 'hang-up':
        this.input('hung-up');
        return;
    }
  }

  /** What the other person did. */
  async tell({ action, session }: TellCall): Promise<void> {
    switch (action) {
      case 'ringing':
        this.input('peer-ringing');
        return;
      case 'accepted':
        if (this.call.side === 'caller' && session !== undefined)
          await this.work(() => this.accepted(session));
        return;
      case 'declined':
      case 'cancelled':
      case 'ended':
      case 'missed':
        this.input(`peer-${action}`);
        return;
    }
  }

  /** The gateway stops. Resolves when the other side has been told. */
  async stop(): Promise<void> {
    this.input('stopped');
    await this.signalled;
  }

  private async invite(browser: string): Promise<void> {
    const media = await this.attach();
    const session = this.outgoing(await media.generate('offer', browserSession(browser)));
    if (!this.isOver) await this.signal({ action: 'invite', session });
  }

  private async begin(): Promise<void> {
    const media = await this.attach();
    const sdp = await media.process('offer', this.offer ?? '');
    this.socket?.send({ say: 'offer', sdp });
  }

  private async accept(browser: string): Promise<void> {
    const session = this.outgoing(await this.attached.generate('answer', browserSession(browser)));
    if (this.isOver) return;
    await this.signal({ action: 'accepted', session });
    this.input('connected');
  }

  private async accepted(session: string): Promise<void> {
    if (this.state !== 'starting' && this.state !== 'ringing') return;
    const sdp = await this.attached.process('answer', plainSession(session, this.tools.rules));
    this.socket?.send({ say: 'answer', sdp });
    this.input('connected');
  }

  /** @throws Error if there is none yet */
  private get attached(): CallMediaHandle {
    if (!this.media) throw new Error('the answer came before the offer');
    return this.media;
  }

  private async attach(): Promise<CallMediaHandle> {
    const media = await this.tools.attach((why) => {
      this.log.info({ why }, 'the media of a call has ended');
      this.input('failed');
    });
    if (this.isOver) {
      await media.release();
      throw new Error('the call has ended in the meantime');
    }
    this.media = media;
    return media;
  }

  private outgoing(plain: string): string {
    return plainSession(plain, { privateAddresses: true }, this.tools.rtpAddress);
  }

  /** A step of the call, after those before it. What is not possible ends the call. Never rejects. */
  private work(work: () => Promise<void>): Promise<void> {
    this.working = this.working.then(() => this.orFail(work));
    return this.working;
  }

  private async orFail(work: () => Promise<void>): Promise<void> {
    if (this.isOver) return;
    try {
      await work();
    } catch (error) {
      if (this.isOver) return;
      const isRefused = error instanceof SessionRefused;
      this.log.warn({ reason: (error as Error).message }, isRefused ? 'session refused' : 'a call fails');
      this.input(isRefused ? 'refused' : 'failed');
    }
  }

  /** @returns whether it changed anything */
  private input(input: CallInput): boolean {
    const next = step(this.call.side, this.state, input);
    if (!next) return false;
    this.state = next.state;
    if (next.reason !== undefined) this.end(next.reason, next.signal);
    else {
      if (next.state === 'starting') this.phaseEndsIn(this.answerMs(), 'late');
      if (next.state === 'talking') {
        this.talkingSince = Date.now();
        this.phaseEndsIn(TIMES.longest, 'too-long');
      }
      this.show();
    }
    return true;
  }

  private answerMs(): number {
    return this.call.side === 'caller' ? TIMES.answer : TIMES.callee;
  }

  private end(reason: EndReason, signal: CallSignal['action'] | undefined): void {
    clearTimeout(this.timers.phase);
    clearTimeout(this.timers.lost);
    const { talkingSince: since } = this;
    const seconds = since === undefined ? 0 : Math.round((Date.now() - since) / 1000);
    this.socket?.send({ say: 'ended', reason, seconds });
    this.socket?.close(CLOSED.over);
    this.socket = undefined;
    metrics.callsEnded.inc({ reason });
    this.log.info({ reason, seconds }, 'call page closed');
    const { media } = this;
    if (media) runInBackground('end of the media of a call', this.log, () => media.release());
    if (signal)
      runInBackground('signal of a call', this.log, () =>
        tolerate('signal of a call', this.log, () => this.signal({ action: signal })),
      );
    this.tools.onEnd(this);
  }

  private signal(signal: Pick<CallSignal, 'action' | 'session'>): Promise<void> {
    const { network, call, side } = this.call;
    const sent = this.signalled.then(() => this.tools.send(network, { call, side, ...signal }));
    this.signalled = Promise.allSettled([sent]);
    return sent;
  }

  private phaseEndsIn(ms: number, input: CallInput): void {
    clearTimeout(this.timers.phase);
    this.timers.phase = setTimeout(
      guarded('time of a call', this.log, () => this.input(input)),
      ms,
    );
    this.timers.phase.unref();
  }

  private show(): void {
    const { state } = this;
    if (state === 'ended') return;
    const { side, media, peer, language } = this.call;
    this.socket?.send({ say: 'state', state, side, media, peer, language });
  }
}
