/** What differs between the platforms of the WeChat family, as data. */
import type { Capabilities, ResultCode } from '#protocol';

export interface PlatformProfile {
  name: string;
  /** Are callbacks encrypted? `optional`: as the account is set up. */
  encryption: 'never' | 'optional' | 'always';
  /** What an id of a person looks like: `touser` also has forms that mean several people, or all. */
  nativeId: RegExp;
  /** The platform drops what goes beyond, and does not say so: we hold it back. */
  perPersonPerMinute?: number;
  token: TokenRequest;
  send: { path: string; numberedAgent: boolean };
  /** Of one text message, in UTF-8. `capabilities.limits` leave room for the name of who speaks. */
  textBytes: number;
  /** Where media are uploaded to and fetched from. */
  media: { upload: string; download: string; videoNeedsThumbnail: boolean };
  /** How a person is called and looks: where that is asked, and the fields of the answer. */
  person: { path: string; id: 'openid' | 'userid'; name: string; avatar: string };
  typingPath?: string;
  recallPath?: string;
  capabilities: Capabilities;
  /** `errcode` -> result code, where it differs from the common table. */
  errors: Readonly<Record<number, ResultCode>>;
}

export type TokenRequest =
  | { kind: 'stable'; path: string }
  | { kind: 'query'; path: string; id: string; secret: string; extra: Record<string, string> };
