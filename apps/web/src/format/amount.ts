/** Amounts as the API takes them: yuan, with up to 12 digits before the point and 6 after it, and not zero. */
export const AMOUNT = /^(?=.*[1-9])(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/;
/** The same, with a minus for less. */
export const SIGNED_AMOUNT = /^-?(?=.*[1-9])(?:0|[1-9]\d{0,11})(?:\.\d{1,6})?$/;
