/** The registration with a SIP-C server: a challenge and its proof (SHA1-sess-v4), two steps of one call. */
import { randomBytes } from 'node:crypto';
import type { SessionConnection } from '#adapter-session';
import { HubError } from '#protocol';
import { fetionError } from './fetion.errors.js';
import { answerChallenge, readChallenge } from './login-digests.js';
import { registration } from './request-bodies.js';
import { CaptchaNeeded, type Account, type CaptchaAnswer, type Identity } from './sign-in.js';
import { header, type Frame, type Header } from './sipc-frame.js';
import { sipcRequest } from './sipc-protocol.js';

const RESPONSE_MS = 15_000;

export interface Registering {
  account: Account;
  identity: Identity;
  captcha: CaptchaAnswer | undefined;
  /** Basic presence that the account shows from now on. */
  presence: number;
}

/** @throws CaptchaNeeded; HubError 31 for a wrong account, and the network's refusal */
export async function register(
  connection: SessionConnection<Frame>,
  { account, identity: { sid, userId }, captcha, presence }: Registering,
): Promise<void> {
  const call = connection.nextSequence();
  const ask = (step: number, headers: Header[], body: string) =>
    connection.request(() => sipcRequest({ method: 'R', headers, body }, sid, call, step), {
      responseMs: RESPONSE_MS,
      outsideWindow: true,
    });
  const challenged = await ask(
    1,
    [
      ['CN', randomBytes(16).toString('hex').toUpperCase()],
      ['CL', 'type="pc" ,version="4.3.0980"'],
    ],
    '',
  );
  const response = answerChallenge(readChallenge(header(challenged, 'W')), userId, account.password);
  const proof: Header[] = [
    ['A', `Digest response="${response}",algorithm="SHA1-sess-v4"`],
    ['AK', 'ak-value'],
    ...captchaProof(captcha),
  ];
  checkRegistered(await ask(2, proof, registration(account.mobile, userId, presence)));
}

function captchaProof(captcha: CaptchaAnswer | undefined): Header[] {
  if (!captcha) return [];
  const { text, algorithm, id } = captcha;
  return [['A', `Verify response="${text}",algorithm="${algorithm}",type="GeneralPic",chid="${id}"`]];
}

function checkRegistered(answer: Frame): void {
  if (answer.start.kind !== 'response') return;
  const { code, reason } = answer.start;
  if (code === 421) throw new CaptchaNeeded(/algorithm="([^"]*)"/.exec(header(answer, 'W') ?? '')?.[1] ?? '');
  if (code === 401 || code === 403 || code === 404)
    throw new HubError('31', `login refused: ${code} ${reason}`);
  if (code !== 200) throw fetionError(code, reason);
}
