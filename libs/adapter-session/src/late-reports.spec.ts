/** Reports come hours after the response, or before it, and after a restart; each finds its request. */
import { LateReports } from './late-reports.js';

function reports(memory = new Map<string, string>()) {
  const handedOn: string[] = [];
  const fails = { now: false };
  const late = new LateReports<string, string>(
    {
      put: (key, value) => Promise.resolve(void memory.set(key, JSON.stringify(value))),
      get: (key) => Promise.resolve(JSON.parse(memory.get(key) ?? 'null') as unknown),
    },
    (request, report) =>
      fails.now
        ? Promise.reject(new Error('the bus is away'))
        : Promise.resolve(void handedOn.push(`${request}: ${report}`)),
  );
  return { late, handedOn, memory, fails };
}

test('a report finds its request, also after a restart', async () => {
  const before = reports();
  await before.late.accepted('0A1B', 'event 1');
  const after = reports(before.memory);
  expect(await after.late.reported('0A1B', 'DELIVRD')).toBe('handed-on');
  expect(after.handedOn).toEqual(['event 1: DELIVRD']);
});

test('a report that comes before the response waits for it, also through a restart', async () => {
  const before = reports();
  expect(await before.late.reported('0A1B', 'DELIVRD')).toBe('early');
  const after = reports(before.memory);
  await after.late.accepted('0A1B', 'event 1');
  expect(after.handedOn).toEqual(['event 1: DELIVRD']);
});

test('both at once: the report is handed on, whichever is stored first', async () => {
  const { late, handedOn } = reports();
  await Promise.all([
    late.reported('1', 'ENROUTE'),
    late.accepted('1', 'event 1'),
    late.reported('1', 'DELIVRD'),
  ]);
  expect(handedOn).toEqual(['event 1: ENROUTE', 'event 1: DELIVRD']);
});

test('a report that could not be handed on is an error for the network, which sends it again', async () => {
  const { late, handedOn, fails } = reports();
  await late.accepted('1', 'event 1');
  fails.now = true;
  await expect(late.reported('1', 'DELIVRD')).rejects.toThrow('the bus is away');
  fails.now = false;
  await late.reported('1', 'DELIVRD');
  expect(handedOn).toEqual(['event 1: DELIVRD']);
});

test('early reports that could not be handed on stay until the request is reported again', async () => {
  const { late, handedOn, fails } = reports();
  await late.reported('1', 'DELIVRD');
  fails.now = true;
  await expect(late.accepted('1', 'event 1')).rejects.toThrow('the bus is away');
  fails.now = false;
  await late.accepted('1', 'event 1');
  expect(handedOn).toEqual(['event 1: DELIVRD']);
});

test('reports of unknown ids are bounded', async () => {
  const { late, handedOn } = reports();
  const ends = [];
  for (let nth = 0; nth < 18; nth++) ends.push(await late.reported('invented', `report ${nth}`));
  expect(ends.filter((end) => end === 'early')).toHaveLength(16);
  expect(ends.slice(16)).toEqual(['excess', 'excess']);
  await late.accepted('invented', 'event 1');
  expect(handedOn).toHaveLength(16);
});

test('ids of any form are distinguished', async () => {
  const { late, handedOn } = reports();
  for (const id of ['a.b', 'a b', 'a>b', '*', 'x'.repeat(5000)]) await late.accepted(id, id.slice(0, 3));
  await late.reported('a>b', 'DELIVRD');
  expect(handedOn).toEqual(['a>b: DELIVRD']);
});
