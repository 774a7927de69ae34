/** Registry entries that a change of agreements, routes or the phase affects. Determined before it is applied. */
import type { EntityManager } from 'typeorm';
import type { RegistryPart } from '../registry/registry.repository.js';
import type { ExchangeChange } from './changes.js';

/** The entries to which something moves, and in which it is now. */
export async function touchedEntries(
  manager: EntityManager,
  change: ExchangeChange,
): Promise<RegistryPart[]> {
  switch (change.kind) {
    case 'agreement.add':
      return [{ agreementsFrom: change.terms.from }];
    case 'agreement.replace':
      return [{ agreementsFrom: change.terms.from }, ...(await agreementNow(manager, change.id))];
    case 'agreement.end':
      return agreementNow(manager, change.id);
    case 'route.set':
      return [
        { routesTo: change.terms.network },
        ...(await routeNow(manager, change.terms.kind, change.terms.key)),
      ];
    case 'route.remove':
      return [{ routesTo: change.terms.network }];
    case 'phase.set':
      return ['phase'];
    case 'tariff.add':
    case 'tariff.pair':
    case 'number.port':
    case 'number.restore':
      return [];
  }
}

async function agreementNow(manager: EntityManager, id: string): Promise<RegistryPart[]> {
  // Locked, so that its entry is the same when the change is applied.
  await manager.query('LOCK TABLE agreement IN SHARE ROW EXCLUSIVE MODE');
  return manager.query('SELECT from_network AS "agreementsFrom" FROM agreement WHERE id = $1', [id]);
}

async function routeNow(manager: EntityManager, kind: string, key: string): Promise<RegistryPart[]> {
  return manager.query('SELECT network AS "routesTo" FROM route WHERE kind = $1 AND key = $2 FOR UPDATE', [
    kind,
    key,
  ]);
}
