/** Saved views: each person has their own, under names, and not more than the limit. Real PostgreSQL and bus. */
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { MOST_VIEWS } from './saved-view.dto.js';

interface View {
  id: string;
  path: string;
  name: string;
  search: Record<string, string>;
}

let house: ConsoleFixture;

beforeAll(async () => {
  house = await ConsoleFixture.open();
});
afterAll(() => house?.close(), 60_000);

const SUSPENDED = { path: '/networks', name: 'suspended', search: { filter: 'suspended' } };

const save = (view: object, key = FIRST_ADMIN) => house.call<View>(key, 'POST', '/v1/me/views', view);
const views = async (key = FIRST_ADMIN) =>
  (await house.call<{ items: View[] }>(key, 'GET', '/v1/me/views')).body.items;
const names = async (key = FIRST_ADMIN) => (await views(key)).map(({ path, name }) => `${path} ${name}`);

test('a person saves, replaces and deletes a view, and no other person sees it or can delete it', async () => {
  const { status, body } = await save(SUSPENDED);
  expect([status, body]).toEqual([200, { id: body.id, ...SUSPENDED }]);
  await save({ ...SUSPENDED, path: '/audit' });
  const changed = { ...SUSPENDED, search: { filter: 'left', network: 'xmpp' } };
  expect((await save(changed)).body).toEqual({ id: body.id, ...changed });
  expect(await names()).toEqual(['/audit suspended', '/networks suspended']);
  for (const other of [SECOND_ADMIN, house.keys.operator]) {
    expect(await names(other)).toEqual([]);
    expect((await house.call(other, 'DELETE', `/v1/me/views/${body.id}`)).status).toBe(404);
  }
  expect((await house.call(FIRST_ADMIN, 'DELETE', `/v1/me/views/${body.id}`)).status).toBe(204);
  expect((await house.call(FIRST_ADMIN, 'DELETE', `/v1/me/views/${body.id}`)).status).toBe(404);
  expect(await names()).toEqual(['/audit suspended']);
});

test.each([
  ['a page of another host', { ...SUSPENDED, path: '//evil.example' }],
  ['no path', { ...SUSPENDED, path: 'javascript:alert(1)' }],
  ['no name', { ...SUSPENDED, name: '  ' }],
  ['a long name', { ...SUSPENDED, name: 'x'.repeat(61) }],
  ['a filter that is no text', { ...SUSPENDED, search: { filter: { deep: true } } }],
  ['a filter with an odd name', { ...SUSPENDED, search: { __proto__x: 'a' } }],
  ['a long filter', { ...SUSPENDED, search: { filter: 'x'.repeat(501) } }],
  [
    'too many filters',
    { ...SUSPENDED, search: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`f${n}`, 'x'])) },
  ],
])('%s is refused', async (_, view) => {
  expect((await save(view)).status).toBe(400);
});

test('hostile names are kept as they are', async () => {
  const name = '<script>alert(1)</script>';
  expect((await save({ ...SUSPENDED, name }, SECOND_ADMIN)).body.name).toBe(name);
});

test(`the view after ${MOST_VIEWS} is refused, also when several come at once; one that exists can be replaced`, async () => {
  const { operator } = house.keys;
  const all = Array.from({ length: MOST_VIEWS + 5 }, (_, n) => ({ ...SUSPENDED, name: `view ${n}` }));
  const answers = await Promise.all(all.map((view) => save(view, operator)));
  const saved = answers.filter(({ status }) => status === 200);
  expect(saved).toHaveLength(MOST_VIEWS);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
  expect(await views(operator)).toHaveLength(MOST_VIEWS);
  expect((await save({ ...SUSPENDED, name: saved[0]?.body.name }, operator)).status).toBe(200);
});
