/** data/simulators.json: what the process of the simulators is given. */
export interface SimulatorsFile {
  usersPort: number;
  /** Native ids by slug. */
  peopleOf: Record<string, string[]>;
  /** Under its slug, the options of each simulator; a slug has no capital letters. */
  [slug: string]: unknown;
}
