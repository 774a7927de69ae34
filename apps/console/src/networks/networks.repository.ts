/** The table of networks. */
import type { EntityManager } from 'typeorm';
import { NetworkRow } from '#database';

/** @returns false when there is a network with this slug already */
export async function addNetwork(
  manager: EntityManager,
  network: Parameters<ReturnType<ReturnType<EntityManager['createQueryBuilder']>['insert']>['values']>[0],
): Promise<boolean> {
  const insert = manager.createQueryBuilder().insert().into(NetworkRow).values(network);
  const { raw } = await insert.orIgnore().returning('slug').execute();
  return (raw as unknown[]).length > 0;
}
