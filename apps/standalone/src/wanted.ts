/** Which networks HUTONG_NETWORKS asks for. Pure. */

/** @throws Error that lists the known networks, for an unknown name */
export function wantedNetworks(text: string | undefined, known: readonly string[]): readonly string[] {
  if (text === undefined) return known;
  const wanted = text
    .split(',')
    .map((slug) => slug.trim().toLowerCase())
    .filter((slug) => slug !== '');
  const wrong = wanted.filter((slug) => !known.includes(slug));
  if (wrong.length > 0)
    throw new Error(
      `HUTONG_NETWORKS: there is no network ${wrong.map((slug) => `"${slug}"`).join(', ')}. Known networks: ${known.join(', ')}`,
    );
  if (wanted.length === 0)
    throw new Error(
      `HUTONG_NETWORKS is empty. Name some, with commas, or leave it out for all: ${known.join(', ')}`,
    );
  return [...new Set(wanted)];
}
