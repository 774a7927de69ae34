/** What makes one platform of the WeChat family different from the others, as data. */
import type { Act } from '../person.js';
import type { MediaRule } from './upload-rules.js';

export type What = Extract<Act, { do: 'send' }>['what'];

export type Operation =
  | 'token'
  | 'stable-token'
  | 'send-to-one'
  | 'send-to-members'
  | 'typing'
  | 'recall'
  | 'upload'
  | 'download'
  | 'follower'
  | 'followers'
  | 'member'
  | 'agent'
  | 'callback-ips'
  | 'service-accounts'
  | 'nothing';

/** The field says something about the media that the person sends, unless he says it himself. */
export type MadeOfMedia = 'media-id' | 'media-url' | 'media-name' | 'media-mime' | 'media-format';

/** `thumb-id` names a still picture, as a client makes one of a video. */
export type FieldRule = 'required' | 'optional' | 'thumb-id' | MadeOfMedia | { default: string };

export interface PushedType {
  msgType: string;
  fields: Record<string, FieldRule>;
}

export interface Allowance {
  ms: number;
  sends: number;
}

export interface PlatformKind {
  readonly name: string;
  /** Official accounts have subscribers, an OpenID each; a company has members and numbered applications. */
  readonly dialect: 'account' | 'company';
  /** API path to what it does; the only paths that are there. */
  readonly paths: Readonly<Record<string, Operation>>;
  readonly encryption: 'by-mode' | 'always' | 'never';
  /** How long the check of the callback's address may take; without it as long as a push. */
  readonly handshakeMs?: number;
  readonly personId: RegExp;
  readonly ignoresCaseOfPersons: boolean;
  readonly pushed: Readonly<Partial<Record<What, PushedType>>>;
  readonly msgTypes: readonly string[];
  /** `cut` platforms show the beginning of a text that is too long, and say nothing. */
  readonly text: { bytes: number; beyond: 'refuse' | 'cut' };
  readonly media: Readonly<Record<string, MediaRule>>;
  /** How many sends a person's message or event allows, and for how long; without it at any time. */
  readonly window?: { message: Allowance; event: Allowance };
  /** Sends to one member beyond this are dropped without a word. */
  readonly memberRate?: { perMinute: number; perHour: number };
  /** What the person reads when the account's server does not take his message. */
  readonly outOfOrder?: string;
  readonly codes: { unknownToken: number; wrongAppId: number; wrongSecret: number };
}
