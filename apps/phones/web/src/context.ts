/** What every part of the page needs. */
import { createContext, useContext } from 'react';
import type { ChatKey, PhoneId, PhoneView } from '../../shared/events.js';
import type { Api } from './api.js';
import type { Language, Words } from './words.js';

export interface Page {
  api: Api;
  words: Words;
  language: Language;
  phones: readonly PhoneView[];
  /** The phones on the wall, in the order in which they came there. */
  open: readonly PhoneId[];
  pickUp: (phone: PhoneId) => void;
  hangUp: (phone: PhoneId) => void;
  /** Shows the chat with somebody on another phone of the wall. */
  showChat: (phone: PhoneId, chat: ChatKey) => void;
  /** Shows a text for some seconds, for example why something was not sent. */
  complain: (text: string) => void;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('a part of the page is outside of the page');
  return page;
}

/** Does something at the server; what it refuses is shown. */
export function useDo(): (run: () => Promise<void>) => void {
  const { complain } = usePage();
  return (run) => {
    run().catch((error: unknown) => complain(reasonOf(error)));
  };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
