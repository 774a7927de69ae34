import { sameAmount, sumOf, yuan } from './money';

describe('amounts', () => {
  it.each([
    ['0', '¥0.00'],
    ['1234567.5', '¥1,234,567.50'],
    ['-0.0375', '−¥0.0375'],
    ['12.3400', '¥12.34'],
    ['90071992547409931.01', '¥90,071,992,547,409,931.01'],
  ])('%s is shown as %s', (amount, shown) => expect(yuan(amount)).toBe(shown));

  it('shows what is no amount as it is', () => expect(yuan('?')).toBe('?'));

  it.each([
    [['60.2', '1.204'], '61.404000'],
    [['-0.5', '0.25'], '-0.250000'],
    [['90071992547409931', '0.000001'], '90071992547409931.000001'],
    [[], '0.000000'],
  ])('the sum of %j is exact', (amounts, sum) => expect(sumOf(amounts)).toBe(sum));

  it('are the same however they are written', () => {
    expect(sameAmount('0.03', '0.030')).toBe(true);
    expect(sameAmount('0.03', '0.3')).toBe(false);
    expect(sameAmount('', '0')).toBe(false);
  });
});
