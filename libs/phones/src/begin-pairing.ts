/** Asks the console for a QR code, with which a person pairs a contact of their own. */

interface Pairing {
  id: string;
  state: string;
  /** Text of the code. */
  show?: string;
}

/** @returns the text of the code. @throws Error with the words of the console */
export async function beginPairing(
  { url, adminKey }: { url: string; adminKey: string },
  network: string,
): Promise<string> {
  const response = await fetch(`${url}/v1/networks/${network}/pairings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}` },
  });
  const body = (await response.json()) as Pairing & { detail?: string };
  if (response.ok && body.show !== undefined) return body.show;
  throw new Error(body.detail ?? `the console answered ${response.status}`);
}
