/** Whether a request may have reached the server although `fetch` failed. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export function requestSent(thrown: unknown): boolean {
  const { cause } = thrown as { cause?: { code?: string } };
  return cause?.code === undefined || !NOT_SENT.has(cause.code);
}
