import { useState } from 'react';

/**
 * The first value that is there, as long as the component lives. A form keeps the version that it was opened with: later ones neither
 * replace what somebody has entered, nor are they overwritten with it, because `If-Match` names the first.
 */
export function useFirst<T extends object>(value: T | undefined): T | undefined {
  const [first, setFirst] = useState(value);
  if (first === undefined && value !== undefined) setFirst(value);
  return first ?? value;
}
