/** Pairings that are under way: a person scans a QR code and has a contact of their own. */
import { randomUUID } from 'node:crypto';
import { HubError, toHubError, type Address, type PairAnswer, type PairRequest } from '#protocol';
import { LruCache, runInBackground, sleep, type Log } from '#service';
import type { WeixinAnswer, WeixinClient } from './weixin.client.js';
import type { Sessions } from './weixin.sessions.js';

interface Open extends PairAnswer {
  /** Digits that the person typed and that were not sent yet. */
  code?: string | undefined;
}

/** Of the whole: longer than that no code is shown. */
const LOGIN_MS = 480_000;
const KEPT_MS = 2 * LOGIN_MS;
const MOST_OPEN = 100;
const MOST_CODES = 3;
const PAUSE_MS = 1000;
/** The only hosts that WeChat may name for the rest of a pairing, beside the one of the settings. */
const WECHAT_HOST = /^[\w-]+(\.[\w-]+)*\.weixin\.qq\.com$/;

export interface PairingOptions {
  client: WeixinClient;
  sessions: Pick<Sessions, 'pair' | 'tokens'>;
  qrUrl: string;
  apiUrl: string;
  addressOf: (person: string) => Address;
  log: Log;
  stopping: AbortSignal;
}

export class Pairings {
  private readonly open = new LruCache<string, Open>({ max: MOST_OPEN, ttl: KEPT_MS });
  private running = 0;

  constructor(private readonly options: PairingOptions) {}

  /** @throws HubError 14, 65, 91 */
  async answer({ act, id = '', code }: PairRequest): Promise<PairAnswer> {
    const pairing = act === 'begin' ? await this.begin() : this.open.get(id);
    if (!pairing) throw new HubError('14', 'this pairing is not known any more');
    if (code !== undefined && pairing.state === 'code-needed')
      Object.assign(pairing, { code, state: 'scanned' } satisfies Partial<Open>);
    const { code: _, ...answer } = pairing;
    return answer;
  }

  private async begin(): Promise<Open> {
    if (this.running >= MOST_OPEN) throw new HubError('65', 'too many pairings are under way');
    const { client, sessions, log } = this.options;
    const qr = await client.qrCode(sessions.tokens());
    const pairing: Open = { id: randomUUID(), state: 'waiting', show: qr.qrcode_img_content };
    this.open.set(pairing.id, pairing);
    this.running++;
    runInBackground('pairing', log, () =>
      this.follow(pairing, qr.qrcode ?? '').finally(() => {
        this.running--;
        if (pairing.state !== 'paired' && pairing.state !== 'known') pairing.state = 'ended';
      }),
    );
    return pairing;
  }

  /** Asks how the pairing stands until it has ended. */
  private async follow(pairing: Open, handle: string): Promise<void> {
    const { client, sessions, qrUrl, stopping } = this.options;
    const until = Date.now() + LOGIN_MS;
    let [base, qrcode, codes] = [qrUrl, handle, 1];
    while (Date.now() < until && !stopping.aborted) {
      const { code } = pairing;
      if (pairing.state === 'code-needed' && code === undefined) {
        await sleep(PAUSE_MS, stopping);
        continue;
      }
      pairing.code = undefined;
      const answer = await client.qrStatus(base, qrcode, code, stopping).catch((thrown: unknown) => {
        // No answer, or a gateway that cut the poll: nobody scanned it yet.
        if (toHubError(thrown).verdict === 'retry' || toHubError(thrown).code === '103') return undefined;
        throw thrown;
      });
      switch (answer?.status) {
        case 'scaned':
          pairing.state = 'scanned';
          break;
        case 'need_verifycode':
          pairing.state = 'code-needed';
          break;
        case 'scaned_but_redirect':
          base = redirected(base, answer.redirect_host ?? '');
          break;
        case 'confirmed':
          return this.confirmed(pairing, answer);
        case 'binded_redirect':
          pairing.state = 'known';
          return;
        case 'expired':
        case 'verify_code_blocked': {
          if (codes++ >= MOST_CODES) return;
          const next = await client.qrCode(sessions.tokens());
          Object.assign(pairing, { state: 'waiting', show: next.qrcode_img_content } satisfies Partial<Open>);
          qrcode = next.qrcode ?? '';
          break;
        }
        default:
          await sleep(PAUSE_MS, stopping);
      }
    }
  }

  /** @throws HubError 100 when WeChat gave no account */
  private async confirmed(pairing: Open, answer: WeixinAnswer): Promise<void> {
    const { ilink_bot_id: bot, bot_token: token, ilink_user_id: person, baseurl } = answer;
    if (!bot || !token || !person) throw new HubError('100', 'WeChat confirmed a pairing without an account');
    const api = (baseurl || this.options.apiUrl).replace(/\/$/, '');
    mustBeOfWechat(new URL(api).host, new URL(this.options.apiUrl).host);
    await this.options.sessions.pair({ person, bot, token, api });
    Object.assign(pairing, {
      state: 'paired',
      address: this.options.addressOf(person),
    } satisfies Partial<Open>);
    pairing.show = undefined;
  }
}

function redirected(base: string, host: string): string {
  const { protocol, host: known } = new URL(base);
  mustBeOfWechat(host, known);
  return `${protocol}//${host}`;
}

/** @throws HubError 100 for a host that is not WeChat's: it would get the token */
function mustBeOfWechat(host: string, known: string): void {
  if (host !== known && !WECHAT_HOST.test(host))
    throw new HubError('100', 'WeChat named a host of somebody else');
}
