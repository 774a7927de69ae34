/** Which callers are called back (SIP_CALLBACK). */
export const CALLBACKS = ['off', 'phones', 'trunk', 'all'] as const;
export type Callback = (typeof CALLBACKS)[number];

/** @param isTrunk the caller comes from the trunk, otherwise from a phone that is registered here */
export type CallbackRule = (isTrunk: boolean) => boolean;

export function callbackRule(callback: Callback): CallbackRule {
  switch (callback) {
    case 'off':
      return () => false;
    case 'phones':
      return (isTrunk) => !isTrunk;
    case 'trunk':
      return (isTrunk) => isTrunk;
    case 'all':
      return () => true;
  }
}
