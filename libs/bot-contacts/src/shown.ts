/** The name of a correspondent in the chat with the bot account: "Alice · xmpp". */
import { callName, cutName, nativeOf, networkOf, type Address } from '#protocol';

/** Limit of a name, UTF-16 units: a longer name would leave no room for the text. */
export const MOST_OF_A_NAME = 40;
/** What callName may return before it is shortened here. */
const MOST_READ = 200;
/** Characters that mark the sender in a text, which names must not contain: brackets, and dots like the one before the network. */
const BRACKETS = /[[\]\u3010\u3011\u3014\u3015\uFF3B\uFF3D\u27E6\u27E7]+/gu;
const DOT = /(?:^| )[\u00B7\u0387\u2022\u2027\u2219\u22C5\u30FB\uFF65](?= |$)/gu;

export function shown({ address, name }: { address: Address; name?: string | undefined }): string {
  const native = withoutMarks(nativeOf(address));
  const called = callName(address, name && withoutMarks(name), native, MOST_READ);
  return `${cutName(called, MOST_OF_A_NAME, '…')} · ${networkOf(address)}`;
}

function withoutMarks(text: string): string {
  return text.replace(BRACKETS, ' ').replace(DOT, ' ');
}
