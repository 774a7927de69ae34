/** Login by QR code: codes, who scanned them, and what the long poll says. */
import { randomBytes } from 'node:crypto';
import { pause } from '#simulators';
import type { Bot } from './bot.js';
import type { Fields } from './wire.js';
import type { WeixinPerson } from './weixin-person.js';

type Status =
  | 'wait'
  | 'scaned'
  | 'need_verifycode'
  | 'verify_code_blocked'
  | 'expired'
  | 'confirmed'
  | 'binded_redirect'
  | 'scaned_but_redirect';

interface Code {
  handle: string;
  status: Status;
  wrong: number;
  known: string[];
  person?: WeixinPerson;
  bot?: Bot;
  changed: AbortController;
}

export interface LoginOptions {
  holdMs: number;
  /** The digits that the phone of a person shows and that must be typed. Absent: none are asked for. */
  digits?: string | undefined;
  /** Where the rest of a login happens, as `redirect_host`. */
  redirect?: string | undefined;
  /** Where the contact is served, as `baseurl`; its own address by default. */
  api?: string | undefined;
}

const MOST_WRONG = 3;
const TEXT = 'https://liteapp.weixin.qq.com/q/';

export class Login {
  private readonly codes = new Map<string, Code>();
  private readonly redirected = new Set<string>();

  /** @param bind makes the bot of a person. @param bound the live bot of one of these tokens */
  constructor(
    readonly options: LoginOptions,
    private readonly bind: (person: WeixinPerson) => Bot,
    private readonly closing: AbortSignal,
  ) {}

  newCode(known: string[]): Fields {
    const handle = randomBytes(16).toString('hex');
    this.codes.set(handle, { handle, status: 'wait', wrong: 0, known, changed: new AbortController() });
    return { ret: 0, qrcode: handle, qrcode_img_content: TEXT + handle };
  }

  /** The newest code that nobody has scanned. */
  get unscanned(): string | undefined {
    const code = [...this.codes.values()].findLast(({ status }) => status === 'wait');
    return code && TEXT + code.handle;
  }

  /** A person scans a code and agrees. @throws Error with words of the client */
  scan(person: WeixinPerson, text: string): void {
    const code = this.codes.get(text.replace(TEXT, ''));
    if (!code || code.status !== 'wait') throw new Error('this QR code is not valid (any more)');
    code.person = person;
    // Also by a token that has ended: no document says that WeChat looks at that.
    if (code.known.includes(person.bot?.token ?? ' ')) return this.say(code, 'binded_redirect');
    this.say(code, this.options.digits === undefined ? 'scaned' : 'need_verifycode');
    if (this.options.digits === undefined) setImmediate(() => this.confirm(code));
  }

  expire(): void {
    for (const code of this.codes.values()) if (code.status === 'wait') this.say(code, 'expired');
  }

  async status(handle: string, typed: string | null, baseurl: string): Promise<Fields> {
    const code = this.codes.get(handle);
    if (!code) return { status: 'expired' };
    if (typed !== null && code.status === 'need_verifycode') this.check(code, typed);
    else if (code.status === 'wait' || code.status === 'scaned')
      await pause(this.options.holdMs, AbortSignal.any([code.changed.signal, this.closing]));
    const { redirect } = this.options;
    if (code.person && redirect !== undefined && !this.redirected.has(handle)) {
      this.redirected.add(handle);
      return { status: 'scaned_but_redirect', redirect_host: redirect };
    }
    const { status, bot } = code;
    if (status !== 'confirmed' || !bot) return { status };
    return {
      status,
      bot_token: bot.token,
      ilink_bot_id: bot.id,
      ilink_user_id: bot.person.native,
      baseurl: this.options.api ?? baseurl,
    };
  }

  private check(code: Code, typed: string): void {
    if (typed === this.options.digits) {
      this.say(code, 'scaned');
      setImmediate(() => this.confirm(code));
    } else if (++code.wrong >= MOST_WRONG) this.say(code, 'verify_code_blocked');
  }

  private confirm(code: Code): void {
    if (!code.person) return;
    code.bot = this.bind(code.person);
    this.say(code, 'confirmed');
  }

  private say(code: Code, status: Status): void {
    code.status = status;
    code.changed.abort();
    code.changed = new AbortController();
  }
}
