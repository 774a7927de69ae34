/** Each example of docs/join-over-the-bus.md is what its schema says; every kind of event and of control message has one. */
import { z } from 'zod';
import {
  RequestError,
  SignOffAnswer,
  SignOnAnswer,
  DeadLetter,
  directConversation,
  EVENT_SCHEMAS,
  HubEvent,
  laneOf,
  LinkAnswer,
  LinkRequest,
  MediaRequest,
  Outcome,
  RenewAnswer,
  RenewRequest,
  ResolveAnswer,
  ResolveRequest,
  SignOff,
  SignOn,
} from '#protocol';
import { blocksOfTheJoinPage } from '../../../test/support/join-page.js';

const SCHEMAS: Record<string, z.ZodType> = {
  ...EVENT_SCHEMAS,
  Outcome,
  DeadLetter,
  SignOn,
  RequestError,
  SignOffAnswer,
  SignOnAnswer,
  SignOff,
  RenewRequest,
  RenewAnswer,
  ResolveRequest,
  ResolveAnswer,
  MediaRequest,
  LinkRequest,
  LinkAnswer,
};
/** Lane of the conversation of the examples, as the page says. */
const LANE = 7;

/** The names of all properties, at any depth. */
function properties(value: unknown): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...properties(inner)]);
}

const examples = blocksOfTheJoinPage()
  .filter(({ language }) => language === 'json')
  .map(({ name, text }, at) => ({
    title: `example ${at + 1}, ${name}`,
    name,
    value: JSON.parse(text) as unknown,
  }));

test('every kind has an example', () => {
  const shown = new Set(examples.map(({ name }) => name));
  expect([...shown].sort()).toEqual(Object.keys(SCHEMAS).sort());
});

test.each(examples)('$title', ({ name, value }) => {
  const parsed = SCHEMAS[name]?.parse(value);
  // A property that the schema does not know would be missing.
  expect(properties(parsed).sort()).toEqual(properties(value).sort());
});

test.each(examples.filter(({ name }) => name in EVENT_SCHEMAS))(
  '$title: its conversation fits its addresses',
  (one) => {
    const { subject, source, path, data } = HubEvent.parse(one.value);
    expect(subject).toBe(directConversation(data.from.address, data.to));
    expect(laneOf(subject)).toBe(LANE);
    expect(`/network/${path.split(',')[0]}`).toBe(source);
  },
);
