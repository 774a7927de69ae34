/** Callbacks of the official API: signed with Ed25519, in order for each person, and again until they are acknowledged. */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { ask, RepeatedSending, type Faults } from '#simulators';
import { ACCOUNT } from './ids.js';

const MOST_ATTEMPTS = 60;
const ANSWER_MS = 5000;

interface CallbackOptions {
  appId: string;
  secret: string;
  retryMs: number;
}

export class OfficialCallbacks extends RepeatedSending {
  private endpoint: URL | undefined;
  private readonly key: KeyObject;

  constructor(
    private readonly options: CallbackOptions,
    faults: Faults,
  ) {
    super(faults, { attempts: MOST_ATTEMPTS, retryMs: options.retryMs });
    this.key = keyFrom(options.secret);
  }

  get connected(): number {
    return this.endpoint ? 1 : 0;
  }

  /** Sets the address after the check with operation 13. @throws Error when it is answered wrongly */
  async connect(address: string): Promise<void> {
    const url = new URL(address);
    const plain_token = `Arq0D5A61EgUu4OxUvOp${ACCOUNT}`;
    const event_ts = String(Math.floor(Date.now() / 1000));
    const { status, body } = await this.post(url, { op: 13, d: { plain_token, event_ts } }, this.key);
    const answer = status === 200 ? (JSON.parse(body) as Record<string, string>) : {};
    const signature = Buffer.from(answer['signature'] ?? '', 'hex');
    const isRight =
      answer['plain_token'] === plain_token &&
      signature.length === 64 &&
      verify(null, Buffer.from(event_ts + plain_token), createPublicKey(this.key), signature);
    if (!isRight) throw new Error(`the address answered the check with ${status}`);
    this.endpoint = url;
  }

  enqueue(person: string, payload: object): void {
    const { endpoint } = this;
    if (endpoint) this.queue(person, () => this.isTaken(endpoint, payload));
  }

  private async isTaken(endpoint: URL, payload: object): Promise<boolean> {
    const key = this.faults.takeWrongSignature() ? keyFrom('another secret of this form') : this.key;
    const { status, body } = await this.post(endpoint, payload, key);
    const { op, d } = JSON.parse(body) as { op?: number; d?: unknown };
    // d: 1 asks for another attempt; clients write 0 or an empty object otherwise.
    return status === 200 && op === 12 && d !== 1;
  }

  private post(url: URL, payload: object, key: KeyObject): Promise<{ status: number; body: string }> {
    const body = JSON.stringify(payload);
    const time = String(Math.floor(this.faults.signingTime() / 1000));
    return ask(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'QQBot-Callback',
        'x-bot-appid': this.options.appId,
        'x-signature-timestamp': time,
        'x-signature-ed25519': sign(null, Buffer.from(time + body), key).toString('hex'),
      },
      deadlineMs: ANSWER_MS,
      signal: this.signal,
    });
  }
}

/** The secret, written after itself until there are 32 bytes, is the seed of the key. */
function keyFrom(secret: string): KeyObject {
  let seed = secret;
  while (Buffer.byteLength(seed) < 32) seed += seed;
  const x = createPublicKey(
    createPrivateKey({
      key: Buffer.concat([
        Buffer.from('302e020100300506032b657004220420', 'hex'),
        Buffer.from(seed).subarray(0, 32),
      ]),
      format: 'der',
      type: 'pkcs8',
    }),
  ).export({ format: 'jwk' });
  const d = Buffer.from(seed).subarray(0, 32).toString('base64url');
  return createPrivateKey({ key: { ...x, d }, format: 'jwk' });
}
