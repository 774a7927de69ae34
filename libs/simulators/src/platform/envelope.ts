/**
 * Signatures and encryption of what the platform pushes. The arithmetic is Tencent's own (@wecom/crypto), so that our
 * adapters are measured against code that is not ours.
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
  /** The appid, or the corpid: stands at the end of what is encrypted. */
  receiveId: string;
  /** Of the WeCom app, which knows only the signature over the encrypted part. */
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

  /** What the platform asks a new callback, and the words that it wants to hear. */
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

  /** Opens what the account answered to a push. @throws Error for what the platform would not understand */
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
    // COMPAT(@satorijs/adapter-wechat-official, 2.5.0): in safe mode it encrypts the bare word too.
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
    // A wrong signature is wrong in all places: which of them an account looks at is its own choice.
    const msg_signature = wrong && msgSignature ? signature : msgSignature;
    const stamp = { timestamp, nonce };
    if (!msg_signature) return { signature, ...stamp };
    if (this.keys.agentId !== undefined) return { msg_signature, ...stamp };
    return { signature, ...stamp, encrypt_type: 'aes', msg_signature };
  }
}
