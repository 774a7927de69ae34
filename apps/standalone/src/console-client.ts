/** A client of the console's public REST API. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ANY_NETWORK, TRAFFIC_CLASSES, type LadderStep, type Route } from '#protocol';
import { Report, type Ask } from '#certification/report';
import { EXCHANGE_COMPANY, type Company } from './demonstration-companies.js';

const Health = z.object({
  network: z.string(),
  status: z.string(),
  adapter: z.object({ signedOn: z.boolean(), nativeConnected: z.boolean() }),
});
const HealthPage = z.object({ items: z.array(Health) });
const Certification = z.object({ state: z.enum(['running', 'passed', 'failed', 'aborted']), report: Report });
export type Certification = z.infer<typeof Certification>;
const Shared = z.object({ path: z.string() });
const Started = z.object({ id: z.string() });
const Issued = z.object({ credentials: z.string() });
const Credentials = z.object({
  items: z.array(z.object({ publicKey: z.string(), revokedAt: z.string().nullable() })),
});
const Agreements = z.object({ items: z.array(z.unknown()) });
const Proposed = z.object({ id: z.string() });
const Operator = z.object({ id: z.string(), version: z.number() });
const Operators = z.object({ items: z.array(Operator) });
const History = z.object({ items: z.array(z.unknown()) });
const Rules = z.object({ items: z.array(z.unknown()) });
const People = z.object({
  items: z.array(z.object({ id: z.string(), mail: z.string() })),
  next: z.string().nullable(),
});

const ACCEPTED_KINDS = [
  'agreement.add',
  'agreement.replace',
  'agreement.end',
  'tariff.add',
  'route.set',
  'route.remove',
  'number.port',
  'number.restore',
  'phase.set',
];

export class ConsoleClient {
  constructor(
    readonly url: string,
    private readonly key: string,
  ) {}

  /** Registers the network if it is new, with the company that runs it, and enables it. */
  async admit(network: string, name: string, company?: { terms: Company; secondKey: string }): Promise<void> {
    if ((await this.networks()).some((one) => one.network === network)) return;
    if (company) await this.registerCompany(company.terms, company.secondKey);
    const operator = company && { operator: company.terms.id };
    await this.call('POST', '/v1/networks', { network, name, test: true, ...operator });
    await this.call('POST', `/v1/networks/${network}/enable`, { reason: 'a network of this machine' });
  }

  /** As the operator of the network: revokes the existing bus credentials and issues new ones. */
  async replaceCredentials(network: string): Promise<string> {
    const path = `/v1/networks/${network}/credentials`;
    const { items } = Credentials.parse(await this.call('GET', path));
    const reason = 'replaced: the file with it is gone';
    for (const { publicKey, revokedAt } of items)
      if (revokedAt === null) await this.call('DELETE', `${path}/${publicKey}`, { reason });
    return Issued.parse(await this.call('POST', path)).credentials;
  }

  /** Registers a company with what stands on its statements. This needs two admins. A company that is known already is kept. */
  async registerCompany({ id, name, contact, ...terms }: Company, secondKey: string): Promise<void> {
    const { items } = Operators.parse(await this.call('GET', '/v1/operators?limit=200'));
    if (items.some((one) => one.id === id)) return;
    const reason = 'a company of this machine, for demonstration';
    const { version } = Operator.parse(
      await this.call('POST', '/v1/operators', { id, name, contact, reason }),
    );
    const change = Proposed.parse(
      await this.call('PUT', `/v1/operators/${id}/billing`, { terms, reason }, version),
    );
    await new ConsoleClient(this.url, secondKey).call('POST', `/v1/changes/${change.id}/approve`, { reason });
  }

  /**
   * Makes agreements between all networks, and registers the company that issues statements, if there is no agreement yet. This needs
   * two admins; the installation has the keys of both.
   */
  async openExchange(secondKey: string): Promise<void> {
    const { items } = Agreements.parse(await this.call('GET', '/v1/agreements'));
    if (items.length > 0) return;
    await this.registerCompany(EXCHANGE_COMPANY, secondKey);
    const reason = 'the networks of this machine may all meet';
    const terms = {
      from: ANY_NETWORK,
      to: ANY_NETWORK,
      classes: TRAFFIC_CLASSES,
      validFrom: new Date().toISOString(),
    };
    const { id } = Proposed.parse(await this.call('POST', '/v1/agreements', { terms, reason }));
    await new ConsoleClient(this.url, secondKey).call('POST', `/v1/changes/${id}/approve`, { reason });
  }

  /**
   * Makes this key a key of an operator of the network. This needs two admins; the installation has the keys of both. Nothing is done while
   * the key is valid; after it was revoked or expired, `key` must be another one.
   */
  async ensureOperator(network: string, key: string, secondKey: string): Promise<void> {
    const mail = `${network}@standalone.invalid`;
    const known = await this.personWith(mail);
    // The key of an unknown person is wrong for certain, and the console slows down whoever tries many wrong keys.
    if (known !== undefined && (await new ConsoleClient(this.url, key).isSignedIn())) return;
    const reason = 'the operator of a network of this machine';
    const first = { name: 'standalone', sha256: createHash('sha256').update(key).digest('hex'), days: 365 };
    const { id } = Proposed.parse(
      known === undefined
        ? await this.call('POST', '/v1/people', {
            reason,
            terms: { name: `operator of ${network}`, mail, roles: ['operator'], network, key: first },
          })
        : await this.call('POST', '/v1/keys', { ...first, reason, person: known }),
    );
    await new ConsoleClient(this.url, secondKey).call('POST', `/v1/changes/${id}/approve`, { reason });
  }

  /**
   * As the operator of a network of this machine: adds an acceptance rule that confirms all changes of the two admins, so that nobody has
   * to confirm each change by hand. Withdraw the rule to try out confirmations.
   */
  async acceptByRule(): Promise<void> {
    const { items } = Rules.parse(await this.call('GET', '/v1/acceptance-rules?limit=1'));
    if (items.length > 0) return;
    await this.call('POST', '/v1/acceptance-rules', {
      terms: {
        kinds: ACCEPTED_KINDS,
        counterparts: [ANY_NETWORK],
        classes: TRAFFIC_CLASSES,
        maxTerminationFee: '1',
        maxSwitchFee: '1',
        withShares: true,
      },
      reason: 'the networks of this machine accept what its two admins agree on',
    });
  }

  /**
   * Leads numbers to a network, unless these routes were ever set: later they are the business of the admins. This needs two admins.
   * @returns whether one was set
   */
  async leadNumbers(
    network: string,
    routes: readonly Omit<Route, 'network'>[],
    secondKey: string,
  ): Promise<boolean> {
    let isNew = false;
    for (const route of routes) {
      const { items } = History.parse(
        await this.call('GET', `/v1/routes/history?limit=1&kind=${route.kind}&key=${route.key}`),
      );
      if (items.length > 0) continue;
      isNew = true;
      const reason = 'numbers of a network of this machine';
      const { id } = Proposed.parse(
        await this.call('POST', '/v1/routes', { terms: { ...route, network }, reason }),
      );
      await new ConsoleClient(this.url, secondKey).call('POST', `/v1/changes/${id}/approve`, { reason });
    }
    return isNew;
  }

  /** As the operator of the network: other ways for messages to its numbers. */
  async setLadder(network: string, ladder: readonly LadderStep[]): Promise<void> {
    const path = `/v1/networks/${network}/stand-in`;
    const settings = z.looseObject({}).parse(await this.call('GET', path));
    await this.call(
      'PUT',
      path,
      { ...settings, ladder, reason: 'telephone numbers of this machine are reached in every way' },
      '*',
    );
  }

  private async isSignedIn(): Promise<boolean> {
    const headers = { authorization: `Bearer ${this.key}` };
    const { status } = await fetch(`${this.url}/v1/me`, { headers });
    return status === 200;
  }

  private async personWith(mail: string): Promise<string | undefined> {
    for (let cursor: string | null = ''; cursor !== null;) {
      const path: string = `/v1/people?limit=200${cursor && `&cursor=${cursor}`}`;
      const page: z.infer<typeof People> = People.parse(await this.call('GET', path));
      const found = page.items.find((person) => person.mail === mail);
      if (found) return found.id;
      cursor = page.next;
    }
    return undefined;
  }

  async networks(): Promise<z.infer<typeof Health>[]> {
    return HealthPage.parse(await this.call('GET', '/v1/networks?limit=200')).items;
  }

  /** @returns its number */
  async startCertification(
    network: string,
    wanted: { loopback: string; stranger?: string; offers?: Ask[] },
  ): Promise<string> {
    return Started.parse(await this.call('POST', `/v1/networks/${network}/certifications`, wanted)).id;
  }

  async certification(network: string, id: string): Promise<Certification> {
    return Certification.parse(await this.call('GET', `/v1/networks/${network}/certifications/${id}`));
  }

  /** Makes a link with which anybody can open the report. @returns its URL */
  async shareCertification(network: string, id: string): Promise<string> {
    const path = `/v1/networks/${network}/certifications/${id}/links`;
    return this.url + Shared.parse(await this.call('POST', path, {})).path;
  }

  /** @param version of the resource that the call changes; `*`: any */
  private async call(method: string, path: string, body?: object, version?: number | '*'): Promise<unknown> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...(version === undefined ? {} : { 'if-match': version === '*' ? version : `"${version}"` }),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}
