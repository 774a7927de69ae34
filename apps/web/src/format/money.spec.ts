import { yuan } from './money';

describe('amounts', () => {
  it.each([
    ['0', '¥0.00'],
    ['1234567.5', '¥1,234,567.50'],
    ['-0.0375', '−¥0.0375'],
    ['12.3400', '¥12.34'],
    ['90071992547409931.01', '¥90,071,992,547,409,931.01'],
  ])('%s is shown as %s', (amount, shown) => expect(yuan(amount)).toBe(shown));

  it('shows what is no amount as it is', () => expect(yuan('?')).toBe('?'));
});
