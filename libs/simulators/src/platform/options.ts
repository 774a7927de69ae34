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
  /** How pushes go out; WeCom always encrypts, Yixin never. */
  mode?: Mode;
  /** Only WeCom has one. */
  agentId?: string;
  /** How long a push may take. */
  answerMs?: number;
  /** How long after it began a push that was not taken is tried again. */
  retryMs?: number;
  /** Sends allowed after a message and after an event. */
  quota?: { message?: number; event?: number };
  /** WeCom: sends to one member in a minute; beyond that they vanish. */
  memberPerMinute?: number;
}

/** @throws Error when something is missing that this platform cannot do without */
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
