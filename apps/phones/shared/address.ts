/** Canonical addresses for people to read: `im:%40bob%3Ahost@matrix` is `@bob:host` of the network `matrix`. Pure. */
export function partsOf(address: string): { native: string; network: string } {
  const [, native = address, network = ''] = /^im:(.*)@([^@]*)$/s.exec(address) ?? [];
  return { native: decoded(native), network };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text; // Not of this form: shown as it is.
    throw error;
  }
}
