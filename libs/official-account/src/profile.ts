/** Differences between the platforms of the WeChat family, as data. */
import type { BriefWindow } from '#adapter-kit';
import type { Shortcuts } from '#emoji';
import type { Capabilities, ResultCode } from '#protocol';

export interface PlatformProfile {
  name: string;
  /** Whether callbacks are encrypted. `optional`: depends on the settings of the account. */
  encryption: 'never' | 'optional' | 'always';
  /** Pattern of a person's id. Other ids are refused, because some forms of `touser` address several people, or all. */
  nativeId: RegExp;
  /** Messages to one person. The platform drops further messages without an error, so the adapter delays them. */
  personRate?: { perMinute: number; perHour: number };
  token: TokenRequest;
  send: { path: string; numberedAgent: boolean };
  /** Maximum size of one text message, bytes of UTF-8. `capabilities.limits` are smaller, to leave room for the sender's name. */
  textBytes: number;
  /** Paths for uploads and downloads of attachments. */
  media: { upload: string; download: string; videoNeedsThumbnail: boolean };
  /** Path of the query for name and avatar of a person, and the fields of its response. */
  person: { path: string; id: 'openid' | 'userid'; name: string; avatar: string };
  /** Faces that clients write into texts as names or codes. They show emoji too, so that emoji go to them as they are. */
  faces?: Shortcuts;
  /** What the account may send after a person followed it, pressed a button of its menu or scanned its code. */
  afterEvent?: BriefWindow;
  typingPath?: string;
  recallPath?: string;
  capabilities: Capabilities;
  /** `errcode` -> result code, for codes that differ from the common table. */
  errors: Readonly<Record<number, ResultCode>>;
}

export type TokenRequest =
  | { kind: 'stable'; path: string }
  | { kind: 'query'; path: string; id: string; secret: string; extra: Record<string, string> };
