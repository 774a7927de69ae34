import { pino } from 'pino';
import { RegistryView } from './registry-view.js';

const snapshot = (version: number, slug: string) => ({
  version,
  members: [{ network: slug, name: slug, status: 'live' }],
});

test('a snapshot that is older than the one held is refused, and so is one that is none', () => {
  const view = new RegistryView(pino({ level: 'silent' }));
  expect(view.known).toBe(false);
  view.accept(snapshot(7, 'north'));
  view.accept(snapshot(6, 'south'));
  view.accept({ version: 8 });
  expect([view.current.version, [...view.current.members.keys()]]).toEqual([7, ['north']]);
  view.accept(snapshot(8, 'south'));
  expect([view.current.version, [...view.current.members.keys()]]).toEqual([8, ['south']]);
});
