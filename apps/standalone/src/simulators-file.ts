/** What the process of the simulators is given. */
export interface SimulatorsFile {
  usersPort: number;
  networks: { slug: string; options: object; people: string[] }[];
}
