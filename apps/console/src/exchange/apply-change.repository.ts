/** Applies approved changes of agreements, tariffs, routes, numbers and the phase, in the transaction of their last approval. */
import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { ApiProblem } from '#http';
import { ANY_NETWORK, digitsOf, networkOf, type Phase } from '#protocol';
import type { AgreementTerms, ExchangeChange, PortedTerms, RouteTerms } from './changes.js';
import { millionths } from '../settlement/amount.js';
import { tariffsOf, type TariffTerms } from './tariff-terms.js';

/**
 * @param id of a new agreement: that of the change which adds it, so that its history begins there
 * @throws ApiProblem if the object of the change has changed since the proposal
 */
export async function applyChange(
  manager: EntityManager,
  change: ExchangeChange,
  id: string = randomUUID(),
): Promise<void> {
  await checkNetworks(manager, change);
  switch (change.kind) {
    case 'agreement.add':
      return addAgreement(manager, id, change.terms);
    case 'agreement.replace':
      return replaceAgreement(manager, change.id, change.version, change.terms);
    case 'agreement.end':
      return one(
        manager.query(
          `UPDATE agreement SET valid_to = greatest(valid_from, now()), version = version + 1
           WHERE id = $1 AND version = $2 AND (valid_to IS NULL OR valid_to > now()) RETURNING id`,
          [change.id, change.version],
        ),
        change.id,
      );
    case 'tariff.add':
      return addTariff(manager, change.terms);
    case 'tariff.pair':
      for (const terms of tariffsOf(change.terms)) await addTariff(manager, terms);
      return;
    case 'route.set':
      return setRoute(manager, change.terms);
    case 'route.remove':
      return one(
        manager.query('DELETE FROM route WHERE kind = $1 AND key = $2 AND network = $3 RETURNING key AS id', [
          change.terms.kind,
          change.terms.key,
          change.terms.network,
        ]),
        `${change.terms.kind} ${change.terms.key}`,
      );
    case 'number.port':
      return portNumber(manager, change.terms);
    case 'number.restore':
      return one(
        manager.query("DELETE FROM route WHERE kind = 'exact' AND key = $1 RETURNING key AS id", [
          digitsOf(change.number),
        ]),
        `the ported number ${change.number}`,
      );
    case 'phase.set':
      return setPhase(manager, change.version, change.terms);
  }
}

async function setPhase(manager: EntityManager, version: number, terms: Phase): Promise<void> {
  const set = await manager.query<unknown[]>(
    `INSERT INTO setting (key, value) SELECT 'phase', $1 WHERE $2 = (SELECT coalesce(max(version), 0) FROM setting WHERE key = 'phase')
     ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = setting.version + 1 WHERE setting.version = $2 RETURNING key`,
    [JSON.stringify(terms), version],
  );
  if (set.length === 0) throw overtaken('the phase');
}

async function checkNetworks(manager: EntityManager, change: ExchangeChange): Promise<void> {
  for (const slug of namesOf(change)) {
    const rows = await manager.query<unknown[]>('SELECT 1 FROM network WHERE slug = $1', [slug]);
    if (rows.length === 0) throw new ApiProblem('invalid', `${slug} is not registered`);
  }
}

function namesOf(change: ExchangeChange): string[] {
  switch (change.kind) {
    case 'agreement.add':
    case 'agreement.replace':
    case 'tariff.add':
    case 'tariff.pair':
      return [change.terms.from, change.terms.to].filter((slug) => slug !== ANY_NETWORK);
    case 'route.set':
      return [change.terms.network];
    case 'number.port':
      return [networkOfPorted(change.terms)];
    case 'phase.set':
      return change.terms.phase === 'anchor' ? [change.terms.anchor] : [];
    case 'agreement.end':
    case 'route.remove':
    case 'number.restore':
      return [];
  }
}

async function addAgreement(manager: EntityManager, id: string, terms: AgreementTerms): Promise<void> {
  await manager.query('LOCK TABLE agreement IN SHARE ROW EXCLUSIVE MODE');
  await refuseOverlap(manager, terms, undefined);
  await manager.query(
    `INSERT INTO agreement (id, from_network, to_network, classes, limits, valid_from, valid_to, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now())`,
    [id, ...columnsOf(terms)],
  );
}

async function replaceAgreement(
  manager: EntityManager,
  id: string,
  version: number,
  terms: AgreementTerms,
): Promise<void> {
  await manager.query('LOCK TABLE agreement IN SHARE ROW EXCLUSIVE MODE');
  await refuseOverlap(manager, terms, id);
  await one(
    manager.query(
      `UPDATE agreement SET from_network = $3, to_network = $4, classes = $5, limits = $6, valid_from = $7, valid_to = $8,
         version = version + 1 WHERE id = $1 AND version = $2 RETURNING id`,
      [id, version, ...columnsOf(terms)],
    ),
    id,
  );
}

/** @throws ApiProblem if another agreement of the same pair is in force at the same time */
async function refuseOverlap(
  manager: EntityManager,
  terms: AgreementTerms,
  except: string | undefined,
): Promise<void> {
  const [other] = await manager.query<{ id: string }[]>(
    `SELECT id FROM agreement WHERE from_network = $1 AND to_network = $2 AND id IS DISTINCT FROM $5
       AND tstzrange(valid_from, valid_to) && tstzrange($3, $4)`,
    [terms.from, terms.to, terms.validFrom, terms.validTo ?? null, except ?? null],
  );
  if (other)
    throw new ApiProblem(
      'conflict',
      `validFrom: the agreement ${other.id} of this pair is in force at that time: replace or end it`,
    );
}

function columnsOf(terms: AgreementTerms): unknown[] {
  const { from, to, classes, limits, validFrom, validTo } = terms;
  return [from, to, classes, limits ? JSON.stringify(limits) : null, validFrom, validTo ?? null];
}

async function addTariff(manager: EntityManager, terms: TariffTerms): Promise<void> {
  const added = await manager.query<unknown[]>(
    `INSERT INTO tariff (id, from_network, to_network, class, valid_from, termination_fee, switch_fee, bill_and_keep_permille, shares, created_at)
     VALUES ($1, $2, $3, $4, date_trunc('milliseconds', $5::timestamptz), $6, $7, $8, $9, now()) ON CONFLICT DO NOTHING RETURNING id`,
    [
      randomUUID(),
      terms.from,
      terms.to,
      terms.class,
      terms.validFrom,
      millionths(terms.terminationFee),
      millionths(terms.switchFee),
      terms.billAndKeepPermille ?? null,
      JSON.stringify(terms.shares),
    ],
  );
  if (added.length === 0)
    throw new ApiProblem(
      'conflict',
      'validFrom: this pair and class have a tariff from that moment on; give another',
    );
}

async function setRoute(manager: EntityManager, { kind, key, network }: RouteTerms): Promise<void> {
  await manager.query(
    `INSERT INTO route (kind, key, network, since) VALUES ($1, $2, $3, now())
     ON CONFLICT (kind, key) DO UPDATE SET network = excluded.network, since = excluded.since`,
    [kind, key, network],
  );
}

async function portNumber(manager: EntityManager, terms: PortedTerms): Promise<void> {
  await manager.query(
    `INSERT INTO route (kind, key, network, address, since) VALUES ('exact', $1, $2, $3, now())
     ON CONFLICT (kind, key) DO UPDATE SET network = excluded.network, address = excluded.address, since = excluded.since`,
    [digitsOf(terms.number), networkOfPorted(terms), terms.address ?? null],
  );
}

function networkOfPorted({ network, address }: PortedTerms): string {
  if (address !== undefined) return networkOf(address);
  if (network !== undefined) return network;
  throw new ApiProblem('invalid', 'give the network, or the address');
}

/** TypeORM answers an UPDATE or DELETE with [rows, count]. */
async function one(answer: Promise<unknown>, what: string): Promise<void> {
  const [rows] = (await answer) as [unknown[], number];
  if (rows.length === 0) throw overtaken(what);
}

function overtaken(what: string): ApiProblem {
  return new ApiProblem(
    'conflict',
    `${what} has changed or was removed since this was proposed: read it and propose again`,
  );
}
