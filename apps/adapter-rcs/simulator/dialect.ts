/** What the two interfaces of platforms have in common. */
import type { Incoming, Outgoing } from '#simulators';

export type Status = 'sent' | 'delivered' | 'displayed' | 'sms' | 'failed' | 'revoked' | 'revoke-failed';

export interface FileAt {
  url: string;
  type: string;
  name: string;
  size: number;
}

/** What a person sends. `suggestion`: an answer that the chatbot offered, with its title. */
export type Content = { text: string } | { file: FileAt } | { suggestion: string };

/** A message of the chatbot, as the interface got it. */
export interface Outbound {
  to: string;
  content: { text: string } | { url: string };
  /** What an SMS says in its place; undefined: it must not become one. */
  sms: string | undefined;
  contribution: string;
  /** The id that the chatbot chose, where it chooses. */
  id?: string;
}

/** A notification before it is signed. */
export interface Notice {
  /** Under the address that was entered. */
  path: string;
  type: string;
  body: string;
  headers?: Record<string, string>;
}

/** How one interface writes notifications, and proves them. */
export interface Writer {
  message(
    from: string,
    id: string,
    content: Content,
    about: { contribution: string; answers?: string },
  ): Notice;
  status(to: string, id: string, status: Status, code: string, text: string): Notice;
  /** Headers that prove a notification. @param wrong signed with another secret */
  proof(wrong: boolean): Record<string, string>;
  /** Checks the address that is entered. undefined: this interface does not. */
  check?: { path: string; isRight(headers: Headers): boolean };
}

export interface Api {
  answer(call: Incoming): Promise<Outgoing>;
}
