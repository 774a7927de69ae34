/** command_status of SMPP 3.4 (5.1.3) -> result codes. */
import { HubError, type ResultCode } from '#protocol';

/** The gateway is busy: the same message may succeed later. */
const FLOW_CONTROL: ReadonlySet<number> = new Set([0x14, 0x58]);
const RESULT_OF: ReadonlyMap<number, ResultCode> = new Map<number, ResultCode>([
  // A fault of the gateway that passes, or a bind that it has lost.
  [0x04, '91'],
  [0x08, '91'],
  [0x64, '91'],
  // Source number; destination number.
  [0x0a, '36'],
  [0x0b, '14'],
  [0x01, '61'],
]);

/** @throws HubError of what a status other than 0 says */
export function smppError(operation: string, status: number): HubError {
  const detail = `the gateway answered ${operation} with status 0x${status.toString(16)}`;
  if (FLOW_CONTROL.has(status)) return new HubError('65', detail);
  return new HubError(RESULT_OF.get(status) ?? '100', detail);
}
