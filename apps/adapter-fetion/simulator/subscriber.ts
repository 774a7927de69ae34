/** A subscriber simulated inside the service: their client, their phone, and what both show. */
import { letterShortcuts } from '#emoji';
import { type Act, NotHere, type Person, type Sight } from '#simulators';
import { Timeline } from '#simulators';
import { hex32 } from './login-secrets.js';
import type { Roster } from './roster.js';
import { CODE, type Router } from './router.js';
import type { Buddy, Client, Directory, Message, PresenceChange, User } from './users.js';
import { first, readXml, unescapeXml, xml } from './xml.js';

/** Presence states that all networks have -> Fetion's numbers. */
const PRESENCE_NUMBERS: Record<string, string> = { online: '400', away: '100' };

export interface Surroundings {
  directory: Directory;
  roster: Roster;
  router: Router;
}

export class Subscriber implements Person, Client {
  private readonly seen = new Timeline();

  constructor(
    readonly user: User,
    private readonly around: Surroundings,
  ) {
    user.client = this;
    user.sms = this.phone;
    user.online = true;
  }

  /** The subscriber's mobile number. */
  get native(): string {
    return this.user.mobile;
  }

  /** The number that others see. */
  get sid(): string {
    return this.user.sid;
  }

  get name(): string {
    return this.user.nickname;
  }

  get timeline(): readonly Sight[] {
    return this.seen.sights;
  }

  onSight(listener: (sight: Sight) => void): () => void {
    return this.seen.on(listener);
  }

  contacts(): { native: string; name: string; state: string }[] {
    const visible = new Set(this.around.roster.visibleTo(this.user));
    return [...this.user.buddies.values()].map(({ user, localName }) => ({
      native: user.sid,
      name: localName || user.nickname,
      state: String(visible.has(user) ? user.basic : 0),
    }));
  }

  async act(act: Act): Promise<{ id: string }> {
    switch (act.do) {
      case 'write':
        return this.write(act);
      case 'type':
        // The protocol has no frame for "stopped typing".
        return act.on ? this.signal(act.to, 'input') : { id: hex32() };
      case 'nudge':
        return this.signal(act.to, 'nudge');
      case 'appear':
        return this.appear(act.state, act.mood);
      case 'add':
        return this.add(act.who, act.note);
      case 'answer':
        return done(
          this.around.roster.answer(this.user, this.find(act.who), act.yes),
          `${act.who} did not ask`,
        );
      case 'remove':
        return done(this.around.roster.remove(this.user, this.find(act.who)), `${act.who} is no contact`);
      default:
        throw new NotHere(act.do, 'fetion');
    }
  }

  message({ id, from, text, type }: Message): void {
    this.see('text', from, { id, text: pictured(text, type) });
  }

  info(from: User, body: string): void {
    const state = first(readXml(body), 'state')?.text;
    if (state === 'input') this.see('typing', from, { state });
    if (state === 'nudge') this.see('nudge', from);
  }

  presence(about: User, change: PresenceChange): void {
    if (!this.user.online || !(change.basic || change.personal.length)) return;
    this.see('presence', about, { state: String(about.basic), ...(about.mood && { text: about.mood }) });
  }

  request(from: User, words: string): void {
    this.see('request', from, words ? { text: words } : {});
  }

  relation(action: 'add' | 'update' | 'remove', { user, relation }: Buddy): void {
    if (action === 'remove') this.see('removed', user);
    else if (relation === 1) this.see('accepted', user);
    else if (relation === 2) this.see('denied', user);
  }

  private readonly phone = ({ id, from, text, type }: Message): void => {
    this.see('text', from, { id, text: plain(text, type), state: 'sms' });
  };

  /** Sends from the subscriber's client, or as SMS from their phone if the client is offline. */
  private write({ to, text, quote }: Extract<Act, { do: 'write' }>): { id: string } {
    if (quote !== undefined) throw new Error('on fetion nobody can quote');
    const target = this.around.directory.find(to);
    const { code, message } = this.around.router.send(this.user, target?.uri ?? to, text);
    const taken = code === CODE.ok || code === CODE.sms;
    const id = message?.id ?? hex32();
    const kind = code === CODE.sms ? 'sent-as-sms' : taken ? 'sent' : 'failed';
    const about = { id, text, target: target?.sid ?? to, ...(!taken && { state: String(code) }) };
    this.see(kind, this.user, about);
    return { id };
  }

  private signal(to: string, state: 'input' | 'nudge'): { id: string } {
    const body = xml('is-composing', {}, xml('state', {}, state));
    const code = this.around.router.info(this.user, this.find(to).uri, body);
    return done(code, `${to} does not want to hear from you`);
  }

  /**
   * A presence number of Fetion, 0 for offline (their phone still receives SMS); or `sms-only` for a number that has left
   * Fetion, or `unreachable` for offline with the phone switched off.
   */
  private appear(state: string, mood: string | undefined): { id: string } {
    const own = PRESENCE_NUMBERS[state];
    if (own !== undefined) return this.appear(own, mood);
    const words = state === 'sms-only' || state === 'unreachable';
    if (!words && !/^\d{1,3}$/.test(state)) throw new Error(`${state} is no presence of Fetion`);
    const presence = words ? 0 : Number(state);
    this.around.roster.change(this.user, {
      online: presence !== 0,
      presence,
      sms: state === 'unreachable' ? null : this.phone,
      fetionUser: state !== 'sms-only',
      ...(mood !== undefined && { mood }),
    });
    if (this.user.online) this.fetchWaiting();
    return { id: hex32() };
  }

  private fetchWaiting(): void {
    for (const { message } of this.user.waiting.splice(0))
      this.see('text', message.from, {
        id: message.id,
        text: pictured(message.text, message.type),
        since: message.date.toISOString(),
      });
  }

  private add(who: string, note: string | undefined): { id: string } {
    const code = this.around.roster.add(this.user, this.find(who), note === undefined ? {} : { words: note });
    return done(code, code === 521 ? `${who} is a contact already` : `${who} does not want to hear from you`);
  }

  /** @throws Error for an unknown number */
  private find(who: string): User {
    const user = this.around.directory.find(who);
    if (!user) throw new Error(`nobody here has the number ${who}`);
    return user;
  }

  private see(kind: Sight['kind'], from: User, more: Partial<Sight> = {}): void {
    this.seen.see({ kind, from: from.sid, name: from.nickname, id: hex32(), ...more });
  }
}

function done(code: number, otherwise: string): { id: string } {
  if (code !== CODE.ok) throw new Error(otherwise);
  return { id: hex32() };
}

/** What the client shows: pictures in place of shortcuts such as `(y)`. A mobile phone shows the shortcuts. */
function pictured(text: string, type: string): string {
  return letterShortcuts.toEmoji(plain(text, type));
}

/** Removes the markup of clients that send fonts. */
function plain(text: string, type: string): string {
  return type.startsWith('text/html') ? unescapeXml(text.replace(/<[^<>]*>/g, '')) : text;
}
