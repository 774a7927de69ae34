import type { Tariff } from '../../../api/lists';
import { applicableTariff, feesToPropose, fieldsOf, placeOfFee } from './pair-fees';

const NOW = new Date('2026-12-01T00:00:00Z');
const PAIR = { from: 'fetion', to: 'wechat' };
const tariff = (more: Partial<Tariff>): Tariff => ({
  id: '0194f3a2-7c1e-7b60-9d53-2f8e4c6a1b90',
  from: 'fetion',
  to: 'wechat',
  class: 'message',
  unit: 'message',
  validFrom: '2026-01-01T00:00:00Z',
  terminationFee: '0.03',
  switchFee: '0.001',
  billAndKeepPermille: null,
  shares: [],
  ...more,
});
const EAST = { party: 'integrator:east', part: 5, of: 50, from: 'receiver' } as const;
const TARIFFS = [
  tariff({}),
  tariff({ validFrom: '2026-06-01T00:00:00Z', terminationFee: '0.04', shares: [EAST] }),
  tariff({ validFrom: '2099-01-01T00:00:00Z', terminationFee: '0.9' }),
  tariff({ from: '*', to: '*', terminationFee: '0.1' }),
  tariff({ from: 'wechat', to: '*', terminationFee: '0.2' }),
];

describe('the form of the tariff of a pair', () => {
  it('begins with what the pair has of its own and is in force', () => {
    const fields = fieldsOf(TARIFFS, PAIR, NOW);
    expect(fields.message?.there).toEqual({
      terminationFee: '0.04',
      switchFee: '0.001',
      billAndKeepPermille: null,
    });
    expect(fields.message?.back).toMatchObject({ terminationFee: '' });
  });

  it('knows the wider tariff that applies where the pair has none', () => {
    expect(applicableTariff(TARIFFS, PAIR, 'back', 'message', NOW)?.terminationFee).toBe('0.2');
    expect(applicableTariff(TARIFFS, PAIR, 'there', 'sms', NOW)).toBeUndefined();
  });

  it('proposes nothing that is in force already', () => {
    const fields = fieldsOf(TARIFFS, PAIR, NOW);
    expect(feesToPropose(fields, TARIFFS, PAIR, NOW)).toEqual([]);
    const written = { message: { there: { terminationFee: ' 0.040', switchFee: '0.0010' } } };
    expect(feesToPropose(written, TARIFFS, PAIR, NOW)).toEqual([]);
  });

  it('proposes what differs, and keeps its shares', () => {
    const fields = {
      message: {
        there: { terminationFee: '0.05', switchFee: '0.001', billAndKeepPermille: 50 },
        back: { terminationFee: '0.02', switchFee: '0.001' },
      },
    };
    expect(feesToPropose(fields, TARIFFS, PAIR, NOW)).toEqual([
      {
        direction: 'there',
        class: 'message',
        terminationFee: '0.05',
        switchFee: '0.001',
        billAndKeepPermille: 50,
        shares: [EAST],
      },
      { direction: 'back', class: 'message', terminationFee: '0.02', switchFee: '0.001', shares: [] },
    ]);
  });

  it('a half of a price is proposed, so that the API names the half that is missing', () => {
    const fields = { sms: { back: { terminationFee: '0.05' } } };
    const fees = feesToPropose(fields, TARIFFS, PAIR, NOW);
    expect(fees).toMatchObject([{ direction: 'back', class: 'sms', switchFee: '' }]);
    expect(placeOfFee('fees.0.switchFee', fees)).toEqual(['fees', 'sms', 'back', 'switchFee']);
    expect(placeOfFee('fees', fees)).toBeUndefined();
  });

  it('of all networks with all there is one direction', () => {
    const fields = {
      message: {
        there: { terminationFee: '1', switchFee: '0' },
        back: { terminationFee: '2', switchFee: '0' },
      },
    };
    const fees = feesToPropose(fields, TARIFFS, { from: '*', to: '*' }, NOW);
    expect(fees.map(({ direction }) => direction)).toEqual(['there']);
  });
});
