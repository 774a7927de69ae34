/** The input file of the process that runs all adapters. */
export interface AdaptersFile {
  adapters: { slug: string; env: Record<string, string> }[];
}
