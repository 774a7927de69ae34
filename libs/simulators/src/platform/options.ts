import type { Keys, Mode } from './envelope.js';
import type { PlatformKind } from './kind.js';

export interface PlatformOptions {
  port?: number;
  /** WeCom: the corpid. */
  appId: string;
  /** WeCom: the corpsecret. */
  secret: string;
  token: string;
  encodingAesKey?: string;
  /** Encryption mode of pushes; WeCom always encrypts, Yixin never. */
  mode?: Mode;
  /** Only WeCom has one. */
  agentId?: string;
  /** Timeout of a push. */
  answerMs?: number;
  /** Time from the start of a failed push to its next attempt. */
  retryMs?: number;
  /** Sends allowed after a message and after an event. */
  quota?: { message?: number; event?: number };
  /** WeCom: maximum number of sends to one member per minute; further ones are dropped without an error. */
  memberPerMinute?: number;
  /** The same per hour. */
  memberPerHour?: number;
}

/** @throws Error if an option is missing that this platform requires */
export function keysOf(kind: PlatformKind, options: PlatformOptions): Keys {
  const wanted = options.mode ?? 'plain';
  const mode = { always: 'safe', never: 'plain', 'by-mode': wanted }[kind.encryption] as Mode;
  if (mode !== 'plain' && !options.encodingAesKey) throw new Error(`${kind.name} needs an encodingAesKey`);
  if (kind.dialect === 'company' && !options.agentId) throw new Error(`${kind.name} needs an agentId`);
  return {
    token: options.token,
    mode,
    encodingAesKey: options.encodingAesKey ?? '',
    receiveId: options.appId,
    ...(options.agentId === undefined ? {} : { agentId: options.agentId }),
  };
}
