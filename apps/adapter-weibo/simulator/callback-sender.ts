/** Sends signed callbacks to the server of the account, in order for each person, three times in all if they are not answered. */
import { createHash, randomBytes } from 'node:crypto';
import { ask, RepeatedSending, type Faults } from '#simulators';
import { answerIn, CONTENT_TYPE, written, type Form, type Told } from './callback-forms.js';

export interface CallbackOptions {
  appSecret: string;
  /** Form of callbacks until the account chooses another. */
  form: Form;
  /** Time limit for an answer, ms. */
  answerMs: number;
  /** Time until a callback that was not answered is sent again, ms. */
  retryMs: number;
  attempts: number;
}

export class CallbackSender extends RepeatedSending {
  form: Form;
  private address: URL | undefined;

  constructor(
    private readonly options: CallbackOptions,
    faults: Faults,
  ) {
    super(faults, options);
    this.form = options.form;
  }

  /** Enters the address, which Weibo checks. @throws Error if the check fails */
  async connect(callbackUrl: string): Promise<void> {
    const url = this.signed(new URL(callbackUrl));
    const echostr = randomBytes(8).toString('hex');
    url.searchParams.set('echostr', echostr);
    const { answerMs: deadlineMs } = this.options;
    const { status, body } = await ask(url, { method: 'GET', deadlineMs, signal: this.signal });
    if (status !== 200 || body !== echostr)
      throw new Error(`the check of the address was answered with ${status}`);
    this.address = new URL(callbackUrl);
  }

  /** @param answered gets words of the account in its answer */
  enqueue(told: Told, answered: (text: string) => void): void {
    let isAnswered = false;
    this.queue(told.sender, async () => {
      const text = await this.post(told);
      // Weibo ignores the answer to a callback that was answered before.
      if (text !== undefined && !isAnswered) answered(text);
      isAnswered = true;
      return true;
    });
  }

  /** Sends a callback once. @returns the words in the answer. @throws Error when it was not taken */
  async post(told: Told): Promise<string | undefined> {
    if (!this.address) throw new Error('the account has entered no address');
    const { form } = this;
    const { status, body } = await ask(this.signed(this.address), {
      method: 'POST',
      body: written(told, form),
      headers: { 'content-type': `${CONTENT_TYPE[form]}; charset=utf-8` },
      deadlineMs: this.options.answerMs,
      signal: this.signal,
    });
    if (status !== 200) throw new Error(`answered with ${status}`);
    return answerIn(body, form, told.sender);
  }

  private signed(address: URL): URL {
    const secret = this.faults.takeWrongSignature() ? 'another secret' : this.options.appSecret;
    const timestamp = String(Math.floor(this.faults.signingTime() / 1000));
    const nonce = randomBytes(8).toString('hex');
    const signature = createHash('sha1').update([secret, timestamp, nonce].sort().join('')).digest('hex');
    const url = new URL(address);
    for (const [name, value] of Object.entries({ signature, timestamp, nonce }))
      url.searchParams.set(name, value);
    return url;
  }
}
