/** What the process of all adapters is given. */
export interface AdaptersFile {
  adapters: { slug: string; env: Record<string, string> }[];
}
