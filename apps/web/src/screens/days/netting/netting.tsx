import { yuan } from '../../../format/money';
import { useText, type Say } from '../../../text/use-text';
import { dayTexts } from '../text';
import { BARS, barsOf, FLOW, flowOf, OTHERS, type FlowBox } from './layout';
import './netting.css';

/** Room above a picture, so that letters of the first label are not cut. */
const TOP = 8;

export interface Positions {
  positions: { party: string; amount: string }[];
  payments: { from: string; to: string; amount: string }[];
}

function shortened(party: string, say: Say<typeof dayTexts>): string {
  if (party === OTHERS) return say('others');
  return party.length > 18 ? `${party.slice(0, 17)}…` : party;
}

function BoxLabel({ box, anchor }: { box: FlowBox; anchor: 'start' | 'end' }) {
  const say = useText(dayTexts);
  const x = anchor === 'end' ? box.x - 8 : box.x + FLOW.box + 8;
  return (
    <text x={x} y={box.y + Math.max(box.height / 2, 6)} textAnchor={anchor} dominantBaseline="middle">
      {shortened(box.party, say)}
    </text>
  );
}

/** Who pays whom, before netting. */
function FlowPicture({ payments }: Pick<Positions, 'payments'>) {
  const say = useText(dayTexts);
  const flow = flowOf(payments.map(({ from, to, amount }) => ({ from, to, amount: Number(amount) })));
  return (
    <svg
      viewBox={`0 ${-TOP} ${FLOW.width} ${flow.height + 2 * TOP}`}
      role="img"
      aria-label={say('flowPicture')}
    >
      {flow.bands.map((band) => (
        <path key={`${band.from} ${band.to}`} className="band" d={band.path}>
          <title>{`${shortened(band.from, say)} → ${shortened(band.to, say)}: ${yuan(band.amount.toFixed(6))}`}</title>
        </path>
      ))}
      {[...flow.payers, ...flow.payees].map((box) => (
        <rect
          key={`${box.x} ${box.party}`}
          className="box"
          x={box.x}
          y={box.y}
          width={FLOW.box}
          height={box.height}
        />
      ))}
      {flow.payers.map((box) => (
        <BoxLabel key={box.party} box={box} anchor="end" />
      ))}
      {flow.payees.map((box) => (
        <BoxLabel key={box.party} box={box} anchor="start" />
      ))}
    </svg>
  );
}

/** What each party pays or receives in the end. */
function BarPicture({ positions }: Pick<Positions, 'positions'>) {
  const say = useText(dayTexts);
  const { bars, axis, height } = barsOf(
    positions.map(({ party, amount }) => ({ party, amount: Number(amount) })),
  );
  const exact = new Map(positions.map(({ party, amount }) => [party, amount]));
  return (
    <svg viewBox={`0 ${-TOP} ${BARS.width} ${height + 2 * TOP}`} role="img" aria-label={say('barPicture')}>
      <line className="axis" x1={axis} x2={axis} y1={0} y2={height} />
      {bars.map(({ party, amount, x, y, width }) => (
        <g key={party}>
          <text x={BARS.label - 10} y={y + BARS.row / 2} textAnchor="end" dominantBaseline="middle">
            {shortened(party, say)}
          </text>
          <rect
            className={amount < 0 ? 'pays' : 'receives'}
            x={x}
            y={y + 5}
            width={width}
            height={BARS.row - 10}
          />
          <text
            className="amount"
            x={BARS.width}
            y={y + BARS.row / 2}
            textAnchor="end"
            dominantBaseline="middle"
          >
            {yuan(exact.get(party) ?? amount.toFixed(6))}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** The day as two pictures. The same figures stand in the table of statements, for those who do not see pictures. */
export function Netting({ positions, payments }: Positions) {
  const say = useText(dayTexts);
  if (payments.length === 0) return <p className="quiet">{say('nothingPaid')}</p>;
  return (
    <div className="picture" role="group" tabIndex={0} aria-label={say('netting')}>
      <h3>{say('beforeNetting')}</h3>
      <FlowPicture payments={payments} />
      <h3>{say('afterNetting')}</h3>
      <BarPicture positions={positions} />
      <p className="quiet">{say('barLegend')}</p>
    </div>
  );
}
