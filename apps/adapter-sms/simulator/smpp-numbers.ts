/** Numbers of SMPP 3.4, issue 1.2: commands (5.1.2.1), results (5.1.3), optional parameters (5.3.2), states of a message (5.2.28). */
export const COMMAND = {
  bindReceiver: 0x01,
  bindTransmitter: 0x02,
  submit: 0x04,
  deliver: 0x05,
  unbind: 0x06,
  bindTransceiver: 0x09,
  enquireLink: 0x15,
  data: 0x103,
  nack: 0x80000000,
} as const;

/** The bit that makes a command its response. */
export const RESPONSE = 0x80000000;

export const STATUS = {
  ok: 0x00,
  messageLength: 0x01,
  command: 0x03,
  bindState: 0x04,
  alreadyBound: 0x05,
  systemError: 0x08,
  source: 0x0a,
  destination: 0x0b,
  password: 0x0e,
  systemId: 0x0f,
  queueFull: 0x14,
  submitFailed: 0x45,
  throttled: 0x58,
  temporary: 0x64,
  parameter: 0xc4,
} as const;

export const TAG = {
  receiptedMessageId: 0x001e,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarNumber: 0x020f,
  interfaceVersion: 0x0210,
  payload: 0x0424,
  messageState: 0x0427,
} as const;

/** By the word for it in the text of a receipt (appendix B). */
export const MESSAGE_STATE: Readonly<Record<string, number>> = {
  ENROUTE: 1,
  DELIVRD: 2,
  EXPIRED: 3,
  DELETED: 4,
  UNDELIV: 5,
  ACCEPTD: 6,
  UNKNOWN: 7,
  REJECTD: 8,
};
