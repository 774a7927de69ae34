/** Polls (MSC3381, stable and unstable), as words: no other network has them. Pure. */
import { PHRASES } from '#protocol';
import { asObject, objectAt, stringAt, wordsIn, type Fields } from './extensible-events.js';

const START = ['m.poll', 'm.poll.start', 'org.matrix.msc3381.v2.poll', 'org.matrix.msc3381.poll.start'];
const RESPONSE = [
  'm.poll.response',
  'org.matrix.msc3381.v2.poll.response',
  'org.matrix.msc3381.poll.response',
];
const SELECTIONS = ['m.selections', 'org.matrix.msc3381.v2.selections', 'answers'];
/** Limits of the proposal. */
const MOST_OPTIONS = 20;

export const POLL_START = new Set([
  'm.poll.start',
  'org.matrix.msc3381.v2.poll.start',
  'org.matrix.msc3381.poll.start',
]);
export const POLL_RESPONSE = new Set(RESPONSE);
export const POLL_END = new Set([
  'm.poll.end',
  'org.matrix.msc3381.v2.poll.end',
  'org.matrix.msc3381.poll.end',
]);

export interface Poll {
  question: string;
  options: { id: string; text: string }[];
}

/** @returns undefined when nothing of it can be read */
export function readPoll(content: Fields): Poll | undefined {
  const poll = objectAt(content, START);
  if (!poll) return undefined;
  const question = wordsIn(poll['question'])?.plain.trim();
  const options = listAt(poll, ['answers']).flatMap((answer) => {
    const fields = asObject(answer);
    const text = wordsIn(answer)?.plain.trim();
    return text ? [{ id: (fields && stringAt(fields, ['m.id', 'id'])) ?? '', text }] : [];
  });
  return question || options.length > 0 ? { question: question ?? '', options } : undefined;
}

/** A poll in words; if it cannot be read, the fallback text of its sender's client. */
export function pollWords(content: Fields): string {
  const poll = readPoll(content);
  if (!poll) return PHRASES.en.poll(wordsIn(content)?.plain ?? '', []);
  return PHRASES.en.poll(
    poll.question,
    poll.options.map(({ text }) => text),
  );
}

/** Ids of the options that somebody chose. */
export function readSelections(content: Fields): string[] {
  const nested = objectAt(content, RESPONSE) ?? {};
  const chosen = [content, nested]
    .map((fields) => listAt(fields, SELECTIONS))
    .find(({ length }) => length > 0);
  return (chosen ?? []).filter((id): id is string => typeof id === 'string');
}

/** @param poll undefined when the poll cannot be read any more */
export function answerWords(selections: string[], poll: Poll | undefined): string {
  const texts = selections.flatMap((id) => poll?.options.find((option) => option.id === id)?.text ?? []);
  return PHRASES.en.pollAnswer(texts);
}

export function endWords(content: Fields): string {
  return PHRASES.en.pollEnd(wordsIn(content)?.plain);
}

function listAt(fields: Fields, names: readonly string[]): unknown[] {
  const found = names.map((name) => fields[name]).find((value) => Array.isArray(value));
  return Array.isArray(found) ? found.slice(0, MOST_OPTIONS) : [];
}
