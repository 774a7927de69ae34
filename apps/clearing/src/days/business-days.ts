/** Name under which the business days of the settings (cutover and zone) are provided. */
export const BUSINESS_DAYS = Symbol('business days');
