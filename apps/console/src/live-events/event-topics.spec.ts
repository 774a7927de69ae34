import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TOPIC_NAMES, TOPICS_OF_KIND, topicsOf } from './event-topics.js';

test.each([
  ['network.suspended', ['networks', 'risk', 'audit']],
  ['agreement.add proposed', ['agreements', 'changes', 'audit']],
  ['key.revoke approved', ['keys', 'changes', 'audit']],
  ['dead-letter.replayed', ['dead-letters', 'audit']],
  ['person.disabled', ['people', 'keys', 'audit']],
  ['payment.recorded', ['payments', 'audit']],
  ['day.closed', ['business-days', 'audit']],
])('%s changes %j', (action, topics) => expect(topicsOf(action)).toEqual(topics));

test.each(['dead-letter.read', 'key.used', 'request.denied', 'something.new'])(
  '%s changes the audit log alone: a page that reads something does not cause its own next reading',
  (action) => expect(topicsOf(action)).toEqual(['audit']),
);

test('no kind is named that the console does not write', () => {
  const root = 'apps/console/src';
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('event-topics'))
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join();
  const written = (kind: string) => new RegExp(`['\`]${kind}\\.[a-z$]`).test(sources);
  expect(Object.keys(TOPICS_OF_KIND).filter((kind) => !written(kind))).toEqual([]);
});

test('each topic is changed by something', () => {
  const kinds = [
    'network',
    'agreement',
    'dead-letter',
    'day',
    'payment',
    'dispute',
    'person',
    'link',
    'certification',
  ];
  const found = new Set(kinds.flatMap((kind) => topicsOf(`${kind}.changed proposed`)));
  expect([...found].sort()).toEqual([...TOPIC_NAMES].sort());
});
