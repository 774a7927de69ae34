/** What the platform posts to us: proves that it is the platform, and takes the envelope off. Pure. */
import { randomBytes } from 'node:crypto';
import { child, readXml, type XmlElement } from '#service';
import { HubError } from '#protocol';
import type { CallbackCipher } from './cipher.js';
import { checkSignature, signatureOf } from './signature.js';

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
  /** Set: encrypted callbacks are understood. */
  cipher: CallbackCipher | undefined;
  /** plain callbacks are refused when this is false */
  plainAllowed: boolean;
}

/** A callback as it came, and how its answer must look. */
export interface Opened {
  message: XmlElement;
  encrypted: boolean;
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

/** @throws HubError 31 not from the platform, 30 not readable */
export function openCallback(query: CallbackQuery, body: string, secrets: CallbackSecrets): Opened {
  const { token, cipher, plainAllowed } = secrets;
  const { signature = '', msg_signature: sealedSignature, timestamp = '', nonce = '' } = query;
  // Before anything of it is parsed. WeCom signs only what is encrypted.
  const proven = sealedSignature === undefined || signature !== '';
  if (proven) checkSignature(signature, [token, timestamp, nonce], timestamp);
  const outer = readXml(body);
  if (!outer) throw new HubError(proven ? '30' : '31', 'the callback is not XML');
  const sealed = child(outer, 'Encrypt')?.text;
  if (sealed !== undefined && cipher && sealedSignature !== undefined) {
    checkSignature(sealedSignature, [token, timestamp, nonce, sealed], timestamp);
    const inner = readXml(cipher.open(sealed));
    if (!inner) throw new HubError('30', 'the encrypted callback is not XML');
    return { message: inner, encrypted: true };
  }
  if (!plainAllowed || sealedSignature !== undefined)
    throw new HubError('31', 'this account takes encrypted callbacks only');
  return { message: outer, encrypted: false };
}

/** "Nothing to say; do not repeat it." */
export const TAKEN = 'success';

/** An answer in words, in the response itself: it counts against no quota. */
export function passiveReply(to: Opened, text: string, { token, cipher }: CallbackSecrets): string {
  const field = (name: string) => child(to.message, name)?.text ?? '';
  const seconds = String(Math.floor(Date.now() / 1000));
  const plain =
    `<xml><ToUserName>${cdata(field('FromUserName'))}</ToUserName>` +
    `<FromUserName>${cdata(field('ToUserName'))}</FromUserName><CreateTime>${seconds}</CreateTime>` +
    `<MsgType>${cdata('text')}</MsgType><Content>${cdata(text)}</Content></xml>`;
  if (!to.encrypted || !cipher) return plain;
  const [sealed, nonce] = [cipher.seal(plain), randomBytes(8).toString('hex')];
  return (
    `<xml><Encrypt>${cdata(sealed)}</Encrypt>` +
    `<MsgSignature>${cdata(signatureOf(token, seconds, nonce, sealed))}</MsgSignature>` +
    `<TimeStamp>${seconds}</TimeStamp><Nonce>${cdata(nonce)}</Nonce></xml>`
  );
}

function cdata(text: string): string {
  return `<![CDATA[${text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
