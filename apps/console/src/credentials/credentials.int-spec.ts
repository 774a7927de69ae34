/** Bus credentials on a real nats-server: who gets them, how long they are valid, and how they end. */
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { factsOf, newUser } from '#bus';
import { ConsoleFixture, FIRST_ADMIN, SECOND_ADMIN } from '../../../../test/support/console-fixture.js';
import { until } from '../../../../test/support/hub-fixture.js';
import type { BusCredential, IssuedCredential } from './credential.dto.js';

let console: ConsoleFixture;
const open: NatsConnection[] = [];

beforeAll(async () => {
  console = await ConsoleFixture.of(['fetion', 'feiliao', 'yixin', 'yiliao']);
});
afterAll(async () => {
  for (const nc of open) await nc.close();
  await console.close();
});

const operatorOf = (network: string) => console.operators[network] ?? '';
const pathOf = (network: string) => `/v1/networks/${network}/credentials`;

async function issue(network: string): Promise<IssuedCredential> {
  const answer = await console.call<IssuedCredential>(operatorOf(network), 'POST', pathOf(network));
  expect(answer.status).toBe(201);
  return answer.body;
}

async function listed(network: string): Promise<BusCredential[]> {
  const { body } = await console.call<{ items: BusCredential[] }>(
    operatorOf(network),
    'GET',
    pathOf(network),
  );
  return body.items;
}

/** Connection of an adapter that does not reconnect, and the time at which it was closed. */
async function connected(credentials: string): Promise<{ nc: NatsConnection; cut: Promise<string> }> {
  const authenticator = credsAuthenticator(new TextEncoder().encode(credentials));
  const nc = await connect({ servers: console.hub.natsUrl, authenticator, reconnect: false });
  open.push(nc);
  return { nc, cut: nc.closed().then((error) => (error ? error.message : 'closed')) };
}

const refused = (credentials: string) =>
  connected(credentials).then(
    () => 'connected',
    () => 'refused',
  );

const revoke = (network: string, publicKey: string, key = operatorOf(network)) =>
  console.call<BusCredential>(key, 'DELETE', `${pathOf(network)}/${publicKey}`, {
    reason: 'a laptop was stolen',
  });

describe('issuing', () => {
  test('an operator gets credentials for its own network, valid for 90 days; they are listed without the secret', async () => {
    const { credentials, ...shown } = await issue('fetion');
    const { expiresAt, publicKey } = factsOf(credentials);
    expect(Math.round(((expiresAt?.getTime() ?? 0) - Date.now()) / 86_400_000)).toBe(90);
    expect(await listed('fetion')).toEqual([shown]);
    expect(shown).toMatchObject({ publicKey, issuedBy: 'operator fetion people', revokedAt: null });
    await connected(credentials);
  });

  test('no admin gets them', async () => {
    expect((await console.call(FIRST_ADMIN, 'POST', pathOf('fetion'))).status).toBe(403);
  });

  test('two are valid at a time; the third waits for one to end', async () => {
    const second = await issue('fetion');
    const third = await console.call(operatorOf('fetion'), 'POST', pathOf('fetion'));
    expect(third).toMatchObject({ status: 409, body: { type: 'urn:hutong:problem:conflict' } });
    await revoke('fetion', second.publicKey);
    await issue('fetion');
  });

  test('an applicant gets none before it is approved, and cannot connect', async () => {
    const application = { network: 'wo', name: 'Wo', state: 'applied' };
    await console.call(FIRST_ADMIN, 'POST', '/v1/networks', application);
    const key = await console.key('wo people', 'operator', 'wo');
    expect((await console.call(key, 'POST', pathOf('wo'))).status).toBe(409);
    // Credentials that somebody with the seeds has made.
    const { credentials } = await console.hub.authority.networkCredentials('wo' as never);
    expect(await refused(credentials)).toBe('refused');
    await console.call(FIRST_ADMIN, 'POST', '/v1/networks/wo/approve', { reason: 'a test' });
    expect((await console.call(key, 'POST', pathOf('wo'))).status).toBe(201);
  });

  test('the network is notified that credentials were issued', async () => {
    const { body } = await console.call<{ items: { kind: string; words: string }[] }>(
      operatorOf('fetion'),
      'GET',
      '/v1/announcements',
    );
    const told = body.items.filter(({ kind }) => kind === 'credentials').map(({ words }) => words);
    expect(told.some((words) => words.includes('issued to fetion people'))).toBe(true);
    expect(told.some((words) => words.includes('a laptop was stolen'))).toBe(true);
  });
});

describe('the end of credentials', () => {
  test('a revoked credential is cut off at once, the other one goes on', async () => {
    const [lost, kept] = [await issue('feiliao'), await issue('feiliao')];
    const [thief, adapter] = [await connected(lost.credentials), await connected(kept.credentials)];
    expect((await revoke('feiliao', lost.publicKey, FIRST_ADMIN)).body.revokedFor).toBe(
      'a laptop was stolen',
    );
    expect(await thief.cut).toMatch(/revoked/i);
    expect(await refused(lost.credentials)).toBe('refused');
    await adapter.nc.flush();
  });

  test('an operator cannot revoke credentials of another network', async () => {
    const [, kept] = await listed('feiliao');
    expect((await revoke('feiliao', kept?.publicKey ?? '', operatorOf('fetion'))).status).toBe(404);
  });

  test('suspension and removal cut every connection of the network', async () => {
    const { credentials } = await issue('yixin');
    const adapter = await connected(credentials);
    await console.call(FIRST_ADMIN, 'POST', '/v1/networks/yixin/suspend', { reason: 'a test' });
    expect(await adapter.cut).toMatch(/connections|authorization/i);
    expect(await refused(credentials)).toBe('refused');
    expect((await console.call(operatorOf('yixin'), 'POST', pathOf('yixin'))).status).toBe(409);
  });

  test('a console that starts publishes the revocations that the bus does not have', async () => {
    // As after the loss of the accounts folder of nats-server.
    await console.hub.accounts.publish('yixin' as never, { isOpen: true, revoked: {} });
    await console.another();
    const { credentials } = await console.hub.authority.networkCredentials('yixin' as never);
    expect(await refused(credentials)).toBe('refused');
  });
});

describe('renewal', () => {
  const renew = async (nc: NatsConnection, network: string, current: string, next: string) => {
    const body = JSON.stringify({ current, next });
    return (await nc.request(`hub.control.renew.${network}`, body, { timeout: 5000 })).json<{
      code: string;
      jwt?: string;
      detail?: string;
    }>();
  };

  test('an adapter renews for a key pair of its own; both are valid until the old one ends', async () => {
    const { credentials, publicKey } = await issue('yiliao');
    const { nc } = await connected(credentials);
    const user = newUser();
    const reply = await renew(nc, 'yiliao', publicKey, user.publicKey);
    expect(reply.code).toBe('00');
    await connected(user.credentials(reply.jwt ?? ''));
    await nc.flush();
    const [renewed] = await listed('yiliao');
    expect(renewed).toMatchObject({ publicKey: user.publicKey, renews: publicKey, issuedBy: 'renewal' });
  });

  test('not twice from the same credential, not for another network, not with an unknown one', async () => {
    const { nc } = await connected((await issue('yiliao')).credentials);
    const [, , first] = await listed('yiliao');
    const next = newUser().publicKey;
    expect(await renew(nc, 'yiliao', first?.publicKey ?? '', next)).toMatchObject({ code: '94' });
    expect(await renew(nc, 'yiliao', next, newUser().publicKey)).toMatchObject({ code: '14' });
    expect(await renew(nc, 'yiliao', 'x', next)).toMatchObject({ code: '30' });
    await expect(renew(nc, 'fetion', first?.publicKey ?? '', next)).rejects.toThrow();
  });

  test('who revokes a credential ends what was renewed from it', async () => {
    const [, renewed, first] = await listed('yiliao');
    await revoke('yiliao', first?.publicKey ?? '');
    const after = (await listed('yiliao')).find(({ publicKey }) => publicKey === renewed?.publicKey);
    expect(after?.revokedAt).not.toBeNull();
  });
});

test('last use and address are noted', async () => {
  await until('the note of a connection', async () =>
    (await listed('feiliao')).some(
      ({ lastUsedAt, lastAddress }) => lastUsedAt !== null && lastAddress === '127.0.0.1',
    ),
  );
});

test('everything is in the audit log', async () => {
  const { body } = await console.call<{ items: { action: string }[] }>(
    SECOND_ADMIN,
    'GET',
    '/v1/audit?subject=network/yiliao&limit=200',
  );
  const actions = body.items.map(({ action }) => action);
  for (const action of ['credentials.issued', 'credentials.renewed', 'credentials.revoked'])
    expect(actions).toContain(action);
});
