import { readFileSync } from 'node:fs';
import { MEMBER_STATES, type MemberState } from '#protocol';
import { MEMBER_ACTIONS, MEMBERSHIP, moved } from './membership.js';

const ALL = MEMBER_STATES.flatMap((state) => MEMBER_ACTIONS.map((action) => [state, action] as const));

test.each(ALL)('a network that is %s: %s', (state, action) => {
  const { from, to } = MEMBERSHIP[action];
  if (from.includes(state) || state === to) expect(moved(state, action)).toBe(to);
  else expect(() => moved(state, action)).toThrow(`a network that is ${state} cannot ${action}`);
});

test('a network that is gone cannot return', () => {
  const reached = MEMBER_ACTIONS.filter((action) => MEMBERSHIP[action].from.includes('gone'));
  expect(reached).toEqual([]);
});

test('every state can be reached from an application', () => {
  const reached = new Set<MemberState>(['applied']);
  for (let grown = true; grown;) {
    const next = MEMBER_ACTIONS.filter((action) =>
      MEMBERSHIP[action].from.some((state) => reached.has(state)),
    );
    grown = next.some((action) => !reached.has(MEMBERSHIP[action].to));
    for (const action of next) reached.add(MEMBERSHIP[action].to);
  }
  expect([...reached].sort()).toEqual([...MEMBER_STATES].sort());
});

test('docs/membership.md names every step with where it leads from and to', () => {
  const page = readFileSync('docs/membership.md', 'utf8');
  for (const action of MEMBER_ACTIONS) {
    const { from, to } = MEMBERSHIP[action];
    const row = page.split('\n').find((line) => line.startsWith(`| \`${action}\``));
    expect(row).toContain(`| ${from.join(', ')} `);
    expect(row).toContain(`| ${to} `);
  }
});
