/** What a close writes on the statements of a day beside its amounts: when the day began, in which zone it is shown, and when its positions are due. */
import {
  businessDays,
  dayBefore,
  daysAfter,
  DEFAULT_ZONE,
  type BusinessDate,
  type BusinessDays,
} from './business-day.js';

export const DEFAULT_DUE_DAYS = 10;

export interface StatementTerms {
  /** End of the day before, if that day was not closed early. */
  startsAt: Date;
  /** IANA name of the time zone in which statements show times. */
  zone: string;
  dueOn: BusinessDate;
}

export function statementTerms(
  date: BusinessDate,
  days: BusinessDays = businessDays(),
  zone = DEFAULT_ZONE,
  dueDays = DEFAULT_DUE_DAYS,
): StatementTerms {
  return { startsAt: days.endOf(dayBefore(date)), zone, dueOn: daysAfter(date, dueDays) };
}
