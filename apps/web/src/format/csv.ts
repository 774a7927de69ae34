/** The same rules as in files that the console makes. */
export { toCsv, type CsvValue } from '../../../../libs/service/src/csv';
