/** Rules for every route of the API. The tests walk all routes of the OpenAPI document. */
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import {
  documentedRoutes,
  objectsIn,
  pathOf,
  textsIn,
  withValue,
  type DocumentedRoute,
} from '../../../../test/support/documented-routes.js';
import { FREE_WRONG_PROOFS, metricsRegistry } from '#service';

interface ProblemBody {
  type: string;
  detail: string;
  errors?: { field: string; rule: string }[];
}

let console: ConsoleFixture;
let routes: DocumentedRoute[];

beforeAll(async () => {
  console = await ConsoleFixture.open(undefined, { TRUSTED_PROXIES: '127.0.0.1' });
  routes = await documentedRoutes(console);
});

afterAll(() => console?.close(), 60_000);

/** With the key of a role that may call the route. */
async function call({ method }: DocumentedRoute, path: string, body?: object, headers = {}) {
  for (const key of [FIRST_ADMIN, console.keys.operator]) {
    const answer = await console.call<ProblemBody>(key, method, path, body, headers);
    if (answer.status !== 403) return answer;
  }
  throw new Error(`nobody may ${method} ${path}`);
}

const withQuery = (path: string, query: string) => `${path}${path.includes('?') ? '&' : '?'}${query}`;
const refusedFields = (body: ProblemBody) => body.errors?.map(({ field }) => field) ?? [];

describe('every route', () => {
  test('there are many, and every body has an example', () => {
    expect(routes.length).toBeGreaterThan(60);
    expect(routes.filter(({ body }) => body !== undefined).length).toBeGreaterThan(25);
  });

  test('refuses an unknown field by its name, at every level of its body', async () => {
    let tried = 0;
    for (const route of routes)
      for (const path of route.body ? objectsIn(route.body) : []) {
        const field = [...path, 'surprise'];
        const answer = await call(route, route.path, withValue(route.body ?? {}, field, 1));
        const { method, template } = route;
        expect({ method, template, status: answer.status, fields: refusedFields(answer.body) }).toEqual({
          method,
          template,
          status: 400,
          fields: expect.arrayContaining([field.join('.')]) as string[],
        });
        expect(answer.body.type).toBe('urn:hutong:problem:invalid');
        tried++;
      }
    expect(tried).toBeGreaterThan(40);
  });

  test('refuses an unknown query parameter by its name', async () => {
    for (const route of routes) {
      const answer = await call(route, withQuery(route.path, 'surprise=1'), route.body);
      const { method, template } = route;
      expect({ method, template, status: answer.status, fields: refusedFields(answer.body) }).toEqual({
        method,
        template,
        status: 400,
        fields: expect.arrayContaining(['surprise']) as string[],
      });
    }
  });

  test('without a body refuses one', async () => {
    const bodiless = routes.filter(({ method, body }) => method !== 'GET' && body === undefined);
    expect(bodiless.length).toBeGreaterThan(3);
    for (const route of bodiless) {
      const answer = await call(route, route.path, { surprise: 1 });
      const { template } = route;
      expect({ template, status: answer.status, fields: refusedFields(answer.body) }).toEqual({
        template,
        status: 400,
        fields: ['surprise'],
      });
    }
  });

  test('names a parameter of its path that is malformed', async () => {
    for (const route of routes)
      for (const { name } of route.parameters.filter((one) => one.in === 'path')) {
        const query = route.path.split('?')[1];
        const place = pathOf(route.template, route.parameters, { [name]: '~ ~' });
        const path = query === undefined ? place : `${place}?${query}`;
        const answer = await call(route, path, route.body);
        expect({ path, status: answer.status, fields: refusedFields(answer.body) }).toEqual({
          path,
          status: 400,
          fields: expect.arrayContaining([name]) as string[],
        });
      }
  });

  test('refuses days and moments beyond the years 2000 to 2200, and names them', async () => {
    let tried = 0;
    const years = (text: string) =>
      ['0000', '0001', '1999', '2201', '9999'].map((year) => year + text.slice(4));
    for (const route of routes) {
      const moments = textsIn(route.body ?? {}).filter(({ text }) => /^20\d\d-\d\d-\d\d/.test(text));
      for (const { path, text } of moments)
        for (const moment of years(text)) {
          const answer = await call(route, route.path, withValue(route.body ?? {}, path, moment));
          expect({
            route: route.template,
            moment,
            status: answer.status,
            detail: answer.body.detail,
          }).toEqual({
            route: route.template,
            moment,
            status: 400,
            detail: expect.stringContaining(path.join('.')) as string,
          });
          tried++;
        }
      for (const { name, example } of route.parameters.filter((one) =>
        /^20\d\d-\d\d/.test(String(one.example)),
      ))
        for (const moment of years(String(example))) {
          const path = pathOf(route.template, route.parameters, { [name]: moment });
          const inPath = route.template.includes(`{${name}}`);
          const answer = await call(
            route,
            inPath ? path : withQuery(route.path, `${name}=${encodeURIComponent(moment)}`),
            route.body,
          );
          expect({ path, status: answer.status, fields: refusedFields(answer.body) }).toEqual({
            path,
            status: 400,
            fields: expect.arrayContaining([name]) as string[],
          });
          tried++;
        }
    }
    expect(tried).toBeGreaterThan(40);
  });

  test('answers 405 to other methods, with those that it has', async () => {
    for (const template of new Set(routes.map((route) => route.template))) {
      const [first] = routes.filter((route) => route.template === template);
      const allowed = routes.filter((route) => route.template === template).map(({ method }) => method);
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
        (one) => !allowed.includes(one),
      )) {
        // The sign-in is public, and not among these routes.
        if (template === '/v1/session' && method === 'POST') continue;
        const path = pathOf(template, first?.parameters ?? []);
        const answer = await console.call<ProblemBody>(FIRST_ADMIN, method, path);
        // Where another route takes the same path, such as an id for a word, that one answers.
        if (routes.some((one) => one.method === method && takes(one.template, path))) continue;
        expect({ method, path, status: answer.status, type: answer.body.type }).toEqual({
          method,
          path,
          status: 405,
          type: 'urn:hutong:problem:method-not-allowed',
        });
        const named = answer.headers.get('allow')?.split(', ') ?? [];
        expect(named).toEqual(expect.arrayContaining(allowed));
        expect(named).not.toContain(method);
      }
    }
  });

  test('that edits something demands If-Match: 428 without it, 412 for a weak tag or an old version, 400 for none', async () => {
    const paths = ['/v1/networks/xmpp', '/v1/networks/xmpp/stand-in', '/v1/phase', '/v1/subscribers/consent'];
    const editing = routes.filter(
      ({ method, template, parameters }) =>
        method === 'PUT' &&
        paths.includes(template.replace('{network}', 'xmpp')) &&
        parameters.some(({ name }) => name === 'If-Match'),
    );
    expect(editing).toHaveLength(paths.length);
    for (const route of editing) {
      const path = route.template.replace('{network}', 'xmpp');
      const body = withAddress(route.body ?? {});
      const type = async (ifMatch: Record<string, string>) =>
        (await call(route, path, body, ifMatch)).body.type;
      expect({ path, type: await type({}) }).toEqual({ path, type: 'urn:hutong:problem:version-required' });
      for (const tag of ['"99"', 'W/"1"', 'W/"0", "98"'])
        expect({ path, tag, type: await type({ 'if-match': tag }) }).toEqual({
          path,
          tag,
          type: 'urn:hutong:problem:version-mismatch',
        });
      expect({ path, type: await type({ 'if-match': '99' }) }).toEqual({
        path,
        type: 'urn:hutong:problem:invalid',
      });
    }
  });

  test('that is none answers 404', async () => {
    for (const path of ['/v1', '/v1/nothing', '/v1/networks/a/b/c', '/nothing'])
      expect(await console.call(FIRST_ADMIN, 'POST', path)).toMatchObject({
        status: 404,
        body: { type: 'urn:hutong:problem:not-found' },
      });
  });

  test('is kept by no cache and run by no browser, whatever it answers', async () => {
    // The headers of the stream of events: live-events.int-spec.
    for (const route of routes.filter(({ streams }) => !streams))
      for (const key of [undefined, FIRST_ADMIN]) {
        const { headers } = await console.call(key, route.method, route.path);
        const { path } = route;
        expect({ path, ...securityOf(headers) }).toEqual({
          path,
          cache: 'no-store',
          nosniff: 'nosniff',
          csp: expect.stringMatching(/^default-src 'none';.*frame-ancestors 'none'$/) as string,
          referrer: 'no-referrer',
          frame: 'DENY',
          hsts: null,
        });
      }
  });

  test('that lists has pages', () => {
    // A search shows its best hits only, and a person saves 100 views at most.
    const whole = ['/v1/find', '/v1/me/views'];
    const lists = routes.filter(
      ({ method, template, answers }) =>
        method === 'GET' && answers.includes('items') && !whole.includes(template),
    );
    expect(lists.length).toBeGreaterThan(10);
    for (const { template, parameters, answers } of lists)
      expect({
        template,
        pages:
          answers.includes('next') && parameters.some(({ name }) => name === 'cursor' || name === 'after'),
      }).toEqual({ template, pages: true });
  });
});

describe('every other answer', () => {
  test.each(['/docs', '/healthz/live', '/m/no-link', '/nothing', '/v1/networks/%00'])(
    '%s: headers',
    async (path) => {
      const { headers } = await console.call(undefined, 'GET', path);
      expect(securityOf(headers)).toMatchObject({
        nosniff: 'nosniff',
        csp: expect.stringContaining("frame-ancestors 'none'") as string,
        referrer: 'no-referrer',
      });
    },
  );

  test('HSTS is said over TLS only, which the proxy in front has', async () => {
    const over = async (proto: string) =>
      (
        await console.call(FIRST_ADMIN, 'GET', '/v1/networks', undefined, { 'x-forwarded-proto': proto })
      ).headers.get('strict-transport-security');
    expect(await over('https')).toBe('max-age=31536000');
    expect(await over('http')).toBeNull();
  });
});

describe('a body', () => {
  const post = (body: string, type = 'application/json') =>
    fetch(`${console.url}/v1/networks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${FIRST_ADMIN}`, 'content-type': type, 'idempotency-key': 'deep' },
      body,
    });
  const nested = (levels: number) => `{"name":${'['.repeat(levels)}${']'.repeat(levels)}}`;

  test.each([
    ['lists, 60000 deep', nested(60_000), 400],
    ['lists, 33 deep', nested(33), 400],
    ['objects, 20000 deep', '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000), 400],
    ['not JSON', '{"name":', 400],
    ['more than it may have', `{"name":"${'x'.repeat(300_000)}"}`, 413],
  ])('%s: refused', async (_, body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  test('of another type is refused', async () => {
    expect((await post('name=x', 'text/csv')).status).toBe(415);
  });
});

describe('a caller without a valid key', () => {
  const from = (address: string, authorization?: string) =>
    fetch(`${console.url}/v1/networks`, {
      headers: { 'x-forwarded-for': address, ...(authorization === undefined ? {} : { authorization }) },
    });

  test.each(['Bearer', 'bearer', 'BEARER', 'bEaReR '])(
    'the scheme %s is taken in any case',
    async (scheme) => {
      expect((await from('192.0.2.7', `${scheme} ${FIRST_ADMIN}`)).status).toBe(200);
    },
  );

  test.each([undefined, 'Bearer wrong', 'Basic YTpi', 'Bearer', `Token ${FIRST_ADMIN}`, FIRST_ADMIN])(
    '%s: 401 that says how',
    async (authorization) => {
      const answer = await from('192.0.2.8', authorization);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="hutong"']);
    },
  );

  test('and tries many is slowed down, counted, and alone in that', async () => {
    const denied = async () =>
      (await metricsRegistry.getSingleMetric('hutong_console_denied_total')?.get())?.values ?? [];
    for (let at = 0; at < FREE_WRONG_PROOFS.address; at++)
      expect((await from('192.0.2.9', `Bearer hk_wrong${at}`)).status).toBe(401);
    const slowed = await from('192.0.2.9', `Bearer ${SECOND_ADMIN}`);
    expect([slowed.status, slowed.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await slowed.json()).toMatchObject({ type: 'urn:hutong:problem:too-many-requests' });
    expect((await from('192.0.2.10', `Bearer ${SECOND_ADMIN}`)).status).toBe(200);
    const reasons = (await denied()).map(({ labels }) => labels['reason']);
    expect(reasons).toEqual(expect.arrayContaining(['no-key', 'wrong-key', 'slowed-down']));
  });
});

/** With an address of a network that is there. */
function withAddress(body: Record<string, unknown>): Record<string, unknown> {
  return 'address' in body ? { ...body, address: 'im:ann@xmpp' } : body;
}

function takes(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path);
}

function securityOf(headers: Headers): Record<string, string | null> {
  return {
    cache: headers.get('cache-control'),
    nosniff: headers.get('x-content-type-options'),
    csp: headers.get('content-security-policy'),
    referrer: headers.get('referrer-policy'),
    frame: headers.get('x-frame-options'),
    hsts: headers.get('strict-transport-security'),
  };
}
