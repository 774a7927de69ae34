import type { EntityManager } from 'typeorm';

/** Runs statements: a data source, or the entity manager of a transaction. Repositories take it, so that they work in both. */
export type Queries = Pick<EntityManager, 'query'>;
