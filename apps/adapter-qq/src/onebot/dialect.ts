/** What OneBot 11 and 12 differ in, apart from how actions travel. */
import type { OutgoingAttachment } from '#adapter-kit';
import type { BotAct } from '#bot-contacts';
import type { OneBotWire } from './onebot.wire.js';

export type Action = readonly [name: string, params: object];

export interface Dialect {
  /** Action that says who is logged in. */
  readonly who: string;
  readonly nativeId: RegExp;
  read(json: unknown): BotAct[] | undefined;
  /** Segments of a text. @param quotes id of a message */
  words(text: string, quotes: string | undefined): object[];
  message(to: string, segments: object[]): Action;
  /** The segment of an attachment, which may be uploaded for it. */
  medium(wire: OneBotWire, medium: OutgoingAttachment): Promise<object>;
  recall(native: string): Action;
  /** Accepts a request to be a contact. Absent: OneBot knows no such request. */
  accept?(token: string): Action;
  /** @returns the name of a person. @throws HubError 14 */
  lookUp(wire: OneBotWire, native: string): Promise<string | undefined>;
  /** Where an attachment is that came without an address. */
  locate(wire: OneBotWire, source: Record<string, string>): Promise<{ url?: unknown; base64?: unknown }>;
}
