/**
 * Signatures and encryption of the platform's pushes. They use Tencent's own library (@wecom/crypto), so that our
 * adapters are tested against independent code.
 */
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { unguessable } from './ids.js';
import { textOf } from './text-of.js';
import { fromXml, toXml, type Fields } from './xml.js';

export type Mode = 'plain' | 'compatible' | 'safe';

export interface Keys {
  token: string;
  mode: Mode;
  encodingAesKey: string;
  /** The appid or corpid, which is the last part of the encrypted text. */
  receiveId: string;
  /** Of the WeCom app, which has only the signature over the encrypted part. */
  agentId?: string;
}

export interface Sealed {
  query: Record<string, string>;
  body: string;
}

const BARE = ['CreateTime', 'MsgId', 'AgentID', 'Location_X', 'Location_Y', 'Scale'];

/** The signature over token, time and nonce alone. */
export function plainSignature(token: string, timestamp: string, nonce: string): string {
  return getSignature(token, timestamp, nonce, '');
}

export class Envelope {
  constructor(private readonly keys: Keys) {}

  seal(fields: Fields, at: number, wrong: boolean): Sealed {
    const { token, mode, encodingAesKey, receiveId, agentId } = this.keys;
    const stamp = this.stamp(at);
    const plain = toXml(fields, BARE);
    if (mode === 'plain') return { query: this.sign(stamp, undefined, wrong), body: plain };
    const Encrypt = encrypt(encodingAesKey, plain, receiveId);
    const query = this.sign(stamp, getSignature(token, stamp.timestamp, stamp.nonce, Encrypt), wrong);
    const outer: Fields = mode === 'compatible' ? fields : { ToUserName: fields['ToUserName'] ?? '' };
    const app: Fields = agentId === undefined ? {} : { AgentID: agentId };
    return { query, body: toXml({ ...outer, ...app, Encrypt }, BARE) };
  }

  /** The verification request to a new callback URL, and the expected answer. */
  challenge(at: number): { query: Record<string, string>; expected: string } {
    const { token, encodingAesKey, receiveId, agentId } = this.keys;
    const stamp = this.stamp(at);
    const expected = String(Math.floor(Math.random() * 1e16));
    if (agentId === undefined) {
      return { query: { ...this.sign(stamp, undefined, false), echostr: expected }, expected };
    }
    const echostr = encrypt(encodingAesKey, expected, receiveId);
    const msg_signature = getSignature(token, stamp.timestamp, stamp.nonce, echostr);
    return { query: { msg_signature, ...stamp, echostr }, expected };
  }

  /** Decrypts the account's answer to a push. @throws Error for an answer that the platform would reject */
  open(answer: string): Fields | 'success' {
    const outer = fromXml(answer);
    if (typeof outer['Encrypt'] !== 'string') {
      if (this.keys.mode === 'safe') throw new Error('an answer in plain words in safe mode');
      return outer;
    }
    const { token, encodingAesKey, receiveId } = this.keys;
    const signature = getSignature(
      token,
      textOf(outer['TimeStamp']),
      textOf(outer['Nonce']),
      outer['Encrypt'],
    );
    if (signature !== outer['MsgSignature']) throw new Error('an answer signed wrongly');
    const { message, id } = decrypt(encodingAesKey, outer['Encrypt']);
    if (id !== receiveId) throw new Error('an answer of somebody else');
    // COMPAT(@satorijs/adapter-wechat-official, 2.5.0): in safe mode it also encrypts the plain answer `success`.
    return message === '' || message === 'success' ? 'success' : fromXml(message);
  }

  private stamp(at: number): { timestamp: string; nonce: string } {
    return { timestamp: String(Math.floor(at / 1000)), nonce: String(Math.floor(Math.random() * 1e10)) };
  }

  private sign(
    { timestamp, nonce }: { timestamp: string; nonce: string },
    msgSignature: string | undefined,
    wrong: boolean,
  ): Record<string, string> {
    const signature = plainSignature(wrong ? unguessable(8) : this.keys.token, timestamp, nonce);
    // A wrong signature is wrong in all fields, because accounts differ in the field that they check.
    const msg_signature = wrong && msgSignature ? signature : msgSignature;
    const stamp = { timestamp, nonce };
    if (!msg_signature) return { signature, ...stamp };
    if (this.keys.agentId !== undefined) return { msg_signature, ...stamp };
    return { signature, ...stamp, encrypt_type: 'aes', msg_signature };
  }
}
