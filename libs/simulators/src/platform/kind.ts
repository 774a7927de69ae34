/** Differences between the platforms of the WeChat family, as data. */
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

/** Field of a person's message that is computed from the attachment, unless the test gives it. */
export type MadeOfMedia = 'media-id' | 'media-url' | 'media-name' | 'media-mime' | 'media-format';

/** `thumb-id`: media id of the still image that a client makes of a video. */
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
  /** API paths -> their handlers. Other paths do not exist. */
  readonly paths: Readonly<Record<string, Operation>>;
  readonly encryption: 'by-mode' | 'always' | 'never';
  /** Timeout for the verification of the callback URL; the timeout of a push, if absent. */
  readonly handshakeMs?: number;
  readonly personId: RegExp;
  readonly ignoresCaseOfPersons: boolean;
  readonly pushed: Readonly<Partial<Record<What, PushedType>>>;
  readonly msgTypes: readonly string[];
  /** `cut`: the platform truncates a text that is too long, without an error. */
  readonly text: { bytes: number; beyond: 'refuse' | 'cut' };
  readonly media: Readonly<Record<string, MediaRule>>;
  /** Number of sends that a message or event of a person allows, and for how long; unlimited, if absent. */
  readonly window?: { message: Allowance; event: Allowance };
  /** Sends to one member beyond this limit are dropped without an error. */
  readonly memberRate?: { perMinute: number; perHour: number };
  /** The text that the person sees when the account's server does not accept their message. */
  readonly outOfOrder?: string;
  readonly codes: { unknownToken: number; wrongAppId: number; wrongSecret: number };
}
