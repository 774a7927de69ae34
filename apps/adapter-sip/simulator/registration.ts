/** Keeps a phone registered (RFC 3261 §10): renews in time, and begins again when the server has gone. */
import { inBackground, pause } from '#simulators';
import { addressIn, listIn } from './header-values.js';
import { headerOf, headersOf, type SipResponse } from './sip-message.js';
import { NoAnswer } from './transactions.js';
import { newUsage, type UserAgent } from './user-agent.js';

export interface RegistrationOptions {
  agent: UserAgent;
  /** Address of the registrar. */
  registrar: string;
  contact: () => string;
  /** Seconds that are asked for. */
  expires: number;
  /** Time until the next attempt after one that failed, ms. */
  retryMs: number;
  /** Time between two requests that ask whether the server is there, ms. */
  keepAliveMs: number;
  /** It has a line of its own, as a telephone at an exchange: it is there without a REGISTER. */
  hasLine: boolean;
  /** After each REGISTER that was accepted. @param isNew it was not registered before */
  onRegistered: (isNew: boolean) => Promise<void>;
}

/** The server does not know the person, or not this password. */
const UNKNOWN: readonly number[] = [401, 403, 404, 407];

export class Registration {
  private usage = newUsage();
  /** From `start` to the end that follows. */
  private life: AbortController | undefined;
  private why = 'it has not registered yet';
  private registered = false;
  private round = new AbortController();
  private readonly waiting = new Set<(refusal?: string) => void>();

  constructor(private readonly options: RegistrationOptions) {}

  get isRegistered(): boolean {
    return this.registered;
  }

  /** The phone is switched on, registered or not. */
  get isOnline(): boolean {
    return this.life !== undefined;
  }

  start(): void {
    if (this.life) return;
    const { signal } = (this.life = new AbortController());
    if (this.options.hasLine) return this.hasRegistered();
    inBackground('a registration', () => this.keep(signal));
  }

  /** Registers again at once: the server is another one, or was started again. */
  renew(): void {
    if (this.options.hasLine) return;
    this.registered = false;
    this.round.abort();
  }

  /** Ends the registration, and tells the server. @throws NoAnswer */
  async leave(): Promise<void> {
    const was = this.registered;
    this.end();
    if (was && !this.options.hasLine) await this.register(0);
  }

  end(): void {
    this.life?.abort();
    this.life = undefined;
    this.registered = false;
    this.round.abort();
  }

  /** Resolves when it is registered. @throws Error that says why it is not: at once, if the server does not know the person */
  async whenRegistered(withinMs: number): Promise<void> {
    if (this.registered) return;
    await new Promise<void>((resolve, reject) => {
      const done = (refusal?: string): void => {
        clearTimeout(timer);
        this.waiting.delete(done);
        if (refusal === undefined) resolve();
        else reject(new Error(`the phone is not registered: ${refusal}`));
      };
      const timer = setTimeout(() => done(this.why), withinMs);
      this.waiting.add(done);
    });
  }

  private async keep(life: AbortSignal): Promise<void> {
    while (!life.aborted) {
      this.round = new AbortController();
      const { signal } = this.round;
      const seconds = await this.attempt(signal);
      if (seconds === undefined) await pause(this.options.retryMs, signal);
      else await this.stay(seconds * 500, signal);
    }
  }

  /** @returns the seconds granted, or undefined if it failed */
  private async attempt(signal: AbortSignal): Promise<number | undefined> {
    try {
      const response = await this.register(this.options.expires);
      if (signal.aborted) return undefined;
      if (response.status !== 200) {
        this.refused(response);
        return undefined;
      }
      const isNew = !this.registered;
      this.hasRegistered();
      await this.options.onRegistered(isNew);
      return this.granted(response);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.lost(error.message);
      return undefined;
    }
  }

  private hasRegistered(): void {
    this.registered = true;
    for (const done of this.waiting) done();
  }

  private refused({ status, reason }: SipResponse): void {
    this.lost(`${status} ${reason}`);
    if (UNKNOWN.includes(status)) for (const done of this.waiting) done(this.why);
  }

  private lost(why: string): void {
    this.registered = false;
    this.why = why;
  }

  /** Until half of the time is over, or the server is not there any more. */
  private async stay(ms: number, signal: AbortSignal): Promise<void> {
    const { keepAliveMs, agent, registrar } = this.options;
    for (let left = ms; left > 0 && !signal.aborted; left -= keepAliveMs) {
      await pause(Math.min(left, keepAliveMs), signal);
      if (signal.aborted || left <= keepAliveMs) return;
      try {
        await agent.send(newUsage(), { method: 'OPTIONS', uri: registrar });
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        this.lost(error.message);
        return;
      }
    }
  }

  private async register(expires: number): Promise<SipResponse> {
    const { agent, registrar, contact } = this.options;
    const address = agent.address;
    return agent.send(this.usage, {
      method: 'REGISTER',
      uri: registrar,
      to: address,
      headers: [
        ['Contact', `<${contact()}>`],
        ['Expires', String(expires)],
        ['Allow', ALLOW],
      ],
    });
  }

  /** Of our own contact, or of all (§10.2.4). */
  private granted(response: SipResponse): number {
    const own = headersOf(response, 'contact')
      .flatMap(listIn)
      .map(addressIn)
      .find(({ uri }) => uri === this.options.contact());
    const seconds = Number(own?.parameters['expires'] ?? headerOf(response, 'expires'));
    return Number.isInteger(seconds) && seconds > 0 ? seconds : this.options.expires;
  }
}

export const ALLOW = 'INVITE, ACK, CANCEL, BYE, MESSAGE, NOTIFY, OPTIONS';
