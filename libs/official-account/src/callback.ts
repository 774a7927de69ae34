/** Callbacks of the platform: checks that the platform sent one, then decrypts and parses it. Pure. */
import { createHash, randomBytes } from 'node:crypto';
import { child, type XmlElement } from '#service';
import { HubError } from '#protocol';
import type { CallbackCipher } from './cipher.js';
import { readFields } from './fields.js';
import { checkForm, checkSignature, signatureOf } from './signature.js';

export interface CallbackQuery {
  signature?: string | undefined;
  msg_signature?: string | undefined;
  timestamp?: string | undefined;
  nonce?: string | undefined;
  echostr?: string | undefined;
  encrypt_type?: string | undefined;
}

export interface CallbackSecrets {
  token: string;
  /** Set: encrypted callbacks are accepted. */
  cipher: CallbackCipher | undefined;
  /** false: plain callbacks are refused */
  plainAllowed: boolean;
}

/** A proven callback after decryption. */
export interface Envelope {
  native: string;
  encrypted: boolean;
}

/** A callback as received, and the form of its answer. */
export interface Opened extends Envelope {
  message: XmlElement;
}

/** The answer to the platform's check of our address. @throws HubError 31 */
export function answerCheck(query: CallbackQuery, { token, cipher, plainAllowed }: CallbackSecrets): string {
  const { signature, msg_signature: sealed, timestamp = '', nonce = '', echostr = '' } = query;
  if (sealed !== undefined && cipher) {
    checkSignature(sealed, [token, timestamp, nonce, echostr], timestamp);
    return cipher.open(echostr);
  }
  if (!plainAllowed && sealed === undefined && signature === undefined)
    throw new HubError('31', 'the check is not signed');
  checkSignature(signature ?? '', [token, timestamp, nonce], timestamp);
  return echostr;
}

/** A callback whose signature is correct. It has not been parsed. */
export interface Proven {
  /** The content of the signed `Encrypt` element; undefined: the callback is not encrypted. */
  sealed: string | undefined;
  /** Id of the proof: a second callback with the same id must have the same `content`. */
  proof: string;
  /** Content that the proof is bound to; 'sealed' where the signature covers the content itself. */
  content: string;
}

/** Before the body is read. @throws HubError 31 */
export function checkCallbackForm(query: CallbackQuery): void {
  const { signature, msg_signature: sealed, timestamp = '', nonce = '' } = query;
  if (signature !== undefined || sealed === undefined) checkForm(signature ?? '', timestamp, nonce);
  if (sealed !== undefined) checkForm(sealed, timestamp, nonce);
}

/**
 * WeChat makes two signatures: one of time and nonce, and in safe mode one of these and the content of `Encrypt`. WeCom makes only
 * the latter.
 * @throws HubError 31 when the platform did not send it
 */
export function proveCallback(query: CallbackQuery, body: Buffer, secrets: CallbackSecrets): Proven {
  const { token, cipher, plainAllowed } = secrets;
  const { signature, msg_signature: sealedSignature, timestamp = '', nonce = '' } = query;
  checkCallbackForm(query);
  if (signature !== undefined) checkSignature(signature, [token, timestamp, nonce], timestamp);
  const proof = `${timestamp} ${nonce}`;
  if (sealedSignature === undefined) {
    if (!plainAllowed) throw new HubError('31', 'this account takes encrypted callbacks only');
    return { sealed: undefined, proof, content: createHash('sha256').update(body).digest('base64url') };
  }
  const sealed = cipher && encryptedIn(body);
  if (sealed === undefined) throw new HubError('31', 'this account takes encrypted callbacks only');
  checkSignature(sealedSignature, [token, timestamp, nonce, sealed], timestamp);
  return { sealed, proof, content: 'sealed' };
}

const ENCRYPT = { open: Buffer.from('<Encrypt>'), close: Buffer.from('</Encrypt>') };
const SEALED = /^\s*(?:<!\[CDATA\[([A-Za-z0-9+/=]+)\]\]>|([A-Za-z0-9+/=]+))\s*$/;

/** The base64 content of the only `Encrypt` element, found without parsing, because its signature has not been checked yet. */
function encryptedIn(body: Buffer): string | undefined {
  const from = body.indexOf(ENCRYPT.open);
  const to = body.indexOf(ENCRYPT.close);
  if (from < 0 || to < from || body.includes(ENCRYPT.open, from + 1)) return undefined;
  const found = SEALED.exec(body.toString('latin1', from + ENCRYPT.open.length, to));
  return found?.[1] ?? found?.[2];
}

/** Call it after `proveCallback` only. @throws HubError 31 when it was encrypted for another account */
export function openEnvelope({ sealed }: Proven, body: Buffer, { cipher }: CallbackSecrets): Envelope {
  const inner = sealed === undefined || !cipher ? undefined : cipher.open(sealed);
  return { native: inner ?? body.toString('utf8'), encrypted: inner !== undefined };
}

/** @throws HubError 30 when it cannot be parsed */
export function parseEnvelope(envelope: Envelope): Opened {
  const message = readFields(envelope.native);
  if (!message) throw new HubError('30', 'the callback has no fields that can be read');
  return { ...envelope, message };
}

/** A signature that does not cover the content is accepted with the first content only. @throws HubError 31, 91 */
export async function bindCallback({ proof, content }: Proven, firstUse: Claims): Promise<void> {
  if ((await firstUse.claim(proof, content)) !== content)
    throw new HubError('31', 'this signature came before with another body');
}

export interface Claims {
  claim(what: string, value: string): Promise<string>;
}

/** "Nothing to say; do not repeat it." */
export const TAKEN = 'success';

/** A text in the response itself, which counts against no quota. */
export function passiveReply(to: Opened, text: string, { token, cipher }: CallbackSecrets): string {
  const field = (name: string) => child(to.message, name)?.text ?? '';
  const plain = plainReply(field('FromUserName'), field('ToUserName'), text);
  if (!to.encrypted || !cipher) return plain;
  const seconds = secondsNow();
  const [sealed, nonce] = [cipher.seal(plain), randomBytes(8).toString('hex')];
  return (
    `<xml><Encrypt>${cdata(sealed)}</Encrypt>` +
    `<MsgSignature>${cdata(signatureOf(token, seconds, nonce, sealed))}</MsgSignature>` +
    `<TimeStamp>${seconds}</TimeStamp><Nonce>${cdata(nonce)}</Nonce></xml>`
  );
}

/** @param person who reads it. @param account that answers */
export function plainReply(person: string, account: string, text: string): string {
  return (
    `<xml><ToUserName>${cdata(person)}</ToUserName>` +
    `<FromUserName>${cdata(account)}</FromUserName><CreateTime>${secondsNow()}</CreateTime>` +
    `<MsgType>${cdata('text')}</MsgType><Content>${cdata(text)}</Content></xml>`
  );
}

function secondsNow(): string {
  return String(Math.floor(Date.now() / 1000));
}

function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
