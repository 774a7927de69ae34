/** data/simulators.json: the input file of the process of the simulators. */
export interface SimulatorsFile {
  usersPort: number;
  /** Native ids by slug. */
  peopleOf: Record<string, string[]>;
  /** Options of each simulator, by slug. A slug has no capital letters. */
  [slug: string]: unknown;
}
